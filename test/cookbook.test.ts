// The cookbook tells the truth: every block is type-checked, loaded as the command line loads it and checked, and every
// profile signs what it is for (judged by the official SDK), refuses what it says, and passes the audit. A profile
// without a case fails.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/cli/cli.ts";
import { readBindings } from "../src/config/bindings.ts";
import { createApp } from "../src/http/app.ts";
import { ATTACKS } from "../src/testing/audit/attacks.ts";
import { audit } from "../src/testing/audit/audit.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { JWKS_URL, type Key, KeyServer, makeKey, now, sign } from "./access/identity.ts";
import { type Asked, outcome, signer } from "./access/signer.ts";
import { ACCOUNT, API_SECRET, unseen } from "./support/account.ts";
import { runHere } from "./support/command.ts";
import { sampled } from "./support/counts.ts";
import type { Plain } from "./support/definition.ts";
import { newOwnerFolder } from "./support/owner.ts";
import { sdkSignature } from "./support/sdk.ts";
import { serveLocally } from "./testing/audit/naive.ts";

const TEXT = await readFile(join(PROJECT, "docs/cookbook.md"), "utf8");
const blocks = (language: string) =>
  [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
const BLOCKS = blocks("ts");

const PAGE = "https://www.example.com";
const TOKEN = "a-token-of-the-suite";
const SECRETS = { TURNSTILE_SECRET: "a-turnstile-secret" };
const UUID = "7b0c1f3e-2f7a-4c55-9d0e-0a6f5a3d9b21";

const folder = await newOwnerFolder();
afterAll(() => folder.close());

/** The zeros of the cookbook, in whose place a token that the suite knows stands. */
const KNOWN_HASH = createHash("sha256").update(TOKEN).digest("hex");
const LOADED = await Promise.all(
  BLOCKS.map(async (block) => (await folder.load(block.replace("0".repeat(64), KNOWN_HASH))) as Plain),
);
const PROFILES = LOADED.flatMap((definition) =>
  Object.keys(definition.profiles ?? {}).map((name) => ({ name, definition })),
);
const configure = (definition: Plain) => readBindings(definition, { ...ACCOUNT, ...SECRETS });

/** An access method as it is written. */
interface Written {
  readonly type: string;
  readonly jwks?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly authorizedParties?: string | readonly string[];
  readonly header?: string;
  readonly cookie?: string;
}

const methodOf = ({ access, profiles }: Plain, name: string) =>
  access![profiles![name]!.access[0]!] as unknown as Written;

/** What one test asks: as whom, from which page, for what. */
interface Ask {
  readonly sub?: string;
  /** Claims of the token beside the good ones. */
  readonly claims?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly nothingShown?: true;
  readonly body?: { readonly params?: object; readonly paramsToSign?: Record<string, unknown> };
}

const drop = (params: object) => ({ paramsToSign: { timestamp: now(), source: "uw", ...params } });
const NO_TOKEN: [Ask, string] = [{ nothingShown: true }, "401 unauthenticated"];
const OTHER_ISSUER: [Ask, string] = [{ claims: { iss: "https://evil.example/" } }, "401 invalid_token"];
const OTHER_PARTY: [Ask, string] = [{ claims: { azp: "https://evil.example" } }, "401 invalid_token"];
const refused = (params: object): [Ask, string] => [{ body: { params } }, "422 params_refused"];

interface Case {
  readonly signed: readonly [Ask, fields: Record<string, unknown>][];
  readonly refused: readonly [Ask, string][];
}

const random = (start: string) => expect.stringMatching(new RegExp(`^${start}[0-9a-f-]{36}$`));

const CASES: Readonly<Record<string, Case>> = {
  avatars: {
    signed: [[{}, { public_id: "users/42/avatar", overwrite: "true", invalidate: "true" }]],
    refused: [refused({ public_id: "users/43/avatar" }), [{ sub: "../43" }, "401 invalid_token"], NO_TOKEN],
  },
  "delete-avatar": {
    signed: [[{}, { public_id: "users/42/avatar", invalidate: "true" }]],
    refused: [
      refused({ public_id: "users/43/avatar" }),
      refused({ public_id: "users/42/avatar" }),
      refused({ overwrite: true }),
      NO_TOKEN,
    ],
  },
  pictures: {
    signed: [
      [
        { body: { params: { context: { caption: "Salt & pepper" } } } },
        { public_id: random("users/42/gallery/"), context: "caption=Salt & pepper" },
      ],
    ],
    refused: [refused({ public_id: `users/42/gallery/${UUID}` }), refused({ tags: ["u-42-cat"] }), NO_TOKEN],
  },
  captions: {
    signed: [
      [
        { body: { params: { public_ids: [`users/42/gallery/${UUID}`], context: { alt: "A cat" } } } },
        { public_ids: `users/42/gallery/${UUID}`, context: "alt=A cat", command: "add" },
      ],
      [
        { body: { params: { public_ids: ["users/42/gallery/holiday"], context: { alt: "A cat" } } } },
        { public_ids: "users/42/gallery/holiday" },
      ],
    ],
    refused: [
      refused({ context: { alt: "A cat" } }),
      refused({ public_ids: [`users/43/gallery/${UUID}`], context: { alt: "A cat" } }),
      refused({ public_ids: [`users/42/gallery/${UUID}`, `users/43/gallery/${UUID}`] }),
      refused({ public_ids: `users/42/gallery/${UUID},users/43/gallery/${UUID}` }),
      refused({ public_ids: ["users/42/gallery/../avatar"], context: { alt: "A cat" } }),
      refused({ public_ids: [`users/42/gallery/${UUID}`], context: { hidden: "x" } }),
      refused({ public_ids: [`users/42/gallery/${UUID}`], command: "remove_all" }),
      NO_TOKEN,
    ],
  },
  "rename-picture": {
    signed: [
      [
        {
          body: {
            params: {
              from_public_id: `users/42/gallery/${UUID}`,
              to_public_id: "users/42/gallery/holiday",
            },
          },
        },
        {
          from_public_id: `users/42/gallery/${UUID}`,
          to_public_id: "users/42/gallery/holiday",
          overwrite: "false",
        },
      ],
    ],
    refused: [
      refused({ from_public_id: `users/42/gallery/${UUID}` }),
      refused({ from_public_id: `users/43/gallery/${UUID}`, to_public_id: "users/42/gallery/holiday" }),
      refused({ from_public_id: `users/42/gallery/${UUID}`, to_public_id: "users/43/gallery/holiday" }),
      refused({ from_public_id: `users/42/gallery/${UUID}`, to_public_id: "users/42/gallery/a/b" }),
      refused({
        ...{ from_public_id: `users/42/gallery/${UUID}`, to_public_id: "users/42/gallery/holiday" },
        overwrite: true,
      }),
      NO_TOKEN,
    ],
  },
  "delete-picture": {
    signed: [
      [
        { body: { params: { public_id: "users/42/gallery/holiday" } } },
        { public_id: "users/42/gallery/holiday" },
      ],
      [
        { body: { params: { public_id: `users/42/gallery/${UUID}` } } },
        { public_id: `users/42/gallery/${UUID}`, invalidate: "true" },
      ],
    ],
    refused: [
      refused({}),
      refused({ public_id: `users/43/gallery/${UUID}` }),
      refused({ public_id: "users/42/avatar" }),
      refused({ public_id: `users/42/gallery/${UUID}`, type: "authenticated" }),
      NO_TOKEN,
    ],
  },
  "support-delete": {
    signed: [[{ body: { params: { public_id: "users/42/avatar" } } }, { public_id: "users/42/avatar" }]],
    refused: [
      refused({}),
      refused({ public_id: "imports/nightly/a" }),
      refused({ public_id: "users/../imports/nightly/a" }),
      [{ headers: { authorization: "Bearer another" } }, "401 invalid_token"],
    ],
  },
  gallery: {
    signed: [
      [
        { body: { params: { tags: ["u-42-cat", "u-42-sun"], context: { alt: "A cat" } } } },
        { public_id: random("users/42/gallery/"), tags: "u-42-cat,u-42-sun", context: "alt=A cat" },
      ],
    ],
    refused: [
      refused({ tags: ["u-43-cat"] }),
      refused({ tags: ["u-42-cat", "cat"] }),
      [{ sub: UUID }, "401 invalid_token"],
    ],
  },
  documents: {
    signed: [[{ body: { params: { context: { title: "Contract" } } } }, { type: "private" }]],
    refused: [refused({ type: "upload" }), refused({ access_mode: "public" }), OTHER_ISSUER],
  },
  videos: {
    signed: [[{}, { eager: "c_limit,h_720,w_1280/f_mp4|c_fill,h_360,w_640/f_jpg", eager_async: "true" }]],
    refused: [refused({ eager: "l_authenticated:x" }), refused({ eager_notification_url: PAGE })],
  },
  contact: {
    signed: [[{}, { public_id: random(""), overwrite: "false", folder: "contact" }]],
    refused: [
      refused({ folder: "other" }),
      [{ headers: { "cf-turnstile-response": "bad" } }, "401 invalid_token"],
      NO_TOKEN,
    ],
  },
  widget: {
    signed: [[{ body: drop({ folder: "widget", custom_coordinates: "0,0,10,10" }) }, { folder: "widget" }]],
    refused: [
      [{ body: drop({}) }, "422 params_refused"],
      [{ body: drop({ folder: "other" }) }, "422 params_refused"],
      [{ body: drop({ folder: "widget", public_id: "a" }) }, "422 params_refused"],
      [{ headers: { origin: "https://evil.example" } }, "403 origin_not_allowed"],
    ],
  },
  "member-widget": {
    signed: [[{ body: drop({ folder: "widget/42", tags: "u-42-cat" }) }, {}]],
    refused: [
      [{ body: drop({ folder: "widget/43" }) }, "422 params_refused"],
      [{ body: drop({ folder: "widget/42", overwrite: true }) }, "422 params_refused"],
    ],
  },
  imports: {
    signed: [
      [
        { body: { params: { public_id: "imports/nightly/2026/a" } } },
        { public_id: "imports/nightly/2026/a", overwrite: "true" },
      ],
    ],
    refused: [
      refused({ public_id: "users/42/avatar" }),
      refused({ public_id: "imports/nightly/../x" }),
      [{ headers: { authorization: "Bearer another" } }, "401 invalid_token"],
    ],
  },
  intranet: {
    signed: [[{ sub: UUID }, { public_id: random(`intranet/${UUID}/`) }]],
    refused: [
      refused({ public_id: "a" }),
      [{ claims: { aud: "another" } }, "401 invalid_token"],
      [{ sub: "" }, "401 invalid_token"],
      NO_TOKEN,
    ],
  },
  "auth0-pictures": {
    signed: [[{ sub: "auth0|abc" }, { public_id: random("auth0/[0-9a-f]{32}/") }]],
    refused: [refused({ tags: ["auth0-abc-cat"] }), OTHER_ISSUER],
  },
  "clerk-pictures": {
    signed: [[{ sub: "user_2abc" }, { public_id: random("clerk/user_2abc/") }]],
    refused: [refused({ folder: "a" }), OTHER_PARTY],
  },
  "clerk-cookie-pictures": {
    signed: [[{ sub: "user_2abc" }, { public_id: random("clerk/user_2abc/") }]],
    refused: [refused({ folder: "a" }), OTHER_PARTY, [{ headers: { origin: "" } }, "403 origin_not_allowed"]],
  },
  "firebase-pictures": {
    signed: [[{ sub: "XyZ0123456789abcdefghijklmno" }, { public_id: random("firebase/XyZ[0-9a-z]{25}/") }]],
    refused: [refused({ folder: "a" }), [{ claims: { aud: "another" } }, "401 invalid_token"], OTHER_ISSUER],
  },
  "supabase-pictures": {
    signed: [[{ sub: UUID }, { public_id: random(`supabase/${UUID}/`) }]],
    refused: [
      refused({ tags: [`supabase-${UUID}-cat`] }),
      [{ claims: { aud: "anon" } }, "401 invalid_token"],
    ],
  },
};

/** Attacks that a recipe signs on purpose, by the risk that it accepts. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  "support-delete": ["other-users-name"],
};

/** Those that the quick run audits: some, and whoever accepts a risk. */
const AUDITED = [...sampled(PROFILES, 5).map(({ name }) => name), ...Object.keys(ACCEPTED)];

let key: Key;
let keys: KeyServer;
beforeAll(async () => {
  key = await makeKey("k1", "RS256");
  keys = new KeyServer([key]);
});

/** The key set at the address that the recipe names, and Turnstile. */
const outside =
  (way: Written): typeof fetch =>
  async (input, init) => {
    if (way.type === "jwt" && String(input) === new URL(way.jwks!).href) return keys.fetch(JWKS_URL, init);
    if (way.type !== "turnstile") throw new Error("nothing but the key set is asked for");
    const { secret, response } = JSON.parse(String(init?.body));
    expect(secret).toBe(SECRETS.TURNSTILE_SECRET);
    const success = response === "good";
    return Response.json({ success, hostname: "www.example.com", action: "contact", "error-codes": [] });
  };

/** The headers by which a good caller comes in. */
async function credentials(
  way: Written,
  sameOrigin: string,
  { sub = "42", claims }: Ask,
): Promise<Record<string, string>> {
  if (way.type === "origin") return { origin: PAGE };
  if (way.type === "turnstile") return { origin: PAGE, "cf-turnstile-response": "good" };
  if (way.type !== "jwt") return { authorization: `Bearer ${TOKEN}` };
  const token = await sign(key, {
    iss: way.issuer,
    aud: way.audience,
    azp: [way.authorizedParties].flat()[0],
    sub,
    ...claims,
  });
  if (way.cookie !== undefined) return { cookie: `${way.cookie}=${token}`, origin: sameOrigin };
  return way.header === undefined
    ? { authorization: `Bearer ${token}`, origin: PAGE }
    : { [way.header]: token };
}

async function ask(definition: Plain, name: string, asked: Ask): Promise<Asked> {
  const way = methodOf(definition, name);
  const { post } = signer(definition, { fetch: outside(way) }, SECRETS);
  const shown = asked.nothingShown ? {} : await credentials(way, "https://signer.example", asked);
  const headers = Object.entries({ ...shown, ...asked.headers }).filter(([, value]) => value !== "");
  return post(`/sign/${name}`, Object.fromEntries(headers), asked.body);
}

/** What the official SDK would have signed. */
function judged({ body }: Asked, asked: Ask): void {
  const { api_key: _, signature: __, ...fields } = body.fields ?? { ...asked.body?.paramsToSign };
  expect(body.signature).toBe(sdkSignature(fields, API_SECRET, "sha256"));
}

describe("docs/cookbook.md", () => {
  it("has a case for every profile, and no other", () => {
    expect(PROFILES.map(({ name }) => name).sort()).toEqual(Object.keys(CASES).sort());
  });

  it("is right in strict TypeScript, and mistakes in it are seen", async () => {
    const names = BLOCKS.map((_, i) => `block-${i}.ts`);
    const mistaken = BLOCKS.map((_, i) => `mistaken-${i}.ts`);
    for (const [i, text] of BLOCKS.entries()) {
      await folder.write(names[i]!, text);
      await folder.write(mistaken[i]!, text.replace(/(\n {6})access: \["/, "$1acess: ["));
    }
    // What belongs to a line is indented below it.
    const said = (await folder.tsc([...names, ...mistaken])).split(/^(?=\S)/m);
    expect(said.filter((line) => !line.startsWith("mistaken-")).join("")).toBe("");
    expect(new Set(said.map((line) => line.split("(")[0]))).toEqual(new Set(mistaken));
  });

  it.each(LOADED)("block %# is a whole configuration", (definition) => {
    const configured = configure(definition);
    expect(configured.ok ? [] : configured.error).toEqual([]);
  });

  it("fits together in one file", () => {
    const definition = {
      allowedOrigins: [PAGE],
      access: Object.assign({}, ...LOADED.map(({ access }) => access)),
      profiles: Object.assign({}, ...LOADED.map(({ profiles }) => profiles)),
    };
    const configured = configure(definition);
    expect(configured.ok ? configured.value.profiles.size : configured.error).toBe(PROFILES.length);
  });

  it("has no recipe that accepts a risk, but the one that is about it", () => {
    for (const definition of LOADED) {
      const configured = configure(definition);
      for (const { name, optIns } of configured.ok ? configured.value.profiles.values() : []) {
        expect(optIns).toEqual(name === "support-delete" ? ["others-assets"] : []);
      }
    }
  });

  describe.each(PROFILES)("$name", ({ name, definition }) => {
    const { signed, refused } = CASES[name] ?? { signed: [], refused: [] };

    it("signs what it is for", async () => {
      expect(signed.length).toBeGreaterThanOrEqual(1);
      for (const [asked, fields] of signed) {
        const answer = await ask(definition, name, asked);
        expect(outcome(answer), JSON.stringify(answer.body)).toBe("signed");
        judged(answer, asked);
        if (answer.body.fields !== undefined) expect(answer.body.fields).toMatchObject(fields);
      }
    });

    it.runIf(AUDITED.includes(name))("has no forgery for the audit", async () => {
      const way = methodOf(definition, name);
      const configured = configure(definition);
      const app = createApp(configured, { fetch: outside(way), log: unseen });
      const server = await serveLocally((request) => app.fetch(request));
      try {
        const headers = await credentials(way, new URL(server.url).origin, {});
        const { timestamp: _, ...dropIn } = signed[0]![0].body?.paramsToSign ?? {};
        // What another method than upload is to work on has to be told.
        const isUpload = (definition.profiles![name]!.method ?? "upload") === "upload";
        for (const [shape, harmless] of [
          ["params", isUpload ? {} : { ...signed[0]![0].body?.params }],
          ["paramsToSign", dropIn],
        ] as const) {
          const url = `${server.url}/${name}`;
          const report = await audit({ url, shape, secret: API_SECRET, headers, harmless });
          unseen(JSON.stringify(report));
          if (shape === "paramsToSign" && !definition.profiles![name]!.dropIn) {
            expect(report).toMatchObject({ asked: false, why: expect.stringContaining("status 422") });
            continue;
          }
          const accepted = ACCEPTED[name] ?? [];
          expect(report).toMatchObject({ asked: true, forgeries: accepted.length, doubts: [] });
          const findings = report.asked ? report.findings : [];
          const signed = findings.filter(({ verdict }) => verdict !== "refused");
          expect(signed.map(({ attack }) => attack.id)).toEqual(accepted);
          expect(findings).toHaveLength(ATTACKS.length);
        }
      } finally {
        await server.close();
      }
    });

    it("refuses the rest", async () => {
      expect(refused.length).toBeGreaterThanOrEqual(2);
      for (const [asked, expected] of refused) {
        expect(outcome(await ask(definition, name, asked)), JSON.stringify(asked)).toBe(expected);
      }
    });
  });

  it("takes a subject with - in a gallery's tags where the prefix is {sub|hash}", async () => {
    const { definition } = PROFILES.find(({ name }) => name === "gallery")!;
    const fixed = JSON.parse(JSON.stringify(definition).replace('"u-{sub}-"', '"u-{sub|hash}-"'));
    expect(outcome(await ask(fixed, "gallery", { sub: UUID }))).toBe("signed");
  });

  it("takes no unverified email behind Access", async () => {
    const { definition } = PROFILES.find(({ name }) => name === "intranet")!;
    const text = JSON.stringify(definition)
      .replace("{sub}", "{email|hash}")
      .replace('"type":"jwt"', '"type":"jwt","claims":["email"]');
    const byEmail = (claims: object) =>
      ask(JSON.parse(text), "intranet", { claims: { email: "a@example.com", ...claims } });
    expect(outcome(await byEmail({}))).toBe("401 invalid_token");
    expect(outcome(await byEmail({ email_verified: true }))).toBe("signed");
  });

  it("makes a token and its hash", () => {
    const line = blocks("sh").find((text) => text.startsWith("node"))!;
    const env = { ...process.env, PATH: `${join(process.execPath, "..")}:${process.env.PATH}` };
    const [token = "", hash] = execFileSync("sh", ["-c", line], { env }).toString().trim().split(" ");
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(hash).toBe(createHash("sha256").update(token).digest("hex"));
  });

  it("explains itself by the command it names", async () => {
    const line = blocks("sh").find((text) => text.startsWith("npx cloudinary-edge-signer try"))!;
    await folder.write("deployment/signer.config.ts", BLOCKS[0]!);
    const config = await folder.write("deployment/wrangler.toml", 'name = "x"\nmain = "index.ts"\n');
    await folder.write("deployment/index.ts", "");
    // The shell reads the line, and says what the command would get.
    const script = `npx() { shift 1; printf '%s\\n' "$@"; }\n${line}`;
    const args = execFileSync("sh", ["-c", script]).toString().trimEnd().split("\n");
    const { code, stdout, stderr } = await runHere(main, [...args, "--config", config]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("public_id=users/42/avatar&timestamp=");
  });

  it("lets the member's widget in by a link, and by that alone", async () => {
    const { definition } = PROFILES.find(({ name }) => name === "member-widget")!;
    const way = methodOf(definition, "member-widget");
    const { post } = signer(definition, { fetch: outside(way) });
    const { body: link } = await post("/links/member-widget", await credentials(way, PAGE, {}));
    const body = drop({ folder: "widget/42" });
    expect(outcome(await post(link.url, { origin: PAGE }, body))).toBe("signed");
    expect(outcome(await post("/sign/member-widget", { origin: PAGE }, body))).toBe("401 unauthenticated");
    const other = drop({ folder: "widget/43" });
    expect(outcome(await post(link.url, { origin: PAGE }, other))).toBe("422 params_refused");
  });
});

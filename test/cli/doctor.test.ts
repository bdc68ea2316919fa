// `doctor`: each planted fault is told by its words, and its sound twin passes. Emulator, signer and git are real.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { doctor } from "../../src/cli/doctor.ts";
import type { Bindings } from "../../src/config/bindings.ts";
import { jwt, origin } from "../../src/config.ts";
import { signersOf } from "../../src/signers.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type Ran, runHere } from "../support/command.ts";
import { sampled } from "../support/counts.ts";
import { configModule } from "../support/once.ts";
import { freePort } from "../support/ports.ts";
import { expectWords } from "../support/words.ts";
import { serveLocally } from "../testing/audit/naive.ts";
import { CONFIG_MODULE, DEFINITION, deployment, RIGHT, WRANGLER } from "./deployment.ts";

const ACCOUNT = {
  cloudName: "my-cloud",
  apiKey: "123456789012345",
  apiSecret: "Dr_a-Secret-of-the-doctor_7",
} as const;
const SECRET = ACCOUNT.apiSecret;
const JWT_SECRET = "a-jwt-secret-of-members-with-32-bytes";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const BASE64 = base64(`${ACCOUNT.apiKey}:${SECRET}`);
const URL_OF = (key: string, secret: string, cloud: string) => `cloudinary://${key}:${secret}@${cloud}`;
const OTHERS = URL_OF("415926535897932", "Zz_another-Secret-of-them_9", "x");

/** Each run would bundle the same sources. */
const MODULE = await configModule();

/** Where nobody answers. */
const NOBODY = `http://127.0.0.1:${await freePort()}`;

let emulator: Emulator;
const close: (() => Promise<void>)[] = [];
async function newEmulator(more: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const started = await startEmulator({ ...ACCOUNT, ...more });
  close.push(() => started.close());
  return started;
}
beforeAll(async () => {
  emulator = await newEmulator();
});
afterAll(async () => {
  for (const one of close) await one();
});

/** What was printed, after a look for what may not be. */
function said(ran: Ran) {
  const text = ran.stdout + ran.stderr;
  for (const secret of [SECRET, JWT_SECRET, BASE64, "hunter-two"]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return { code: ran.code, text };
}

type Files = Readonly<Record<string, string>>;

/** Repositories, by what they track: the same serves every project with such files, for git reads names alone. */
const repositories = new Map<string, Promise<string>>();
function repositoryOf(tracked: readonly string[]): Promise<string> {
  const made = repositories.get(tracked.join()) ?? newRepository(tracked);
  repositories.set(tracked.join(), made);
  return made;
}
async function newRepository(tracked: readonly string[]): Promise<string> {
  const { folder, remove } = await deployment({});
  close.push(remove);
  for (const path of tracked) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), "");
  }
  const git = (...args: readonly string[]) => promisify(execFile)("git", ["-C", folder, ...args]);
  await git("init", "-q", "--template=");
  await git("add", "-f", ...tracked);
  return join(folder, ".git");
}

/** Written below a folder; git tracks those of `tracked`. */
async function project(files: Files, tracked: readonly string[] = []) {
  const { folder, config, remove } = await deployment({});
  onTestFinished(remove);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll(CONFIG_MODULE, MODULE));
  }
  if (tracked.length > 0) {
    await cp(await repositoryOf(tracked), join(folder, ".git"), { recursive: true });
  }
  return { folder, config };
}

/** Lines of .dev.vars. */
const devVars = (more: Files = {}): string =>
  Object.entries({
    CLOUDINARY_API_SECRET: SECRET,
    JWT_SECRET,
    CLOUDINARY_UPLOAD_PREFIX: emulator.url,
    ...more,
  })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** Without the account's variables, for one that CLOUDINARY_URL tells. */
const BY_URL = WRANGLER.replaceAll(/^CLOUDINARY_.*\n/gm, "");
const byUrl = (url: string) => ({
  ...RIGHT,
  "wrangler.toml": BY_URL,
  ".dev.vars": devVars({ CLOUDINARY_API_SECRET: "", CLOUDINARY_URL: url }),
});
const sound = (more: Files = {}): Files => ({
  ...RIGHT,
  ".dev.vars": devVars(),
  "dist/app.js": "const cloud = 'my-cloud';",
  "dist/index.html": "<!doctype html>",
  ...more,
});
const TRACKED = ["wrangler.toml", "signer.config.ts"];

/** That of the key pair before, in a rotation. */
const OLD_SECRET = "Old_Secret-of-the-account_8";
const withPrevious = (url: string): Files =>
  sound({ ".dev.vars": devVars({ CLOUDINARY_URL_PREVIOUS: url }) });

interface Case {
  readonly name: string;
  readonly files: () => Files | Promise<Files>;
  readonly words: string;
  readonly tracked?: readonly string[];
  /** The same without the fault; by default the sound project. */
  readonly twin?: () => Files;
}

const hasTwin = (one: Case): one is Case & Required<Pick<Case, "twin">> => one.twin !== undefined;

const LOCAL: readonly Case[] = [
  {
    name: "a fault of the configuration",
    files: () => sound({ "signer.config.ts": DEFINITION.replace("ttl: 300", "ttl: 3") }),
    words: "✗ configuration: wrangler.toml: signer.config.ts, profiles.avatars.ttl",
  },
  {
    name: "a secret among the variables",
    files: () =>
      sound({ "wrangler.toml": WRANGLER.replace("[vars]", `[vars]\nSESSION_SECRET = "hunter-two"`) }),
    words: "SESSION_SECRET: remove it from [vars] of wrangler.toml",
  },
  {
    name: "a definition that can't be read",
    files: () => sound({ "signer.config.ts": "export default {" }),
    words: "✗ configuration: fix signer.config.ts",
  },
  {
    name: "a clock that is late",
    files: async () => {
      const ahead = await serveLocally(
        () => new Response("", { headers: { date: new Date(Date.now() + 300_000).toUTCString() } }),
      );
      close.push(ahead.close);
      return sound({ ".dev.vars": devVars({ CLOUDINARY_UPLOAD_PREFIX: new URL(ahead.url).origin }) });
    },
    words: "✗ clock: this machine's clock is behind that of 127.0.0.1",
  },
  {
    name: "the secret of another key",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: "Another_Secret-of-the-key_8" }) }),
    words: "✗ key and secret: the API secret is not the one of this API key",
  },
  {
    name: "a key of another cloud",
    files: () => byUrl(URL_OF("999999999999999", SECRET, ACCOUNT.cloudName)),
    twin: () => byUrl(URL_OF(ACCOUNT.apiKey, SECRET, ACCOUNT.cloudName)),
    words: "✗ key and secret: Cloudinary does not know the API key in this cloud",
  },
  {
    name: "another cloud",
    files: () => byUrl(URL_OF(ACCOUNT.apiKey, SECRET, "other-cloud")),
    twin: () => byUrl(URL_OF(ACCOUNT.apiKey, SECRET, ACCOUNT.cloudName)),
    words: "✗ key and secret: Cloudinary does not know the cloud name",
  },
  {
    name: "a secret in quotes",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: `'"${SECRET}"'` }) }),
    twin: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: `"${SECRET}"` }) }),
    words: "it is wrapped in quotes",
  },
  {
    name: "a secret with a line's end",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: `"${SECRET}\n"` }) }),
    words: "it begins or ends with white space",
  },
  {
    name: "a placeholder",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: "<your_api_secret>" }) }),
    words: "it is still the placeholder of the instructions",
  },
  {
    name: "the key in the secret's place",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: ACCOUNT.apiKey }) }),
    words: "it is the same as the API key",
  },
  {
    name: "another key in the secret's place",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_API_SECRET: "123456789012399" }) }),
    words: "✗ key and secret: CLOUDINARY_API_SECRET has only digits",
  },
  {
    name: "the account told twice",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_URL: URL_OF("1", SECRET, "x") }) }),
    words: "CLOUDINARY_API_SECRET: remove one of the two: it is set beside CLOUDINARY_URL",
  },
  {
    name: "a previous key pair of another cloud",
    files: () => withPrevious(URL_OF("1", OLD_SECRET, "elsewhere")),
    words: "✗ previous key pair: CLOUDINARY_URL_PREVIOUS: remove it, or give a key pair of the cloud",
  },
  {
    name: "half a previous key pair",
    files: () => withPrevious("cloudinary://1"),
    words:
      "✗ previous key pair: CLOUDINARY_URL_PREVIOUS: run `npx wrangler secret put CLOUDINARY_URL_PREVIOUS`",
  },
  {
    name: "the previous secret in the front end",
    files: () => ({
      ...withPrevious(URL_OF("1", OLD_SECRET, ACCOUNT.cloudName)),
      "dist/app.js": `const key = "${OLD_SECRET}";`,
    }),
    words: "app.js holds the secret CLOUDINARY_URL_PREVIOUS",
  },
  {
    name: "an upload prefix that anybody can read",
    files: () => sound({ ".dev.vars": devVars({ CLOUDINARY_UPLOAD_PREFIX: "http://api.example.com" }) }),
    words: "it must begin with https://",
  },
  {
    name: "the secret in the front end",
    files: () => sound({ "dist/assets/a.js": `const s = "${SECRET}";` }),
    twin: () => sound({ "dist/assets/a.js": `const s = "${SECRET.slice(1)}";` }),
    words: "dist/assets/a.js holds the API secret\n",
  },
  {
    name: "the secret in the front end, after megabytes and across two windows",
    files: () => sound({ "dist/a.bin": `${"\0".repeat(1024 * 1024 - 10)}${SECRET}` }),
    words: "dist/a.bin holds the API secret\n",
  },
  {
    name: "key and secret for an Authorization header",
    files: () => sound({ "dist/a.js": `h.set("Authorization", "Basic ${BASE64}")` }),
    words: "dist/a.js holds the API key and secret in base64",
  },
  {
    name: "an address with another account's secret",
    files: () => sound({ "dist/a.js.map": OTHERS }),
    twin: () =>
      sound({
        "dist/a.js.map": URL_OF("key", "secret", "cloud"),
        "dist/b.js": URL_OF("415926535897932", "Zz_another-Secret-of-them_9", "demo"),
      }),
    words: "dist/a.js.map holds a cloudinary:// address with its secret",
  },
  {
    name: "an address of a cloud whose name begins as the one that is nobody's",
    files: () =>
      sound({ "dist/a.js": URL_OF("415926535897932", "Zz_another-Secret-of-them_9", "demo-shop") }),
    words: "dist/a.js holds a cloudinary:// address with its secret",
  },
  {
    name: "the account's address in base64, in a longer text",
    files: () =>
      sound({
        "dist/a.js": base64(`url: ${URL_OF(ACCOUNT.apiKey, SECRET, "my-cloud")}`),
      }),
    words: "dist/a.js holds the API secret in base64",
  },
  {
    name: "the address of another account in base64",
    files: () => sound({ "dist/a.js": `x("${base64(OTHERS)}")` }),
    twin: () =>
      sound({
        "dist/a.js": `x("${base64(OTHERS.replace(/x$/, "demo"))}", "${base64("cloudinary://key:secret@cloud, as in the instructions of the SDK")}")`,
      }),
    words: "dist/a.js holds a cloudinary:// address with its secret, in base64",
  },
  {
    name: "an access method's secret in the front end",
    files: () => sound({ "dist/.env": `JWT_SECRET=${JWT_SECRET}` }),
    words: "dist/.env holds the secret JWT_SECRET",
  },
  {
    name: "git tracks .dev.vars",
    files: () => sound(),
    tracked: [...TRACKED, ".dev.vars"],
    words: "git tracks .dev.vars, which is for secrets\n    run `git rm --cached -- .dev.vars`",
  },
  {
    name: "git tracks the secrets of an environment, in a folder whose name would be a command",
    files: () => sound(),
    tracked: [...TRACKED, "it's; $(x) a/.secrets.staging"],
    words: "    run `git rm --cached -- 'it'\\''s; $(x) a/.secrets.staging'`",
  },
  {
    name: "git tracks the secret",
    files: () => sound({ "scripts/a b.sh": `curl -u ${ACCOUNT.apiKey}:${SECRET}` }),
    tracked: [...TRACKED, "scripts/a b.sh"],
    words: "✗ files in git: scripts/a b.sh, which git tracks, holds the API secret",
    twin: () => sound({ "scripts/a b.sh": `curl -u "$KEY:$SECRET"` }),
  },
];

describe("a project", () => {
  const run = async (files: Files, tracked?: readonly string[], ...args: string[]) => {
    const { folder, config } = await project(files, tracked);
    const { code, text } = said(
      await runHere(main, ["doctor", "--config", config, "--scan", join(folder, "dist"), ...args]),
    );
    return { code, text: text.replaceAll(`${folder}/`, ""), folder };
  };

  it("has fifteen planted faults and more", () => {
    expect(LOCAL.length).toBeGreaterThanOrEqual(15);
  });

  const planted = async (files: Case["files"]) => ({ "dist/index.html": "", ...(await files()) });

  it.each(LOCAL)("with $name", async ({ files, words, tracked = TRACKED }) => {
    const { code, text } = await run(await planted(files), tracked);
    expectWords(text, words);
    expect(code, text).toBe(1);
  });

  it.each(sampled(LOCAL, 5))("with $name, for machines", async ({ files, tracked = TRACKED }) => {
    const { code, text } = await run(await planted(files), tracked, "--json");
    const { ok, checks } = JSON.parse(text);
    expect([code, ok]).toEqual([1, false]);
    expect(checks).toContainEqual(expect.objectContaining({ state: "found", problem: expect.any(String) }));
  });

  // The twin of those that name none is the sound project, which is tried once.
  it.each([{ name: "nothing wrong", twin: () => sound(), tracked: TRACKED }, ...LOCAL.filter(hasTwin)])(
    "without $name",
    async ({ twin, tracked = TRACKED }) => {
      const { code, text } = await run({ "dist/index.html": "", ...twin() }, tracked);
      expect(text).not.toMatch(/^[✗!·]/m);
      expect(code, text).toBe(0);
      for (const name of ["configuration", "clock", "key and secret", "built front end", "files in git"])
        expect(text).toMatch(new RegExp(`^✓ ${name}: `, "m"));
    },
  );

  it("asks Cloudinary nothing that changes anything, and never sends the secret", async () => {
    const asked = await serveLocally(() => Response.json({ error: { message: "no" } }, { status: 500 }));
    close.push(asked.close);
    const { text, code } = await run(
      sound({ ".dev.vars": devVars({ CLOUDINARY_UPLOAD_PREFIX: new URL(asked.url).origin }) }),
      TRACKED,
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/· key and secret: 127.* answers 500: no/)]);
    expect(asked.received()).not.toContain(SECRET);
    expect(asked.received()).toMatch(
      /\/v1_1\/my-cloud\/image\/explicit .*public_id=cloudinary-edge-signer-doctor-/,
    );
    expect(emulator.uploads()).toEqual([]);
  });

  it("an answer that comes before the signature is looked at proves nothing", async () => {
    const early = await serveLocally(() =>
      Response.json({ error: { message: "Resource not found - x" } }, { status: 404 }),
    );
    close.push(early.close);
    const { text, code } = await run(
      sound({ ".dev.vars": devVars({ CLOUDINARY_UPLOAD_PREFIX: new URL(early.url).origin }) }),
      TRACKED,
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/· key and secret: .* so this proves nothing/)]);
  });

  it("an account for SHA-1 alone is told", async () => {
    // As the emulator is for both, this stands before it and refuses the longer signatures.
    const old = await serveLocally(async (request) => {
      if (request.method === "GET") return new Response("");
      const body = await request.text();
      if (/signature=[0-9a-f]{64}/.test(body))
        return Response.json({ error: { message: "Invalid Signature x." } }, { status: 401 });
      const url = emulator.url + new URL(request.url).pathname;
      return fetch(url, { method: "POST", body, headers: request.headers });
    });
    close.push(old.close);
    const { text } = await run(
      sound({ ".dev.vars": devVars({ CLOUDINARY_UPLOAD_PREFIX: new URL(old.url).origin }) }),
      TRACKED,
    );
    expect(text).toContain("✗ key and secret: the account takes only sha1 signatures");
  });

  it.each([
    ["another pair", OLD_SECRET, "✓ previous key pair: verifies, and signs nothing; remove"],
    [
      "the same as that which signs",
      SECRET,
      "! previous key pair: CLOUDINARY_URL_PREVIOUS holds the key pair",
    ],
  ])("a rotation that is under way is told: %s", async (_, secret, words) => {
    const { text, code } = await run(withPrevious(URL_OF("1", secret, ACCOUNT.cloudName)), TRACKED);
    expect([code, text]).toEqual([0, expect.stringContaining(words)]);
    expect(text).not.toContain(secret);
  });

  it("a secret of another length is worth a warning", async () => {
    const other = await newEmulator({ apiSecret: `${SECRET}x` });
    const { text, code } = await run(
      sound({
        ".dev.vars": devVars({ CLOUDINARY_API_SECRET: `${SECRET}x`, CLOUDINARY_UPLOAD_PREFIX: other.url }),
      }),
      TRACKED,
    );
    expect([code, text]).toEqual([
      0,
      expect.stringContaining("! key and secret: the API secret has 28 characters"),
    ]);
  });

  it("no account, no git and no network are no findings", async () => {
    const { text, code } = await run(sound({ ".dev.vars": `CLOUDINARY_UPLOAD_PREFIX=${NOBODY}\n` }));
    expect(code).toBe(0);
    expect(text).toContain("· key and secret: there is no API secret here");
    expect(text).toContain(`· clock: ${new URL(NOBODY).host} can't be reached (ECONNREFUSED)`);
    expect(text).toContain("· files in git: this is not in a git repository");
  });

  describe("a refused request", () => {
    const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");
    /** What Cloudinary says to an upload of these fields, when the text that was hashed is another. */
    async function refused(text: string, fields: Files, signature = hash("sha1", text)) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, api_key: ACCOUNT.apiKey, signature }))
        form.append(name, value);
      form.append("file", "data:text/plain,a");
      const url = `${emulator.url}/v1_1/${ACCOUNT.cloudName}/raw/upload`;
      return (await fetch(url, { method: "POST", body: form })).text();
    }
    const timestamp = String(Math.floor(Date.now() / 1000));

    it.each([
      [
        "of a mistake",
        `timestamp=${timestamp}${SECRET}`,
        "The Upload Widget's `source=uw` was not signed (source)",
      ],
      [
        "of another secret",
        `source=uw&timestamp=${timestamp}another`,
        "no mistake that doctor knows makes this signature with the secret at hand",
      ],
      [
        "of a quoted secret",
        `source=uw&timestamp=${timestamp}"${SECRET}"`,
        "✗ refused request: Quotes became part of the secret",
      ],
    ])("%s", async (_, text, words) => {
      const { folder, config } = await project({
        ...sound(),
        "refused.json": await refused(text, { source: "uw", timestamp }),
      });
      const message = join(folder, "refused.json");
      const ran = said(await runHere(main, ["doctor", "--config", config, "--message", message]));
      expectWords(ran.text, words);
      expect(ran.code).toBe(1);
    });

    const RIGHT_TEXT = `source=uw&timestamp=${timestamp}`;
    /** Cloudinary's words for a signature over its own string, by a secret that it does not know. */
    const saying = (signature: string, text = RIGHT_TEXT) =>
      `Invalid Signature ${signature}. String to sign - '${text}'.`;
    const copyAnew = "key and secret anew, from one line of Cloudinary's Settings";

    it.each([
      [
        "SHA-256 over Cloudinary's string",
        saying(hash("sha256", RIGHT_TEXT + SECRET)),
        [
          "✗ refused request: the signature is right by the secret at hand, so Cloudinary has another secret",
          copyAnew,
        ],
        ["SHA-1"],
      ],
      [
        "SHA-1 over Cloudinary's string",
        saying(hash("sha1", RIGHT_TEXT + SECRET)),
        [
          "so either the account takes SHA-256 alone",
          "or Cloudinary has another secret",
          "signatureAlgorithm",
          copyAnew,
        ],
        [],
      ],
      [
        "capitals over Cloudinary's string",
        saying(hash("sha256", RIGHT_TEXT + SECRET).toUpperCase()),
        ["Write the digest in lower-case hexadecimal."],
        ["Cloudinary has another"],
      ],
      [
        "the string that was signed, which is not Cloudinary's",
        `${saying(hash("sha256", `folder=a&timestamp=${timestamp}${SECRET}`), `folder=a&tags=cats&timestamp=${timestamp}`)}\nString that I signed: folder=a&timestamp=${timestamp}`,
        ["`tags` was sent to Cloudinary and not signed"],
        ["Cloudinary has another"],
      ],
      [
        "another value than was sent",
        `${saying(hash("sha256", `folder=b&timestamp=${timestamp}${SECRET}`), `folder=a&timestamp=${timestamp}`)}\nmy string to sign: folder=b&timestamp=${timestamp}`,
        ["✓ refused request: the secret at hand made this signature", "✗ refused request: `folder`"],
        ["Cloudinary has another", "no mistake that doctor knows"],
      ],
    ])("of %s", async (_, piped, words, others) => {
      const { config } = await project(sound());
      const { code, text } = said(
        await runHere(main, ["doctor", "--config", config, "--message", "-"], {}, piped),
      );
      for (const one of words) expectWords(text, one);
      for (const one of others) expect(text).not.toContain(one);
      expect(code).toBe(1);
    });

    const LINE = `CLOUDINARY_API_SECRET=${SECRET}\n`;
    const ADDRESS = URL_OF(ACCOUNT.apiKey, SECRET, ACCOUNT.cloudName);
    it.each<[string, Files, Record<string, string>]>([
      ["the secret in the environment", {}, { CLOUDINARY_API_SECRET: SECRET }],
      ["the address in the environment", {}, { CLOUDINARY_URL: ADDRESS }],
      [".dev.vars", { ".dev.vars": LINE }, {}],
      [".env", { ".env": `# of Cloudinary\nexport CLOUDINARY_URL="${ADDRESS}"\n` }, {}],
      [".env.local", { ".env": "CLOUDINARY_API_SECRET=other\n", ".env.local": LINE }, {}],
    ])("is tried without a project, with %s", async (_, files, env) => {
      const { folder } = await project(files);
      const args = [
        "doctor",
        "--config",
        join(folder, "none.toml"),
        "--message",
        saying(hash("sha256", `timestamp=${timestamp}${SECRET}`)),
      ];
      const { code, text } = said(await runHere(main, args, { ...env, CLOUDINARY_UPLOAD_PREFIX: NOBODY }));
      expect(text).toMatch(
        /^✗ refused request: The Upload Widget's `source=uw` was not signed \(source\)\n.*\n$/,
      );
      expect(code).toBe(1);
    });

    it("is all that is looked at in a project with the secret alone", async () => {
      const { config } = await project({ ...RIGHT, "wrangler.toml": BY_URL });
      const piped = saying(hash("sha256", `timestamp=${timestamp}${SECRET}`));
      const args = ["doctor", "--json", "--config", config, "--message", "-"];
      const { text } = said(await runHere(main, args, { CLOUDINARY_API_SECRET: SECRET }, piped));
      const { checks } = JSON.parse(text) as { checks: { name: string; state: string }[] };
      expect(checks.map(({ name, state }) => [name, state])).toEqual([["refused request", "found"]]);
    });

    it("comes before all other checks", async () => {
      const { config } = await project(sound());
      const piped = saying(hash("sha256", `timestamp=${timestamp}${SECRET}`));
      const { text } = said(await runHere(main, ["doctor", "--config", config, "--message", "-"], {}, piped));
      expect(text).toMatch(/^✗ refused request: [\s\S]*^✓ configuration: [\s\S]*^✓ key and secret: /m);
    });

    it.each<[string, Record<string, string>, number, string]>([
      [
        "no secret",
        {},
        2,
        "✗ give the API secret, for there is none here to try it with: set CLOUDINARY_API_SECRET",
      ],
      [
        "a secret in quotes",
        { CLOUDINARY_API_SECRET: `"${SECRET}"` },
        1,
        "CLOUDINARY_API_SECRET is wrapped in quotes",
      ],
      [
        "half an address",
        { CLOUDINARY_URL: "cloudinary://1:hunter-two" },
        1,
        "it must have the form cloudinary://key:secret@cloud",
      ],
    ])("is not tried with %s", async (_, env, exit, words) => {
      const { folder } = await project({});
      const args = ["doctor", "--config", join(folder, "none.toml"), "--message", "-"];
      const { code, text } = said(await runHere(main, args, env, saying("0".repeat(40))));
      expectWords(text, words);
      expect(code).toBe(exit);
    });

    it("without a signature proves nothing", async () => {
      const { config } = await project(sound());
      const args = ["doctor", "--config", config, "--message", "-"];
      const ran = said(await runHere(main, args, {}, "Stale request - reported time is 2016"));
      expectWords(ran.text, "· refused request: paste Cloudinary's whole answer");
    });
  });

  it("what the whole repository tracks is looked into, and told as seen from the project", async () => {
    const files = Object.entries(sound()).map(([path, text]) => [`app/${path}`, text]);
    const leaking = 'scripts/a "b".sh';
    const tracked = ["app/wrangler.toml", leaking];
    const { folder } = await project({ ...Object.fromEntries(files), [leaking]: SECRET }, tracked);
    // A link to the project, from elsewhere.
    await symlink(join(folder, "app"), join(folder, "scripts/link"));
    for (const way of ["app", "scripts/link"]) {
      const { code, text } = said(
        await runHere(main, ["doctor", "--config", join(folder, way, "wrangler.toml")]),
      );
      expectWords(text, `✗ files in git: ../${leaking}, which git tracks, holds the API secret\n`);
      expect(code).toBe(1);
    }
  });

  it("links are not followed", async () => {
    const files = sound();
    const { folder, config } = await project(files);
    await symlink(join(folder, ".dev.vars"), join(folder, "dist/link.js"));
    await symlink(folder, join(folder, "dist/loop"));
    const { code } = said(
      await runHere(main, ["doctor", "--config", config, "--scan", join(folder, "dist")]),
    );
    expect(code).toBe(0);
  });

  it("what can't be looked at at all is 2", async () => {
    const { folder } = await project({ a: "" });
    const env = { CLOUDINARY_UPLOAD_PREFIX: NOBODY };
    const none = said(await runHere(main, ["doctor", "--config", join(folder, "none.toml")], env));
    expect([none.code, none.text]).toEqual([
      2,
      expect.stringMatching(/· configuration: .*none.toml is not there/),
    ]);
    const scan = said(
      await runHere(main, ["doctor", "--config", join(folder, "a"), "--scan", join(folder, "a")], env),
    );
    expect([scan.code, scan.text]).toEqual([
      2,
      expect.stringMatching(/No such folder: .*\. Name a folder by --scan/),
    ]);
  });

  it("takes the account of the environment that is named", async () => {
    const account = { cloudName: "my-staging-cloud", apiKey: "123456789012346" };
    const staging = await newEmulator(account);
    const files = sound({
      ".dev.vars.staging": devVars({ CLOUDINARY_UPLOAD_PREFIX: staging.url }),
    });
    const { code, text } = await run(files, TRACKED, "--env", "staging");
    expect([code, text]).toEqual([0, expect.stringMatching(/^✓ key and secret: /m)]);
    const other = await run(files, TRACKED);
    expect(other.code).toBe(0);
  });

  it("the environment of the process comes first", async () => {
    const { config } = await project(sound());
    const env = { CLOUDINARY_URL: URL_OF(ACCOUNT.apiKey, "Another_Secret-of-the-key_8", ACCOUNT.cloudName) };
    const { text } = said(await runHere(main, ["doctor", "--config", config], env));
    expect(text).toContain("✗ key and secret: the API secret is not the one of this API key");
  });
});

const ORIGIN = "https://www.example.com";
const SIGNER = {
  publicUrl: "https://uploads.example.com",
  log: "refusals",
  allowedOrigins: [ORIGIN],
  access: {
    site: origin(),
    members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" }),
  },
  profiles: {
    default: { access: ["public"], accept: { context: { keys: ["alt"] } } },
    jpeg: { access: ["public"], resourceType: "image", set: { allowed_formats: ["jpg"] } },
    confirmed: { access: ["public"], resourceType: "image", file: { maxBytes: "1 MB" } },
    tiny: { access: ["public"], resourceType: "image", file: { maxBytes: 5 } },
    site: { access: ["site"] },
    members: { access: ["members"], set: { overwrite: false } },
  },
} as const;

type Answer = (request: Request) => Response | Promise<Response>;

/** A signer at an address, whose answers something may change. */
async function signer(bindings: Bindings = {}, around: (next: Answer) => Answer = (next) => next) {
  const signerOf = signersOf(SIGNER as never);
  const all = {
    CLOUDINARY_URL: URL_OF(ACCOUNT.apiKey, SECRET, ACCOUNT.cloudName),
    CLOUDINARY_UPLOAD_PREFIX: emulator.url,
    JWT_SECRET,
    ...bindings,
  };
  const server = await serveLocally(around((request) => signerOf(all).fetch(request)));
  onTestFinished(server.close);
  return new URL(server.url).origin;
}

/** A signer, in whose place something else answers at a path. */
const before = (path: string, answer: Response) =>
  signer(
    {},
    (next) => (request) => (new URL(request.url).pathname === path ? answer.clone() : next(request)),
  );

interface RemoteCase {
  readonly name: string;
  readonly words: string;
  readonly args?: readonly string[];
  readonly start?: () => Promise<string>;
  /** The arguments with which the same signer is sound. */
  readonly twin?: readonly string[];
}

const REMOTE: readonly RemoteCase[] = [
  {
    name: "no secret",
    start: () => signer({ CLOUDINARY_URL: undefined }),
    words: "✗ health: CLOUDINARY_API_SECRET: run `npx wrangler secret put CLOUDINARY_API_SECRET",
  },
  {
    name: "a page in its place",
    start: () => signer({}, () => () => new Response("<!doctype html>")),
    words: "(status 200) is not a signer\n    give the signer's own address",
  },
  {
    name: "a redirect in its place",
    start: () => signer({}, () => () => Response.redirect("https://elsewhere.example/", 302)),
    words: "redirects elsewhere, and redirects are not followed",
  },
  {
    name: "an origin that is not listed",
    args: ["--origin", "https://other.example.com"],
    twin: ["--origin", ORIGIN],
    words: "✗ CORS: pages of https://other.example.com may not ask",
  },
  {
    name: "something before it that takes OPTIONS away",
    args: ["--origin", ORIGIN],
    start: () =>
      signer(
        {},
        (next) => (request) =>
          request.method === "OPTIONS" ? new Response("", { status: 405 }) : next(request),
      ),
    words: "the preflight is answered 405 without Access-Control-Allow-Origin",
  },
  {
    name: "something before it that takes headers away",
    args: ["--origin", ORIGIN],
    start: () =>
      signer({}, (next) => async (request) => {
        const { body, status, headers } = await next(request);
        const answer = new Response(body, { status, headers });
        if (request.method === "POST") answer.headers.delete("access-control-allow-origin");
        return answer;
      }),
    words: "✗ ticket: pages of https://www.example.com may not read the answer",
  },
  {
    name: "a profile that it has not",
    args: ["--profile", "nope"],
    words: "✗ ticket: unknown_profile: ",
  },
  {
    name: "nobody's request",
    args: ["--profile", "members"],
    words: "send a credential: --header 'Authorization: Bearer …'",
  },
  {
    name: "no page's request",
    args: ["--profile", "site"],
    twin: ["--profile", "site", "--origin", ORIGIN],
    words: "✗ ticket: origin_not_allowed: ",
  },
  {
    name: "parameters that it does not take",
    args: ["--params", '{"folder":"x"}'],
    twin: ["--params", '{"context":{"alt":"x"}}'],
    words: "✗ ticket: params_refused: ",
  },
  {
    name: "something before it that lets no notification through",
    start: () => before("/notifications", new Response("", { status: 404 })),
    words: "✗ notifications: no notification reaches the signer: ",
  },
  {
    name: "something before it that takes any notification",
    start: () => before("/notifications", Response.json({ ok: true })),
    words: "/notifications accepts a notification that nobody signed",
  },
  {
    name: "another account's secret",
    args: ["--upload"],
    start: () =>
      signer({ CLOUDINARY_URL: URL_OF(ACCOUNT.apiKey, "Another_Secret-of-the-key_8", "my-cloud") }),
    words: "refused it: Invalid Signature",
  },
];

describe("a running signer", () => {
  const run = async (url: string, ...args: readonly string[]) =>
    said(await runHere(main, ["doctor", url, ...args]));

  it.each(REMOTE)("with $name", async ({ start = signer, args = [], words }) => {
    const { code, text } = await run(await start(), ...args);
    expectWords(text, words);
    expect(code, text).toBe(1);
  });

  // The twin of those that name none is the sound signer, which is tried once, and once with an upload.
  it.each([
    { name: "nothing wrong", twin: ["--origin", ORIGIN] },
    { name: "nothing wrong with an upload", twin: ["--origin", ORIGIN, "--upload"] },
    ...REMOTE.filter(({ twin }) => twin !== undefined),
  ])("without $name", async ({ twin = [] }) => {
    const { code, text } = await run(await signer(), ...twin);
    expect(text).not.toMatch(/^[✗!]/m);
    expect(text).toMatch(/^✓ ticket: of the profile \w+, for 127/m);
    expect(text).toMatch(/^✓ notifications: .*\/notifications refuses what Cloudinary did not sign$/m);
    expect(code, text).toBe(0);
  });

  it("a previous key pair is worth a warning, so that none is forgotten", async () => {
    const url = await signer({ CLOUDINARY_URL_PREVIOUS: URL_OF("1", OLD_SECRET, ACCOUNT.cloudName) });
    const { code, text } = await run(url, "--origin", ORIGIN);
    expect([code, text]).toEqual([0, expect.stringContaining("! health: a previous key pair verifies")]);
  });

  it("stores a sample where it is told to, of the format that the profile takes", async () => {
    const before = emulator.uploads().length;
    const url = await signer();
    expect((await run(`${url}/sign`)).code).toBe(0);
    expect(emulator.uploads().length).toBe(before);
    const { code, text } = await run(url, "--upload", "--profile", "jpeg");
    const [stored] = emulator.uploads().slice(-1);
    expect([code, stored?.format]).toEqual([0, "jpg"]);
    expect(text).toContain(`✓ upload: stored as ${stored?.public_id}, where it stays until you delete it`);
    expect(text).toContain("✓ confirmation: the profile has no `file`");
  });

  it("has what it stored confirmed, and says why where it is not", async () => {
    const url = await signer();
    const { code, text } = await run(url, "--upload", "--profile", "confirmed");
    expect([code, text]).toEqual([0, expect.stringContaining("✓ confirmation: Cloudinary holds it")]);
    const refused = await run(url, "--upload", "--profile", "tiny");
    expect(refused.code).toBe(1);
    expect(refused.text).toMatch(/^✗ confirmation: file_refused: send at most 5 B/m);
    const { public_id } = emulator.uploads().at(-1)!;
    expect(refused.text).not.toContain(`stored as ${public_id},`);
  });

  it.each([
    [1, { default: { access: ["public"] } }, "✓ health: 1 profile, policy"],
    [2, { default: { access: ["public"] }, other: { access: ["public"] } }, "✓ health: 2 profiles, policy"],
  ])("counts %i", async (_, profiles, words) => {
    const signerOf = signersOf({ log: "refusals", profiles } as never);
    const bindings = { CLOUDINARY_URL: URL_OF(ACCOUNT.apiKey, SECRET, ACCOUNT.cloudName) };
    const server = await serveLocally((request) => signerOf(bindings).fetch(request));
    onTestFinished(server.close);
    expectWords((await run(new URL(server.url).origin)).text, words);
  });

  it("hanging is failing", async () => {
    const url = await signer({}, () => () => new Promise<Response>(() => {}));
    const options = { url, profile: "default", config: "wrangler.toml", timeoutMs: 200 };
    const { code, text } = said(await runHere((_, io) => doctor(options, io), []));
    expect([code, text]).toEqual([1, expect.stringContaining("does not answer within 0.2 s")]);
  });

  it.each([
    [NOBODY, "can't be reached (ECONNREFUSED)"],
    ["signer.example.com", "write the whole address"],
    [
      ["https://signer.example.com", "--origin", "https://www.example.com/upload"],
      "write --origin as browsers",
    ],
    [["--origin", "https://www.example.com"], "name the signer's address"],
    [["https://signer.example.com", "--scan", "dist"], "leave out the address"],
    ["https://me:hunter-two@signer.example.com", "leave user and password out"],
  ])("%s is not looked at", async (url, words) => {
    const { code, text } = said(await runHere(main, ["doctor", ...[url].flat()]));
    expectWords(text, words);
    expect(code).toBe(2);
  });
});

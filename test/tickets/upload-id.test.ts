// Upload IDs: what is in one, by Node's own AES and hashes; for whom and until when it is opened, and every way to
// misuse one with its answer.

import { createDecipheriv, createHash, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/checked.ts";
import { newEvent } from "../../src/observe/event.ts";
import { type Caller, fillFor } from "../../src/policy/decide/fill.ts";
import { MAX_UPLOAD_ID, openUploadId, sealUploadId } from "../../src/tickets/upload-id.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer, outcome, signer, TURNSTILE } from "../access/signer.ts";
import { ACCOUNT, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";

const NOW = 1_795_468_800;
const HERE = "https://uploads.example.com";
const MEMBERS = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE, claims: ["org"] };

const DEFINITION = {
  publicUrl: HERE,
  access: {
    members: MEMBERS,
    cookies: { ...MEMBERS, cookie: "session" },
    humans: TURNSTILE,
  },
  allowedOrigins: ["https://www.example.com"],
  profiles: {
    avatars: {
      access: ["members", "cookies"],
      set: { public_id: "users/{org}/{sub}/{uuid}" },
      file: { maxBytes: 10 },
    },
    others: {
      access: ["members", "cookies"],
      set: { public_id: "more/{org}/{sub}/{uuid}" },
      file: { maxBytes: 10 },
    },
    mixed: { access: ["members", "humans", "public"], file: {} },
  },
} as const satisfies Plain;

const SECRETS = { JWT_SECRET: SHARED_SECRET, TURNSTILE_SECRET: "0x4AAA" };

function configOf(definition: Plain = DEFINITION, bindings: object = {}): Config {
  const configured = readBindings({ ...ACCOUNT, ...SECRETS, SIGNER: definition, ...bindings });
  if (!configured.ok) throw new Error(JSON.stringify(configured.error));
  return configured.value;
}

/** One profile with something else in it. */
const changed = (name: keyof typeof DEFINITION.profiles, more: object): Plain => ({
  ...DEFINITION,
  profiles: { ...DEFINITION.profiles, [name]: { ...DEFINITION.profiles[name], ...more } },
});

const FIELDS = { public_id: "users/acme/42/x", allowed_formats: "jpg", timestamp: "1" };
const ANN: Caller & { subject: string } = {
  ...{ access: "members", subject: "42", claims: { sub: "42", org: "acme", mail: "a@b.c" } },
};
const NOBODY = { access: "humans", claims: {} };
type Asking = Caller & { readonly subject?: string };

async function entered(config: Config, name: string, caller: Asking, now = NOW) {
  const profile = config.profiles.get(name)!;
  const fill = await fillFor(profile, caller, now, "x");
  if (!fill.ok) throw new Error(fill.error.reason);
  return { who: { profile, caller, event: newEvent("upload-id", "/confirm/{profile}") }, fill: fill.value };
}

async function seal(config = configOf(), name = "avatars", caller: Asking = ANN, fields: object = FIELDS) {
  const { who, fill } = await entered(config, name, caller);
  const secret = await config.apiSecret(NOW);
  if (!secret.ok) throw new Error("no secret");
  return sealUploadId(config, secret.value, who, fill, fields as Record<string, string>);
}

async function sealed(...of: Parameters<typeof seal>): Promise<string> {
  const made = await seal(...of);
  if (!made.ok) throw new Error(made.error.reason);
  return made.value;
}

interface Opening {
  readonly config?: Config;
  readonly name?: string;
  readonly caller?: Asking;
  readonly at?: number;
  readonly use?: "renewal" | "confirmation";
}

/** `opened`, or the reason why not. */
async function open(text: string, of: Opening = {}): Promise<string> {
  const { config = configOf(), name = "avatars", caller = ANN, at = NOW, use = "confirmation" } = of;
  const { who, fill } = await entered(config, name, caller, at);
  const opened = await openUploadId(config, who, fill, text, use);
  return opened.ok ? "opened" : opened.error.reason;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

it("holds what is needed and nothing else, as Node decrypts it", async () => {
  const config = configOf();
  const bytes = Buffer.from(await sealed(config), "base64url");
  const info = `cloudinary-edge-signer/upload-id/v1/${HERE}`;
  const key = Buffer.from(hkdfSync("sha256", API_SECRET, CLOUD_NAME, info, 32));
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
  expect(JSON.parse(plain)).toEqual([
    "avatars",
    sha256(JSON.stringify([["policy", config.policies.get("avatars")]])),
    "members",
    "42",
    sha256('[["org","acme"],["sub","42"]]'),
    "users/acme/42/x",
    sha256('[["allowed_formats","jpg"],["public_id","users/acme/42/x"]]'),
    NOW,
    NOW + 3600,
  ]);
});

it.each<[what: string, of: Opening]>([
  ["by whom it was made for", {}],
  ["to renew", { use: "renewal" }],
  ["where another profile has changed", { config: configOf(changed("others", { ttl: 60 })) }],
  ["where only the page was switched off", { config: configOf({ ...DEFINITION, page: false }) }],
  ["where another claim has changed", { caller: { ...ANN, claims: { ...ANN.claims, mail: "b@b.c" } } }],
  ["until its ticket's life is over, to renew", { use: "renewal", at: NOW + 3599 }],
  ["until a day after that, to confirm", { at: NOW + 3600 + 86_399 }],
  ["by a clock that is a little behind", { at: NOW - 60 }],
])("is opened %s", async (_, of) => {
  expect(await open(await sealed(), of)).toBe("opened");
});

const REFUSED: readonly [what: string, of: Opening, reason: string][] = [
  [
    "at another address",
    { config: configOf({ ...DEFINITION, publicUrl: `${HERE}/a` }) },
    "upload_id_unsealed",
  ],
  ["in another cloud", { config: configOf(undefined, { CLOUDINARY_CLOUD_NAME: "b" }) }, "upload_id_unsealed"],
  [
    "under another secret",
    { config: configOf(undefined, { CLOUDINARY_API_SECRET: `${API_SECRET}x` }) },
    "upload_id_unsealed",
  ],
  ["for another profile", { name: "others" }, "upload_id_profile"],
  ["by another subject", { caller: { ...ANN, subject: "43" } }, "upload_id_caller"],
  [
    "by another subject with claims of its own",
    { caller: { ...ANN, subject: "43", claims: { sub: "43", org: "acme" } } },
    "upload_id_caller",
  ],
  ["by another access method", { caller: { ...ANN, access: "cookies" } }, "upload_id_caller"],
  [
    "by the same subject of another organization",
    { caller: { ...ANN, claims: { ...ANN.claims, org: "other" } } },
    "upload_id_caller",
  ],
  [
    "where the profile has changed",
    { config: configOf(changed("avatars", { ttl: 60 })) },
    "upload_id_policy",
  ],
  [
    "where the limits on files have",
    { config: configOf(changed("avatars", { file: { maxBytes: 11 } })) },
    "upload_id_policy",
  ],
  [
    "where the access method has",
    {
      config: configOf({
        ...DEFINITION,
        access: { ...DEFINITION.access, members: { ...MEMBERS, maxTokenAge: 60 } },
      }),
    },
    "upload_id_policy",
  ],
  ["when its ticket's life is over, to renew", { use: "renewal", at: NOW + 3600 }, "upload_id_expired"],
  ["a day after that, to confirm", { at: NOW + 3600 + 86_400 }, "upload_id_expired"],
];
it.each(REFUSED)("is refused %s", async (_, of, reason) => {
  expect(await open(await sealed(), of)).toBe(reason);
});

describe("a text that is none", () => {
  it.each<[what: string, text: (made: string) => string]>([
    ["nothing", () => ""],
    ["altered", (made) => (made.startsWith("A") ? "B" : "A") + made.slice(1)],
    ["cut", (made) => made.slice(0, -2)],
    ["longer than any", () => "A".repeat(MAX_UPLOAD_ID + 1)],
    ["much longer", () => "A".repeat(60_000)],
    ["JSON", () => '["avatars"]'],
    ["another kind of text of ours", () => `${"A".repeat(20)}.${"A".repeat(43)}`],
  ])("%s", async (_, text) => {
    expect(await open(text(await sealed()))).toBe("upload_id_unsealed");
  });
});

describe("by what is good once", () => {
  const mine = () => sealed(configOf(), "mixed", NOBODY);
  it.each<[what: string, caller: Asking, use: Opening["use"], outcome: string]>([
    ["confirms by itself", NOBODY, "confirmation", "opened"],
    ["confirms by itself where anybody comes in", { access: "public", claims: {} }, "confirmation", "opened"],
    ["is nobody's who is someone", { ...ANN }, "confirmation", "upload_id_caller"],
    ["renews nothing by itself", { access: "public", claims: {} }, "renewal", "upload_id_caller"],
  ])("an ID %s", async (_, caller, use, expected) => {
    expect(await open(await mine(), { name: "mixed", caller, use: use! })).toBe(expected);
  });

  it.each<[what: string, maker: Asking]>([
    ["someone's", ANN],
    ["anybody's", { access: "public", claims: {} }],
  ])("who shows nothing confirms nothing of %s", async (_, maker) => {
    const made = await sealed(configOf(), "mixed", maker);
    expect(await open(made, { name: "mixed", caller: NOBODY })).toBe("upload_id_caller");
    expect(await open(made, { name: "mixed", caller: maker })).toBe("opened");
  });
});

it("one that was sealed elsewhere with a new secret is opened at once", async () => {
  const store = { text: API_SECRET, get: async () => store.text };
  const here = configOf(undefined, { CLOUDINARY_API_SECRET: store });
  await here.apiSecret(NOW);
  store.text = "Another-Secret_of-the-SUITE7";
  const made = await sealed(configOf(undefined, { CLOUDINARY_API_SECRET: store.text }));
  expect(await open(made, { config: here, at: NOW + 10 })).toBe("opened");
});

describe("its length", () => {
  // Of what a subject and a name may have, an ID has room for some five hundred characters.
  it.each<[subject: number, name: number, fits: boolean]>([
    [1, 1, true],
    [250, 200, true],
    [1024, 1, false],
    [250, 255 * 2, false],
  ])("a subject of %i characters and a name of %i: %s", async (subject, name, fits) => {
    const caller = { ...ANN, subject: "s".repeat(subject) };
    const made = await seal(configOf(), "avatars", caller, { ...FIELDS, public_id: "n".repeat(name) });
    if (made.ok) expect(made.value.length).toBeLessThanOrEqual(MAX_UPLOAD_ID);
    expect(made.ok ? "sealed" : made.error.reason).toBe(fits ? "sealed" : "too_long_for_upload_id");
  });
});

describe("over HTTP", () => {
  const { post, logs } = signer(
    {
      ...DEFINITION,
      profiles: {
        ...DEFINITION.profiles,
        receipt: { access: ["public"], file: {} },
        long: { access: ["public"], ttl: 3601 },
        plain: { access: ["public"] },
        bySubject: { access: ["members"], file: {}, set: { public_id: "{uuid}" } },
      },
    },
    {},
    SECRETS,
  );

  it.each<[string, boolean]>([
    ["receipt", true],
    ["long", true],
    ["plain", false],
  ])("a ticket of %s has one: %s", async (name, has) => {
    const { body } = await post(`/sign/${name}`);
    expect("upload_id" in body).toBe(has);
    if (has) expect(body.upload_id).toMatch(/^[\w-]{100,1024}$/);
  });

  it("a subject that is too long for one is told so, and nothing is signed", async () => {
    const shown = bearer(await signShared({ sub: "s".repeat(900), org: "acme" }));
    const answer = await post("/sign/bySubject", shown);
    expect(outcome(answer)).toBe("403 profile_not_allowed");
    expect(JSON.parse(logs.at(-1)!).reason).toBe("too_long_for_upload_id");
    expect(outcome(await post("/sign/bySubject", bearer(await signShared({ org: "acme" }))))).toBe("signed");
  });
});

// Every use of a hash and of the secret in the official SDK's sources, each with the row of our tables that stands for
// it: a digest that a new version makes fails here until somebody has looked at it. So does a method that it signs for.

import { describe, expect, it } from "vitest";
import { SELECTIONS } from "../../../src/policy/tables/methods.ts";
import { PARAMETERS } from "../../../src/policy/tables/parameters.ts";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { type Read, readSource, type Sources, sdkSources, type Use } from "../../support/sdk-source.ts";
import evidence from "../../vectors/upload-params.json" with { type: "json" };

/**
 * What a use is: `maker` makes digests for others, so that its own uses count; `attack` and `method` are rows of the
 * audit's table and of the table of methods; `harmless` says why there is no row.
 */
type Meaning =
  | { readonly maker: string }
  | { readonly attack: string }
  | { readonly method: string }
  | { readonly harmless: string };

const MEANINGS: Readonly<Record<string, Meaning>> = {
  "utils/index.js compute_hash → createHash": { maker: "compute_hash" },
  "utils/index.js random_public_id → randomBytes": { harmless: "chance, and no digest" },
  "auth_token.js digest → createHmac": { harmless: "an HMAC with a key of its own, not the secret" },
  "cache/KeyValueCacheAdapter.js generateCacheKey → createHash": { harmless: "without the secret" },

  "utils/index.js url → compute_hash": { attack: "delivery" },
  "v2/search.js to_url → compute_hash": { attack: "search" },
  "utils/index.js api_sign_request → compute_hash": { maker: "api_sign_request" },
  "utils/index.js webhook_signature → compute_hash": { maker: "webhook_signature" },

  "utils/index.js verifyNotificationSignature → webhook_signature": { attack: "notification" },
  "utils/index.js verify_api_response_signature → api_sign_request": { attack: "response" },
  "utils/index.js sign_request → api_sign_request": { maker: "sign_request" },

  "utils/index.js process_request_params → sign_request": { maker: "process_request_params" },
  "utils/index.js private_download_url → sign_request": { method: "download" },
  "utils/index.js zip_download_url → sign_request": { method: "download_tag_zip" },
  "utils/index.js download_backedup_asset → sign_request": { method: "download_backup" },
  "utils/index.js download_folder → sign_request": { method: "generate_archive" },
  "utils/index.js api_download_url → sign_request": { maker: "api_download_url" },

  "uploader.js call_api → process_request_params": { maker: "call_api" },
  "uploader.js direct_upload → process_request_params": { method: "upload" },
  "uploader.js upload_tag_params → process_request_params": { method: "upload" },
};

/** Makers that are told by their first argument, a text, which method they sign for. */
const TOLD = new Set(["call_api", "api_download_url"]);

/** Functions that see the secret, beside those that make digests above: most send it as a password over HTTPS. */
const SEES_SECRET: readonly string[] = [
  "api_client/call_account_api.js call_account_api",
  "api_client/call_analysis_api.js call_analysis_api",
  "api_client/call_api.js call_api",
  // A list of the names of options.
  "utils/index.js (module)",
];
const SECRET = /^_*(provisioning_)?api_?secret$/i;

/** Modules that the SDK takes; another one could make digests too. */
const MODULES = /^(crypto|fs|path|stream|https?|url|querystring|lodash(\/\w+)?)$/;

/** Whatever makes a digest or a signature, by the names of Node and of Web Crypto. */
const ROOTS =
  /^(create(Hash|Hmac|Sign|Verify|Cipheriv)|(pbkdf2|scrypt|hkdf)(Sync)?|subtle|webcrypto|randomBytes)$/i;

const METHODS = new Set([...SELECTIONS.map(({ method }) => method), ...evidence.methods_of_an_upload]);

interface Findings {
  readonly complaints: readonly string[];
  /** The uses that the table above knows, as they were met. */
  readonly met: ReadonlySet<string>;
  /** The method that each function signs for. */
  readonly methods: ReadonlyMap<string, string>;
}

const keyOf = ({ file, within, name }: Use): string => `${file} ${within} → ${name}`;

/** Everything in these sources that no row stands for. */
function look(sources: Sources): Findings {
  const reads: readonly Read[] = Object.entries(sources).map(([file, text]) => readSource(file, text));
  const all = reads.flatMap(({ uses }) => uses);
  const complaints: string[] = [];
  const met = new Set<string>();
  const methods = new Map<string, string>();

  const modules = reads.flatMap((read) => read.modules).filter((name) => !MODULES.test(name));
  complaints.push(...modules.map((name) => `an unknown module: ${name}`));

  const waiting: (readonly Use[])[] = [
    all.filter(({ name, of }) => of === "crypto" || (ROOTS.test(name) && of !== "utils")),
  ];
  const walked = new Set<string>();
  for (let uses = waiting.pop(); uses !== undefined; uses = waiting.pop()) {
    for (const use of uses) {
      const key = keyOf(use);
      const told = TOLD.has(use.name) && use.first !== undefined;
      const meaning: Meaning | undefined = told ? { method: use.first! } : MEANINGS[key];
      if (!told && meaning !== undefined) met.add(key);
      if (meaning === undefined) complaints.push(`no row stands for ${key}`);
      else if ("method" in meaning) {
        methods.set(`${use.file} ${use.within}`, meaning.method);
        if (!METHODS.has(meaning.method)) complaints.push(`no method is called ${meaning.method}: ${key}`);
      } else if ("attack" in meaning) {
        if (!ATTACKS.some(({ id }) => id === meaning.attack)) complaints.push(`no attack: ${meaning.attack}`);
      } else if ("maker" in meaning && !walked.has(key)) {
        walked.add(key);
        // What a file keeps to itself can be used there alone; another file may have a function of that name.
        const own = reads.find((read) => read.uses.some(({ file }) => file === use.file))!;
        const isExported =
          own.exported.has(meaning.maker) || own.members.get("(module)")?.includes(meaning.maker);
        waiting.push(
          all.filter(({ file, name }) => name === meaning.maker && (isExported || file === use.file)),
        );
      }
    }
  }

  const known = new Set([...SEES_SECRET, ...Object.keys(MEANINGS).map((key) => key.replace(/ → .*$/, ""))]);
  for (const { file, within, name } of all) {
    if (SECRET.test(name) && !known.has(`${file} ${within}`))
      complaints.push(`the secret is seen by ${file} ${within}`);
  }
  return { complaints: [...new Set(complaints)], met, methods };
}

const SDK = sdkSources();
const FOUND = look(SDK);

describe("the installed SDK", () => {
  it("is read at all", () => {
    expect(Object.keys(SDK).length).toBeGreaterThan(20);
    expect(FOUND.methods.size).toBeGreaterThan(15);
  });

  it("has a row for every use of a hash and of the secret", () => {
    expect(FOUND.complaints).toEqual([]);
  });

  it("still has every use that the table knows", () => {
    expect([...FOUND.met].sort()).toEqual(Object.keys(MEANINGS).sort());
  });

  it("signs for methods that the tables have", () => {
    const signed = new Set(FOUND.methods.values());
    // What `explicit`, `asset/…` and the like stand for besides is told by other sources; see the evidence.
    for (const method of [
      "upload",
      "destroy",
      "rename",
      "explicit",
      "explode",
      "tags",
      "context",
      "metadata",
    ])
      expect(signed).toContain(method);
    for (const method of signed) expect(METHODS).toContain(method);
  });
});

describe("a use that nobody has looked at is seen", () => {
  const head = 'const crypto = require("crypto");\nconst utils = require("./utils");\n';
  it.each<[what: string, text: string, complaint: string]>([
    [
      "a hash",
      'exports.sign_collection = (id, secret) => crypto.createHash("sha256").update(id + secret).digest("hex");',
      "planted.js sign_collection → createHash",
    ],
    [
      "an HMAC in a class",
      'class Feed { token(key) { return crypto.createHmac("sha256", key); } }',
      "planted.js token → createHmac",
    ],
    ["a hash by a computed name", "exports.f = (how) => crypto[how]('sha256');", "f → (computed)"],
    ["a hash by a text", "exports.f = () => crypto['createHash']('sha1');", "f → createHash"],
    [
      "a hash of its own name",
      'const { createHash } = crypto; exports.f = () => createHash("sha1");',
      "f → createHash",
    ],
    [
      "a hash under another name",
      'const { createHash: make } = crypto; exports.f = () => make("sha1");',
      "(module) → createHash",
    ],
    ["Web Crypto", "exports.f = (data) => globalThis.crypto.subtle.digest('SHA-256', data);", "f → subtle"],
    [
      "the SDK's own hash",
      'exports.f = (text) => utils.compute_hash(text, "sha256", "hex");',
      "f → compute_hash",
    ],
    [
      "the SDK's own hash, taken apart",
      'const { compute_hash } = require("./utils");\nfunction f(text) { return compute_hash(text); }',
      "f → compute_hash",
    ],
    [
      "the SDK's own hash under another name",
      'const { compute_hash: h } = require("./utils");\nconst f = (text) => h(text);',
      "(module) → compute_hash",
    ],
    [
      "the SDK's own hash, handed on",
      "exports.f = (texts) => texts.map(utils.compute_hash);",
      "f → compute_hash",
    ],
    ["a request's signature", "exports.f = (p) => utils.api_sign_request(p, 's');", "f → api_sign_request"],
    ["a signed request", "exports.f = (p, o) => utils.sign_request(p, o);", "f → sign_request"],
    [
      "a notification's signature",
      "exports.f = (b, t) => utils.webhook_signature(b, t);",
      "f → webhook_signature",
    ],
    [
      "a signed address of a method",
      'exports.f = (o) => utils.api_download_url("everything", {}, o);',
      "everything",
    ],
    [
      "a signed address of a method that is computed",
      "exports.f = (m, o) => utils.api_download_url(m, {}, o);",
      "f → api_download_url",
    ],
    ["another module", 'const sha = require("js-sha256");', "an unknown module: js-sha256"],
    ["the secret", "exports.f = (o) => btoa(o.api_secret);", "the secret is seen by planted.js f"],
    ["the secret by a text", "exports.f = (o) => o['api_secret'];", "the secret is seen by planted.js f"],
  ])("%s", (_, text, complaint) => {
    const { complaints } = look({ ...SDK, "planted.js": head + text });
    expect(complaints.join("\n")).toContain(complaint);
  });

  it("a method of the uploader", () => {
    const planted = `${SDK["uploader.js"]}\nexports.relocate = (id, o) => call_api("relocate", null, o, () => [{ id }]);`;
    expect(look({ ...SDK, "uploader.js": planted }).complaints).toEqual([
      "no method is called relocate: uploader.js relocate → call_api",
    ]);
  });

  it("and nothing else is: a source that makes no digest", () => {
    const harmless = `${head}exports.f = (a) => utils.url(a);`;
    expect(look({ ...SDK, "planted.js": harmless }).complaints).toEqual([]);
  });
});

describe("the parameters that the SDK signs", () => {
  const other: Readonly<Record<string, readonly string[]>> = evidence.other_methods;
  /** Builders of parameters by the methods that they build for. */
  const BUILDERS: Readonly<Record<string, string>> = {
    archive_params: "generate_archive",
    build_multi_and_sprite_params: "multi",
    build_upload_params: "upload",
  };
  /** Options of a transformation, which are no parameter. */
  const OPTIONS = new Set(["fetch_format"]);
  const cases = Object.entries(SDK).flatMap(([file, text]) =>
    [...readSource(file, text).members].flatMap(([within, names]) => {
      const method =
        FOUND.methods.get(`${file} ${within}`) ??
        (Object.hasOwn(BUILDERS, within) ? BUILDERS[within] : undefined);
      const isUpload = method === "upload" && within !== "build_upload_params";
      return method === undefined || isUpload ? [] : [{ within, method, names }];
    }),
  );

  it("are found", () => {
    expect(cases.length).toBeGreaterThan(10);
    expect(cases.map(({ within }) => within)).toEqual(expect.arrayContaining(Object.keys(BUILDERS)));
  });

  it.each(cases)("$within: all are known of $method", ({ method, names }) => {
    const known = method === "upload" ? [...PARAMETERS.keys()] : other[method]!;
    expect(names.filter((name) => !OPTIONS.has(name) && !known.includes(name))).toEqual([]);
  });
});

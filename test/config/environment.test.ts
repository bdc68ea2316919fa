// One definition in several environments: what each replaces, and what is told of a wrong one.

import { describe, expect, it } from "vitest";
import { readBindings } from "../../src/config/bindings.ts";
import { defineSigner, jwt, origin } from "../../src/config.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { placeOf } from "../support/definition.ts";

const members = (issuer: string) => jwt({ jwks: `${issuer}jwks.json`, issuer, audience: "uploads" });

const DEFINITION = defineSigner({
  publicUrl: "https://uploads.example.com",
  allowedOrigins: ["https://www.example.com"],
  log: "refusals",
  access: { members: members("https://id.example.com/"), site: origin() },
  profiles: { default: { access: ["members"], set: { folder: "users/{sub}" } }, open: { access: ["site"] } },
  environments: {
    staging: {
      publicUrl: "https://uploads-staging.example.com",
      allowedOrigins: ["https://*--shop.netlify.app"],
      access: { members: members("https://id-staging.example.com/") },
    },
    quiet: { log: { sample: 0 } },
  },
});

function configOf(bindings: object = {}, definition: unknown = DEFINITION) {
  const read = readBindings(definition, { ...ACCOUNT, ...bindings });
  if (!read.ok) throw new Error(unseen(JSON.stringify(read.error)));
  return read.value;
}
const issuerOf = (config: ReturnType<typeof configOf>): string =>
  JSON.parse(config.access.get("members")!.identity)[0];

describe("what is in force", () => {
  it.each([
    [
      "without SIGNER_ENV",
      {},
      "https://uploads.example.com",
      "https://id.example.com/",
      ["https://www.example.com"],
      "refusals",
    ],
    [
      "with an empty one",
      { SIGNER_ENV: "" },
      "https://uploads.example.com",
      "https://id.example.com/",
      ["https://www.example.com"],
      "refusals",
    ],
    [
      "in staging, each replaced whole",
      { SIGNER_ENV: "staging" },
      "https://uploads-staging.example.com",
      "https://id-staging.example.com/",
      [],
      "refusals",
    ],
    [
      "in another, which replaces one setting",
      { SIGNER_ENV: "quiet" },
      "https://uploads.example.com",
      "https://id.example.com/",
      ["https://www.example.com"],
      { sample: 0 },
    ],
  ])("%s", (_, bindings, publicUrl, issuer, exact, log) => {
    const config = configOf(bindings);
    expect(config).toMatchObject({ publicUrl, log });
    expect(issuerOf(config)).toBe(issuer);
    expect([...config.allowedOrigins.exact]).toEqual(exact);
  });

  it("ALLOWED_ORIGINS is added, also for the access method origin, and stands outside of the hash", () => {
    const more = configOf({ ALLOWED_ORIGINS: " https://a.example , http://localhost:5173," });
    const listed = ["https://www.example.com", "https://a.example", "http://localhost:5173"];
    expect([...more.allowedOrigins.exact]).toEqual(listed);
    const ask = (from: string) =>
      more.access.get("site")!.admit!(
        new Request("https://signer.example/sign", { headers: { origin: from } }),
      ).ok;
    expect([...listed, "https://b.example"].map(ask)).toEqual([true, true, true, false]);
    expect(more.policy).toBe(configOf().policy);
  });

  it("the hash is of what is in force", () => {
    expect(configOf({ SIGNER_ENV: "staging" }).policy).not.toBe(configOf().policy);
    expect(configOf({ SIGNER_ENV: "quiet" }).policy).toBe(configOf().policy);
  });
});

describe("what is wrong", () => {
  const broken = {
    ...DEFINITION,
    environments: {
      staging: { access: { members: jwt({ jwks: "https://x/jwks.json", issuer: "", audience: "uploads" }) } },
    },
  };
  const undeclared = {
    ...DEFINITION,
    environments: { staging: { access: { membres: members("https://x/") } } },
  };
  it.each<[string, object, unknown, string, string]>([
    [
      "an environment that is not there",
      { SIGNER_ENV: "stagin" },
      DEFINITION,
      "SIGNER_ENV",
      "did you mean staging?",
    ],
    ["one far from all", { SIGNER_ENV: "x" }, DEFINITION, "SIGNER_ENV", "staging, quiet"],
    [
      "one of every object's",
      { SIGNER_ENV: "constructor" },
      DEFINITION,
      "SIGNER_ENV",
      "name one of `environments`",
    ],
    ["a number", { SIGNER_ENV: 5 }, DEFINITION, "SIGNER_ENV", "name one of `environments`"],
    [
      "a method of this environment",
      { SIGNER_ENV: "staging" },
      broken,
      "environments.staging.access.members.issuer",
      "must not be empty",
    ],
    [
      "a method that is declared nowhere",
      { SIGNER_ENV: "staging" },
      undeclared,
      "environments.staging.access.membres",
      "did you mean members?",
    ],
    [
      "an address in ALLOWED_ORIGINS",
      { ALLOWED_ORIGINS: "https://a.example/x" },
      DEFINITION,
      "ALLOWED_ORIGINS",
      "exactly as browsers send them",
    ],
    [
      "a pattern in ALLOWED_ORIGINS",
      { ALLOWED_ORIGINS: "https://*--shop.netlify.app" },
      DEFINITION,
      "ALLOWED_ORIGINS",
      "exactly as browsers send them",
    ],
    [
      "a table in ALLOWED_ORIGINS",
      { ALLOWED_ORIGINS: [] },
      DEFINITION,
      "ALLOWED_ORIGINS",
      "must be a string",
    ],
    [
      "a public address with a slash",
      {},
      { ...DEFINITION, publicUrl: "https://a.example/" },
      "publicUrl",
      "without a slash",
    ],
    [
      "a public address over http",
      {},
      { ...DEFINITION, publicUrl: "http://a.example" },
      "publicUrl",
      "such as https://",
    ],
    [
      "a share of the log above one",
      {},
      { ...DEFINITION, log: { sample: 2 } },
      "log.sample",
      "must be a share from 0 to 1",
    ],
    [
      "a copy of a method",
      {},
      { ...DEFINITION, access: { ...DEFINITION.access, members: { ...members("https://x/") } } },
      "access.members",
      "not be a copy",
    ],
  ])("%s", (_, bindings, definition, place, words) => {
    const read = readBindings(definition, { ...ACCOUNT, ...bindings });
    const faults = read.ok ? [] : read.error;
    expect(faults.map(placeOf)).toEqual([place]);
    expect(faults[0]!.problem).toContain(words);
  });

  it("a method that is broken in another environment breaks only that one", () => {
    expect(readBindings(broken, ACCOUNT).ok).toBe(true);
  });
});

describe("of a wrong configuration", () => {
  const origins = (bindings: object, definition: unknown): string[] => {
    const read = readBindings(definition, { ...ACCOUNT, ...bindings });
    if (read.ok) throw new Error("it is right");
    return [...read.allowedOrigins.exact];
  };
  const staging = (more: object = {}) => ({
    ...DEFINITION,
    profiles: { default: { access: ["nobody"] } },
    environments: { staging: { allowedOrigins: ["https://staging.example.com"] } },
    ...more,
  });

  it("pages of the environment in force may read the faults, and no other's", () => {
    expect(origins({ SIGNER_ENV: "staging" }, staging())).toEqual(["https://staging.example.com"]);
    expect(origins({ SIGNER_ENV: "staging" }, staging({ profiles: 1 }))).toEqual([
      "https://staging.example.com",
    ]);
    expect(origins({}, staging())).toEqual(["https://www.example.com"]);
  });

  it("nothing in it makes the Worker throw", () => {
    const round: Record<string, unknown> = {};
    round.round = round;
    round.again = round;
    const deep = Array.from({ length: 50_000 }).reduce<object>((inner) => ({ inner }), {});
    const proxy = new Proxy({}, { ownKeys: () => Reflect.ownKeys(null as never) });
    const getter = Object.defineProperty({}, "profiles", {
      enumerable: true,
      get: () => {
        throw new Error("a value");
      },
    });
    for (const definition of [
      round,
      deep,
      proxy,
      getter,
      new Map(),
      Promise.resolve({}),
      { profiles: round },
    ]) {
      const read = readBindings(definition, ACCOUNT);
      expect(read.ok).toBe(false);
      expect(JSON.stringify(read)).not.toContain("a value");
    }
  });

  it("what an access method is, is not an option of it", () => {
    const wrong = { ...DEFINITION.access, site: origin({ type: "service" } as never) };
    expect(configOf({}, { ...DEFINITION, access: wrong }).access.get("site")!.type).toBe("origin");
    expect(wrong.site.type).toBe("origin");
  });
});

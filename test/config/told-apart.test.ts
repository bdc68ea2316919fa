// Access methods that one profile names and that read the same place: refused where nothing tells their credentials apart.

import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../support/account.ts";
import { placeOf, readBindings } from "../support/definition.ts";

const HASHES = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];
const jwt = (settings: object) => ({
  type: "jwt",
  issuer: "https://id.example/",
  jwks: "https://id.example/jwks.json",
  ...settings,
});
const turnstile = (settings: object) => ({
  type: "turnstile",
  secret: "TURNSTILE_SECRET",
  hostnames: ["a.example"],
  action: "up",
  ...settings,
});
const token = (...hashes: string[]) => ({
  type: "token",
  tokens: Object.fromEntries(hashes.map((hash, i) => [`t${i}`, hash])),
});

const custom = (reads: object) => ({ type: "custom", reads, verify: async () => undefined });

const A = { audience: "a" };
const B = { audience: ["b", "c"] };
const P = { authorizedParties: "https://p.example" };
const Q = { authorizedParties: ["https://q.example"] };

const read = (one: object, other: object, access: string[][] = [["one", "other"]]) =>
  readBindings({
    ...ACCOUNT,
    TURNSTILE_SECRET: "0x4AAA",
    JWT_SECRET: "x".repeat(32),
    SIGNER: {
      access: { one, other, third: { type: "service" } },
      profiles: Object.fromEntries(
        access.map((names, i) => [`p${i}`, { access: names, set: { overwrite: false } }]),
      ),
    },
  });

const PAIRS: [name: string, one: object, other: object, words?: string][] = [
  ["other audiences", jwt(A), jwt(B)],
  ["other parties", jwt(P), jwt(Q)],
  ["one audience, other parties", jwt({ ...A, ...P }), jwt({ ...A, ...Q })],
  ["other audiences, one party", jwt({ ...A, ...P }), jwt({ ...B, ...P })],
  ["other issuers", jwt(A), jwt({ ...A, issuer: "https://other.example/" })],
  ["another header", jwt(A), jwt({ ...A, header: "X-Token" })],
  ["a cookie", jwt(A), jwt({ ...A, cookie: "session" })],
  ["two cookies", jwt({ ...A, cookie: "session" }), jwt({ ...A, cookie: "Session" })],
  ["a cookie that is called as the header", jwt({ ...A, cookie: "t" }), jwt({ ...A, header: "t" })],
  ["tokens", token(HASHES[0]), token(HASHES[1], HASHES[2])],
  ["a jwt and tokens", jwt(A), token(HASHES[0])],
  ["Turnstile and a jwt in its header", turnstile({}), jwt({ ...A, header: "cf-turnstile-response" })],
  ["Turnstile and a jwt", turnstile({}), jwt(A)],
  ["an app's own sessions and a jwt", custom({ header: "x-session" }), jwt(A)],

  ["the same audience", jwt(A), jwt(A), "audience"],
  ["one audience of several", jwt(B), jwt({ audience: ["d", "c"] }), "audience"],
  ["an audience and a party", jwt(A), jwt(P), "audience"],
  ["an audience, and the same with a party", jwt(A), jwt({ ...A, ...P }), "audience"],
  ["the same party", jwt(P), jwt({ authorizedParties: ["x", "https://p.example"] }), "authorizedParties"],
  [
    "one issuer's key set and secret",
    jwt(A),
    jwt({ ...A, jwks: undefined, secret: "JWT_SECRET" }),
    "audience",
  ],
  ["one age and another", jwt(A), jwt({ ...A, maxTokenAge: 60 }), "audience"],
  [
    "one header in two spellings",
    jwt({ ...A, header: "X-Token" }),
    jwt({ ...A, header: "x-token" }),
    "(x-token)",
  ],
  ["one cookie", jwt({ ...A, cookie: "t" }), jwt({ ...A, cookie: "t" }), "cookie t"],
  ["the usual header by its name", jwt(A), jwt({ ...A, header: "authorization" }), "(authorization)"],
  ["two of Turnstile", turnstile({}), turnstile({ action: "other" }), "name only one of them"],
  [
    "an app's own sessions where a jwt is read",
    custom({ header: "x-token" }),
    jwt({ ...A, header: "X-Token" }),
    "give one a header or a cookie of its own",
  ],
  [
    "two apps' sessions in one cookie",
    custom({ cookie: "s" }),
    custom({ cookie: "s" }),
    "a header or a cookie of its own",
  ],
  ["a token that stands in both", token(HASHES[0], HASHES[1]), token(HASHES[1]), "list each token in one"],
];

describe.each(PAIRS)("%s", (_, one, other, words) => {
  it.each([
    ["one", "other"],
    ["other", "one"],
    ["third", "one", "third", "other"],
  ])("%s, %s", (...names) => {
    const access = names.filter((name): name is string => typeof name === "string");
    const configured = read(one, other, [access]);
    const faults = configured.ok ? [] : configured.error;
    if (words === undefined) return expect(faults).toEqual([]);
    expect(faults.map(placeOf)).toEqual(["profiles.p0.access"]);
    const [first, second] = access.filter((name) => name !== "third");
    expect(faults[0]!.problem).toContain(`: ${first} and ${second} read the same place (`);
    expect(faults[0]!.problem).toContain(words);
  });

  it("in two profiles they never meet", () => {
    expect(read(one, other, [["one"], ["other"]])).toMatchObject({ ok: true });
  });
});

it("one that is named twice is one", () => {
  expect(read(jwt(A), jwt(B), [["one", "one"]])).toMatchObject({ ok: true });
});

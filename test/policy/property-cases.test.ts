// Cases that generated ones seldom hit: each is here because a mutant (mutations.ts) was not noticed without it.
// Every refusal stands beside a twin that differs in one value and is signed or accepted.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { parseJson } from "../../src/tickets/signing-request.ts";
import { bearer, outcome, signer } from "../access/signer.ts";
import { METHODS, NOW } from "./generators.ts";
import { compiled, decided } from "./property-trial.ts";

const AT = { uuid: "00000000-9b1d-4e5f-8a7b-c0ffee15dead", now: NOW };
const MEMBER: Caller = { access: "members", claims: { sub: "a", org: "o" } };

const accepts = (accept: ProfileInput["accept"]): ProfileInput => ({
  access: ["members"],
  set: { overwrite: false },
  accept,
});

async function signs(input: ProfileInput, sent: Record<string, unknown>, asker = MEMBER): Promise<boolean> {
  expect(compiled(input)).toBeDefined();
  return (await decided(input, asker, "ticket", sent, AT)) !== undefined;
}

const times = (count: number) => Array.from({ length: count }, (_, i) => `u-a-${i}`);

describe("R9: values of a client", () => {
  it.each<[string, ProfileInput["accept"], unknown, unknown]>([
    ["allowed_formats", { allowed_formats: {} }, ["jpg", ""], ["jpg"]],
    ["allowed_formats", { allowed_formats: {} }, "jpg,,png", "jpg,png"],
    ["display_name", { display_name: {} }, "x".repeat(256), "x".repeat(255)],
    ["tags", { tags: { prefix: "u-{sub}-" } }, times(21), times(20)],
    // A text that a server could read as a list, whatever nobody sees stands before it.
    ...[" ", "\u00a0", "\ufeff", "\u200b", "\u2028"].map(
      (space): [string, ProfileInput["accept"], unknown, unknown] => [
        "metadata",
        { metadata: { keys: ["color"], maxItems: 1 } },
        { color: `${space}["a","b"]` },
        { color: `${space}a` },
      ],
    ),
    ["eager", { eager: { enum: ["w_1|w_2"] } }, ["w_1", "w_2"], "w_1|w_2"],
  ])("%s within %j: not %j, but %j", async (name, accept, refused, signed) => {
    expect(await signs(accepts(accept), { [name]: refused })).toBe(false);
    expect(await signs(accepts(accept), { [name]: signed })).toBe(true);
  });
});

describe("R9: keys of a profile", () => {
  it.each(["a=b", "a|b", "a\\"])("not %s", (key) => {
    expect(compiled({ access: ["members"], set: { context: { [key]: "x" } } })).toBeUndefined();
    expect(compiled({ access: ["members"], set: { context: { a: "x" } } })).toBeDefined();
  });
});

describe("R10: claims that are hashed", () => {
  const hashed: ProfileInput = { access: ["members"], set: { public_id: "u/{sub|hash}" } };
  const of = (sub: unknown): Caller => ({ access: "members", claims: { sub } });
  it.each([
    // UTF-8 has no halves of surrogate pairs: all would be written, and hashed, as U+FFFD.
    ["half of a surrogate pair", "\ud800", "\ufffd"],
    ["too long a claim", "x".repeat(1025), "x".repeat(1024)],
  ])("%s", async (_, refused, signed) => {
    expect(await signs(hashed, {}, of(refused))).toBe(false);
    expect(await signs(hashed, {}, of(signed))).toBe(true);
  });
});

it("R11: the name of an access method does not hold what ends it", () => {
  const several = (tag: string, access: string[]): ProfileInput => ({ access, set: { tags: [tag] } });
  expect(compiled(several("t-{access}-{sub}", ["members", "m-x"]))).toBeUndefined();
  expect(compiled(several("t-{access}-{sub}", ["members", "partners"]))).toBeDefined();
  expect(compiled(several("t-{access}:{sub}", ["members", "m-x"]))).toBeDefined();
});

describe("R11: names of two profiles of one configuration", () => {
  const own: ProfileInput = { access: ["members"], set: { folder: "users/{sub}" } };
  it.each<[string, ProfileInput, ProfileInput]>([
    [
      "a folder under the same path",
      accepts({ folder: { prefix: "users/" } }),
      accepts({ folder: { prefix: "site/" } }),
    ],
    [
      "a folder of the day",
      { access: ["members"], set: { folder: "{date}/x" } },
      { access: ["members"], set: { folder: "inbox/{date}" } },
    ],
  ])("%s can be another caller's", (_, refused, accepted) => {
    const complaints = (other: ProfileInput) =>
      sharedNames([compiled(own, "own")!, compiled(other, "other")!], METHODS).map(([profile]) => profile);
    expect(complaints(refused)).toEqual(["other"]);
    expect(complaints(accepted)).toEqual([]);
  });
});

it("R13: a wrong token is refused where the profile needs no claim", async () => {
  const ci = createHash("sha256").update("token-of-ci").digest("hex");
  const { post } = signer({
    access: { backends: { type: "token", tokens: { ci } } },
    profiles: { default: { access: ["backends"], set: { folder: "imports", overwrite: false } } },
  });
  expect(outcome(await post("/sign", bearer("token-of-ci")))).toBe("signed");
  expect(outcome(await post("/sign", bearer("token-of-cj")))).toBe("401 invalid_token");
});

it("a body that is not UTF-8 is refused, also where its JSON would parse", async () => {
  const ask = (alt: readonly number[]) => {
    const [before, after] = ['{"params":{"context":{"alt":"', '"}}}'].map((text) => [...Buffer.from(text)]);
    const body = new Uint8Array([...before!, ...alt, ...after!]);
    return parseJson(body);
  };
  expect(await ask([0xff])).toMatchObject({ ok: false, error: { reason: "not_utf8" } });
  expect(await ask([0xc3, 0xa4])).toMatchObject({ ok: true, value: { params: { context: { alt: "ä" } } } });
});

// What an accepted profile signs, over generated profiles, callers and requests, judged from outside: by the official
// SDK, by what the profile says as it is written, and by what two callers get.

import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { cases } from "../support/counts.ts";
import { sdkSignature } from "../support/sdk.ts";
import { type Asking, isForAnybody, METHODS, NOW, type Scenario, scenarios } from "./generators.ts";
import {
  isGivenUp,
  notificationBodies,
  ownOf,
  provenForgeries,
  scopeComplaints,
  textComplaints,
} from "./property-forgeries.ts";
import { HOSTILE_NAMES } from "./property-palette.ts";
import { filled, fixedText, valuesOf } from "./property-texts.ts";
import { ACCOUNT, answered, compiled, decided, type Signed } from "./property-trial.ts";

const SEED = 20261124;
const FORMS = ["ticket", "drop-in"] as const;
/** The names of uploads that other methods are told by what to work on. */
const NAMES = ["public_id", "tags"] as const;

/** The string to sign, as Cloudinary documents it. */
const textOf = (params: Readonly<Record<string, string>>): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`.replaceAll("&", "%26"))
    .join("&");

/** What one gets signed, in both forms. */
async function signedFor({ profile, caller, at, sends }: Asking): Promise<Signed[]> {
  const checked = compiled(profile);
  const answers = FORMS.map((form) => decided(profile, caller, form, sends[form], at, checked));
  return (await Promise.all(answers)).filter((signed) => signed !== undefined);
}

function check(
  numRuns: number,
  seed: number,
  property: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(scenarios, property), { numRuns, seed, endOnFailure: false });
}

/** `key=value|…` as keys and values, escapes undone. */
const pairsOf = (text: string): string[][] =>
  text === "" ? [] : text.split(/(?<!\\)\|/).map((pair) => pair.split(/(?<!\\)=/));

/** Whether one signed parameter is what the profile says: as it is set, or within what is accepted. */
function isWithin({ profile, asker, at }: Signed, name: string, text: string): boolean {
  const { set = {}, accept = {} } = profile;
  const fixed = Object.hasOwn(set, name) ? fixedText(profile, name, asker, at) : undefined;
  const limits = Object.hasOwn(accept, name) ? accept[name] : undefined;
  if (name === "context" || name === "metadata") {
    const own = pairsOf(fixed ?? "");
    const pairs = pairsOf(text);
    const chosen = pairs.filter(([key]) => !own.some(([one]) => one === key)).map(([key]) => key!);
    const isKept = own.every((pair) => pairs.some((one) => one.join("=") === pair.join("=")));
    return isKept && chosen.length + own.length === pairs.length && chosen.every(isAccepted);
    function isAccepted(key: string): boolean {
      return !!limits?.keys?.includes(key) && !own.some(([one]) => one!.toLowerCase() === key.toLowerCase());
    }
  }
  // A client may spell a boolean as it likes.
  if (fixed !== undefined) return text === fixed || text === { true: "1", false: "0" }[fixed];
  if (limits === undefined) return false;
  const prefix = filled(limits.prefix ?? "", asker, at);
  const values = valuesOf(name, text);
  return (
    values.length <= (limits.maxItems ?? 20) &&
    values.every(
      (value) =>
        value.startsWith(prefix) &&
        value.length <= (limits.maxLength ?? 255) &&
        (limits.enum?.includes(value) ?? true) &&
        new RegExp(`^[${limits.charset ?? "^"}]*$`, "u").test(value.slice(prefix.length)),
    )
  );
}

/** What no signed text holds, whoever wrote it (R9). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const UNFIT = /%26|[\u0000-\u001f\u007f-\u009f]/;
const isFit = (name: string, text: string): boolean =>
  text !== "" &&
  text.isWellFormed() &&
  !UNFIT.test(text) &&
  (name === "context" || name === "metadata" || !text.includes("&"));

describe("everything that an accepted profile signs", () => {
  const count = { profiles: 0, accepted: 0, ticket: 0, "drop-in": 0 };
  afterAll(() => {
    if (process.env.SHARES === "1") console.log(count);
  });

  it("is what is answered, what the profile says, and no other method's", async () => {
    await check(cases(1_500, 120_000), SEED, async ({ asker }) => {
      count.profiles += 1;
      if (compiled(asker.profile) !== undefined) count.accepted += 1;
      for (const signed of await signedFor(asker)) {
        const { profile, params, form } = signed;
        count[form] += 1;
        const { signature, over } = await answered(signed);
        expect(signature).toBe(sdkSignature(over, ACCOUNT.secret, ACCOUNT.algorithm));
        const { timestamp, ...others } = params;
        // R2: a ticket's time is the server's, any other one that was sent, and neither lies ahead.
        const ticketTime = NOW - 3600 + (profile.ttl ?? 3600);
        expect(timestamp).toBe(String(form === "ticket" ? ticketTime : signed.sent.timestamp));
        expect(NOW + 60 - Number(timestamp)).toBeGreaterThanOrEqual(0);
        const unfit = Object.entries(others).filter(
          ([name, text]) => !isFit(name, text) || !isWithin(signed, name, text),
        );
        const missing = Object.keys(profile.set ?? {}).filter((name) => !Object.hasOwn(params, name));
        const complaints = [
          ...scopeComplaints(signed, isForAnybody(profile)),
          ...textComplaints(textOf(params)),
        ];
        expect({ unfit, missing, complaints }).toEqual({ unfit: [], missing: [], complaints: [] });
      }
    });
  });

  it("and a good share is accepted and signed", () => {
    expect(count.accepted / count.profiles).toBeGreaterThan(0.25);
    expect(count.ticket / count.accepted).toBeGreaterThan(0.25);
    expect(count["drop-in"] / count.accepted).toBeGreaterThan(0.1);
    expect(count["drop-in"]).toBeGreaterThan(100);
  });
});

it("what is refused is never signed: not beside what was signed either", async () => {
  await check(cases(125, 20_000), SEED + 4, async ({ asker }) => {
    for (const { profile, form, sent } of await signedFor(asker)) {
      const known = Object.keys({
        ...profile.set,
        ...profile.accept,
        ...(form === "drop-in" && { timestamp: 0 }),
      });
      for (const name of HOSTILE_NAMES.filter((one) => !known.includes(one))) {
        const more = Object.fromEntries([...Object.entries(sent), [name, "x"]]);
        expect(await decided(asker.profile, asker.caller, form, more, asker.at), name).toBeUndefined();
      }
    }
  });
});

it("no signature is a forgery that the official SDK would make of a victim's names", async () => {
  await check(cases(100, 20_000), SEED + 1, async ({ asker, victims: [other] }) => {
    const mine = await signedFor(asker);
    if (mine.length === 0) return;
    const victims = new Set([String(other.caller.claims.sub ?? "victim")]);
    for (const { params } of await signedFor(other))
      for (const name of NAMES) for (const value of valuesOf(name, params[name])) victims.add(value);
    for (const signed of mine) {
      const { signature } = await answered(signed);
      // A hostile claim may be no text that the SDK could send.
      const isName = (value: string) => value !== "" && value.isWellFormed();
      const unaccepted = [...victims].filter(
        (value) => isName(value) && !NAMES.some((name) => isGivenUp(signed, name, value)),
      );
      expect(provenForgeries(signed, signature, ACCOUNT, unaccepted)).toEqual([]);
      for (const body of notificationBodies(textOf(signed.params), signature, ACCOUNT))
        expect(() => JSON.parse(body)).toThrow();
    }
  });
});

/** Values of one caller that are, or begin with, what belongs to another. */
function shared(one: Signed, other: Signed): string[] {
  return NAMES.flatMap((name) => {
    const own = ownOf(other.profile, name, other.asker, other.at);
    return valuesOf(name, one.params[name])
      .filter((value) => !isGivenUp(one, name, value))
      .filter(
        (value) => own.whole.includes(value) || (own.prefix !== undefined && value.startsWith(own.prefix)),
      );
  });
}

/** How many pairs of signatures, each over a name, were compared. */
let compared = 0;

async function expectApart(asker: Asking, victim: Asking): Promise<void> {
  const [mine, theirs] = [await signedFor(asker), await signedFor(victim)];
  const named = (all: readonly Signed[]) =>
    all.filter(({ params }) => NAMES.some((name) => Object.hasOwn(params, name))).length;
  compared += named(mine) * named(theirs);
  const both = mine.flatMap((one) =>
    theirs.flatMap((other) => [...shared(one, other), ...shared(other, one)]),
  );
  expect(both).toEqual([]);
}

describe("two callers never share a name", () => {
  it("of one profile", async () => {
    compared = 0;
    await check(cases(750, 40_000), SEED + 2, ({ asker, victims }) => expectApart(asker, victims[0]));
    expect(compared).toBeGreaterThan(50);
  });

  it("of two profiles of one configuration", async () => {
    compared = 0;
    await check(cases(500, 20_000), SEED + 3, async ({ asker, victims: [, victim] }) => {
      const [first, second] = [compiled(asker.profile, "first"), compiled(victim.profile, "second")];
      if (first === undefined || second === undefined) return;
      if (sharedNames([first, second], METHODS).length === 0) await expectApart(asker, victim);
    });
    expect(compared).toBeGreaterThan(10);
  });
});

it("R1: a profile that sets nothing is refused, though a client may send a name", () => {
  // It would sign `timestamp=…` alone, a delivery signature for a public ID without `&`. Found by the property above.
  const input: ProfileInput = { access: ["members"], accept: { public_id: { prefix: "users/{sub}/" } } };
  expect(compiled(input)).toBeUndefined();
  expect(compiled({ ...input, set: { overwrite: false } })).toBeDefined();
});

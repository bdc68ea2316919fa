// Generated profiles, callers and requests, made to hit the rules: most are sensible, so that a good share is
// signed, and the rest is wrong by one thing or hostile. All of it is read from a tape of numbers, which
// fast-check makes and shrinks; 0 is always the simplest choice.

import fc from "fast-check";

import type { Caller } from "../../src/policy/decide/fill.ts";
import type { AccessMethods, ProfileInput } from "../../src/policy/profile.ts";
import type { LimitsInput } from "../../src/policy/tables/limits.ts";
import {
  type Audience,
  HOSTILE_NAMES,
  HOSTILE_VALUES,
  LIMITS,
  NASTY,
  SETS,
  SUBJECTS,
} from "./property-palette.ts";
import { filled, fixedText, type Moment } from "./property-texts.ts";

/**
 * Access methods, as `configure` would describe them; two of them are of one issuer, two have awkward names, and one is
 * of the owner's own back ends.
 */
export const METHODS: AccessMethods = new Map(
  [
    ["public", true, []],
    ["site", true, []],
    ["members", false, ["sub", "org", "email"], "issuer id"],
    ["partners", false, ["sub", "org"], "issuer other"],
    ["cookies", false, ["sub", "org", "email"], "issuer id"],
    ["users", false, ["sub"]],
    ["m-x", false, ["sub"]],
    ["jobs", false, ["sub"]],
  ].map(([name, anonymous, claims, identity]) => [
    name as string,
    {
      anonymous: anonymous as boolean,
      claims: new Set(claims as string[]),
      identity: (identity as string | undefined) ?? `method ${name}`,
      backEnd: name === "jobs",
    },
  ]),
);

const isAnonymous = (method: string): boolean => METHODS.get(method)?.anonymous ?? true;
/** Whether a profile lets in callers who are no one in particular. */
export const isForAnybody = (profile: ProfileInput): boolean => profile.access.some(isAnonymous);
export const identityOf = (method: string): string => METHODS.get(method)?.identity ?? method;

/** What one caller sends. */
export type Sent = Record<string, unknown>;
type Requests = Readonly<Record<"ticket" | "drop-in", Sent>>;

/** One who asks by a profile. */
export interface Asking {
  readonly profile: ProfileInput;
  readonly caller: Caller;
  readonly at: Moment;
  readonly sends: Requests;
}

/** One generated case: two profiles of one configuration, and who asks by them. */
export interface Scenario {
  /** Asks by the first profile: honest, nearly so, or hostile. */
  readonly asker: Asking;
  /** Other people than the asker, by the first profile and by the second; they are honest. */
  readonly victims: readonly [Asking, Asking];
}

/** Unix seconds: midnight in UTC less a second, so that the day is one that a timestamp ahead is not. */
export const NOW = 1_795_478_399;

/** Choices, read from numbers. */
export class Tape {
  #next = 0;
  readonly #numbers: readonly number[];
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }
  number(below: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % below;
  }
  pick<T>(values: readonly T[]): T {
    return values[this.number(values.length)]!;
  }
  /** True in `percent` of a hundred tapes; false for 0. */
  chance(percent: number): boolean {
    return this.number(100) >= 100 - percent;
  }
  /** Some of the values, in their order. */
  some<T>(values: readonly T[], percent: number): T[] {
    return values.filter(() => this.chance(percent));
  }
}

const ACCESS: readonly string[][] = [
  ...[["members"], ["public"], ["partners"], ["users"], ["site"], ["members", "cookies"]],
  ...[
    ["members", "partners"],
    ["members", "m-x", "users"],
    ["members", "public"],
  ],
];
const SELECTORS = ["public_id", "folder", "tags", "context", "metadata"];

/** Opt-ins: mostly none, or what the profile may need. */
const BY_ID = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"];
const ALLOW: readonly (readonly string[])[] = [
  ...[[], [], [], ["archive-by-tag"], BY_ID],
  [...BY_ID, "archive-by-tag", "shared-file-names", "explode-by-public-id", "eval-by-script"],
];

function profileOf(tape: Tape): ProfileInput {
  const access = tape.pick(ACCESS);
  const isOpen = access.some(isAnonymous);
  const audience: Audience = isOpen ? "anybody" : access.length === 1 ? "one" : "several";
  // One in a dozen is meant for another audience, and mostly refused.
  const row = () => (tape.chance(8) ? tape.pick(["anybody", "one", "several"] as const) : audience);
  const dropIn = tape.chance(35);
  // A preset alone, which most names beside it rule out.
  const isPreset = dropIn && tape.chance(12);
  const set: Sent = isPreset ? { upload_preset: "p" } : {};
  if (tape.chance(60)) set.overwrite = tape.pick([false, true]);
  for (const name of tape.some(SELECTORS, 40)) {
    if (dropIn && name === "public_id" && (isOpen || isPreset) && !tape.chance(3)) continue;
    const values = SETS[name]![row()];
    const known = values.filter((value) => !dropIn || !JSON.stringify(value).includes("{uuid}"));
    set[name] = tape.pick(known);
  }
  const others = Object.keys(SETS).filter((name) => !SELECTORS.includes(name));
  for (const name of tape.some(others, 4)) set[name] = tape.pick(SETS[name]!.anybody);
  const accept: Record<string, LimitsInput> = {};
  for (const name of tape.some(Object.keys(LIMITS), 22)) {
    const isShared = name === "context" || name === "metadata";
    if (!isShared && Object.hasOwn(set, name) && !tape.chance(3)) continue;
    if (name === "public_id" && (isPreset || isOpen || "folder" in set) && !tape.chance(5)) continue;
    if (name === "tags" && isOpen && !tape.chance(20)) continue;
    accept[name] = tape.pick(LIMITS[name]![row()]);
  }
  return {
    access,
    ...(tape.chance(20) && { ttl: tape.pick([300, 60, 3600]) }),
    ...(dropIn && { dropIn }),
    allow: [...tape.pick(ALLOW), ...(isPreset ? ["preset-decides"] : [])],
    set,
    accept,
  };
}

function callerOf(tape: Tape, method: string): Caller {
  const claims: Record<string, unknown> = {};
  for (const name of METHODS.get(method)!.claims)
    claims[name] = tape.chance(6) ? tape.pick(HOSTILE_VALUES) : tape.pick(SUBJECTS);
  if ("email" in claims) claims.email_verified = !tape.chance(10);
  return { access: method, claims };
}

/** Somebody else: by another party, or with none of the asker's claims. */
function otherThan(tape: Tape, asker: Caller, access: readonly string[]): Caller {
  const method = tape.pick(access);
  const other = callerOf(tape, method);
  if (identityOf(method) !== identityOf(asker.access)) {
    // The same subject by another party is the best of victims.
    return tape.chance(50) && !isAnonymous(method)
      ? { access: method, claims: { ...other.claims, ...asker.claims } }
      : other;
  }
  const claims = Object.entries(other.claims).map(([name, value]) => [
    name,
    name !== "email_verified" && value === asker.claims[name] ? `${String(value)}-b` : value,
  ]);
  return { access: method, claims: Object.fromEntries(claims) };
}

/** A value within the limits, or nearly. */
function valueWithin(tape: Tape, name: string, limits: LimitsInput, asker: Caller, at: Moment): unknown {
  const { keys, enum: listed } = limits;
  if (keys !== undefined)
    return [keys[0], ...tape.some(keys.slice(1), 60)]
      .map((key) => `${key}=${tape.pick(["A cat", "a\\=b\\|c", "Salt & pepper", "ä"])}`)
      .join("|");
  if (listed !== undefined) return name === "allowed_formats" ? listed.slice(0, 2) : tape.pick(listed);
  const prefix = filled(limits.prefix ?? "", asker, at);
  const text = () => prefix + tape.pick(["x", "a1", "7-z", "b", "a b", "ä", "x/y", ""]);
  return name === "tags" && tape.chance(40) ? [text(), text()] : text();
}

/** Requests that mean well: within what is accepted, and in drop-in with what is set. */
function honest(tape: Tape, profile: ProfileInput, asker: Caller, at: Moment): Requests {
  const { set = {}, accept = {} } = profile;
  const chosen: Sent = {};
  for (const [name, limits] of Object.entries(accept))
    if (tape.chance(65)) chosen[name] = valueWithin(tape, name, limits, asker, at);
  const dropIn: Sent = { ...chosen, timestamp: tape.pick([NOW, NOW - 600, String(NOW + 60)]) };
  for (const name of Object.keys(set))
    dropIn[name] = [fixedText(profile, name, asker, at), chosen[name] ?? []].flat().join("|");
  return { ticket: chosen, "drop-in": dropIn };
}

/** The victim's values of what the profile sets or prefixes. */
function victimsValues({ profile, caller, at }: Asking, name: string): string[] {
  const prefix = profile.accept?.[name]?.prefix;
  return [
    ...(profile.set?.[name] === undefined ? [] : [fixedText(profile, name, caller, at)]),
    ...(prefix === undefined ? [] : [`${filled(prefix, caller, at)}x`]),
    String(caller.claims.sub ?? "victim"),
  ];
}

/** The request, wrong by one thing, or trying what is the victim's. */
function spoiled(tape: Tape, sent: Sent, victims: readonly Asking[]): Sent {
  const name = tape.pick([...Object.keys(sent), "public_id", "tags", "folder"]);
  const text = String(sent[name] ?? "");
  const theirs = tape.pick(victimsValues(tape.pick(victims), name));
  const middle = tape.number(text.length + 1);
  const value = tape.pick<() => unknown>([
    () => theirs,
    () => tape.pick(HOSTILE_VALUES),
    () => text.slice(0, middle) + tape.pick(NASTY) + text.slice(middle),
    () => tape.pick<unknown>([`${text},${theirs}`, [text, theirs], `${theirs},${text}`, [sent[name]]]),
    () => tape.pick([text.toUpperCase(), `${text}|VIA=x`, text.repeat(300)]),
  ])();
  // `__proto__` is a name like others, as JSON would give it.
  const at = tape.chance(15) ? tape.pick(HOSTILE_NAMES) : name;
  const entries = Object.entries(sent).filter(([one]) => one !== at);
  return Object.fromEntries(tape.chance(10) ? entries : [...entries, [at, value]]);
}

function scenarioOf(numbers: readonly number[]): Scenario {
  const tape = new Tape(numbers);
  const moment = (digit: number) => ({ uuid: `0000000${digit}-9b1d-4e5f-8a7b-c0ffee15dead`, now: NOW });
  const [profile, second] = [profileOf(tape), profileOf(tape)];
  const caller = callerOf(tape, tape.pick(profile.access));
  const victim = (by: ProfileInput, digit: number): Asking => {
    const other = otherThan(tape, caller, by.access);
    const at = moment(digit);
    return { profile: by, caller: other, at, sends: honest(tape, by, other, at) };
  };
  const victims = [victim(profile, 1), victim(second, 2)] as const;
  // What the asker can't know, the asker does not send: another random name stands in its place.
  const fair = honest(tape, profile, caller, moment(3));
  const perhaps = (sent: Sent): Sent => {
    let request = sent;
    for (let times = tape.pick([0, 0, 1, 1, 2]); times > 0; times -= 1)
      request = spoiled(tape, request, victims);
    return request;
  };
  const sends = { ticket: perhaps(fair.ticket), "drop-in": perhaps(fair["drop-in"]) };
  return { asker: { profile, caller, at: moment(0), sends }, victims };
}

/** Numbers of a tape; what is read past its end is 0. */
const TAPE = 150;

export const scenarios: fc.Arbitrary<Scenario> = fc
  .array(fc.nat(9999), { minLength: TAPE, maxLength: TAPE })
  .map(scenarioOf);

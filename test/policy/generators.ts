// Generated profiles, callers and requests, made to hit the rules: most are sensible, so that a good share is
// signed, and the rest is wrong by one thing or hostile. All of it is read from a tape of numbers, which
// fast-check makes and shrinks; 0 is always the simplest choice.

import fc from "fast-check";

import type { Caller } from "../../src/policy/decide/fill.ts";
import type { AccessMethods, ProfileInput } from "../../src/policy/profile.ts";
import type { LimitsInput } from "../../src/policy/tables/limits.ts";
import { filled, fixedText, KINDS, type Moment, withDefaults } from "./property-oracle.ts";
import { ENUMS, HOSTILE_NAMES, HOSTILE_VALUES, LIMITS, SETS, SUBJECTS } from "./property-palette.ts";

/** Access methods, as `configure` would describe them; two of them are of one issuer, and two have awkward names. */
export const METHODS: AccessMethods = new Map(
  [
    ["public", true, []],
    ["site", true, []],
    ["members", false, ["sub", "org", "email"], "issuer id"],
    ["partners", false, ["sub", "org"], "issuer other"],
    ["cookies", false, ["sub", "org", "email"], "issuer id"],
    ["users", false, ["sub"]],
    ["m-x", false, ["sub"]],
  ].map(([name, anonymous, claims, identity]) => [
    name as string,
    {
      anonymous: anonymous as boolean,
      claims: new Set(claims as string[]),
      identity: (identity as string | undefined) ?? `method ${name}`,
    },
  ]),
);

const isAnonymous = (method: string): boolean => METHODS.get(method)?.anonymous ?? true;
/** Whether a profile lets in callers who are no one in particular. */
export const isForAnybody = (profile: ProfileInput): boolean => profile.access.some(isAnonymous);
const identityOf = (method: string): string => METHODS.get(method)?.identity ?? method;

/** What one caller sends. */
export type Sent = Record<string, unknown>;

/** One generated case: profiles of one configuration, two callers, and what they send. */
export interface Scenario {
  readonly profiles: readonly [ProfileInput, ProfileInput];
  readonly asker: Caller;
  /** Another person than the asker, by the first profile's or by the second's access methods. */
  readonly victims: readonly [Caller, Caller];
  readonly at: Moment;
  readonly victimsAt: readonly [Moment, Moment];
  /** Honest, near-miss or hostile requests of the asker. */
  readonly ticket: Sent;
  readonly dropIn: Sent;
  /** Honest requests of the victims, for tickets and drop-in. */
  readonly victimsSend: readonly [{ ticket: Sent; dropIn: Sent }, { ticket: Sent; dropIn: Sent }];
}

/** Unix seconds: midnight in UTC less a second, so that the day is one that a timestamp ahead is not. */
export const NOW = 1_795_478_399;

class Tape {
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
  ["members"],
  ["public"],
  ["partners"],
  ["users"],
  ["site"],
  ["members", "cookies"],
  ["members", "partners"],
  ["members", "m-x", "users"],
  ["public", "site"],
  ["members", "public"],
];

/** Which row of a table of templates fits the access methods. */
const audienceOf = (access: readonly string[]): "anybody" | "one" | "several" =>
  access.some(isAnonymous) ? "anybody" : access.length === 1 ? "one" : "several";

const NAMES = [...KINDS.keys()].filter((name) => name !== "timestamp");
const ACCEPTED_NAMES = Object.keys(LIMITS);
const SELECTORS = ["public_id", "folder", "tags", "context", "metadata"];

/** Sets that only hold together, or that R7 and R8 want together. */
const GROUPS: readonly Sent[] = [
  { use_filename: true, unique_filename: true },
  { use_filename: true, overwrite: false },
  { use_filename: true, unique_filename: false, overwrite: false },
  { upload_preset: "p", type: "upload", overwrite: false, use_filename: false, unique_filename: true },
  { use_filename: true },
  { upload_preset: "p" },
];

function setsOf(tape: Tape, audience: ReturnType<typeof audienceOf>, dropIn: boolean): Sent {
  const set: Sent = {};
  if (tape.chance(60)) set.overwrite = tape.pick([false, true, 0, "true"]);
  for (const name of tape.some(SELECTORS, 33)) {
    if (dropIn && name === "public_id" && !tape.chance(3)) continue;
    // One in a dozen is meant for another audience, and mostly refused.
    const row = tape.chance(8) ? tape.pick(["anybody", "one", "several"] as const) : audience;
    const values = SETS[name]![row]!;
    const known = dropIn ? values.filter((value) => !JSON.stringify(value).includes("{uuid}")) : values;
    set[name] = tape.pick(known.length > 0 ? known : values);
  }
  for (let more = tape.number(3); more > 0; more -= 1) {
    const name = tape.pick(NAMES);
    if (!SELECTORS.includes(name))
      set[name] = tape.pick(SETS[name]?.anybody ?? DEFAULTS[KINDS.get(name)!] ?? ["x"]);
  }
  if (tape.chance(8)) Object.assign(set, tape.pick(GROUPS));
  if (tape.chance(2)) set[tape.pick(HOSTILE_NAMES)] = tape.pick(HOSTILE_VALUES);
  return set;
}

/** Values of a profile by kind, where the palette has none by name. */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  string: ["x", "a b", "ä", "x{sub}y"],
  boolean: [true, false, 1, "0"],
  "boolean|json": [true, { translate: ["fr-FR"] }],
  float: [0.5, 1],
  csv: [["jpg", "png"], "jpg"],
  "double-array": ["1,2,3,4", [1, 2, 3, 4]],
  json: [{ a: [1] }],
  "json-array": [[{ create_derived: true }], { access_type: "token" }],
  transformation: ["w_1,h_1", "l_text:Arial_10:a"],
  "transformation-list": ["w_1|w_2", ["w_1", "w_2"]],
  "newline-list": [["X-Robots-Tag: noindex"]],
};

function acceptsOf(tape: Tape, audience: ReturnType<typeof audienceOf>, set: Sent, dropIn: boolean) {
  const accept: Record<string, LimitsInput> = {};
  for (const name of tape.some(SELECTORS, 30)) {
    const isShared = name === "context" || name === "metadata";
    if (!isShared && Object.hasOwn(set, name) && !tape.chance(3)) continue;
    const besides = ["folder", "asset_folder", "public_id_prefix"].some((folder) =>
      Object.hasOwn(set, folder),
    );
    if (name === "public_id" && (dropIn || besides || audience === "anybody") && !tape.chance(5)) continue;
    const row = tape.chance(8) ? tape.pick(["anybody", "one", "several"] as const) : audience;
    if (name === "tags" && row === "anybody" && !tape.chance(20)) continue;
    accept[name] = tape.pick(LIMITS[name]![row]!);
  }
  for (let more = tape.number(3); more > 0; more -= 1) {
    const name = tape.chance(3) ? tape.pick(NAMES) : tape.pick(ACCEPTED_NAMES);
    if (SELECTORS.includes(name) || (Object.hasOwn(set, name) && !tape.chance(3))) continue;
    accept[name] = tape.chance(3)
      ? { prefix: "x" }
      : tape.pick(LIMITS[name]?.anybody ?? [ENUMS[name] === undefined ? {} : { enum: ENUMS[name] }]);
  }
  return accept;
}

/** Opt-ins: mostly none, or what the profile may need. */
const ALLOW: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ["archive-by-tag", "shared-file-names"],
  ["archive-by-tag"],
  ["destroy-by-public-id"],
  ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"],
  [
    "destroy-by-public-id",
    "explicit-by-public-id",
    "download-by-public-id",
    "explode-by-public-id",
    "archive-by-tag",
  ],
];

function profileOf(tape: Tape): ProfileInput {
  const access = tape.pick(ACCESS);
  const audience = audienceOf(access);
  const dropIn = tape.chance(35);
  const set = setsOf(tape, audience, dropIn);
  const accept = acceptsOf(tape, audience, set, dropIn);
  const ttl = tape.chance(20) ? tape.pick([300, 60, 3600, 61, 3599]) : undefined;
  return {
    access: tape.chance(1) ? ["nobody"] : access,
    ...(ttl !== undefined && { ttl: tape.chance(5) ? tape.pick([59, 3601, 60.5, 0]) : ttl }),
    ...(dropIn && { dropIn }),
    allow: tape.chance(1) ? ["everything"] : tape.pick(ALLOW),
    set,
    accept,
  };
}

function callerOf(tape: Tape, method: string): Caller {
  const names = METHODS.get(method)?.claims ?? new Set();
  const claims: Record<string, unknown> = {};
  for (const name of names) {
    claims[name] = tape.chance(6) ? tape.pick(HOSTILE_VALUES) : tape.pick(SUBJECTS);
  }
  if (names.has("email") && !tape.chance(10)) claims.email_verified = tape.chance(10) ? "true" : true;
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

/** Spellings that mean what the profile sets, for clients that choose the parameters. */
function spelled(tape: Tape, name: string, text: string): unknown {
  switch (KINDS.get(name)) {
    case "boolean":
      return tape.pick(text === "true" ? ["true", true, 1, "1"] : ["false", false, 0, "0"]);
    case "csv":
      return tape.chance(50) ? text.split(",") : text;
    case "float":
      return tape.pick<unknown>([text, Number(text)]);
    case "double-array":
      return text.includes("|") || tape.chance(50) ? text : text.split(",").map(Number);
    default:
      return text;
  }
}

const TAILS = ["x", "a1", "7-z", "b", "Zz", "a b", "ä", "x/y", "", "1"];
const CONTEXT_VALUES = ["A cat", "a=b|c", "Salt & pepper", "5", "[x]", "ä"];

/** A value within the limits, or nearly. */
function valueWithin(
  tape: Tape,
  name: string,
  limits: LimitsInput,
  asker: Caller,
  at: Moment,
  form: string,
): unknown {
  const kind = KINDS.get(name);
  const prefix = filled(limits.prefix ?? "", asker, at);
  if (kind === "pipe-context") {
    const keys = limits.keys ?? [];
    const chosen = tape.some(keys, 60);
    const pairs = (chosen.length > 0 ? chosen : keys.slice(0, 1)).map((key) => [
      key,
      tape.pick(CONTEXT_VALUES),
    ]);
    const text = pairs.map(([key, value]) => `${key}=${value!.replace(/[=|]/g, "\\$&")}`).join("|");
    if (form === "drop-in" || tape.chance(25)) return text;
    if (name === "metadata" && tape.chance(25)) return { [keys[0] ?? "k"]: ["red", "blue"] };
    return Object.fromEntries(pairs);
  }
  if (limits.enum !== undefined) {
    const values = kind === "csv" && tape.chance(50) ? limits.enum : [tape.pick(limits.enum)];
    return kind === "csv" ? values : values[0];
  }
  const charset = limits.charset === undefined ? /^/ : new RegExp(`^[${limits.charset}]*$`, "u");
  const tails = TAILS.filter((tail) => charset.test(tail) && (prefix !== "" || tail !== ""));
  switch (kind) {
    case "boolean":
      return tape.pick<unknown>([true, false, "true", 0, "1"]);
    case "double-array":
      return tape.pick<unknown>([
        "1,2,3,4",
        [0, 0, 10, 20],
        "1,2,3,4|5,6,7,8",
        "0.5,1.0,01,4",
        ["1", 2, 3, 4],
      ]);
    case "float":
    case "integer":
      return tape.pick<unknown>([1, "0.5", 0.6]);
    case "csv": {
      const items = [tape.pick(tails), ...(tape.chance(40) ? [tape.pick(tails)] : [])].map(
        (tail) => prefix + tail,
      );
      return tape.chance(30) ? items.join(",") : items;
    }
    default:
      return prefix + tape.pick(tails);
  }
}

/** A request that means well. */
function honest(
  tape: Tape,
  profile: ProfileInput,
  asker: Caller,
  at: Moment,
  form: "ticket" | "drop-in",
): Sent {
  const sent: Sent = {};
  for (const [name, limits] of Object.entries(profile.accept ?? {}))
    if (tape.chance(65)) sent[name] = valueWithin(tape, name, limits, asker, at, form);
  if (form === "ticket") return sent;
  for (const name of Object.keys(profile.set ?? {})) {
    const fixed = fixedText(profile, name, asker, at);
    const chosen = KINDS.get(name) === "pipe-context" ? sent[name] : undefined;
    sent[name] = typeof chosen === "string" ? `${fixed}|${chosen}` : spelled(tape, name, fixed);
  }
  sent.timestamp = tape.chance(30) ? tape.pick([NOW - 600, NOW + 60, NOW - 1]) : NOW;
  if (tape.chance(30)) sent.timestamp = String(sent.timestamp);
  return sent;
}

const BAD_TIMES = [
  NOW - 601,
  NOW + 61,
  NOW * 1000,
  NOW + 0.5,
  `${NOW} `,
  `+${NOW}`,
  `0${NOW}`,
  `${NOW}e0`,
  [NOW],
  [String(NOW)],
  true,
  "",
];
const NASTY = [
  "%26",
  "&",
  "\n",
  "\ud800",
  ",",
  "\\",
  "=",
  "|",
  "%",
  "\u0000",
  "\u0085",
  "{sub}",
  " ",
  "/../",
];

/** The victim's values of what the profile sets or prefixes. */
function victimsValues(profile: ProfileInput, name: string, victim: Caller, at: Moment): string[] {
  const prefix = profile.accept?.[name]?.prefix;
  return [
    ...(profile.set?.[name] === undefined ? [] : [fixedText(profile, name, victim, at)]),
    ...(prefix === undefined ? [] : [`${filled(prefix, victim, at)}x`]),
    String(victim.claims.sub ?? "victim"),
  ];
}

/** A request that is wrong by one thing, or tries what is the victim's. */
function spoil(
  tape: Tape,
  sent: Sent,
  profile: ProfileInput,
  victims: readonly [Caller, Caller],
  at: Moment,
): void {
  const known = Object.keys(sent);
  const name = known.length === 0 || tape.chance(20) ? tape.pick([...SELECTORS, ...NAMES]) : tape.pick(known);
  const value = sent[name];
  switch (tape.number(12)) {
    case 0:
      sent[name] = typeof value === "string" ? `${value}x` : "x";
      return;
    case 1:
      sent[name] = tape.pick(victimsValues(profile, name, tape.pick(victims), at));
      return;
    case 2: {
      const selector = tape.pick(["public_id", "tags", "folder", "public_ids", "tag", "from_public_id"]);
      sent[selector] = tape.pick(victimsValues(profile, selector, tape.pick(victims), at));
      return;
    }
    case 3:
      sent[name] = [value];
      return;
    case 4: {
      const text = String(value ?? "");
      const middle = tape.number(text.length + 1);
      sent[name] = text.slice(0, middle) + tape.pick(NASTY) + text.slice(middle);
      return;
    }
    case 5:
      sent[name] = tape.pick(HOSTILE_VALUES);
      return;
    case 6:
      delete sent[name];
      return;
    case 7:
      sent[tape.pick(HOSTILE_NAMES)] = tape.pick(HOSTILE_VALUES);
      return;
    case 8:
      sent[name] =
        typeof value === "string" ? value.toUpperCase() : { ...(value as object), VIA: "x", Alt: "y" };
      return;
    case 9:
      sent[name] = tape.pick<unknown>([null, undefined, "", [], {}]);
      return;
    case 10:
      sent.timestamp = tape.pick<unknown>(BAD_TIMES);
      return;
    default: {
      const mine = typeof value === "string" ? value : String(value ?? "a");
      const theirs = tape.pick(victimsValues(profile, name, tape.pick(victims), at));
      sent[name] = tape.pick<unknown>([
        `${mine},${theirs}`,
        [mine, theirs],
        `${theirs},${mine}`,
        mine.repeat(300),
      ]);
    }
  }
}

function requestOf(
  tape: Tape,
  profile: ProfileInput,
  asker: Caller,
  victims: readonly [Caller, Caller],
  at: Moment,
  form: "ticket" | "drop-in",
): Sent {
  const sent: Sent = tape.chance(5) ? {} : honest(tape, profile, asker, at, form);
  for (let times = tape.pick([0, 0, 1, 1, 2]); times > 0; times -= 1) spoil(tape, sent, profile, victims, at);
  // As JSON would give it: `__proto__` is a name like others.
  return Object.fromEntries(Object.entries(sent));
}

function scenarioOf(numbers: readonly number[], uuids: readonly string[]): Scenario {
  const tape = new Tape(numbers);
  const first = profileOf(tape);
  const other = profileOf(tape);
  const asker = callerOf(tape, tape.pick(first.access));
  const victims = [otherThan(tape, asker, first.access), otherThan(tape, asker, other.access)] as const;
  const at = { uuid: uuids[0]!, now: NOW };
  const victimsAt = [
    { uuid: uuids[1]!, now: NOW },
    { uuid: uuids[2]!, now: NOW },
  ] as const;
  const effective = withDefaults(first, isForAnybody(first));
  const send = (profile: ProfileInput, caller: Caller, moment: Moment) => {
    const whole = withDefaults(profile, isForAnybody(profile));
    return {
      ticket: honest(tape, whole, caller, moment, "ticket"),
      dropIn: honest(tape, whole, caller, moment, "drop-in"),
    };
  };
  return {
    profiles: [first, other],
    asker,
    victims,
    at,
    victimsAt,
    // What the asker can't know, the asker does not send: another random name stands in its place.
    ticket: requestOf(tape, effective, asker, victims, { ...at, uuid: uuids[3]! }, "ticket"),
    dropIn: requestOf(tape, effective, asker, victims, { ...at, uuid: uuids[3]! }, "drop-in"),
    victimsSend: [send(first, victims[0], victimsAt[0]), send(other, victims[1], victimsAt[1])],
  };
}

/** Numbers of a tape; what is read past its end is 0. */
const TAPE = 150;

export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(
    fc.array(fc.nat(9999), { minLength: TAPE, maxLength: TAPE }),
    fc.constant([0, 1, 2, 3].map((digit) => `0000000${digit}-9b1d-4e5f-8a7b-c0ffee15dead`)),
  )
  .map(([numbers, uuids]) => scenarioOf(numbers, uuids));

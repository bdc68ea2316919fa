// The schema of a definition: what types check while it is written is checked again when it is read, for not everybody
// writes TypeScript. Unknown keys are refused.

import * as v from "valibot";
import { type AccessMethod, kindOf } from "../access/method.ts";
import { PUBLIC } from "../access/public.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { isSafeAddress } from "../web-address.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Fault } from "./faults.ts";
import { OriginSchema } from "./origins.ts";
import { plainCopy } from "./plain.ts";

/** A table: to valibot, a list is an object too. */
const table = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.custom<v.InferInput<S>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      "must be an object",
    ),
    schema,
  );

/** Names of profiles, access methods and environments. */
const Name = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "is not a name: letters, digits, - and _, at most 64, none of - and _ first",
  ),
);

const PositiveInteger = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);

const Limits = table(
  v.strictObject({
    enum: v.optional(v.array(v.union([v.string(), v.number(), v.boolean()]))),
    prefix: v.optional(v.string()),
    charset: v.optional(v.string()),
    maxLength: v.optional(PositiveInteger),
    maxItems: v.optional(PositiveInteger),
    min: v.optional(v.number()),
    max: v.optional(v.number()),
    keys: v.optional(v.array(v.string())),
  }),
);

const ProfileSchema = table(
  v.strictObject({
    resourceType: v.optional(v.picklist(["image", "video", "raw", "auto"])),
    access: v.array(v.string()),
    ttl: v.optional(v.number()),
    dropIn: v.optional(v.boolean()),
    allow: v.optional(v.array(v.string())),
    set: v.optional(table(v.record(v.string(), v.unknown()))),
    accept: v.optional(table(v.record(v.string(), Limits))),
  }),
);

const AccessName = v.pipe(
  Name,
  v.check((name) => name !== PUBLIC, "is the name of the access method for anybody: choose another"),
);
const Method = v.custom<AccessMethod>(
  (input) => kindOf(input) !== undefined,
  "must be made by one of the functions of cloudinary-edge-signer/config: jwt({ … }), origin(), token({ … }), turnstile({ … }), service(), custom({ … }), and not be a copy",
);
const Access = table(v.record(AccessName, Method));

/** An address under which routes are, without a slash at its end. */
const PublicUrl = v.pipe(
  v.string(),
  v.check(
    (text) => isSafeAddress(text) && !/[?#]|\/$/.test(text),
    "must be an address such as https://uploads.example.com, without a slash at its end",
  ),
);

const SHARE = "must be a share from 0 to 1";
const Log = v.union(
  [
    v.picklist(["all", "refusals"]),
    v.strictObject({ sample: v.pipe(v.number(), v.minValue(0, SHARE), v.maxValue(1, SHARE)) }),
  ],
  'must be "all", "refusals", or { sample: 0.01 }, a share from 0 to 1',
);

/** What an environment may replace. */
const CHANGING = {
  publicUrl: v.optional(PublicUrl),
  allowedOrigins: v.optional(v.array(OriginSchema)),
  page: v.optional(v.boolean()),
  log: v.optional(Log),
};

const DefinitionSchema = table(
  v.strictObject({
    ...CHANGING,
    signatureAlgorithm: v.optional(v.picklist(["sha256", "sha1"]), "sha256"),
    access: v.optional(Access, {}),
    profiles: v.optional(table(v.record(Name, ProfileSchema)), {}),
    environments: v.optional(
      table(v.record(Name, table(v.strictObject({ ...CHANGING, access: v.optional(Access, {}) })))),
      {},
    ),
  }),
);

/** A definition after the schema. */
export type Settings = v.InferOutput<typeof DefinitionSchema>;

const SECRET_LIKE = /secret|password|cloudinary_|api_?key/i;

/** The schema of one member. */
function memberOf(schema: unknown, key: string): unknown {
  const { wrapped, pipe, entries, value } = schema as {
    wrapped?: unknown;
    pipe?: readonly unknown[];
    entries?: Readonly<Record<string, unknown>>;
    value?: unknown;
  };
  if (wrapped !== undefined) return memberOf(wrapped, key);
  if (pipe !== undefined && entries === undefined && value === undefined) return memberOf(pipe.at(-1), key);
  return entries?.[key] ?? value;
}

/** The keys that a place may have. */
function keysOf(schema: unknown): string[] {
  const { wrapped, pipe, entries } = schema as {
    wrapped?: unknown;
    pipe?: readonly unknown[];
    entries?: object;
  };
  if (entries !== undefined) return Object.keys(entries);
  const inner = wrapped ?? pipe?.at(-1);
  return inner === undefined || inner === schema ? [] : keysOf(inner);
}

/** What is wrong with a key that a place has not. */
function unknownKey(key: string, known: readonly string[]): string {
  if (SECRET_LIKE.test(key))
    return "does not belong here: a secret is never written into a file: name its binding (`secret` of the access method), or for the account's own run `npx wrangler secret put CLOUDINARY_URL`";
  return `is not a setting of this place${didYouMean(key, known)}: remove it, or use ${known.join(", ")}`;
}

/** A schema issue in our words: the path, what was expected, and never what was found. */
function toFaults(issue: v.BaseIssue<unknown>, schema: unknown, binding: string, root: string): Fault[] {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const faultAt = (place: readonly string[], problem: string): Fault => {
    const at = [root, ...place].filter((part) => part !== "").join(".");
    return { binding, ...(at !== "" && { at }), problem };
  };
  if (issue.type === "strict_object" && issue.expected === "never") {
    const above = path.slice(0, -1);
    const known = keysOf(above.reduce<unknown>((part, name) => memberOf(part, name), schema));
    // Of the keys that a place has not, the schema names the first alone.
    return Object.keys(issue.path!.at(-1)!.input as object)
      .filter((key) => !known.includes(key))
      .map((key) => faultAt([...above, key], unknownKey(key, known)));
  }
  const key = path.at(-1) ?? "";
  const fault = (problem: string): Fault[] => [faultAt(path, problem)];
  // A schema's own message says what is expected; valibot's would repeat what was found.
  if (issue.kind !== "schema" || !issue.message.startsWith("Invalid ")) return fault(issue.message);
  const example = EXAMPLES[key] ?? EXAMPLES[path.at(-2) ?? ""];
  const suffix = example === undefined ? "" : `, such as ${example}`;
  // Of a key that is not there, the schema expects the key itself.
  return fault(
    issue.input === undefined ? `is missing${suffix}` : `must be ${plain(issue.expected)}${suffix}`,
  );
}

/** How settings are written, by their name or by the name of the table they stand in. */
const EXAMPLES: Readonly<Record<string, string>> = {
  access: '["public"], or names that stand under access',
  accept: "{ maxLength: 100 }",
  allowedOrigins: '["https://www.example.com"]',
  origins: '["https://www.example.com"]',
  hostnames: '["www.example.com"]',
  issuer: '"https://id.example.com/"',
  secret: '"JWT_SECRET"',
  tokens: '{ ci: "<SHA-256 of the token>" }',
};

/** What a schema expects, for people. */
function plain(expected: string | null): string {
  const words: Readonly<Record<string, string>> = {
    Object: "an object",
    Array: "a list",
    string: "a text",
    number: "a number",
    boolean: "true or false",
  };
  return (expected ?? "something else")
    .replace(/[()]/g, "")
    .split(" | ")
    .map((part) => words[part] ?? part)
    .join(" or ");
}

/** Checks something against its schema. `root` is the path of it inside the definition. */
export function checkBy<T>(
  schema: v.GenericSchema<unknown, T>,
  input: unknown,
  binding: string,
  root = "",
): Result<T, Fault[]> {
  const parsed = v.safeParse(schema, input);
  return parsed.success
    ? ok(parsed.output)
    : err(parsed.issues.flatMap((issue) => toFaults(issue, schema, binding, root)));
}

/** A definition as data alone. `binding` is what it is called where it was written. */
export function readDefinition(input: unknown, binding: string): Result<unknown, Fault[]> {
  const faults: Fault[] = [];
  const read = plainCopy(input ?? {}, (at, problem) =>
    faults.push({ binding, ...(at !== "" && { at }), problem }),
  );
  return faults.length > 0 ? err(faults) : ok(read);
}

/** Checks the form of a definition that `readDefinition` read. */
export const checkDefinition = (input: unknown, binding: string): Result<Settings, Fault[]> =>
  checkBy(DefinitionSchema as unknown as v.GenericSchema<unknown, Settings>, input, binding);

type Tables = Readonly<Record<string, unknown>>;

/**
 * A definition without the parts that have faults of form, and without profiles that need one of those: so that what is
 * wrong with the others is told at once.
 */
export function withoutFaulty(definition: unknown, faults: readonly Fault[]): unknown {
  const gone = new Set(
    faults.flatMap(({ at = "" }) => [at, ...at.split(".").map((_, i, all) => all.slice(0, i + 1).join("."))]),
  );
  const isTable = (value: unknown): value is Tables => typeof value === "object" && value !== null;
  if (!isTable(definition) || gone.has("")) return {};
  const access = isTable(definition.access) ? Object.keys(definition.access) : [];
  const lost = new Set(access.filter((name) => gone.has(`access.${name}`)));
  const usesLost = (profile: unknown): boolean =>
    isTable(profile) &&
    Array.isArray(profile.access) &&
    profile.access.some((name) => lost.has(name) || !isTable(definition.access ?? {}));
  const keep = (key: string, value: unknown): unknown =>
    ["access", "profiles", "environments"].includes(key) && isTable(value)
      ? Object.fromEntries(
          Object.entries(value).filter(
            ([name, part]) => !gone.has(`${key}.${name}`) && !(key === "profiles" && usesLost(part)),
          ),
        )
      : gone.has(key)
        ? undefined
        : value;
  return Object.fromEntries(
    Object.entries(definition).flatMap(([key, value]) => {
      const kept = keep(key, value);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

/** Origins of a definition, in an environment of it, that may be wrong elsewhere. */
export const originsOf = (input: unknown, environment: unknown): readonly string[] => {
  const written = input as Partial<Settings> | null | undefined;
  const own = typeof environment === "string" ? written?.environments?.[environment] : undefined;
  const listed: unknown = own?.allowedOrigins ?? written?.allowedOrigins;
  const parsed = v.safeParse(v.array(OriginSchema), listed);
  return parsed.success ? parsed.output : [];
};

// The schema of a definition: what types check while it is written is checked again when it is read, for not everybody
// writes TypeScript. Unknown keys are refused.

import * as v from "valibot";
import { type AccessMethod, kindOf } from "../access/method.ts";
import { OriginSchema } from "../access/origin-schema.ts";
import { PUBLIC } from "../access/public.ts";
import type { Fault } from "../fault.ts";
import { METHOD_NAMES, type MethodName } from "../policy/tables/signed-methods.ts";
import { err, ok, type Result } from "../result.ts";
import { isSafeAddress } from "../web-address.ts";
import { didYouMean } from "./did-you-mean.ts";
import { plainCopy } from "./plain.ts";
import { toFaults } from "./schema-faults.ts";

/** A table: to valibot, a list is an object too. */
const table = <S extends v.GenericSchema>(schema: S, problem = "must be an object") =>
  v.pipe(
    v.custom<v.InferInput<S>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      problem,
    ),
    schema,
  );

/** Names of profiles, access methods and environments. */
const Name = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "must be a name of at most 64 letters, digits, - and _, with a letter or a digit first",
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
  "write the limits of what may be sent, such as { maxLength: 100 }, or {} for the usual ones: must be an object",
);

/** What people call methods. */
const OTHER_WORDS: Readonly<Record<string, MethodName>> = {
  ...{ delete: "destroy", remove: "destroy", move: "rename", update: "explicit", edit: "explicit" },
  ...{ archive: "generate_archive", zip: "generate_archive", create_archive: "generate_archive" },
};

function meantMethod(written: unknown): string {
  if (typeof written !== "string") return "";
  const word = written.toLowerCase();
  return Object.hasOwn(OTHER_WORDS, word)
    ? ` (did you mean ${OTHER_WORDS[word]}?)`
    : didYouMean(word, METHOD_NAMES);
}

const ProfileSchema = table(
  v.strictObject({
    method: v.optional(
      v.picklist(
        METHOD_NAMES,
        ({ input }) => `must be one of ${METHOD_NAMES.join(", ")}${meantMethod(input)}`,
      ),
    ),
    resourceType: v.optional(v.picklist(["image", "video", "raw", "auto"])),
    access: v.array(v.string()),
    ttl: v.optional(v.number()),
    file: v.optional(
      table(
        v.strictObject({
          maxBytes: v.optional(v.union([v.number(), v.string()])),
          formats: v.optional(v.array(v.string())),
          maxFiles: v.optional(v.number()),
          quarantine: v.optional(v.boolean()),
        }),
        'write limits on what arrives, such as { maxBytes: "5 MB" }, or {} for a receipt alone: must be an object',
      ),
    ),
    notify: v.optional(v.boolean()),
    dropIn: v.optional(v.boolean()),
    allow: v.optional(v.array(v.string())),
    set: v.optional(table(v.record(v.string(), v.unknown()))),
    accept: v.optional(table(v.record(v.string(), Limits))),
  }),
);

const AccessName = v.pipe(
  Name,
  v.check((name) => name !== PUBLIC, "choose another name: this one is the access method for anybody"),
);
const Method = v.custom<AccessMethod>(
  (input) => kindOf(input) !== undefined,
  "must be made by one of the functions of cloudinary-edge-signer/config, such as jwt({ … }) or origin(), and not be a copy",
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

/** Everything that a definition may have. */
export const DefinitionSchema = table(
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
  checkBy(DefinitionSchema, input, binding);

/** Origins of a definition, in an environment of it, that may be wrong elsewhere. */
export const originsOf = (input: unknown, environment: unknown): readonly string[] => {
  const written = input as Partial<Settings> | null | undefined;
  const own = typeof environment === "string" ? written?.environments?.[environment] : undefined;
  const listed: unknown = own?.allowedOrigins ?? written?.allowedOrigins;
  const parsed = v.safeParse(v.array(OriginSchema), listed);
  return parsed.success ? parsed.output : [];
};

// The schema of SIGNER, the one object that holds all settings but the account's. Unknown keys are refused.

import * as v from "valibot";
import { err, ok, type Result } from "../signature/result.ts";
import type { Fault } from "./config.ts";
import { OriginSchema } from "./origins.ts";
import { WaySchema } from "./ways.ts";

/** A table: to valibot, a list is an object too. */
const table = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.custom<v.InferInput<S>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      "must be a table",
    ),
    schema,
  );

/** Names of profiles and ways in, as they stand in addresses. */
const Name = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "is no name: letters, digits, - and _, at most 64, none of - and _ first",
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

/** The way in that needs no declaration. */
export const PUBLIC = "public";

const WayName = v.pipe(
  Name,
  v.check((name) => name !== PUBLIC, "is the name of the way in for anybody: choose another"),
);

const SignerSchema = table(
  v.strictObject({
    signatureAlgorithm: v.optional(v.picklist(["sha256", "sha1"]), "sha256"),
    allowedOrigins: v.optional(v.array(OriginSchema), []),
    access: v.optional(table(v.record(WayName, WaySchema)), {}),
    profiles: v.optional(table(v.record(Name, ProfileSchema)), {}),
    page: v.optional(v.boolean(), false),
  }),
);

/** All settings but the account's, as they are written. */
export type SignerInput = Unchanged<v.InferInput<typeof SignerSchema>>;

/** What is only read: a constant does too. */
type Unchanged<T> = T extends object ? { readonly [K in keyof T]: Unchanged<T[K]> } : T;

/** The same after the schema. */
export type SignerSettings = v.InferOutput<typeof SignerSchema>;

const SECRET_LIKE = /secret|password|cloudinary_|api_?key/i;

/** A schema issue in our words: the path, what was expected, and never what was found. */
function toFault(issue: v.BaseIssue<unknown>, root: string): Fault {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const binding = [root, ...path].filter((part) => part !== "").join(".");
  const key = path.at(-1) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") {
    return SECRET_LIKE.test(key)
      ? {
          binding,
          problem:
            'does not belong here: a secret is never written into a file: name its binding (secretBinding), or for the account\'s own run `npx wrangler secret put CLOUDINARY_API_SECRET --env ""`',
        }
      : { binding, problem: "is no setting of this place: check its spelling, or remove it" };
  }
  if (issue.kind === "schema") {
    const example = EXAMPLES[key] ?? EXAMPLES[path.at(-2) ?? ""];
    const suffix = example === undefined ? "" : `, such as ${example}`;
    // Of a key that is not there, the schema expects the key itself.
    if (issue.input === undefined) return { binding, problem: `is missing${suffix}` };
    return {
      binding,
      problem: `must be ${issue.type === "custom" ? "a table" : plain(issue.expected)}${suffix}`,
    };
  }
  return { binding, problem: issue.message };
}

/** How settings are written, by their name or by the name of the table they stand in. */
const EXAMPLES: Readonly<Record<string, string>> = {
  access: '["public"], or names that stand under access',
  accept: "{ maxLength = 100 }",
  allowedOrigins: '["https://www.example.com"]',
  origins: '["https://www.example.com"]',
  hostnames: '["www.example.com"]',
  issuer: '"https://id.example.com/"',
  secretBinding: '"JWT_SECRET"',
  tokens: '{ ci = "<SHA-256 of the token>" }',
};

/** What a schema expects, for people. */
function plain(expected: string | null): string {
  const words: Readonly<Record<string, string>> = {
    Object: "a table",
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

/** Names that every object has; the schema would pass over them in silence. */
const INHERITED = new Set(["__proto__", "constructor", "prototype"]);

function findInherited(value: unknown, path: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const here = [path, key].filter((part) => part !== "").join(".");
    const found = INHERITED.has(key) ? here : findInherited((value as Record<string, unknown>)[key], here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Checks the settings. `root` is what they are called where they were written. */
export function checkSettings(input: unknown, root: string): Result<SignerSettings, Fault[]> {
  const inherited = findInherited(input, root);
  if (inherited !== undefined)
    return err([{ binding: inherited, problem: "is a name that every object has: choose another" }]);
  const parsed = v.safeParse(SignerSchema, input ?? {});
  return parsed.success ? ok(parsed.output) : err(parsed.issues.map((issue) => toFault(issue, root)));
}

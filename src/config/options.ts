// The schema of SIGNER, the one object that holds all settings but the account's. Unknown keys are refused.

import * as v from "valibot";
import { err, ok, type Result } from "../signature/result.ts";
import type { Fault } from "./config.ts";

/** An origin exactly as a browser sends it: scheme, host and a port that is not the scheme's own. */
const Origin = v.pipe(
  v.string(),
  v.check(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
    "must be an origin exactly as browsers send it, such as https://www.example.com: lower case, no path, no slash at its end, no *",
  ),
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

const Limits = v.strictObject({
  enum: v.optional(v.array(v.union([v.string(), v.number(), v.boolean()]))),
  prefix: v.optional(v.string()),
  charset: v.optional(v.string()),
  maxLength: v.optional(PositiveInteger),
  maxItems: v.optional(PositiveInteger),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
  keys: v.optional(v.array(v.string())),
});

const ProfileSchema = v.strictObject({
  resourceType: v.optional(v.picklist(["image", "video", "raw", "auto"])),
  access: v.array(v.string()),
  ttl: v.optional(v.number()),
  dropIn: v.optional(v.boolean()),
  allow: v.optional(v.array(v.string())),
  set: v.optional(v.record(v.string(), v.unknown())),
  accept: v.optional(v.record(v.string(), Limits)),
});

const OriginWay = v.strictObject({
  type: v.literal("origin"),
  origins: v.pipe(v.array(Origin), v.minLength(1, "names no origin: list at least one")),
});

const SignerSchema = v.strictObject({
  signatureAlgorithm: v.optional(v.picklist(["sha256", "sha1"]), "sha256"),
  allowedOrigins: v.optional(v.array(Origin), []),
  access: v.optional(v.record(Name, v.variant("type", [OriginWay])), {}),
  profiles: v.optional(v.record(Name, ProfileSchema), {}),
});

/** All settings but the account's, as they are written. */
export type SignerInput = v.InferInput<typeof SignerSchema>;
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
            "does not belong here: the account's values are bindings of their own, and a secret is never written into a file (npx wrangler secret put CLOUDINARY_API_SECRET)",
        }
      : { binding, problem: "is no setting of this place: check its spelling, or remove it" };
  }
  if (issue.kind === "schema" && issue.input === undefined) {
    return { binding, problem: `is missing: it must be ${plain(issue.expected)}` };
  }
  if (issue.kind === "schema") return { binding, problem: `must be ${plain(issue.expected)}` };
  return { binding, problem: issue.message };
}

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
    .split(" | ")
    .map((part) => words[part] ?? part)
    .join(" or ");
}

/** Checks the settings. `root` is what they are called where they were written. */
export function checkSettings(input: unknown, root: string): Result<SignerSettings, Fault[]> {
  const parsed = v.safeParse(SignerSchema, input ?? {});
  return parsed.success ? ok(parsed.output) : err(parsed.issues.map((issue) => toFault(issue, root)));
}

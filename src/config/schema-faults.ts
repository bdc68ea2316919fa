// What a schema says, in our words.

import type * as v from "valibot";
import type { Fault } from "../fault.ts";
import { didYouMean } from "./did-you-mean.ts";

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
    return "remove it, for a secret is never written into a file: name its binding (`secret` of the access method), or for the account's own run `npx wrangler secret put CLOUDINARY_URL`";
  return known.length === 0
    ? "remove it: there are no settings here"
    : `correct its name${didYouMean(key, known)} or remove it: the settings here are ${known.join(", ")}`;
}

/** A schema issue in our words: the path, what was expected, and never what was found. */
export function toFaults(
  issue: v.BaseIssue<unknown>,
  schema: unknown,
  binding: string,
  root: string,
): Fault[] {
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
    issue.input === undefined
      ? `add it${suffix}: it is missing`
      : `must be ${plain(issue.expected)}${suffix}`,
  );
}

/** How settings are written, by their name or by the name of the table they stand in. */
const EXAMPLES: Readonly<Record<string, string>> = {
  access: '["public"], or the names of access methods',
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
    string: "a string",
    number: "a number",
    boolean: "true or false",
  };
  return (expected ?? "something else")
    .replace(/[()]/g, "")
    .split(" | ")
    .map((part) => words[part] ?? part)
    .join(" or ");
}

// Templates in the values a profile sets: `users/{sub}`, `{uuid}`. What is filled in comes from the server or
// from a verified token, and never needs escaping: it is checked to be plain, never changed to be so.

import { err, ok, type Result } from "../signature/result.ts";
import type { Parameter } from "./parameters.ts";

/** A text with places to fill. */
export type Template = readonly (string | Placeholder)[];

/** A place to fill. `uuid` is a new random name for each signature, `date` the day in UTC. */
export type Placeholder = { readonly fill: "uuid" | "date" };

/** What places are filled with. */
export interface Fill {
  /** A random UUID, new for each signature. */
  readonly uuid: string;
  /** Unix seconds. */
  readonly now: number;
}

const PLACEHOLDERS: ReadonlyMap<string, Placeholder> = new Map([
  ["uuid", { fill: "uuid" }],
  ["date", { fill: "date" }],
]);

/** Reads a template; a brace that opens or closes no known place is an error, so that no typing mistake is signed. */
function parseTemplate(text: string): Result<Template, string> {
  const parts: (string | Placeholder)[] = [];
  for (const [i, part] of text.split(/\{([^{}]*)\}/).entries()) {
    if (i % 2 === 0) {
      if (/[{}]/.test(part)) return err("has a brace without its pair");
      if (part !== "") parts.push(part);
      continue;
    }
    const placeholder = PLACEHOLDERS.get(part);
    if (placeholder === undefined) {
      return err(`has {${part}}, but only {uuid} and {date} can be filled in for its ways in`);
    }
    parts.push(placeholder);
  }
  return ok(parts);
}

/** A parameter's text as a template, where it is one; elsewhere braces stand for themselves. */
export function readTemplate(parameter: Parameter, text: string): Result<Template, string> {
  return parameter.templated ? parseTemplate(text) : ok([text]);
}

/** Whether a template holds a value that only the server knows. */
export function isRandom(template: Template): boolean {
  return template.some((part) => typeof part !== "string" && part.fill === "uuid");
}

/** The text with all places filled. */
export function fillTemplate(template: Template, fill: Fill): string {
  return template
    .map((part) => {
      if (typeof part === "string") return part;
      return part.fill === "uuid" ? fill.uuid : new Date(fill.now * 1000).toISOString().slice(0, 10);
    })
    .join("");
}

/** The template as people write it, for messages. */
export function templateText(template: Template): string {
  return template.map((part) => (typeof part === "string" ? part : `{${part.fill}}`)).join("");
}

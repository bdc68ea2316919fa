// What a profile says for one caller, told from the profile as it is written and without src/policy.

import { createHash } from "node:crypto";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";

/** What is made anew for each signature. */
export interface Moment {
  readonly uuid: string;
  /** Unix seconds. */
  readonly now: number;
}

/** A template with its places filled for one caller. */
export function filled(template: string, { access, claims }: Caller, { uuid, now }: Moment): string {
  return template.replace(/\{([^{}]*)\}/g, (_, place: string) => {
    if (place === "uuid") return uuid;
    if (place === "access") return access;
    if (place === "date") return new Date(now * 1000).toISOString().split("T")[0]!;
    const [claim = "", hash] = place.split("|");
    const text = String(claims[claim]);
    return hash === undefined
      ? text
      : createHash("sha256").update(`${access}\0${text}`).digest("hex").slice(0, 32);
  });
}

const escaped = (text: unknown): string => String(text).replace(/[=|]/g, "\\$&");

/** What a value of `set` is as text, its places filled by `fill`: before a context is escaped, not after. */
export function written(value: unknown, fill = (text: string) => text): string {
  if (Array.isArray(value)) return value.map((item) => fill(String(item))).join(",");
  if (typeof value !== "object") return fill(String(value));
  const member = (one: unknown): string =>
    Array.isArray(one)
      ? `[${one.map((item) => `"${escaped(fill(String(item)))}"`).join(",")}]`
      : escaped(fill(String(one)));
  return Object.entries(value as object)
    .map(([key, one]) => `${key}=${member(one)}`)
    .join("|");
}

/** The text that one caller gets of what the profile sets. */
export const fixedText = ({ set }: ProfileInput, name: string, asker: Caller, at: Moment): string =>
  written(set![name], (text) => filled(text, asker, at));

const LISTS = ["tags", "allowed_formats", "tag", "target_tags", "public_ids", "prefixes"];

/** The values of a parameter: of a list each, of anything else the one. */
export const valuesOf = (name: string, text: string | undefined): string[] => {
  if (text === undefined) return [];
  return LISTS.includes(name) ? text.split(",") : [text];
};

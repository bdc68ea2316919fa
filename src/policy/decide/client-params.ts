// What a client sent, parameter by parameter, against what its profile accepts. Shared by tickets and drop-in.

import { err, type Result } from "../../result.ts";
import type { AcceptParam, Profile, SetParam } from "../profile.ts";
import { readValue } from "../tables/kinds.ts";
import { brokenLimit } from "../tables/limits.ts";
import { UNSIGNED_NAMES } from "../tables/parameters.ts";
import type { Reason } from "../tables/reasons.ts";
import { type Fill, fillTemplate, isRandom } from "../values/template.ts";
import type { Value } from "../values/value.ts";

/** Parameters of a request, by name, as parsed from JSON and not yet checked. */
export type ClientParams = Readonly<Record<string, unknown>>;

/** What the server sets, in words for the caller: the value itself, unless it is made anew each time. */
export function setText({ template }: SetParam, fill: Fill): string {
  return isRandom(template) ? "a random value" : fillTemplate(template, fill);
}

/** Why a name that the profile doesn't accept is refused, and what it accepts instead. */
export function refuseName(profile: Profile, name: string): Reason {
  if (UNSIGNED_NAMES.has(name)) return { reason: "unsigned" };
  const accepted = [...profile.accept.keys()].join(", ") || "none";
  const { method } = profile;
  const parameter = method.parameters.get(name);
  if (parameter === undefined) return { reason: "unknown", method: method.name, accepted };
  if (parameter.client === "never") return { reason: "never_sent", accepted };
  return { reason: parameter.client === "enum" ? "whole_not_accepted" : "not_accepted", accepted };
}

/** A client's value of an accepted parameter, within its limits. */
export function readAccepted(
  raw: unknown,
  { parameter, limits }: AcceptParam,
  fill: Fill,
): Result<Value, Reason> {
  const value = readValue(parameter.kind, raw, "client");
  const broken = value.ok ? brokenLimit(limits, parameter, value.value, fill) : undefined;
  return broken === undefined ? value : err(broken);
}

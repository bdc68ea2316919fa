// What a client sent, parameter by parameter, against what its profile accepts. Shared by tickets and drop-in.

import { err, ok, type Result } from "../../result.ts";
import type { AcceptParam, Profile, SetParam } from "../profile.ts";
import { type Refusal, refusal } from "../refusal.ts";
import { brokenLimit } from "../tables/limits.ts";
import { PARAMETERS, UNSIGNED_NAMES } from "../tables/parameters.ts";
import { type Fill, fillTemplate, isRandom } from "../template.ts";
import { readValue, type Value } from "../value.ts";

/** Parameters of a request, by name, as parsed from JSON and not yet checked. */
export type ClientParams = Readonly<Record<string, unknown>>;

/** What the server sets, in words for the caller: the value itself, unless it is made anew each time. */
export function setText({ template }: SetParam, fill: Fill): string {
  return isRandom(template) ? "a random value" : fillTemplate(template, fill);
}

/** The refusal of a name that the profile doesn't accept: why, and what it accepts instead. */
export function refuseName(profile: Profile, name: string): Refusal {
  if (UNSIGNED_NAMES.has(name)) {
    return refusal(
      name,
      "forbidden",
      "travels beside the signed parameters and is never signed (R1): leave it out",
    );
  }
  const accepted = [...profile.accept.keys()].join(", ") || "none";
  const parameter = PARAMETERS.get(name);
  if (parameter === undefined) {
    return refusal(name, "forbidden", `is no upload parameter (R1); what this profile accepts: ${accepted}`);
  }
  if (parameter.client === "never") {
    return refusal(
      name,
      "forbidden",
      `no client may choose it, only the profile can set it (R5); what this one accepts: ${accepted}`,
    );
  }
  return refusal(name, "forbidden", `is not accepted by this profile; what it accepts: ${accepted}`);
}

/** A client's value of an accepted parameter, within its limits. */
export function readAccepted(
  name: string,
  raw: unknown,
  { parameter, limits }: AcceptParam,
  fill: Fill,
): Result<Value, Refusal> {
  const value = readValue(name, parameter, raw, "client");
  if (!value.ok) return err(refusal(name, "invalid", `${value.error} (R9)`));
  const broken = brokenLimit(limits, parameter.kind, value.value, fill);
  return broken === undefined ? ok(value.value) : err(refusal(name, "invalid", broken));
}

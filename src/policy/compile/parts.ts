// One parameter of `set` or `accept`: as it is written -> checked, or the reason why it can't stand there.

import { err, ok, type Result } from "../../result.ts";
import type { AcceptParam, SetParam } from "../profile.ts";
import { readValue } from "../tables/kinds.ts";
import { compileLimits, type LimitsInput } from "../tables/limits.ts";
import { type Parameter, readTemplate, UNSIGNED_NAMES } from "../tables/parameters.ts";
import type { Reason } from "../tables/reasons.ts";
import { NEVER_SIGNED, type SignedMethod } from "../tables/signed-methods.ts";
import { eachItem, isRandom } from "../values/template.ts";
import { isEmpty } from "../values/value.ts";
import { ambiguity } from "./ambiguity.ts";

/** The parameter of this name, if it can stand in `set` or `accept`. */
function findParameter(name: string, { name: method, parameters }: SignedMethod): Result<Parameter, Reason> {
  if (UNSIGNED_NAMES.has(name)) return err({ reason: "unsigned" });
  if (name === "timestamp") return err({ reason: "time_set" });
  const parameter = parameters.get(name);
  if (NEVER_SIGNED.has(name)) return err({ reason: "never_signed" });
  return parameter ? ok(parameter) : err({ reason: "unknown_name", method });
}

/** A text that Cloudinary does not know for this parameter. */
function foreignValue(name: string, texts: Iterable<string>, { values }: SignedMethod): Reason | undefined {
  const known = values.get(name);
  if (known === undefined || [...texts].every((text) => known.includes(text))) return undefined;
  return { reason: "not_known_value", listed: known.join(", ") };
}

/** A value that the server sets. */
export function compileSet(name: string, raw: unknown, method: SignedMethod): Result<SetParam, Reason> {
  const found = findParameter(name, method);
  if (!found.ok) return found;
  const parameter = found.value;
  if (isEmpty(raw)) return err({ reason: "set_empty" });
  const value = readValue(parameter.kind, raw, "profile");
  if (!value.ok) return value;
  if (value.value.text === "") return err({ reason: "set_empty" });
  const foreign = foreignValue(name, value.value.items, method);
  if (foreign !== undefined) return err(foreign);
  const template = readTemplate(parameter, value.value.text);
  if (!template.ok) return template;
  const items = eachItem(template.value, parameter.kind.isList);
  for (const item of items) {
    const ambiguous = ambiguity(item, "whole", parameter.kind);
    if (ambiguous !== undefined) return err(ambiguous);
  }
  const { keys } = value.value;
  if (keys?.some((key) => /[{}]/.test(key))) return err({ reason: "brace_in_key" });
  return ok({ parameter, template: template.value, items, ...(keys && { keys: new Set(keys) }) });
}

/** What a client may send. */
export function compileAccept(
  name: string,
  written: LimitsInput,
  method: SignedMethod,
): Result<AcceptParam, Reason> {
  const found = findParameter(name, method);
  if (!found.ok) return found;
  const parameter = found.value;
  if (parameter.client === "never") return err({ reason: "never" });
  const limits = compileLimits(parameter, written);
  if (!limits.ok) return limits;
  const foreign = foreignValue(name, limits.value.enum ?? [], method);
  if (foreign !== undefined) return err(foreign);
  const { prefix = [] } = limits.value;
  if (isRandom(prefix)) return err({ reason: "random_prefix", of: "prefix" });
  const ambiguous = ambiguity(prefix, "prefix", parameter.kind);
  return ambiguous === undefined ? ok({ parameter, limits: limits.value }) : err(ambiguous);
}

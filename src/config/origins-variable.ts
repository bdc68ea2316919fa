// Origins beside those of the definition, in a variable, so that a deployment's own can be asked for.

import * as v from "valibot";
import { OriginSchema } from "../access/origin-schema.ts";
import type { Fault } from "../fault.ts";
import type { Setting } from "../keys/account.ts";
import { err, ok, type Result } from "../result.ts";

const Exactly = v.pipe(
  OriginSchema,
  v.check((text) => !text.includes("*")),
);

/** Origins joined with commas; patterns stand in the definition alone. */
export function readAllowedOrigins({ value, name, howTo }: Setting): Result<readonly string[], Fault[]> {
  if (value === undefined || value === null || value === "") return ok([]);
  const fault = (problem: string): Result<never, Fault[]> =>
    err([{ binding: name, problem: `${howTo}: it ${problem}` }]);
  if (typeof value !== "string") return fault("must be a string");
  const origins = value
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (!origins.every((text) => v.is(Exactly, text)))
    return fault("must hold origins exactly as browsers send them, with commas between");
  return ok(origins);
}

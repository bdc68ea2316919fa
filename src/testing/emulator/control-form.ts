// What a control of the emulator is sent: what fits, or which member does not.

import * as v from "valibot";
import { err, ok, type Result } from "../../result.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** What fits; or which member does not, and an example of all that do. */
export function readControl<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  example: object,
): Result<T, Refusal> {
  const parsed = v.safeParse(schema, Array.isArray(value) ? undefined : value);
  if (parsed.success) return ok(parsed.output);
  return err(REFUSALS.badControl(v.getDotPath(parsed.issues[0]) ?? undefined, example));
}

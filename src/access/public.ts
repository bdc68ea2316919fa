// The access method `public`: anybody. It needs no declaration, but must be written out in a profile's `access`.

import * as v from "valibot";
import { ok } from "../result.ts";
import type { AccessKind } from "./method.ts";

/** The name under which profiles write it; no other method may have it. */
export const PUBLIC = "public";

export const ANYBODY: AccessKind = {
  type: PUBLIC,
  anonymous: true,
  schema: v.strictObject({}),
  check: () => ok({}),
  admit: () => ok({ claims: {} }),
};

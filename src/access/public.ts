// The access method `public`: anybody. It needs no declaration, but must be written out in a profile's `access`.

import { ok } from "../result.ts";
import type { CheckedMethod } from "./method.ts";

export const PUBLIC = "public";

export const ANYBODY: CheckedMethod = {
  name: PUBLIC,
  type: PUBLIC,
  anonymous: true,
  claims: new Set(),
  identity: `access ${PUBLIC}`,
  admit: () => ok({ access: PUBLIC, claims: {} }),
};

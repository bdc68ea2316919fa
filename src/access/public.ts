// The access method `public`: anybody. It needs no declaration, but must be written out in a profile's `access`.

import { ok } from "../result.ts";
import type { Way } from "./method.ts";

export const PUBLIC = "public";

export const ANYBODY: Way = {
  name: PUBLIC,
  type: PUBLIC,
  anonymous: true,
  claims: new Set(),
  identity: `way ${PUBLIC}`,
  admit: () => ok({ access: PUBLIC, claims: {} }),
};

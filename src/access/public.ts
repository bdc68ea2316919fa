// The way in `public`: anybody. It must be written out in a profile's `access`.

import type { Way } from "../config/config.ts";
import { ok } from "../signature/result.ts";
import type { AdmittedCaller } from "./way.ts";

export function admitPublic({ name }: Way & { type: "public" }): {
  readonly ok: true;
  readonly value: AdmittedCaller;
} {
  return ok({ way: name, claims: {} });
}

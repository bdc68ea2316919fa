// The way in `public`: anybody. It must be written out in a profile's `access`.

import type { Way } from "../config/config.ts";
import { ok } from "../signature/result.ts";
import type { Caller } from "./caller.ts";

export function admitPublic({ name }: Way & { type: "public" }): {
  readonly ok: true;
  readonly value: Caller;
} {
  return ok({ way: name });
}

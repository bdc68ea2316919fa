// The access method `service`: another Worker, by service binding. No request over HTTP is one, whatever it shows.

import * as v from "valibot";
import { ok } from "../result.ts";
import { type AccessKind, type AccessMethod, accessMethod } from "./method.ts";

const KIND: AccessKind<object> = {
  type: "service",
  schema: v.strictObject({}),
  check: (_, { name }) =>
    ok({
      name,
      type: "service",
      anonymous: false,
      byBinding: true,
      claims: new Set(["sub"]),
      identity: `access ${name}`,
    }),
};

/**
 * There are no options. Any Worker of the account that binds the signer; it says who the upload is for.
 *
 * @example
 * const backend = service();
 */
export const service = (options: Readonly<Record<string, never>> = {}): AccessMethod =>
  accessMethod(KIND, options);

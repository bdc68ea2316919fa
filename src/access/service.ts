// The access method `service`: another Worker, by service binding. No request over HTTP is one, whatever it shows.

import * as v from "valibot";
import { ok } from "../result.ts";
import { type AccessKind, type AccessMethod, accessMethod } from "./method.ts";

const KIND: AccessKind = {
  type: "service",
  anonymous: false,
  byBinding: true,
  backEnd: true,
  schema: v.strictObject({}),
  check: () => ok({}),
  claims: () => ["sub"],
};

/**
 * There are no options. Any Worker of the account that binds the signer; it says who the ticket is for.
 *
 * @example
 * const backend = service();
 */
export const service = (options: Readonly<Record<string, never>> = {}): AccessMethod =>
  accessMethod(KIND, options);

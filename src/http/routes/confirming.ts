// `POST /confirm/{profile}`: what arrived, judged and proved by a receipt; and the keys that receipts are verified with.

import { failure } from "../../failure.ts";
import type { PublicKey } from "../../keys/receipt-key.ts";
import type { VerifyingSecret } from "../../keys/secret.ts";
import { err, ok } from "../../result.ts";
import { confirm } from "../../uploads/confirm.ts";
import { readConfirmation } from "../../uploads/confirmation-request.ts";
import { checkQuery, readJson } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply } from "../wire/reply.ts";
import { type Desk, enterByHttp } from "./desk.ts";

export const answerConfirm =
  (desk: Desk, profileOf: (path: string) => string): Handler =>
  async (visit) => {
    const { c, request } = visit;
    const { config, platform } = desk;
    if (c.req.query("format") !== undefined) return err(failure("confirm_format"));
    const misplaced = checkQuery(Object.keys(c.req.query()));
    if (misplaced !== undefined) return err(misplaced);
    const entered = await enterByHttp(desk, visit, profileOf(c.req.path), true);
    if (!entered.ok) return entered;
    const body = await readJson(request);
    if (!body.ok) return body;
    const asked = readConfirmation(body.value);
    if (!asked.ok) return asked;
    const confirmed = await confirm(config, entered.value, asked.value, platform);
    return confirmed.ok ? ok(jsonReply(confirmed.value)) : confirmed;
  };

/** The answer to `GET /.well-known/jwks.json`. Source: RFC 7517. */
export interface KeySet {
  /** Those that receipts are verified with; of a signer without `publicUrl` there are none. */
  readonly keys: readonly PublicKey[];
}

/** How long a key set may be kept, in seconds: its keys change with the API secrets alone. */
const KEPT = 300;

/** `GET /.well-known/jwks.json`. Without `publicUrl` there are no receipts, and no keys. */
export const answerKeys =
  ({ config, platform }: Desk): Handler =>
  async () => {
    const { publicUrl, cloudName } = config;
    if (publicUrl === undefined) return ok(keySet([]));
    const secret = await config.apiSecret(platform.now());
    if (!secret.ok) return secret;
    // One that can't be had now keeps nobody from the current one.
    const previous = await config.previous?.(platform.now());
    const secrets: VerifyingSecret[] = [secret.value, ...(previous?.ok ? [previous.value] : [])];
    const keys = await Promise.all(secrets.map((one) => one.publicKey(cloudName, publicUrl)));
    // Two stores may hold the same secret, and no key set has one key twice.
    return ok(keySet([...new Map(keys.map((key) => [key.kid, key])).values()], previous?.ok !== false));
  };

/** A set that lacks a key for now is not kept: with it, receipts by that key would be refused for as long. */
const keySet = (keys: KeySet["keys"], isWhole = true) => ({
  status: 200,
  headers: {
    "content-type": "application/jwk-set+json",
    "cache-control": isWhole ? `public, max-age=${KEPT}` : "no-store",
  },
  body: JSON.stringify({ keys } satisfies KeySet),
});

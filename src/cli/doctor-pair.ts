// Whether key and secret belong together, by a signed call that changes nothing.

import { randomUUID } from "node:crypto";
import { faultPlace } from "../fault.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";
import { type Answer, askServer } from "./ask-server.ts";
import { type AtHand, prefixOf } from "./doctor-account.ts";
import { couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import type { Place } from "./doctor-place.ts";

/** A signature that nobody made. */
const FORGED = "0".repeat(64);

/**
 * What the account answers to a signed `explicit` of an asset that can't exist, for its name is made up. Were it there,
 * nothing of it would be changed; nothing is uploaded, and nothing can be deleted by that method. With `none` nobody signed it.
 */
function askSigned(
  { account, secret }: AtHand,
  prefix: string,
  timeoutMs: number | undefined,
): (algorithm: SignatureAlgorithm | "none") => ReturnType<typeof askServer> {
  return async (algorithm) => {
    const public_id = `cloudinary-edge-signer-doctor-${randomUUID()}`;
    const params = { public_id, timestamp: Math.floor(Date.now() / 1000), type: "upload" };
    const signature = algorithm === "none" ? FORGED : await secret.sign(params, { algorithm });
    const fields = { ...params, timestamp: String(params.timestamp), api_key: account.apiKey, signature };
    const url = `${prefix}/v1_1/${encodeURIComponent(account.cloudName)}/image/explicit`;
    return askServer(url, { method: "POST", body: new URLSearchParams(fields) }, timeoutMs);
  };
}

/** What Cloudinary says, if it is it. */
export const messageOf = ({ json }: Pick<Answer, "json">): string | undefined => {
  const { message } = (json?.error ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : undefined;
};

/** Its refusals, by what they begin with; the same words come in two spellings. */
const REFUSED: readonly (readonly [RegExp, problem: string, fix: string])[] = [
  [
    /^invalid signature/i,
    "the API secret is not the one of this API key (Cloudinary: Invalid Signature)",
    "copy both from the same line of the console's list of API keys",
  ],
  [
    /^unknown api.key/i,
    "Cloudinary does not know the API key in this cloud (Unknown API key)",
    "copy cloud name, key and secret from the console of one account; a deleted key no longer works",
  ],
  [
    /cloud.name/i,
    "Cloudinary does not know the cloud name",
    "copy it from the console, where it stands above the keys",
  ],
  [/^stale request/i, "this machine's clock is slow (Cloudinary: Stale request)", "set the clock"],
];

/** Whether the asset was looked for, and not found. */
const isMissed = (asked: Awaited<ReturnType<typeof askServer>>): boolean =>
  asked.ok && asked.value.status === 404 && /^resource not found/i.test(messageOf(asked.value) ?? "");

/** Whether key and secret belong together. */
export async function checkPair(
  place: Place,
  atHand: AtHand,
  algorithm: SignatureAlgorithm,
  timeoutMs?: number,
): Promise<readonly Outcome[]> {
  const prefix = prefixOf(place);
  if (!prefix.ok) return prefix.error.flatMap((fault) => found(`${faultPlace(fault)}: ${fault.problem}`));
  const ask = askSigned(atHand, prefix.value, timeoutMs);
  const asked = await ask(algorithm);
  const host = new URL(prefix.value).host;
  if (!asked.ok) return couldNot(`${host} ${asked.error.why}`);
  if (isMissed(asked))
    return isMissed(await ask("none"))
      ? couldNot(`${host} reports the missing asset before it checks the signature, so this proves nothing`)
      : fine(`${host} accepts those of ${place.source}`);

  const message = messageOf(asked.value);
  const row = REFUSED.find(([pattern]) => pattern.test(message ?? ""));
  if (message === undefined || row === undefined)
    return couldNot(`${host} answers ${asked.value.status}${message === undefined ? "" : `: ${message}`}`);
  if (row === REFUSED[0]) {
    const other = algorithm === "sha256" ? "sha1" : "sha256";
    if (isMissed(await ask(other)))
      return found(
        `the account takes only ${other} signatures`,
        `write signatureAlgorithm: "${other}" in signer.config.ts`,
      );
  }
  return found(row[1], row[2]);
}

// The account whose values are at hand: whether each looks like what it is, and whether key and secret belong together,
// by one signed call that changes nothing.

import { randomUUID } from "node:crypto";
import { readAccount } from "../config/bindings.ts";
import { faultPlace } from "../fault.ts";
import { type Account, checkAccount, checkUploadPrefix } from "../keys/account.ts";
import { apiSecretOf } from "../keys/api-secret.ts";
import type { Secret } from "../keys/secret.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";
import { type Answer, askServer } from "./ask-server.ts";
import { couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import type { Place } from "./doctor-place.ts";

/** An account that can sign; its secret is not in `account`. */
export interface AtHand {
  readonly account: Pick<Account, "cloudName" | "apiKey">;
  readonly secret: Secret;
  /** The secret's text, which is looked for and never printed. */
  readonly text: string;
  /** What its owner should know of it. */
  readonly warnings: readonly Outcome[];
}

/** What Cloudinary's secrets have. */
const SECRET_LENGTH = 27;

/** The account, or what is wrong with it. */
export async function accountAtHand({ bindings, env }: Place): Promise<AtHand | readonly Outcome[]> {
  if (bindings.CLOUDINARY_URL === undefined && bindings.CLOUDINARY_API_SECRET === undefined)
    return couldNot("there is no API secret here: write CLOUDINARY_URL=… into .dev.vars to have it checked");
  const settings = readAccount(bindings, env);
  const checked = settings.ok ? checkAccount(settings.value) : settings;
  if (!settings.ok || !checked.ok) {
    const faults = checked.ok ? [] : checked.error;
    return faults.flatMap((fault) => found(`${faultPlace(fault)}: ${fault.problem}`));
  }
  const { cloudName, apiKey, apiSecret } = checked.value;
  if (/^\d+$/.test(apiSecret))
    return found(
      `${settings.value.apiSecret.name} has digits alone, as API keys have`,
      "copy the API secret from the console: it stands beside the key",
    );
  const read = await apiSecretOf(settings.value, checked.value).read(0);
  if (!read.ok) return couldNot("the API secret waits in a store");
  const warnings: readonly Outcome[] =
    apiSecret.length === SECRET_LENGTH
      ? []
      : [
          {
            state: "warning",
            problem: `the API secret has ${apiSecret.length} characters, and Cloudinary's have ${SECRET_LENGTH}`,
            fix: "copy it from the console once more, to its last character",
          },
        ];
  return { account: { cloudName, apiKey }, secret: read.value, text: apiSecret, warnings };
}

/** The address of the API, for what is asked of it. */
export function prefixOf({ bindings }: Place) {
  const howTo = "leave it out, or write an address such as https://api-eu.cloudinary.com";
  const name = "CLOUDINARY_UPLOAD_PREFIX";
  return checkUploadPrefix({ value: bindings.CLOUDINARY_UPLOAD_PREFIX, name, howTo });
}

/**
 * What the account answers to a signed `explicit` of an asset that can't exist, for its name is made up. Were it there,
 * nothing of it would be changed; nothing is uploaded, and nothing can be deleted by that method. Assumed is that
 * Cloudinary looks at the signature first; the emulator does.
 */
async function askSigned(
  { account, secret }: AtHand,
  prefix: string,
  algorithm: SignatureAlgorithm,
  timeoutMs: number | undefined,
) {
  const public_id = `cloudinary-edge-signer-doctor-${randomUUID()}`;
  const params = { public_id, timestamp: Math.floor(Date.now() / 1000), type: "upload" };
  const signature = await secret.sign(params, { algorithm });
  const fields = { ...params, timestamp: String(params.timestamp), api_key: account.apiKey, signature };
  const url = `${prefix}/v1_1/${encodeURIComponent(account.cloudName)}/image/explicit`;
  return askServer(url, { method: "POST", body: new URLSearchParams(fields) }, timeoutMs);
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
    "copy cloud name, key and secret from the console of one account; a key that was deleted there is no more",
  ],
  [
    /cloud.name/i,
    "Cloudinary does not know the cloud name",
    "copy it from the console, where it stands above the keys",
  ],
  [/^stale request/i, "this machine's clock is late (Cloudinary: Stale request)", "set the clock"],
];

/** Whether what was answered came after the signature was found right. */
const isAccepted = (answer: Answer): boolean =>
  (answer.status === 200 && answer.json !== undefined) ||
  (answer.status === 404 && /^resource not found/i.test(messageOf(answer) ?? ""));

/** Whether key and secret belong together. */
export async function checkPair(
  place: Place,
  atHand: AtHand,
  algorithm: SignatureAlgorithm,
  timeoutMs?: number,
): Promise<readonly Outcome[]> {
  const prefix = prefixOf(place);
  if (!prefix.ok) return prefix.error.flatMap((fault) => found(`${faultPlace(fault)}: ${fault.problem}`));
  const asked = await askSigned(atHand, prefix.value, algorithm, timeoutMs);
  const host = new URL(prefix.value).host;
  if (!asked.ok) return couldNot(`${host} ${asked.error.why}`);
  if (isAccepted(asked.value)) return fine(`of ${place.source}, as ${host} says`);

  const message = messageOf(asked.value);
  const row = REFUSED.find(([pattern]) => pattern.test(message ?? ""));
  if (message === undefined || row === undefined)
    return couldNot(`${host} answers ${asked.value.status}${message === undefined ? "" : `: ${message}`}`);
  if (row === REFUSED[0]) {
    const other = algorithm === "sha256" ? "sha1" : "sha256";
    const again = await askSigned(atHand, prefix.value, other, timeoutMs);
    if (again.ok && isAccepted(again.value))
      return found(
        `the account takes signatures by ${other} alone`,
        `write signature: { algorithm: "${other}" } in signer.config.ts`,
      );
  }
  return found(row[1], row[2]);
}

// The account whose values are at hand: whether each looks like what it is.

import { readAccount } from "../config/bindings.ts";
import { faultPlace } from "../fault.ts";
import { type Account, checkAccount, checkUploadPrefix } from "../keys/account.ts";
import { apiSecretOf } from "../keys/api-secret.ts";
import type { Secret } from "../keys/secret.ts";
import { couldNot, found, type Outcome } from "./doctor-outcome.ts";
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
      `${settings.value.apiSecret.name} has only digits, like an API key`,
      "copy the API secret from the console: it stands beside the key",
    );
  const read = await apiSecretOf(settings.value, checked.value).read(0);
  if (!read.ok) return couldNot("the API secret is in a Secrets Store, which can't be read from here");
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

// An upload signed in code that holds the secret itself, and decides itself what may be signed.

import { PARAMETERS } from "../policy/tables/parameters.ts";
import { signParams } from "../signature/sign.ts";
import type { SignableParams } from "../signature/string-to-sign.ts";
import type { Ticket } from "../tickets/ticket.ts";
import { fieldsOf } from "./signed-fields.ts";
import { addressOf, readAccount, type SigningAccount } from "./signing-account.ts";

/** How long Cloudinary takes a signature, in seconds. */
const SIGNATURE_LIFE = 3600;

/**
 * Signs an upload, and answers everything that the form needs beside the file. It knows no policy: what comes
 * from a caller may only be in `params` after you have checked it, for the same signature is valid for other
 * methods too (a `public_id` can be deleted with it). Lists are joined with commas, `null`, `undefined`, `""` and
 * `[]` count as not sent; `context` and `metadata` are texts as Cloudinary wants them (`alt=A cat|caption=Felix`).
 *
 * Throws a `TypeError`, which names what is wrong and never tells a value: where `params` is no plain object (a `Map`,
 * a list, an instance of a class), or would leave the time alone to sign; where a name is not one of an upload's
 * parameters; where a value is not of the parameter's kind (a list where Cloudinary joins none with commas, as in `eager`;
 * `"yes"` for a boolean), or neither text, finite number nor boolean, nor a list of those without commas and empty items; where a part of the
 * account is missing, miscopied (in quotes, with white space) or unknown; where the timestamp is no time in Unix seconds,
 * or more than 60 ahead.
 *
 * @example
 * const { url, fields } = await signUpload({ folder: "avatars" }, { cloudName, apiKey, apiSecret });
 */
export async function signUpload(params: SignableParams, account: SigningAccount): Promise<Ticket> {
  const checked = readAccount(account);
  const { cloudName, apiKey, apiSecret, signatureAlgorithm, timestamp } = checked;
  const url = addressOf(checked, "upload");
  const fields = fieldsOf(params, timestamp, "upload", PARAMETERS);
  if (Object.keys(fields).length < 2)
    throw new TypeError(
      'give at least one parameter, such as { folder: "avatars" }: a signature over the time alone says nothing of what it is for',
    );
  const signature = await signParams(fields, apiSecret, { algorithm: signatureAlgorithm });
  return {
    url,
    fields: { api_key: apiKey, ...fields, signature },
    signature,
    timestamp,
    api_key: apiKey,
    cloud_name: cloudName,
    expires_at: timestamp + SIGNATURE_LIFE,
  };
}

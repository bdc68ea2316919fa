// Evidence without the secrets that people paste along: what is dropped here can be repeated nowhere.

import type { Evidence, Fields } from "./evidence.ts";
import { withoutSecretIn } from "./secret-in-text.ts";

export const SECRET_NAME = /secret|cloudinary_?url/i;
/** `api_secret=…` in a string to sign, up to the next field. */
const NAMED = /((?:^|[&?,;\s])\w*secret\w*[=:])[^&\s]*/gi;
const MARK = "…";

const cleanFields = (fields: Fields | undefined) => fields?.filter(([name]) => !SECRET_NAME.test(name));
const cleanText = (text: string | undefined) => text?.replace(NAMED, `$1${MARK}`);

export interface Cleaned {
  readonly evidence: Evidence;
  /** The names of the fields that held one. */
  readonly secretNames: readonly string[];
}

export function withoutSecrets(evidence: Evidence): Cleaned {
  const { sent, signed, message, stringToSign } = evidence;
  const secretNames = (sent?.fields ?? []).map(([name]) => name).filter((name) => SECRET_NAME.test(name));
  return {
    secretNames,
    evidence: {
      ...evidence,
      ...(message !== undefined && { message: cleanText(message)! }),
      ...(stringToSign !== undefined && { stringToSign: withoutSecretIn(cleanText(stringToSign)!).text }),
      ...(sent && { sent: { ...sent, fields: cleanFields(sent.fields)! } }),
      ...(signed && {
        signed: {
          ...signed,
          ...(signed.fields && { fields: cleanFields(signed.fields)! }),
          ...(signed.text !== undefined && { text: cleanText(signed.text)! }),
        },
      }),
    },
  };
}

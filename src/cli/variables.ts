// Variables of wrangler.toml are in plain sight of everyone who reads the file or the dashboard: what of them is, or
// looks like, a secret; and which are too large.

import type { Fault } from "../config/faults.ts";
import { isSecretText } from "./secret-texts.ts";
import { heading } from "./wrangler-toml.ts";

/** Secrets of the account; none of them may stand in a file. */
const SECRETS = ["CLOUDINARY_URL", "CLOUDINARY_URL_PREVIOUS", "CLOUDINARY_API_SECRET"];

/** What a variable may hold, in bytes. Source: https://developers.cloudflare.com/workers/platform/limits/ */
const MAX_VARIABLE_BYTES = 5 * 1024;

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|_TOKEN$|CREDENTIAL/i;
/** Variables whose own check tells what is wrong with their values. */
const PLAIN_NAME =
  /^(CLOUDINARY_API_KEY|CLOUDINARY_CLOUD_NAME|CLOUDINARY_UPLOAD_PREFIX|ALLOWED_ORIGINS|SIGNER_ENV)$/;

/** Long, and of both cases and digits: as nobody writes names. */
const isRandom = (text: string): boolean =>
  text.length >= 24 &&
  /^[\w+/=-]+$/.test(text) &&
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text);

/** Every text in a value, since a variable can be a table. */
const textsOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null
    ? Object.values(value).flatMap(textsOf)
    : typeof value === "string"
      ? [value]
      : [];

/** What is wrong with the variables of one environment. `named` are secrets that the definition names. */
export function variableFaults(
  vars: Readonly<Record<string, unknown>>,
  named: readonly string[],
  env: string | undefined,
): Fault[] {
  const place = heading("vars", env);
  const put = (name: string) => `npx wrangler secret put ${name} --env ${env ?? '""'}`;
  return Object.entries(vars).flatMap(([binding, value]): Fault[] => {
    const isKnown = SECRETS.includes(binding) || named.includes(binding);
    const texts = textsOf(value);
    const looks = PLAIN_NAME.test(binding)
      ? texts.some(isSecretText)
      : SECRET_NAME.test(binding) || texts.some((text) => isRandom(text) || isSecretText(text));
    if (isKnown || looks) {
      const is = isKnown ? "is a secret" : "looks like a secret";
      const problem = `${is} and stands in ${place} of wrangler.toml, where everyone can read it: remove it there, change it where it was made, and run \`${put(binding)}\``;
      return [{ binding, problem }];
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (new TextEncoder().encode(text).length <= MAX_VARIABLE_BYTES) return [];
    const problem = `is larger than the 5 KB that a variable may hold: make it shorter in ${place}`;
    return [{ binding, problem }];
  });
}

// Variables of wrangler.toml are in plain sight of everyone who reads the file or the dashboard: what of them is, or
// looks like, a secret.

import type { Fault } from "../config/faults.ts";

/** Secrets of the account; none of them may stand in a file. */
const SECRETS = ["CLOUDINARY_URL", "CLOUDINARY_URL_PREVIOUS", "CLOUDINARY_API_SECRET"];

/** What a variable may hold, in bytes. Source: https://developers.cloudflare.com/workers/platform/limits/ */
const MAX_VARIABLE_BYTES = 5 * 1024;

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|PRIVATE_KEY|_TOKEN$|CREDENTIAL/i;
const PLAIN_NAME =
  /^(CLOUDINARY_API_KEY|CLOUDINARY_CLOUD_NAME|CLOUDINARY_UPLOAD_PREFIX|ALLOWED_ORIGINS|SIGNER_ENV)$/;
const SECRET_VALUES = [
  // cloudinary://key:secret@cloud, and the like of other services
  /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // A JSON Web Token
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
];

/** Long, and of both cases and digits: as nobody writes names. */
const isRandom = (text: string): boolean =>
  text.length >= 24 &&
  /^[\w+/=-]+$/.test(text) &&
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text);

const isSecretValue = (value: unknown): boolean =>
  typeof value === "string" ? isRandom(value) || SECRET_VALUES.some((pattern) => pattern.test(value)) : false;

/** Every text in a value, since a variable can be a table. */
const textsOf = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [value];

/** What is wrong with the variables of one environment. `named` are secrets that the definition names. */
export function variableFaults(
  vars: Readonly<Record<string, unknown>>,
  named: readonly string[],
  env: string | undefined,
): Fault[] {
  const place = env === undefined ? "[vars]" : `[env.${env}.vars]`;
  const put = (name: string) => `npx wrangler secret put ${name}${env === undefined ? "" : ` --env ${env}`}`;
  return Object.entries(vars).flatMap(([binding, value]): Fault[] => {
    const known = SECRETS.includes(binding) || named.includes(binding);
    const looks =
      !PLAIN_NAME.test(binding) && (SECRET_NAME.test(binding) || textsOf(value).some(isSecretValue));
    const leaks =
      PLAIN_NAME.test(binding) && textsOf(value).some((text) => SECRET_VALUES[0]!.test(String(text)));
    if (known || looks || leaks) {
      const is = known ? "is a secret" : "looks like a secret";
      const problem = `${is} and stands in ${place} of wrangler.toml, where everyone can read it: remove it there, change it where it was made, and run \`${put(binding)}\``;
      return [{ binding, problem }];
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const isLarge = new TextEncoder().encode(text).length > MAX_VARIABLE_BYTES;
    return isLarge
      ? [
          {
            binding,
            problem: `is larger than the 5 KB that a variable in ${place} may hold: make it smaller`,
          },
        ]
      : [];
  });
}

// Variables of wrangler.toml are in plain sight of everyone who reads the file or the dashboard: what of them is, or
// looks like, a secret; and which are too large.

import type { Fault } from "../fault.ts";
import { SECRETS, VARIABLES } from "./binding-names.ts";
import { isSecretText } from "./secret-texts.ts";
import { heading } from "./wrangler-toml.ts";

/** What a variable may hold, in bytes. Source: https://developers.cloudflare.com/workers/platform/limits/ */
const MAX_VARIABLE_BYTES = 5 * 1024;

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|_TOKEN$|CREDENTIAL/i;
/** What is for everybody to see, whatever it looks like. */
const PUBLIC_NAME = /PUBLIC|PUBLISHABLE|SITE_?KEY|_IDS?$|_NAME$|^COMMIT|_SHA$|VERSION/i;
const PLAIN_VALUE = /^(true|false|on|off|\d{1,9}|https?:\/\/[^@\s]{1,2000})$/i;

/** Long, and of both cases and digits: as nobody writes names. */
const isRandom = (text: string): boolean =>
  text.length >= 24 &&
  /^[\w+/=-]+$/.test(text) &&
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text);

/** Every text in a value with its name, since a variable can be a table. */
const textsOf = (name: string, value: unknown): [name: string, text: string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, member]) => textsOf(Array.isArray(value) ? name : key, member))
    : typeof value === "string"
      ? [[name, value]]
      : [];

/** Whether a text is a secret by itself, or by the name that it has. */
function isSecret(name: string, text: string): boolean {
  if (isSecretText(text)) return true;
  // A variable that is read has a check of its own.
  if (VARIABLES.includes(name) || PUBLIC_NAME.test(name) || PLAIN_VALUE.test(text)) return false;
  return SECRET_NAME.test(name) || isRandom(text);
}

/** What is wrong with the variables of one environment. `named` are secrets that the definition names. */
export function variableFaults(
  vars: Readonly<Record<string, unknown>>,
  named: readonly string[],
  env: string | undefined,
): Fault[] {
  const place = heading("vars", env);
  const put = (name: string) => `npx wrangler secret put ${name}${env === undefined ? "" : ` --env ${env}`}`;
  return Object.entries(vars).flatMap(([binding, value]): Fault[] => {
    const texts = textsOf(binding, value);
    const isKnown = [binding, ...texts.map(([name]) => name)].some(
      (name) => SECRETS.includes(name) || named.includes(name),
    );
    const looks = texts.some(([name, text]) => isSecret(name, text));
    if (isKnown || looks) {
      const is = isKnown ? "is a secret" : "looks like a secret";
      const problem = `remove it from ${place} of wrangler.toml, change it where it was made, and run \`${put(binding)}\`: it ${is}, and everyone can read it there`;
      return [{ binding, problem }];
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (new TextEncoder().encode(text).length <= MAX_VARIABLE_BYTES) return [];
    const problem = `make it shorter in ${place}: it is larger than the 5 KB that a variable may hold`;
    return [{ binding, problem }];
  });
}

// The secrets that signing and verification take: the account's API secret, or several while one replaces another.

import { miscopied } from "../copied-text.ts";

/** Throws where a text of the account is missing, or was not copied as it is: over an empty secret anybody can sign. */
export function needCopied(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") throw new TypeError(`${name} is missing`);
  const wrong = miscopied(value);
  if (wrong !== undefined) throw new TypeError(`${name} ${wrong.problem}: ${wrong.fix}`);
}

/** One secret or several, none of them empty. */
export function secretList(apiSecret: string | readonly string[] | undefined): readonly string[] {
  // A copy: holes become undefined, and nobody changes it meanwhile.
  const secrets =
    typeof apiSecret === "string" ? [apiSecret] : Array.isArray(apiSecret) ? [...apiSecret] : [];
  if (secrets.length === 0 || secrets.some((one) => typeof one !== "string" || one.trim() === ""))
    throw new TypeError("apiSecret must be the account's API secret, or a list of them");
  for (const one of secrets) needCopied("apiSecret", one);
  return secrets;
}

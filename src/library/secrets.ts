// The secrets that verification takes: the account's API secret, or several while one replaces another.

/** One secret or several, none of them empty: over an empty one anybody can sign. */
export function secretList(apiSecret: string | readonly string[] | undefined): readonly string[] {
  // A copy: holes become undefined, and nobody changes it meanwhile.
  const secrets =
    typeof apiSecret === "string" ? [apiSecret] : Array.isArray(apiSecret) ? [...apiSecret] : [];
  if (secrets.length === 0 || secrets.some((one) => typeof one !== "string" || one.trim() === ""))
    throw new TypeError("apiSecret must be the account's API secret, or a list of them");
  return secrets;
}

// The secrets that verification takes: the account's API secret, or several while one replaces another.

/** One secret or several, none of them empty: over an empty one anybody can sign. */
export function secretList(apiSecret: string | readonly string[]): readonly string[] {
  const secrets = typeof apiSecret === "string" ? [apiSecret] : apiSecret;
  if (
    !Array.isArray(secrets) ||
    secrets.length === 0 ||
    secrets.some((one) => typeof one !== "string" || one.trim() === "")
  )
    throw new TypeError("apiSecret must be the account's API secret, or a list of them");
  return secrets;
}

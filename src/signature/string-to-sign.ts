// Parameters -> string to sign, signature version 2, as the ladder of steps that Cloudinary documents.
// Source: https://cloudinary.com/documentation/authentication_signatures and the official SDKs.
// Pure: nothing here filters by name; which names may be signed is for the policy.

/** One value of a parameter as it may stand in a request. */
export type Scalar = string | number | boolean;

/** A parameter's value; lists are joined with commas, `null`, `undefined`, `""` and `[]` count as not sent. */
export type SignableValue = Scalar | null | undefined | readonly Scalar[];

/** Parameters by name. Names are expected to match `^[a-z][a-z_]*$`. */
export type SignableParams = Readonly<Record<string, SignableValue>>;

/** Step 1: a value as text, or `""` where there is nothing to send. `0` and `false` are values. */
export function valueText(value: SignableValue): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** Step 2: `[name, text]` of all that is sent, in byte order of the names. */
export function sentParameters(params: SignableParams): [name: string, text: string][] {
  const sent: [string, string][] = [];
  for (const name of Object.keys(params).sort()) {
    const text = valueText(params[name]);
    if (text !== "") sent.push([name, text]);
  }
  return sent;
}

/** Step 3: `name=value`, in which version 2 writes every `&` as `%26`, and escapes nothing else. */
export function pairText(name: string, text: string): string {
  const pair = `${name}=${text}`;
  return pair.includes("&") ? pair.replaceAll("&", "%26") : pair;
}

/**
 * The string to sign, version 2.
 *
 * @example
 * stringToSign({ timestamp: 1700000000, tags: ["a", "b"], folder: "" }); // "tags=a,b&timestamp=1700000000"
 */
export function stringToSign(params: SignableParams): string {
  let all = "";
  for (const [name, text] of sentParameters(params)) all += `${all && "&"}${pairText(name, text)}`;
  return all;
}

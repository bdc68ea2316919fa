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

/** What is known of the names of a request: most requests of a profile have the same. */
interface Plan {
  readonly names: readonly string[];
  /** The places of the names, in byte order of these. */
  readonly order: readonly number[];
  /** `&name=` of each, in that order. */
  readonly starts: readonly string[];
}

/** The last names that were seen, by how many they are: names alone, which are no secret. */
const plans: Plan[] = [];
/** More names than any request has are sorted anew each time. */
const MOST_NAMES = 128;

function planOf(names: readonly string[]): Plan {
  const known = plans[names.length];
  if (known?.names.every((name, i) => name === names[i])) return known;
  const order = [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const plan = { names, order, starts: order.map((i) => `&${pairText(names[i]!, "")}`) };
  if (names.length <= MOST_NAMES) plans[names.length] = plan;
  return plan;
}

/** Step 2: `[name, text]` of all that is sent, in byte order of the names. */
export function sentParameters(params: SignableParams): [name: string, text: string][] {
  const { names, order } = planOf(Object.keys(params));
  const sent: [string, string][] = [];
  for (const i of order) {
    const text = valueText(params[names[i]!]);
    if (text !== "") sent.push([names[i]!, text]);
  }
  return sent;
}

/** Version 2 writes every `&` as `%26`, and escapes nothing else. */
const escaped = (text: string): string => (text.includes("&") ? text.replaceAll("&", "%26") : text);

/** Step 3: `name=value`. */
export const pairText = (name: string, text: string): string => `${escaped(name)}=${escaped(text)}`;

/**
 * The string to sign, version 2.
 *
 * @example
 * stringToSign({ timestamp: 1700000000, tags: ["a", "b"], folder: "" }); // "tags=a,b&timestamp=1700000000"
 */
export function stringToSign(params: SignableParams): string {
  const { order, starts } = planOf(Object.keys(params));
  const values = Object.values(params);
  // The same as of `sentParameters` and `pairText`, without a list of lists on the way.
  let all = "";
  for (let at = 0; at < order.length; at += 1) {
    const text = valueText(values[order[at]!]);
    if (text !== "") all += starts[at]! + escaped(text);
  }
  return all.slice(1);
}

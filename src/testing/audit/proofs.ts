// The kinds of proof: how the official SDK builds or verifies the other thing that a signature is.

import type { Claim, Proof } from "./attack.ts";
import {
  type Account,
  isSignatureOf,
  optionsFor,
  type Params,
  searchUrl,
  signedUrl,
  utils,
  withSettings,
} from "./sdk.ts";

/** An upload, signed exactly as it was asked for. */
export const asAsked: Proof = ({ signed, signature, account }) =>
  signed.timestamp !== undefined && isSignatureOf(signed, signature, account);

/**
 * A request of Cloudinary's API that the SDK would make of `build`'s parameters. What the endpoint wants to be
 * sent along is signed too: that the other method refuses an extra name is documented nowhere.
 */
export const asRequest =
  (build: (victim: string) => Params): Proof =>
  ({ victim, signed: { timestamp }, base, signature, account }) =>
    timestamp !== undefined &&
    isSignatureOf({ ...base, ...given(build(victim)), timestamp }, signature, account);

/** The SDK's builders name every option, also those that are not given. */
const given = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== null));

/** A download address that the SDK makes; `make` is given its options. */
export const asAddress =
  (make: (victim: string, options: ReturnType<typeof optionsFor>) => string): Proof =>
  ({ victim, signed: { timestamp }, base, signature, account }) => {
    if (timestamp === undefined) return false;
    const query = new URL(make(victim, optionsFor(account, timestamp))).searchParams;
    if (Object.keys(base).length === 0) return query.get("signature") === signature;
    const { signature: _, api_key: __, ...params } = Object.fromEntries(query);
    // The SDK writes a list as `name[]` into an address, and signs it as `name`.
    const named = Object.entries(params).map(([name, value]) => [name.replace(/\[\]$/, ""), value]);
    return isSignatureOf({ ...base, ...Object.fromEntries(named) }, signature, account);
  };

/** The answer to an upload, which receivers trust when its signature is right. */
export const asResponse: Proof = ({ victim, now, signature, account }) =>
  withSettings(account, () => utils.verify_api_response_signature(victim, now, signature));

/** A notification: the text that was signed, cut before the timestamp at its end, is a body that parses. */
export const asNotification: Proof = ({ signed, now, victim, signature, account }) => {
  const text = expectedText(signed);
  if (!text.endsWith(`}${now}`)) return false;
  const body = text.slice(0, -String(now).length);
  return (
    isAbout(body, victim) &&
    withSettings(account, () => utils.verifyNotificationSignature(body, now, signature))
  );
};

/** A signed delivery URL of an authenticated asset, over which the signed text is laid. */
export const asDelivery: Proof = ({ signed, victim, signature, account }) => {
  const text = expectedText(signed);
  const end = `/${victim}`;
  if (!text.endsWith(end)) return false;
  const url = signedUrl(victim, text.slice(0, -end.length), account);
  return url.includes(`/s--${deliverySignature(signature, account)}--/`);
};

/** Seconds that a forged search URL is good for. */
const SEARCH_TTL = 300;

/** The address of a search for the victim, made so that its query, in base64, ends with `==`. */
function searchFor(victim: string, secret: string): string {
  const query = (expression: string) => JSON.stringify({ expression });
  let expression = `public_id:${victim}`;
  while (Buffer.byteLength(query(expression)) % 3 !== 1) expression += " ";
  return searchUrl(expression, SEARCH_TTL, { secret });
}

/** The text that a signed search URL is signed over, which has the form of one parameter: a name, `=` and `=`. */
export function searchText(victim: string): string {
  const [ttl, query] = new URL(searchFor(victim, "-")).pathname.split("/").slice(-2);
  return `${ttl}${query}`;
}

/** A signed search URL: its holder sees what the account holds, private assets too. */
export const asSearch: Proof = ({ victim, signature, account }) =>
  searchFor(victim, account.secret).includes(`/search/${signature}/`);

/** The attacker's own reckoning of what an endpoint signs; whether it is right, the SDK decides. */
const expectedText = (params: Params): string =>
  Object.entries(params)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

function isAbout(body: string, victim: string): boolean {
  try {
    return JSON.parse(body).public_id === victim;
  } catch {
    return false;
  }
}

/** The part of a delivery URL that a request signature, which is the same hash, gives away. */
const deliverySignature = (signature: string, { algorithm }: Account): string =>
  Buffer.from(signature, "hex")
    .toString("base64")
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .slice(0, algorithm === "sha256" ? 32 : 8);

/** Whether the official SDK says so; what it can't even build is not a forgery. */
export function isProven(proof: Proof, claim: Claim): boolean {
  try {
    return proof(claim);
  } catch {
    return false;
  }
}

// The account and the parameters that the signing functions take.

import type { SignatureAlgorithm } from "../signature/digest.ts";
import { type Scalar, type SignableParams, sentParameters } from "../signature/string-to-sign.ts";
import { apiAddress } from "../web-address.ts";
import { needCopied } from "./secrets.ts";

/** Whose signature it is. */
export interface SigningAccount {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Default `https://api.cloudinary.com`. `https`, or `http` for this machine alone; no user, query or fragment. */
  readonly uploadPrefix?: string;
  /** Default `sha256`; Cloudinary tells it by the signature's length. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** `image` (the default), `video`, `raw`, or for uploads `auto`: a part of the address, and not signed. */
  readonly resourceType?: "image" | "video" | "raw" | "auto";
  /** Unix seconds of the signature, which lives for an hour from then; at most 60 ahead. Default now. */
  readonly timestamp?: number;
}

/** Fields of a form that no signature covers, and the time, which is the account's option. */
const UNSIGNED = new Set(["file", "cloud_name", "resource_type", "api_key", "signature", "timestamp"]);

/** An object that only holds members: of a `Map` or a class nothing would be signed, or not what is meant. */
function isTable(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // Every realm (a frame, a test's sandbox) has an `Object.prototype` of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

/** Half of a character can't be sent as it is signed. */
const isWhole = (value: unknown): boolean => typeof value !== "string" || value.isWellFormed();

/** A copy of one value as it may be signed. */
function readValue(name: string, value: unknown): SignableParams[string] {
  if (!isWhole(value)) throw new TypeError(`${name} holds half a character (a lone surrogate): was it cut?`);
  if (value === null || value === undefined || isScalar(value)) return value;
  if (!Array.isArray(value))
    throw new TypeError(
      `${name} must be a string, a finite number, a boolean, or a list of those; context and metadata are strings, such as "alt=A cat|caption=Felix"`,
    );
  // Holes become undefined. Lists are joined with commas, and signed alike whether a comma stood in an item or
  // between two.
  const items: readonly unknown[] = [...value];
  if (!items.every((item) => isScalar(item) && !String(item).includes(",")))
    throw new TypeError(`an item of ${name} must be a string without commas, a finite number or a boolean`);
  // A method could read an empty item as any: a prefix of all names.
  if (items.includes("")) throw new TypeError(`an item of ${name} is empty: leave it out`);
  if (!items.every(isWhole))
    throw new TypeError(`an item of ${name} holds half a character (a lone surrogate): was it cut?`);
  return items as readonly Scalar[];
}

/**
 * What is sent, as texts and exactly as signed. Throws a `TypeError` for what is not an object of parameters, and for a
 * name or a value that is none to sign.
 */
export function fieldsOf(params: SignableParams, timestamp: number): Record<string, string> {
  if (!isTable(params))
    throw new TypeError('the parameters must be a plain object, such as { folder: "avatars" }');
  const read: [string, SignableParams[string]][] = [];
  // Each value is read once: what is checked is what is signed.
  for (const [name, value] of Object.entries(params)) {
    // A name of another form could make the text read as a notification, or as a delivery URL.
    if (!/^[a-z][a-z_]*$/.test(name))
      throw new TypeError(
        `${JSON.stringify(name)} must be the name of a parameter, in lower-case letters and _`,
      );
    if (UNSIGNED.has(name)) throw new TypeError(`leave ${name} out of the parameters: it is not signed`);
    read.push([name, readValue(name, value)]);
  }
  return Object.fromEntries([...sentParameters(Object.fromEntries(read)), ["timestamp", String(timestamp)]]);
}

const RESOURCE_TYPES = ["image", "video", "raw"];

/** The address of a method. Nothing in it may choose another one: the signature would be valid there too. */
export function addressOf({ cloudName, uploadPrefix, resourceType }: CheckedAccount, method: string): string {
  const types = method === "upload" ? [...RESOURCE_TYPES, "auto"] : RESOURCE_TYPES;
  if (!types.includes(resourceType))
    throw new TypeError(`resourceType of ${method} must be one of ${types.join(", ")}`);
  if (!/^[A-Za-z0-9_-]+$/.test(cloudName)) throw new TypeError("cloudName must be letters, digits, - and _");
  const prefix: unknown = uploadPrefix ?? "https://api.cloudinary.com";
  if (typeof prefix !== "string") throw new TypeError("uploadPrefix must be a string");
  const address = apiAddress(prefix);
  if (!address.ok) throw new TypeError(`uploadPrefix ${address.error}`);
  return `${address.value}/v1_1/${cloudName}/${resourceType}/${method}`;
}

const ALGORITHMS: readonly SignatureAlgorithm[] = ["sha256", "sha1"];

/** The account, checked, and read once: what was checked is what signs. */
export interface CheckedAccount extends Required<Omit<SigningAccount, "uploadPrefix">> {
  readonly uploadPrefix: string | undefined;
}

/** Seconds that a timestamp may be ahead of this machine's clock. */
const MAX_AHEAD = 60;

function checkTimestamp(timestamp: number): void {
  // 0 and -0 are no time of a signature either.
  if (!Number.isSafeInteger(timestamp) || timestamp <= 0)
    throw new TypeError("timestamp must be whole Unix seconds, such as Math.floor(Date.now() / 1000)");
  const now = unixNow();
  if (timestamp > now * 100)
    throw new TypeError(
      "timestamp must be in seconds, such as Math.floor(Date.now() / 1000): it is in milliseconds",
    );
  if (timestamp > now + MAX_AHEAD)
    throw new TypeError(
      `timestamp must be at most ${MAX_AHEAD} seconds ahead: otherwise the signature would outlive its hour`,
    );
}

/** Throws where a part of the account is missing (over an empty secret anybody can sign), miscopied or unknown. */
export function readAccount(account: SigningAccount): CheckedAccount {
  const {
    cloudName,
    apiKey,
    apiSecret,
    uploadPrefix,
    signatureAlgorithm = "sha256",
    resourceType = "image",
    timestamp = unixNow(),
  } = account ?? {};
  for (const [name, value] of Object.entries({ cloudName, apiKey, apiSecret })) needCopied(name, value);
  if (!ALGORITHMS.includes(signatureAlgorithm))
    throw new TypeError(`signatureAlgorithm must be ${ALGORITHMS.join(" or ")}`);
  checkTimestamp(timestamp);
  return { cloudName, apiKey, apiSecret, uploadPrefix, signatureAlgorithm, resourceType, timestamp };
}

export const unixNow = (): number => Math.floor(Date.now() / 1000);

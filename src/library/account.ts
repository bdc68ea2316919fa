// The account and the parameters that the signing functions take.

import type { SignatureAlgorithm } from "../signature/digest.ts";
import { type SignableParams, sentParameters } from "../signature/string-to-sign.ts";

/** Whose signature it is. */
export interface SigningAccount {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Default `https://api.cloudinary.com`. */
  readonly uploadPrefix?: string;
  /** Default `sha256`; Cloudinary tells it by the signature's length. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** `image` (the default), `video`, `raw`, or for uploads `auto`: a part of the address, and not signed. */
  readonly resourceType?: "image" | "video" | "raw" | "auto";
  /** Unix seconds of the signature, which lives for an hour from then. Default now. */
  readonly timestamp?: number;
}

/** Fields of a form that no signature covers, and the time, which is the account's option. */
const UNSIGNED = new Set(["file", "cloud_name", "resource_type", "api_key", "signature", "timestamp"]);

/** What is sent, as texts and exactly as signed. Throws a `TypeError` for a name that is no parameter's. */
export function fieldsOf(params: SignableParams, timestamp: number): Record<string, string> {
  for (const [name, value] of Object.entries(params)) {
    // A name of another form could make the text read as a notification, or as a delivery URL.
    if (!/^[a-z][a-z_]*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no parameter's name`);
    if (UNSIGNED.has(name)) throw new TypeError(`${name} is none of the parameters to sign`);
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value))
      throw new TypeError(`${name} must be a text, such as "alt=A cat|caption=Felix" for context`);
    // Lists are joined with commas, and signed alike whether a comma stood in an item or between two.
    const items: readonly unknown[] = [...value];
    if (items.some((item) => String(item ?? ",").includes(",") || typeof item === "object"))
      throw new TypeError(`an item of ${name} is no text or number, or holds a comma`);
  }
  if (!Number.isSafeInteger(timestamp)) throw new TypeError("timestamp must be whole Unix seconds");
  return Object.fromEntries([...sentParameters(params), ["timestamp", String(timestamp)]]);
}

const RESOURCE_TYPES = ["image", "video", "raw"];

/** The address of a method. Nothing in it may choose another one: the signature would be valid there too. */
export function addressOf(
  { cloudName, uploadPrefix, resourceType = "image" }: SigningAccount,
  method: string,
): string {
  const types = method === "upload" ? [...RESOURCE_TYPES, "auto"] : RESOURCE_TYPES;
  if (!types.includes(resourceType))
    throw new TypeError(`resourceType of ${method} must be ${types.join(", ")}`);
  if (!/^[A-Za-z0-9_-]+$/.test(cloudName)) throw new TypeError("cloudName holds letters, digits, - and _");
  const prefix = (uploadPrefix ?? "https://api.cloudinary.com").replace(/\/+$/, "");
  return `${prefix}/v1_1/${cloudName}/${resourceType}/${method}`;
}

/** Throws where a part of the account is missing: over an empty secret anybody can sign. */
export function needAccount({ cloudName, apiKey, apiSecret }: SigningAccount): void {
  for (const [name, value] of Object.entries({ cloudName, apiKey, apiSecret }))
    if (typeof value !== "string" || value.trim() === "") throw new TypeError(`${name} is missing`);
}

export const unixNow = (): number => Math.floor(Date.now() / 1000);

// The account that the signing functions take, and the address that is made of it.

import type { SignatureAlgorithm } from "../signature/digest.ts";
import { apiAddress } from "../web-address.ts";
import { needCopied } from "./secrets.ts";

/** Whose signature it is. */
export interface SigningAccount {
  /** As in delivery URLs. */
  readonly cloudName: string;
  /** Public: it stands in every form. */
  readonly apiKey: string;
  /** Never let it reach a browser. */
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

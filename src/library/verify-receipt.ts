// Receipts: what did this signer confirm, and is it what a client hands on? JWTs and key sets are jose's.

import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { type KeySet, keySet } from "../access/key-set.ts";
import type { ConfirmedUpload, UploadedAsset } from "../config/application.ts";
import { deriveReceiptKey } from "../keys/receipt-key.ts";
import { err, ok, type Result } from "../result.ts";
import { isSafeAddress } from "../web-address.ts";
import { needCopied, secretList } from "./secrets.ts";

/** A confirmed upload, and when it was confirmed. */
export interface Receipt extends ConfirmedUpload {
  /** Unix seconds. */
  readonly issuedAt: number;
}

/**
 * - `malformed`: not a receipt, whoever signed it: not a JWT, under another algorithm, without what every receipt has;
 * - `other_issuer`, `other_account`, `other_profile`: a receipt of another signer, cloud or profile than wanted;
 * - `invalid_signature`: signed by another key, or altered since;
 * - `expired`: over an hour old;
 * - `keys_unavailable`: the key set did not come, or its keys can't be used: ask again later.
 */
export type ReceiptFailure =
  | "malformed"
  | "other_issuer"
  | "other_account"
  | "other_profile"
  | "invalid_signature"
  | "expired"
  | "keys_unavailable";

/** Whose receipts are taken, and where their key is. */
export interface VerifyReceiptOptions {
  /** `publicUrl` of the signer, exactly as its configuration has it. */
  readonly publicUrl: string;
  /** The signer's key set, or its address where that is not `publicUrl` and `/.well-known/jwks.json`. */
  readonly jwks?: string | URL | { readonly keys: readonly object[] };
  /** Instead of a key set, and without a request: the account, of which the key is made. Several secrets while one replaces another. */
  readonly account?: { readonly cloudName: string; readonly apiSecret: string | readonly string[] };
  /** The profile, or profiles, by which it may have been uploaded. Default any. */
  readonly profile?: string | readonly string[];
  /** Unix seconds; default the time now. */
  readonly now?: number;
}

/** Longest receipt that is read, in characters: the longest names have a quarter of it. */
const MAX_RECEIPT = 32 * 1024;
/** Seconds that clocks may differ. */
const CLOCKS = 60;

const encoder = new TextEncoder();

/** Key sets by their address: each keeps what it fetched. */
const sets = new Map<string, KeySet>();

function remoteKeys(address: string): JWTVerifyGetKey {
  if (!isSafeAddress(address))
    throw new TypeError("jwks must be a key set, or an address that begins with https://");
  let found = sets.get(address);
  if (found === undefined) {
    found = keySet(new URL(address), (...asked) => fetch(...asked));
    sets.set(address, found);
  }
  return found.getKey;
}

function givenKeys(jwks: { readonly keys: readonly object[] }): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(jwks as Parameters<typeof createLocalJWKSet>[0]);
  } catch {
    throw new TypeError("jwks must be a key set, { keys: [ … ] }, or its address");
  }
}

async function ownKeys(
  { cloudName, apiSecret }: NonNullable<VerifyReceiptOptions["account"]>,
  publicUrl: string,
) {
  needCopied("account.cloudName", cloudName);
  const made = secretList(apiSecret).map(async (secret) => {
    const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
      "deriveBits",
    ]);
    return (await deriveReceiptKey(material, cloudName, publicUrl)).jwk;
  });
  return givenKeys({ keys: await Promise.all(made) });
}

async function keysOf({ publicUrl, jwks, account }: VerifyReceiptOptions): Promise<JWTVerifyGetKey> {
  if (account !== undefined) {
    if (jwks !== undefined) throw new TypeError("give jwks or account, and not both");
    return ownKeys(account, publicUrl);
  }
  const keys = jwks === undefined ? `${publicUrl}/.well-known/jwks.json` : jwks;
  return typeof keys === "string" || keys instanceof URL ? remoteKeys(String(keys)) : givenKeys(keys);
}

/** The profiles that are wanted; `undefined`, any. */
function wantedProfiles({ profile }: VerifyReceiptOptions): readonly string[] | undefined {
  if (profile === undefined) return undefined;
  const names: readonly unknown[] =
    typeof profile === "string" ? [profile] : Array.isArray(profile) ? profile : [];
  if (names.length === 0 || names.some((one) => typeof one !== "string"))
    throw new TypeError("profile must be the name of a profile, or a list of names");
  return names as readonly string[];
}

function checkOptions({ publicUrl, now = 0 }: VerifyReceiptOptions): void {
  if (!isSafeAddress(publicUrl) || publicUrl.endsWith("/"))
    throw new TypeError(
      "publicUrl must be that of the signer's configuration, such as https://uploads.example.com, without a slash at its end",
    );
  if (!Number.isFinite(now)) throw new TypeError("now must be a number of seconds");
}

/** What a token says of itself; nothing of it is believed yet. */
function claimsOf(receipt: unknown): JWTPayload | undefined {
  if (typeof receipt !== "string" || receipt.length > MAX_RECEIPT) return undefined;
  try {
    return decodeJwt(receipt);
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown): ReceiptFailure {
  if (error instanceof errors.JWTExpired) return "expired";
  const isOfOtherKey =
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JWSSignatureVerificationFailed;
  if (isOfOtherKey) return "invalid_signature";
  // Whatever is not jose's own is the key set's, or Web Crypto's over a key of it.
  return error instanceof errors.JOSEError ? "malformed" : "keys_unavailable";
}

/**
 * Verifies a receipt, as a client hands it on, and answers what was confirmed. Store it by its `jti`, once: whoever has
 * a receipt may hand it in again. `subject` is who uploaded it, and need not be who hands it in.
 *
 * Throws a `TypeError` where an option is missing or wrong, and for nothing that a client sends.
 *
 * @example
 * const verified = await verifyReceipt(receipt, { publicUrl: "https://uploads.example.com", profile: "avatars" });
 * if (!verified.ok) return new Response(verified.error, { status: 422 });
 * const { jti, subject, asset } = verified.value;
 */
export async function verifyReceipt(
  receipt: string,
  options: VerifyReceiptOptions,
): Promise<Result<Receipt, ReceiptFailure>> {
  checkOptions(options ?? {});
  const { publicUrl, account, now } = options;
  const profiles = wantedProfiles(options);
  const getKey = await keysOf(options);
  const said = claimsOf(receipt);
  if (said === undefined) return err("malformed");
  // Before anything is fetched; what follows verifies the text that this was read from.
  if (said.iss !== publicUrl) return err("other_issuer");
  if (account !== undefined && said.aud !== account.cloudName) return err("other_account");
  let claims: JWTPayload;
  try {
    ({ payload: claims } = await jwtVerify(receipt, getKey, {
      algorithms: ["EdDSA"],
      requiredClaims: ["iat", "exp", "jti"],
      clockTolerance: CLOCKS,
      ...(now !== undefined && { currentDate: new Date(now * 1000) }),
    }));
  } catch (error) {
    return err(failureOf(error));
  }
  const {
    jti,
    sub: subject = null,
    iat,
    profile,
    asset,
  } = claims as JWTPayload & Record<"profile" | "asset", unknown>;
  if (typeof profile !== "string" || typeof asset !== "object" || asset === null) return err("malformed");
  if (profiles?.includes(profile) === false) return err("other_profile");
  return ok({ jti: jti!, profile, subject, asset: asset as UploadedAsset, issuedAt: iat! });
}

// Whose request it is: the official `cloudinary` package decides whether a signature is right, never our own code.

import { createHash, timingSafeEqual } from "node:crypto";
import { v2 as cloudinary } from "cloudinary";
import { UNSIGNED_NAMES } from "../../policy/tables/parameters.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SignatureAlgorithm } from "../../signature/digest.ts";
import { stringToSign } from "../../signature/string-to-sign.ts";
import { isFileSent } from "./file.ts";
import type { UploadForm } from "./form.ts";
import { type Account, activeOf, type KeyPair } from "./key-pairs.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** By which key pair a request is signed, and how. */
export interface SignedBy {
  readonly pair: KeyPair;
  readonly algorithm: SignatureAlgorithm;
}

/** The SDK's function with the two arguments that its types leave out; without them it reads the environment. */
type Sign = (
  params: Record<string, string | number>,
  apiSecret: string,
  algorithm: SignatureAlgorithm,
  signatureVersion: 1 | 2,
) => string;
const sdkSign: Sign = cloudinary.utils.api_sign_request;

/** A signature is good for this long after its timestamp, in seconds. */
const MAX_AGE = 3600;

/** What a method wants of a request. */
export interface Needs {
  /** Fields. */
  readonly required: readonly string[];
  /** Whether `expires_at` says how long a request is good, instead of its timestamp. */
  readonly expires?: boolean;
}

/** A secret this long is in no value by accident; Cloudinary's have 27 characters. */
const UNMISTAKABLE_LENGTH = 16;

/**
 * Judges a request of a method that needs certain fields, and tells by which key pair and algorithm it is signed. The order of the
 * checks (unsigned, key, required fields, age, signature) is our own choice, since Cloudinary documents none. A
 * timestamp in the future is accepted: whether Cloudinary refuses it is unknown.
 */
export function judge(
  form: UploadForm,
  account: Account,
  when: Needs & { readonly nowMs: number; readonly maxAge: number | undefined },
): Result<SignedBy, Refusal> {
  const { fields } = form;
  const { required } = when;
  if (!fields.has("signature") && required.includes("file")) {
    return err(fields.get("upload_preset") ? REFUSALS.unknownPreset() : REFUSALS.unsigned());
  }

  const apiKey = fields.get("api_key");
  if (!apiKey) return err(REFUSALS.missing("api_key"));
  const pair = activeOf(account).find((one) => one.apiKey === apiKey);
  // That one which is disabled is refused in these words is assumed.
  if (pair === undefined) return err(REFUSALS.unknownKey(apiKey));

  const timestamp = fields.get("timestamp");
  const signature = fields.get("signature");
  const absent = required.find((name) => (name === "file" ? !isFileSent(form.file) : !fields.get(name)));
  if (absent !== undefined) return err(REFUSALS.missing(absent));
  if (!timestamp) return err(REFUSALS.missing("timestamp"));
  if (!signature) return err(REFUSALS.missing("signature"));

  const late = lateness(timestamp, fields.get("expires_at"), when);
  if (late) return err(late);

  // The wire names no algorithm: 40 hex digits are SHA-1, 64 are SHA-256.
  const algorithm = signature.length === 40 ? "sha1" : "sha256";
  const params = signedParams(fields);
  const expected = sdkSign(params, pair.apiSecret, algorithm, 2);
  const text = provenStringToSign(params, pair.apiSecret, algorithm, expected);
  return sameText(signature, expected)
    ? ok({ pair, algorithm })
    : err(REFUSALS.invalidSignature(signature, text));
}

function lateness(
  timestamp: string,
  expiresAt: string | undefined,
  {
    nowMs,
    maxAge = MAX_AGE,
    expires,
  }: Needs & { readonly nowMs: number; readonly maxAge: number | undefined },
): Refusal | undefined {
  const until = expires ? expiresAt || undefined : undefined;
  if (![timestamp, until ?? "0"].every((text) => /^\d+$/.test(text))) return REFUSALS.badTimestamp();
  if (until !== undefined) return nowMs > Number(until) * 1000 ? REFUSALS.expired(Number(until)) : undefined;
  return nowMs - Number(timestamp) * 1000 > maxAge * 1000
    ? REFUSALS.stale(Number(timestamp), maxAge)
    : undefined;
}

/** The `signature` of a successful answer, for the client to check where the answer came from. */
export function answerSignature(publicId: string, version: number, { pair, algorithm }: SignedBy): string {
  return sdkSign({ public_id: publicId, version }, pair.apiSecret, algorithm, 1);
}

/** Whether some text of the request holds an API secret. Answers echo what was sent, and so would hold it. */
export function holdsSecret(form: UploadForm, account: Account): boolean {
  const texts = [...form.fields].flat();
  if (form.file instanceof File) texts.push(form.file.name);
  return activeOf(account).some(({ apiSecret }) =>
    texts.some(
      (text) => text === apiSecret || (apiSecret.length >= UNMISTAKABLE_LENGTH && text.includes(apiSecret)),
    ),
  );
}

/**
 * Settings of the official SDK. Given a signature, its uploader sends every option as a field, these too, and
 * Cloudinary must leave them out, or no such upload could succeed.
 */
const SDK_SETTINGS: ReadonlySet<string> = new Set([
  ...["agent", "api_proxy", "chunk_size", "disable_promises", "secure", "secure_distribution", "private_cdn"],
  ...["signature_algorithm", "signature_version", "timeout", "upload_prefix", "content_type", "filename"],
  ...["content_range", "stream", "x_unique_upload_id"],
]);

/** Every field but those that are never signed. That a name Cloudinary does not know counts too is assumed. */
function signedParams(fields: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...fields].filter(([name]) => !UNSIGNED_NAMES.has(name) && !SDK_SETTINGS.has(name)),
  );
}

/**
 * The SDK does not tell its string to sign, so it is ours that the message shows; it must hash to the SDK's
 * signature, or the message would send someone down the wrong path.
 */
function provenStringToSign(
  params: Record<string, string>,
  apiSecret: string,
  algorithm: SignatureAlgorithm,
  expected: string,
): string {
  const text = stringToSign(params);
  const ours = createHash(algorithm)
    .update(text + apiSecret)
    .digest("hex");
  if (ours !== expected) {
    throw new Error(
      "our string to sign is not the SDK's; does LC_ALL name a locale with another sort order?",
    );
  }
  return text;
}

/** Compares without telling by its duration how much is right. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

// Which failure an error is that jose threw over a token. Every other error is a bug of ours, and goes on.

import { errors } from "jose";
import { type Failure, failure } from "../failure.ts";
import { KeysUnavailable } from "./key-set.ts";

/** The token was made for something else than to let callers in. */
export class WrongType extends Error {}

/** A claim whose value, or whose absence, is told by a word of its own. */
type ClaimReason = "iss_mismatch" | "aud_mismatch" | "not_yet_valid" | "missing_claim" | "malformed_claim";

const CLAIM_REASONS: Readonly<Record<string, ClaimReason>> = {
  iss: "iss_mismatch",
  aud: "aud_mismatch",
  nbf: "not_yet_valid",
  iat: "not_yet_valid",
};

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): ClaimReason {
  if (reason === "invalid") return "malformed_claim";
  if (reason === "missing" && claim !== "iss" && claim !== "aud") return "missing_claim";
  return CLAIM_REASONS[claim] ?? "malformed_claim";
}

/** jose's errors that need no more than a word. */
const BY_CLASS = [
  [errors.JOSEAlgNotAllowed, "alg"],
  [errors.JWKSNoMatchingKey, "no_matching_key"],
  [errors.JWKSMultipleMatchingKeys, "several_matching_keys"],
  [errors.JWSSignatureVerificationFailed, "signature"],
] as const;

export function failureOf(error: unknown): Failure {
  if (error instanceof KeysUnavailable) return failure(error.reason);
  if (error instanceof WrongType) return failure("typ");
  if (error instanceof errors.JWTExpired)
    return failure(error.claim === "iat" ? "issued_too_long_ago" : "expired");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const missing = error.reason === "missing";
    return failure(claimReason(error), { claim: error.claim, missing });
  }
  const known = BY_CLASS.find(([type]) => error instanceof type);
  if (known !== undefined) return failure(known[1]);
  if (error instanceof errors.JOSEError) return failure("malformed", { what: "token" });
  throw error;
}

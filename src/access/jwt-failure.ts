// Which failure an error is that jose threw over a token. Every other error is a bug of ours, and goes on.

import { errors } from "jose";
import { type Failure, failure, type Reason } from "../problem.ts";

/** There are no keys to verify by; the message is for the caller. */
export class KeysUnavailable extends Error {
  readonly reason: Reason;

  constructor(message: string, reason: Reason) {
    super(message);
    this.reason = reason;
  }
}

/** The token was made for something else than to let callers in. */
export class WrongType extends Error {}

/** Claims whose value, or whose absence, is told by a word of its own. */
const CLAIM_REASONS: Readonly<Record<string, Reason>> = {
  iss: "iss_mismatch",
  aud: "aud_mismatch",
  nbf: "not_yet_valid",
  iat: "not_yet_valid",
};

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): Reason {
  if (reason === "invalid") return "malformed_claim";
  if (reason === "missing" && claim !== "iss" && claim !== "aud") return "missing_claim";
  return CLAIM_REASONS[claim] ?? "malformed_claim";
}

export function failureOf(error: unknown): Failure {
  const invalid = (detail: string, reason: Reason) => failure("invalid_token", detail, reason);
  if (error instanceof KeysUnavailable) return failure("keys_unavailable", error.message, error.reason);
  if (error instanceof WrongType)
    return invalid(
      "the token's type is not one that lets in: the header `typ` must be JWT, at+jwt or absent",
      "typ",
    );
  if (error instanceof errors.JWTExpired) {
    return error.claim === "iat"
      ? failure("expired_token", "the token was issued too long ago", "issued_too_long_ago")
      : failure("expired_token", "the token has expired", "expired");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const wrong = error.reason === "missing" ? "is missing" : "is not what this way in wants";
    return invalid(`the claim ${error.claim} of the token ${wrong}`, claimReason(error));
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid("the token's algorithm is not allowed", "alg");
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid("the token's key is none of its issuer's", "no_matching_key");
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return invalid(
      "the token does not name its key (`kid`), and its issuer has several",
      "several_matching_keys",
    );
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalid("the token is not valid", "signature");
  if (error instanceof errors.JOSEError) return invalid("the token is not valid", "malformed");
  throw error;
}

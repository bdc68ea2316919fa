// The way in `turnstile`: a browser that solved Cloudflare Turnstile's challenge. It proves a person's browser
// and nobody's name; when Cloudflare can't be asked, nobody comes in.
// Source: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/

import type { Way } from "../config/config.ts";
import { type Failure, failure } from "../problem.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { fetchJson } from "./fetch-json.ts";
import type { AccessContext, AdmittedCaller, CredentialWay } from "./way.ts";

const HEADER = "cf-turnstile-response";
const SITEVERIFY = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
/** Longest token of Turnstile, in characters (documented). */
const MAX_TOKEN = 2048;

type TurnstileWay = Way & { type: "turnstile" };

const invalid = (detail: string): Result<never, Failure> => err(failure("invalid_token", detail));

export function turnstileWay(way: TurnstileWay): CredentialWay {
  return {
    name: way.name,
    hint: `a Turnstile token in the header ${HEADER}`,
    challenge: 'Turnstile realm="cloudinary-edge-signer"',
    find: ({ headers }) => {
      const value = headers.get(HEADER);
      return value === null ? [] : [{ place: HEADER, value }];
    },
    recognises: () => true,
    verify: (value, context) => verify(way, value, context),
  };
}

async function verify(
  way: TurnstileWay,
  value: string,
  { fetch }: AccessContext,
): Promise<Result<AdmittedCaller, Failure>> {
  if (value === "" || value.length > MAX_TOKEN) return invalid("the Turnstile token is no token");
  const secret = await way.secret();
  if (!secret.ok) return err(failure("keys_unavailable", secret.error));
  const body = JSON.stringify({ secret: secret.value, response: value });
  const asked = await fetchJson(fetch, SITEVERIFY, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (!asked.ok) return err(failure("keys_unavailable", "Turnstile could not be asked: try again later"));
  const answer = asked.value as Record<string, unknown> | null;
  if (typeof answer !== "object" || answer === null || typeof answer.success !== "boolean") {
    return err(failure("keys_unavailable", "Turnstile answered something else than expected"));
  }
  if (!answer.success) {
    const codes = Array.isArray(answer["error-codes"]) ? answer["error-codes"] : [];
    if (codes.includes("timeout-or-duplicate")) {
      return err(
        failure("expired_token", "the Turnstile token is too old or was used before: solve a new challenge"),
      );
    }
    // A wrong secret of ours, or trouble of Turnstile's own, is no fault of the caller's.
    if (codes.some((code) => /secret|internal-error/.test(String(code)))) {
      return err(
        failure("keys_unavailable", "Turnstile refused the secret of this way in: its owner checks it"),
      );
    }
    return invalid("Turnstile refused the token");
  }
  if (typeof answer.hostname !== "string" || !way.hostnames.has(answer.hostname)) {
    return invalid("the Turnstile token was solved on another site");
  }
  if (answer.action !== way.action) return invalid("the Turnstile token was solved for another action");
  return ok({ way: way.name, claims: {} });
}

// The access method `turnstile`: a browser that solved Cloudflare Turnstile's challenge. It proves a person's browser
// and nobody's name; when Cloudflare can't be asked, nobody comes in.
// Source: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/

import * as v from "valibot";
import type { SecretReader, SecretText } from "../keys/secret-reader.ts";
import { underSecret } from "../keys/under-secret.ts";
import { type Failure, failure, type Reason } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { fetchJson } from "./fetch-json.ts";
import { type AccessKind, type AccessMethod, accessMethod } from "./method.ts";
import { BindingName, Texts } from "./options.ts";
import type { AdmittedCaller, CredentialWay } from "./way.ts";

const HEADER = "cf-turnstile-response";
const SITEVERIFY = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
/** Longest token of Turnstile, in characters (documented). */
const MAX_TOKEN = 2048;

const Options = v.strictObject({
  secret: BindingName,
  hostnames: Texts,
  action: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/, "must be 1 to 32 letters, digits, _ and -")),
});

export interface TurnstileOptions {
  /** The name of the binding that holds the widget's secret, such as `TURNSTILE_SECRET`. */
  readonly secret: string;
  /** Where the challenge may have been solved. */
  readonly hostnames: readonly string[];
  /** The widget's action. */
  readonly action: string;
}

interface Settings {
  readonly name: string;
  readonly secret: SecretReader<SecretText>;
  readonly hostnames: ReadonlySet<string>;
  readonly action: string;
}

const invalid = (detail: string, reason: Reason): Result<never, Failure> =>
  err(failure("invalid_token", detail, reason));
const unavailable = (detail: string, reason: Reason): Result<never, Failure> =>
  err(failure("keys_unavailable", detail, reason));

function openTurnstile(way: Settings): CredentialWay {
  return {
    name: way.name,
    hint: `a Turnstile token in the header ${HEADER}`,
    challenge: 'Turnstile realm="cloudinary-edge-signer"',
    find: ({ headers }) => {
      const value = headers.get(HEADER);
      return value === null ? [] : [{ place: HEADER, value }];
    },
    fits: async () => 1,
    verify: async (value, { now, fetch }) => {
      if (value === "") return invalid("the Turnstile token is no token", "malformed");
      if (value.length > MAX_TOKEN) return invalid("the Turnstile token is no token", "too_long");
      return underSecret(way.secret, now, ({ text }) => verify(way, text, value, fetch));
    },
  };
}

async function verify(
  way: Settings,
  secret: string,
  value: string,
  fetcher: typeof fetch,
): Promise<Result<AdmittedCaller, Failure>> {
  const asked = await fetchJson(fetcher, SITEVERIFY, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ secret, response: value }),
  });
  if (!asked.ok) return unavailable("Turnstile could not be asked: try again later", "turnstile_unreachable");
  const answer = asked.value as Record<string, unknown> | null;
  if (typeof answer !== "object" || answer === null || typeof answer.success !== "boolean") {
    return unavailable("Turnstile answered something else than expected", "turnstile_unreachable");
  }
  if (!answer.success) return refused(Array.isArray(answer["error-codes"]) ? answer["error-codes"] : []);
  if (typeof answer.hostname !== "string" || !way.hostnames.has(answer.hostname)) {
    return invalid("the Turnstile token was solved on another site", "turnstile_hostname");
  }
  if (answer.action !== way.action)
    return invalid("the Turnstile token was solved for another action", "turnstile_action");
  return ok({ access: way.name, claims: {} });
}

/** Why Turnstile refused. A wrong secret of ours, or trouble of Turnstile's own, is no fault of the caller's. */
function refused(codes: readonly unknown[]): Result<never, Failure> {
  const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(String(code)));
  if (has(/^timeout-or-duplicate$/)) {
    const detail = "the Turnstile token is too old or was used before: solve a new challenge";
    return err(failure("expired_token", detail, "turnstile_expired"));
  }
  if (has(/secret/)) {
    const detail = "Turnstile refused the secret of this way in: its owner checks it";
    return unavailable(detail, "turnstile_secret");
  }
  if (has(/internal-error/))
    return unavailable("Turnstile has trouble of its own: try again later", "turnstile_unreachable");
  return invalid("Turnstile refused the token", "turnstile_refused");
}

const KIND: AccessKind<TurnstileOptions> = {
  type: "turnstile",
  schema: Options as v.GenericSchema<unknown, TurnstileOptions>,
  check({ secret: binding, hostnames, action }, { name, secret: read }) {
    const secret = read("secret", binding, (text) => (text === "" ? "is empty" : undefined));
    if (!secret.ok) return err([secret.error]);
    const settings: Settings = { name, secret: secret.value, hostnames: new Set(hostnames), action };
    return ok({
      name,
      type: "turnstile",
      anonymous: true,
      claims: new Set<string>(),
      identity: `way ${name}`,
      place: HEADER,
      missingDifference: (other) => (other.type === "turnstile" ? "let in by one of them" : undefined),
      open: () => openTurnstile(settings),
    });
  },
};

/**
 * Browsers that solved Cloudflare Turnstile's challenge: a person's, and nobody's in particular.
 *
 * @example
 * const people = turnstile({ secret: "TURNSTILE_SECRET", hostnames: ["www.example.com"], action: "contact" });
 */
export const turnstile = (options: TurnstileOptions): AccessMethod => accessMethod(KIND, options);

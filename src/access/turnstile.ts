// The access method `turnstile`: a browser that solved Cloudflare Turnstile's challenge. It proves a person's browser
// and nobody's name; when Cloudflare can't be asked, nobody comes in.
// Source: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/

import * as v from "valibot";
import { type Failure, failure } from "../failure.ts";
import type { SecretReader, SecretText } from "../keys/secret-reader.ts";
import { underSecret } from "../keys/under-secret.ts";
import { err, ok, type Result } from "../result.ts";
import { fetchJson } from "./fetch-json.ts";
import {
  type AccessKind,
  type AccessMethod,
  type Admission,
  accessMethod,
  type OpenMethod,
} from "./method.ts";
import { BindingName, Texts } from "./options.ts";

const HEADER = "cf-turnstile-response";
const SITEVERIFY = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
/** Longest token of Turnstile, in characters (documented). */
const MAX_TOKEN = 2048;

const Options = v.strictObject({
  secret: BindingName,
  hostnames: Texts,
  action: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/, "must be 1 to 32 letters, digits, _ and -")),
});

/** Options of `turnstile`. */
export interface TurnstileOptions {
  /** The name of the binding that holds the widget's secret, such as `TURNSTILE_SECRET`. */
  readonly secret: string;
  /** Where the challenge may have been solved. */
  readonly hostnames: readonly string[];
  /** The widget's action. */
  readonly action: string;
}

interface Settings {
  readonly secret: SecretReader<SecretText>;
  readonly hostnames: ReadonlySet<string>;
  readonly action: string;
}

const unreachable = (problem: string): Result<never, Failure> =>
  err(failure("turnstile_unreachable", { problem }));

function open(settings: Settings): OpenMethod {
  return {
    hint: `a Turnstile token in the header ${HEADER}`,
    challenge: 'Turnstile realm="cloudinary-edge-signer"',
    find: ({ headers }) => {
      const value = headers.get(HEADER);
      return value === null ? [] : [{ place: HEADER, value }];
    },
    fits: async () => 1,
    verify: async (value, { now, fetch }) => {
      if (value === "") return err(failure("malformed", { what: "Turnstile token" }));
      if (value.length > MAX_TOKEN) return err(failure("too_long", { what: "Turnstile token" }));
      return underSecret(settings.secret, now, ({ text }) => verify(settings, text, value, fetch));
    },
  };
}

async function verify(
  { hostnames, action }: Settings,
  secret: string,
  value: string,
  fetcher: typeof fetch,
): Promise<Result<Admission, Failure>> {
  const asked = await fetchJson(fetcher, SITEVERIFY, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ secret, response: value }),
  });
  if (!asked.ok) return unreachable("try again later: Turnstile can't be reached");
  const answer = asked.value as Record<string, unknown> | null;
  if (typeof answer !== "object" || answer === null || typeof answer.success !== "boolean") {
    return unreachable("Turnstile gave an unexpected answer: try again later");
  }
  if (!answer.success) return refused(Array.isArray(answer["error-codes"]) ? answer["error-codes"] : []);
  if (typeof answer.hostname !== "string" || !hostnames.has(answer.hostname)) {
    return err(failure("turnstile_hostname"));
  }
  if (answer.action !== action) return err(failure("turnstile_action"));
  return ok({ claims: {} });
}

/** Why Turnstile refused. A wrong secret of ours, or trouble of Turnstile's own, is not the caller's doing. */
function refused(codes: readonly unknown[]): Result<never, Failure> {
  const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(String(code)));
  if (has(/^timeout-or-duplicate$/)) return err(failure("turnstile_expired"));
  if (has(/secret/)) return err(failure("turnstile_secret"));
  if (has(/internal-error/)) return unreachable("try again later: Turnstile has an internal error");
  return err(failure("turnstile_refused"));
}

const KIND: AccessKind<v.InferOutput<typeof Options>, Settings> = {
  type: "turnstile",
  anonymous: true,
  once: true,
  schema: Options,
  check({ hostnames, action, ...options }, setup) {
    const secret = setup.secret(options.secret, (text) =>
      text === "" ? { problem: "is empty", fix: "copy the widget's secret" } : undefined,
    );
    return ok({ secret, hostnames: new Set(hostnames), action });
  },
  place: () => HEADER,
  missingDifference: () => "name only one of them",
  open,
};

/**
 * Browsers that solved Cloudflare Turnstile's challenge: a person's, and nobody's in particular.
 *
 * @example
 * const people = turnstile({ secret: "TURNSTILE_SECRET", hostnames: ["www.example.com"], action: "contact" });
 */
export const turnstile = (options: TurnstileOptions): AccessMethod => accessMethod(KIND, options);

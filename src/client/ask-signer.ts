// One request to the signer, and its answer as JSON.

import type { Problem } from "../problem.ts";
import { mayPass, UploadError } from "./errors.ts";
import { untilAborted, within } from "./retry.ts";
import { addressOf, isForeign, toldAddress } from "./signer-address.ts";
import type { UploadOptions } from "./upload-options.ts";

/** How long the signer may take, to the last byte of its answer, in milliseconds: a body alone it awaits for ten seconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Where the signer is, and what shows who asks. */
export type SignerAccess = Pick<
  UploadOptions,
  "signer" | "profile" | "token" | "headers" | "credentials" | "signal"
>;

/** Good for one request, that for the ticket. */
const ONCE = "cf-turnstile-response";

/** The same access, for what comes after the ticket: by then a token of Turnstile's is used up. */
export const afterTicket = <T extends SignerAccess>({ headers, ...access }: T) => ({
  ...access,
  headers: Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== ONCE)),
});

async function headersOf(
  { headers: given, token, signal }: SignerAccess,
  address: string,
  hasBody: boolean,
): Promise<Headers> {
  // A header that can't be sent throws here, as the mistake that it is, and not as a signer out of reach.
  const headers = new Headers(given);
  const bearer = typeof token === "function" ? await untilAborted(Promise.resolve(token()), signal) : token;
  if (bearer) {
    // The platform's own message repeats the value.
    if (!/^[\x21-\x7e]+$/.test(bearer))
      throw new TypeError("token must be a string that a header can hold: is it whole?");
    headers.set("authorization", `Bearer ${bearer}`);
  }
  if (!hasBody) return headers;
  // A page of another origin asks first whether it may send JSON, unless it calls it text: the signer reads it by any
  // name. At home JSON costs nothing, and frameworks take text for a form that somebody else sent.
  const isPlain = [...headers.keys()].length === 0 && isForeign(address);
  headers.set("content-type", isPlain ? "text/plain" : "application/json");
  return headers;
}

/**
 * Asks by POST where there is a body, else by GET, and answers what `read` makes of the JSON. Rejects with an `UploadError`
 * for all that is no success, and where `read` makes nothing of it: then somebody else answered.
 */
export async function askSigner<T>(
  access: SignerAccess,
  route: "sign" | "confirm",
  // biome-ignore lint/suspicious/noExplicitAny: whatever answered, `read` looks at each member that it takes
  read: (answer: any) => T | undefined,
  body?: object,
): Promise<T> {
  const { credentials = "same-origin", signal } = access;
  const address = addressOf(access, route);
  const base = toldAddress(access);
  const headers = await headersOf(access, address, body !== undefined);
  // Followed, a redirect would take the caller's own headers to another host; browsers drop `Authorization` alone.
  // Not `error`, which Workers do not have.
  const redirect = "manual";
  const init: RequestInit = {
    ...{ headers, credentials, redirect },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  };
  let response: Response;
  let text: string;
  try {
    [response, text] = await within(ANSWER_TIMEOUT_MS, signal, async (limited) => {
      const answered = await fetch(address, { ...init, signal: limited });
      return [answered, await answered.text()];
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(error, base);
  }
  const answer = readJson(text);
  const taken = response.ok ? read(answer ?? {}) : undefined;
  if (taken !== undefined) return taken;
  throw refusalOf(response, answer, base);
}

function unreachable(error: unknown, base: string): UploadError {
  const isLate = (error as Error).name === "TimeoutError";
  return new UploadError(
    isLate
      ? `The signer at ${base} did not answer within ${ANSWER_TIMEOUT_MS / 1000} seconds.`
      : `The signer at ${base} can't be reached: check that the address is right and that this page's origin${here()} is among its allowedOrigins.`,
    { code: "network", status: 0, retryable: true },
  );
}

function refusalOf(response: Response, answer: unknown, base: string): UploadError {
  const { status, headers, type } = response;
  if (type === "opaqueredirect" || (status >= 300 && status < 400))
    return new UploadError(
      `Give the signer's own address: ${base} redirects elsewhere, and redirects are not followed.`,
      { code: "unexpected_answer", status },
    );
  if (response.ok || !isProblem(answer)) return strangeAnswer(response, base);
  return new UploadError(answer.detail, {
    code: answer.code,
    status,
    retryable: mayPass(status) && answer.code !== "misconfigured",
    retryAfter: headers.get("retry-after"),
    problem: answer,
  });
}

/** Somebody else answered. */
function strangeAnswer({ status, headers }: Response, base: string): UploadError {
  // An app that a signer stands in may have turned the caller away before.
  const why = status === 401 || status === 403 ? ", or wants the caller to sign in first" : "";
  return new UploadError(
    `Check the address ${base}: what answers there (status ${status}) is not a signer${why}.`,
    { code: "unexpected_answer", status, retryable: mayPass(status), retryAfter: headers.get("retry-after") },
  );
}

/** The page's own origin: `localhost` and `127.0.0.1` are two. */
const here = (): string => (typeof location === "undefined" ? "" : ` (${location.origin})`);

/** A body as JSON, or nothing. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(answer: unknown): answer is Problem {
  const { code, detail, errors } = (answer ?? {}) as Partial<Problem>;
  return typeof code === "string" && typeof detail === "string" && Array.isArray(errors ?? []);
}

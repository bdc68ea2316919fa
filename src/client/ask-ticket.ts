// Asking the signer for a ticket.

import type { Problem } from "../problem.ts";
import { type Ticket, takesFile } from "../tickets/ticket.ts";
import { isSafeAddress, isWebAddress } from "../web-address.ts";
import { mayPass, UploadError } from "./errors.ts";
import { untilAborted, within } from "./retry.ts";
import type { UploadOptions } from "./upload-options.ts";

/** How long the signer may take, to the last byte of its answer, in milliseconds: a body alone it awaits for ten seconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Names of profiles; the signer takes no others. */
const PROFILE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The address of a profile's tickets. What stands in the signer's address after its path stays there. */
function addressOf(signer: string, profile: string | undefined): string {
  if (
    signer === "" ||
    (/^[a-z][a-z0-9+.-]*:/i.test(signer) && !isWebAddress(signer)) ||
    /^[^/]*\/\/[^/?#]*@/.test(signer)
  )
    throw new TypeError(
      "signer must be an address such as https://signer.example.com, or a path of this site",
    );
  if (typeof location === "undefined" && !isWebAddress(signer))
    throw new TypeError(
      "signer must be a whole address here, such as https://signer.example.com: a path needs a page",
    );
  const [, base = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(signer) ?? [];
  if (profile !== undefined && !PROFILE.test(profile)) {
    throw new UploadError(`No profile can be called ${JSON.stringify(profile)}.`, {
      code: "unknown_profile",
      status: 0,
      retryable: false,
    });
  }
  // Components take the address with its /sign, so it is what people have at hand.
  return `${base.replace(/\/+$/, "").replace(/(?<=[^/:])\/sign$/, "")}/sign${profile === undefined ? "" : `/${profile}`}${rest}`;
}

/** One request to the signer for a ticket of `method`'s; whoever calls it tries again where the error says that it may help. */
export async function requestTicket(options: UploadOptions, method: "upload" | "act"): Promise<Ticket> {
  const { signer, profile, params = {}, token, credentials = "same-origin", signal } = options;
  const address = addressOf(String(signer ?? ""), profile);
  // As it is told to people: without what may be a credential.
  const base = String(signer).replace(/[?#].*$/s, "");
  // A header that can't be sent throws here, as the mistake that it is, and not as a signer out of reach.
  const headers = new Headers(options.headers);
  headers.set("content-type", "application/json");
  const bearer = typeof token === "function" ? await untilAborted(Promise.resolve(token()), signal) : token;
  if (bearer) {
    // The platform's own message repeats the value.
    if (!/^[\x21-\x7e]+$/.test(bearer))
      throw new TypeError("token must be a string that a header can hold: is it whole?");
    headers.set("authorization", `Bearer ${bearer}`);
  }
  const body = JSON.stringify({ params });
  // Followed, a redirect would take the caller's own headers to another host; browsers drop `Authorization` alone.
  // Not `error`, which Workers do not have.
  const redirect = "manual";
  const init: RequestInit = { method: "POST", headers, body, credentials, redirect };
  let response: Response;
  let text: string;
  try {
    [response, text] = await within(ANSWER_TIMEOUT_MS, signal, async (limited) => {
      const answered = await fetch(address, { ...init, signal: limited });
      return [answered, await answered.text()];
    });
  } catch (error) {
    signal?.throwIfAborted();
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new UploadError(
      isLate
        ? `The signer at ${base} did not answer within ${ANSWER_TIMEOUT_MS / 1000} seconds.`
        : `The signer at ${base} can't be reached: check that the address is right and that this page's origin${here()} is among its allowedOrigins.`,
      { code: "network", status: 0, retryable: true },
    );
  }
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw new UploadError(
      `Give the signer's own address: ${base} redirects elsewhere, and redirects are not followed.`,
      { code: "unexpected_answer", status: response.status, retryable: false },
    );
  }
  const answer = readJson(text);
  if (!response.ok || !isTicket(answer)) throw refusalOf(response, answer, base);
  if (takesFile(answer) === (method === "upload")) return answer;
  throw new UploadError(
    method === "upload"
      ? `Call act("${profile ?? "default"}", …), which sends no file: this profile is for another method than upload.`
      : `Call upload(file, …) for the profile ${profile}: it is for files.`,
    { code: "unexpected_answer", status: response.status, retryable: false },
  );
}

function refusalOf(response: Response, answer: unknown, base: string): UploadError {
  const { status, headers } = response;
  const retryAfter = headers.get("retry-after");
  if (isProblem(answer)) {
    const retryable = mayPass(status) && answer.code !== "misconfigured";
    return new UploadError(answer.detail, {
      code: answer.code,
      status,
      retryable,
      retryAfter,
      problem: answer,
    });
  }
  // An app that a signer stands in may have turned the caller away before.
  const why = status === 401 || status === 403 ? ", or wants the caller to sign in first" : "";
  return new UploadError(
    `Check the address ${base}: what answers there (status ${status}) is not a signer${why}.`,
    {
      code: "unexpected_answer",
      status,
      retryable: mayPass(status),
      retryAfter,
    },
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

function isTicket(answer: unknown): answer is Ticket {
  const { url, fields } = (answer ?? {}) as Partial<Ticket>;
  return isSafeAddress(url) && typeof fields === "object" && fields !== null;
}

function isProblem(answer: unknown): answer is Problem {
  const { code, detail, errors } = (answer ?? {}) as Partial<Problem>;
  return typeof code === "string" && typeof detail === "string" && Array.isArray(errors ?? []);
}

// Asking the signer for a ticket.

import type { Problem } from "../problem.ts";
import type { Ticket } from "../ticket.ts";
import { mayPass, UploadError } from "./errors.ts";
import type { UploadOptions } from "./options.ts";

/** One request to the signer; whoever calls it tries again where the error says that it may help. */
export async function requestTicket(options: UploadOptions): Promise<Ticket> {
  const { signer, profile, params = {}, token, headers, credentials = "same-origin", signal } = options;
  const base = String(signer).replace(/\/+$/, "");
  const address = profile === undefined ? `${base}/sign` : `${base}/sign/${encodeURIComponent(profile)}`;
  const bearer = typeof token === "function" ? await token() : token;
  const init: RequestInit = {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ params }),
    credentials,
    ...(signal && { signal }),
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, init);
    text = await response.text();
  } catch {
    signal?.throwIfAborted();
    throw new UploadError(
      `The signer at ${base} can't be reached: is the address right, and this page's origin among its allowedOrigins?`,
      { code: "network", status: 0, retryable: true },
    );
  }
  const answer = readJson(text);
  if (response.ok && isTicket(answer)) return answer;
  throw refusalOf(response, answer, base);
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
  return new UploadError(`What answers at ${base} (status ${status}) is no signer: is the address right?`, {
    code: "unexpected_answer",
    status,
    retryable: mayPass(status),
    retryAfter,
  });
}

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
  return typeof url === "string" && typeof fields === "object" && fields !== null;
}

function isProblem(answer: unknown): answer is Problem {
  const { code, detail } = (answer ?? {}) as Partial<Problem>;
  return typeof code === "string" && typeof detail === "string";
}

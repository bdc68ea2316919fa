// An answer before it is a Response. Middleware that changes a finished Response makes it anew each time, and its body
// a stream; here all is gathered first, and the Response made once.

import type { Context } from "hono";

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** An answer that nobody may keep, for it is one caller's, or of one moment. */
const passing = (contentType: string, body: string, status = 200): Reply => ({
  status,
  headers: { "content-type": contentType, "cache-control": "no-store" },
  body,
});

export const jsonReply = (value: unknown, status?: number): Reply =>
  passing("application/json", JSON.stringify(value), status);
export const textReply = (text: string): Reply => passing("text/plain; charset=utf-8", text);

/** Not for subdomains: this app may be mounted on a domain that is not its own. */
const TRANSPORT_SECURITY = "max-age=15552000";

/** Headers of every answer: what a browser must not do with it. A page has some of its own. */
const SECURITY = new Headers({
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": TRANSPORT_SECURITY,
  vary: "Origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
});

/**
 * Makes it the app's answer. Where an app around ours has set headers before, Hono lets those win; here ours do, for
 * theirs may let an answer be kept, or be read by pages that may not.
 */
export function answerWith(c: Context, response: Response): Response {
  c.res = response;
  if (c.res !== response) {
    for (const [name, value] of response.headers)
      if (name === "vary") c.res.headers.append(name, value);
      else c.res.headers.set(name, value);
  }
  return c.res;
}

/**
 * The same for the signer's own routes: which page may read an answer is for its own `allowedOrigins` alone, and what an
 * app around it grants to others (`*`, or cookies of any page) is taken back.
 */
export function answerAlone(c: Context, response: Response): Response {
  const answer = answerWith(c, response);
  if (answer !== response)
    for (const name of [...answer.headers.keys()])
      if (name.startsWith("access-control-") && !response.headers.has(name)) answer.headers.delete(name);
  return answer;
}

/** The one place where a Response is made. */
export function toResponse({ status, headers, body }: Reply, more: Reply["headers"]): Response {
  // A copy of its own: there are servers whose Response goes on using the Headers that it was given.
  const all = new Headers(SECURITY);
  for (const [name, value] of Object.entries({ ...more, ...headers })) all.set(name, value);
  return new Response(body, { status, headers: all });
}

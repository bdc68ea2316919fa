// An answer before it is a Response. Middleware that changes a finished Response makes it anew each time, and its body
// a stream; here all is gathered first, and the Response made once.

import type { Context } from "hono";

/** A whole answer: `body` is a text, or a stream that is handed on. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream | null;
}

/** An answer that nobody may keep, for it is one caller's, or of one moment. */
const passing = (contentType: string, body: string): Reply => ({
  status: 200,
  headers: { "content-type": contentType, "cache-control": "no-store" },
  body,
});

export const jsonReply = (value: unknown): Reply => passing("application/json", JSON.stringify(value));
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

/** What a browser's page of another origin may see of an answer. */
const EXPOSED = "retry-after, x-request-id";

/** How long a browser may remember a preflight, in seconds: the longest that Chromium keeps one. */
const PREFLIGHT_MAX_AGE = 7200;

/** The headers by which pages of `origin`, which is an allowed one, may read an answer. */
export const corsHeaders = (origin: string, credentials: boolean): Reply["headers"] => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": EXPOSED,
  ...(credentials && { "access-control-allow-credentials": "true" }),
});

/** The answer to a preflight, beside `corsHeaders`. */
export const PREFLIGHT: Reply = {
  status: 204,
  headers: {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization, content-type, cf-turnstile-response",
    "access-control-max-age": String(PREFLIGHT_MAX_AGE),
  },
  body: null,
};

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

/** The one place where a Response is made. */
export function toResponse({ status, headers, body }: Reply, more: Reply["headers"]): Response {
  // A copy of its own: there are servers whose Response goes on using the Headers that it was given.
  const all = new Headers(SECURITY);
  for (const [name, value] of Object.entries({ ...more, ...headers })) all.set(name, value);
  return new Response(body, { status, headers: all });
}

// An answer before it is a Response. Middleware that changes a finished Response makes it anew each time, and its body
// a stream; here all is gathered first, and the Response made once.

import type { Context } from "hono";

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** Of an answer that nobody may keep, for it is one caller's, or of one moment. */
const passing = (contentType: string): Reply["headers"] => ({
  "content-type": contentType,
  "cache-control": "no-store",
});
/** One object each: what is made of the first is kept (to-response.ts). */
export const JSON_HEADERS = passing("application/json");
const TEXT_HEADERS = passing("text/plain; charset=utf-8");

export const jsonReply = (value: unknown, status = 200): Reply => ({
  status,
  headers: JSON_HEADERS,
  body: JSON.stringify(value),
});
export const textReply = (text: string): Reply => ({ status: 200, headers: TEXT_HEADERS, body: text });

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

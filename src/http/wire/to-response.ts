// A Reply -> the one Response of a request, with the headers that every answer has.

import type { AllowedOrigin } from "../../access/origins.ts";
import { corsHeaders } from "./cors.ts";
import { JSON_HEADERS, type Reply } from "./reply.ts";

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

/** The headers of JSON for each listed origin that asked, and for who has none: a Response copies them, and none is set. */
export type ReadyHeaders = Map<string | undefined, Headers>;

/** All headers but the ID of the request. */
function allHeaders(
  headers: Reply["headers"],
  page: AllowedOrigin | undefined,
  ready: ReadyHeaders,
): Headers {
  // Previews, and addresses that somebody reaches this one by, are as many as anybody likes to name.
  const isUsual = headers === JSON_HEADERS && (page === undefined || page.standing === "listed");
  const known = isUsual ? ready.get(page?.origin) : undefined;
  if (known !== undefined) return known;
  const all = new Headers(SECURITY);
  // A page must be able to read why, whatever it is answered.
  for (const [name, value] of Object.entries({ ...(page && corsHeaders(page)), ...headers }))
    all.set(name, value);
  if (isUsual) ready.set(page?.origin, all);
  return all;
}

/** The one place where a Response is made. */
export function toResponse(
  { status, headers, body }: Reply,
  page: AllowedOrigin | undefined,
  requestId: string,
  ready: ReadyHeaders,
): Response {
  const all = allHeaders(headers, page, ready);
  let response = new Response(body, { status, headers: all });
  // There are servers whose Response goes on using the Headers that it was given: each then needs its own.
  if (response.headers === all) response = new Response(body, { status, headers: new Headers(all) });
  response.headers.set("x-request-id", requestId);
  return response;
}

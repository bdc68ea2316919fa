// What a browser's page of another origin may send and read.

import type { AllowedOrigin } from "../../access/origins.ts";
import type { Reply } from "./reply.ts";

/** What a browser's page of another origin may see of an answer. */
const EXPOSED = "retry-after, x-request-id";

/** How long a browser may remember a preflight, in seconds: the longest that Chromium keeps one. */
const PREFLIGHT_MAX_AGE = 7200;

/** The headers by which pages of an allowed origin may read an answer; cookies go along for listed ones alone. */
export const corsHeaders = ({ origin, standing }: AllowedOrigin): Reply["headers"] => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": EXPOSED,
  ...(standing === "listed" && { "access-control-allow-credentials": "true" }),
});

/** Longest list of headers that a preflight may ask for, in characters: 2 KiB, as each is one byte. */
const MAX_ASKED_HEADERS = 2048;
/** A token of RFC 9110 without `*`, which would allow any header. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'+.^_`|~-]+$/;

/** The headers that a preflight asked for, if all are plain names: tracing and frameworks add some unasked. */
function allowedHeaders(asked: string): string | undefined {
  const names = asked.split(",").map((name) => name.trim());
  return asked.length <= MAX_ASKED_HEADERS && names.every((name) => HEADER_NAME.test(name))
    ? names.join(", ")
    : undefined;
}

/** The answer to a preflight of an allowed origin, beside `corsHeaders`. */
export function preflightReply(request: Request, methods: string): Reply {
  const headers = allowedHeaders(request.headers.get("access-control-request-headers") ?? "");
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": methods,
      ...(headers !== undefined && { "access-control-allow-headers": headers }),
      "access-control-max-age": String(PREFLIGHT_MAX_AGE),
    },
    body: null,
  };
}

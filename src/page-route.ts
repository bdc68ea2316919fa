// The page at `/`, where it is on: its files come from the assets binding, and go out under a policy that lets
// the page load its own files, send to the upload address, and show what Cloudinary serves.

import type { Reply } from "./reply.ts";

/** The assets binding, as far as it is used. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** How long the assets binding may take, in milliseconds. */
export const ASSETS_TIMEOUT_MS = 5000;

/** The page's files. */
export const PAGE_FILES = ["/", "/page.js", "/page.css", "/favicon.svg"];

/** What a file's own headers say of its content; all others are ours. */
const OF_CONTENT = ["cache-control", "content-encoding", "content-type", "etag", "last-modified"];

export const fileHeaders = (headers: Headers): Reply["headers"] =>
  Object.fromEntries([...headers].filter(([name]) => OF_CONTENT.includes(name)));

/** Headers of the page's files, beside those of every answer. `uploadPrefix` is where uploads go. */
export function pageHeaders(uploadPrefix: string): Reply["headers"] {
  const { origin } = new URL(uploadPrefix);
  const shown = `'self' blob: ${origin} https://*.cloudinary.com`;
  return {
    "content-security-policy": [
      "default-src 'none'; script-src 'self'; style-src 'self'",
      `img-src ${shown}; media-src ${shown}; connect-src 'self' ${origin}`,
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
  };
}

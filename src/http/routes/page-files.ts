// The page at `/`, where it is on: its files come from the assets binding, and go out under a policy that lets
// the page load its own files, send to the upload address, and show what Cloudinary serves.

import type { Assets } from "../../config/checked.ts";
import { readBounded } from "../../read-bounded.ts";
import { ok } from "../../result.ts";
import { within } from "../../within.ts";
import type { Route } from "../wire/mount-routes.ts";
import type { Reply } from "../wire/reply.ts";

/** How long the assets binding may take for a file, to its last byte, in milliseconds. */
export const ASSETS_TIMEOUT_MS = 5000;
/** Largest file of the page, in bytes: each script has some 50,000. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The page's files. */
const PAGE_FILES = ["/", "/page.js", "/explainer.js", "/page.css", "/favicon.svg"];

/** What a file's own headers say of its content; all others are ours. */
const OF_CONTENT = ["cache-control", "content-encoding", "content-type", "etag", "last-modified"];

const fileHeaders = (headers: Headers): Reply["headers"] =>
  Object.fromEntries([...headers].filter(([name]) => OF_CONTENT.includes(name)));

/** A file of the page. It is read whole before anything is answered, so that one that hangs can still be a problem. */
async function readFile(assets: Assets, request: Request, more: Reply["headers"]): Promise<Reply> {
  const stop = new AbortController();
  async function read(): Promise<Reply> {
    const { status, headers, body } = await assets.fetch(request);
    const bytes = body === null ? null : await readBounded(body, MAX_FILE_BYTES, stop.signal);
    if (bytes === undefined) throw new Error("a file of the page is too large");
    return { status, headers: { ...fileHeaders(headers), ...more }, body: bytes };
  }
  try {
    return await within(ASSETS_TIMEOUT_MS, read());
  } finally {
    stop.abort();
  }
}

/** Headers of the page's files, beside those of every answer. `uploadPrefix` is where uploads go, if any can be signed. */
function pageHeaders(uploadPrefix: string | undefined): Reply["headers"] {
  const uploads = uploadPrefix === undefined ? "" : ` ${new URL(uploadPrefix).origin}`;
  const shown = `'self' blob:${uploads} https://*.cloudinary.com`;
  return {
    "content-security-policy": [
      "default-src 'none'; script-src 'self'; style-src 'self'",
      `img-src ${shown}; media-src ${shown}; connect-src 'self'${uploads}`,
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
  };
}

/** The routes of the page's files, where it is on. */
export function pageRoutes(page: Assets | undefined, uploadPrefix?: string): Route[] {
  if (page === undefined) return [];
  const headers = pageHeaders(uploadPrefix);
  return PAGE_FILES.map((path) => ({
    path,
    name: "/",
    methods: { GET: async ({ request }) => ok(await readFile(page, request, headers)) },
    untold: true,
  }));
}

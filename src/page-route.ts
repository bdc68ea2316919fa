// The page at `/`, where it is on: its files come from the assets binding, and go out under a policy that lets
// the page load its own files, send to the upload address, and show what Cloudinary serves.

import { secureHeaders } from "hono/secure-headers";

/** The assets binding, as far as it is used. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** The page's files. */
export const PAGE_FILES = ["/", "/page.js", "/page.css", "/favicon.svg"];

/** Not for subdomains: this app may be mounted on a domain that is not its own. */
export const TRANSPORT_SECURITY = "max-age=15552000";

/** Headers of the page's files. `uploadPrefix` is where uploads go. */
export function pageHeaders(uploadPrefix: string) {
  const { origin } = new URL(uploadPrefix);
  const delivered = [origin, "https://*.cloudinary.com"];
  return secureHeaders({
    strictTransportSecurity: TRANSPORT_SECURITY,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "blob:", ...delivered],
      mediaSrc: ["'self'", "blob:", ...delivered],
      connectSrc: ["'self'", origin],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

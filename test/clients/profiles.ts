// The profiles that clients ask, beside the demo's of `npm start`: each stands in docs/clients.md too, or in
// docs/components/widget.md.

import type { Plain } from "../support/definition.ts";

/** In the place of what Payload's own sessions are verified by, which a variable can't hold. */
export const MORE_ACCESS: NonNullable<Plain["access"]> = {
  editors: {
    type: "jwt",
    secret: "JWT_SECRET",
    issuer: "edge-signer-demo",
    audience: "uploads",
    cookie: "payload-token",
  },
};

export const MORE_PROFILES: NonNullable<Plain["profiles"]> = {
  payload: { access: ["editors"], dropIn: true, set: { folder: "media" } },
};

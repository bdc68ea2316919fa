// The demo of `npm start`, which adds the origins of development servers: one profile for each way to ask. No part of it
// reaches a deploy.

import { defineSigner, jwt, origin } from "../src/config.ts";

/** What a client may say of its file. */
const context = { keys: ["alt", "caption"], maxLength: 200 } as const;
/** What lies in the folder of whoever asks. */
const own = { prefix: "users/{sub}/" };

export default defineSigner({
  publicUrl: "http://localhost:8787", // whom receipts name, whatever PORT is
  page: true, // the page at `/`
  access: {
    // Pages of these origins, and the demo's own: keeps other sites out, and proves nobody's name.
    site: origin(),
    // Who holds a token: `npm start` makes the secret, and prints a token.
    members: jwt({ secret: "JWT_SECRET", issuer: "edge-signer-demo", audience: "uploads" }),
  },
  profiles: {
    default: { access: ["public"], accept: { context } },
    // For components that choose the parameters: the Upload Widget, next-cloudinary.
    widget: {
      access: ["site"],
      dropIn: true,
      set: { folder: "widget" },
      accept: { source: { enum: ["uw"] }, custom_coordinates: { min: 0, max: 100_000 }, context },
    },
    // For components that send nothing of their own: two parameters are signed, `source` and the time.
    bare: { access: ["site"], dropIn: true, set: { source: "uw" } },
    members: {
      access: ["members"],
      set: { folder: "users/{sub}", public_id: "{uuid}", overwrite: false },
      accept: { context },
    },
    // What members may do to the pictures that they uploaded; the page offers the first two.
    "member-remove": {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      accept: { public_id: own },
    },
    "member-rename": {
      method: "rename",
      access: ["members"],
      resourceType: "image",
      accept: { from_public_id: own, to_public_id: own },
    },
    "member-captions": {
      method: "context",
      access: ["members"],
      resourceType: "image",
      set: { command: "add" },
      accept: { public_ids: own, context },
    },
    // What arrives is confirmed, or deleted where it is larger or another format.
    avatars: {
      access: ["public"],
      resourceType: "image",
      file: { maxBytes: "1 MB", formats: ["jpg", "png", "webp"], maxFiles: 10 },
    },
    // Components of a page that is signed in, by a link.
    "member-widget": { access: ["members"], dropIn: true, set: { folder: "member-widget/{sub}" } },
  },
});

// The site that asks, and its policy.

import type { Plain } from "../support/definition.ts";

export const ORIGIN = "https://www.example.com";

/** A profile as a site has it: where pictures go, which they may be, and what the page may say of one. */
export const PROFILE = {
  resourceType: "image",
  access: ["public"],
  ttl: 300,
  set: {
    folder: "site/inbox",
    tags: ["upload-{uuid}"],
    allowed_formats: ["jpg", "png", "webp"],
  },
  accept: {
    context: { keys: ["alt", "caption"], maxLength: 200 },
    display_name: { maxLength: 100 },
  },
} as const satisfies NonNullable<Plain["profiles"]>[string];

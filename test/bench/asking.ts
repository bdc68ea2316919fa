// What clients ask: a page that wants a ticket, and a component that has chosen its parameters.

import { now } from "../access/identity.ts";
import type { Plain } from "../support/definition.ts";
import type { Asking } from "./load.ts";

export const ORIGIN = "https://www.example.com";

const HEADERS = { "content-type": "application/json", origin: ORIGIN };

/** A page asks for a ticket. */
export const forTicket = (path = "/sign"): Asking => ({
  path,
  headers: HEADERS,
  body: '{"params":{"context":{"alt":"A cat"}}}',
});

/** A component asks for the signature of its parameters. */
export const forComponent = (path = "/sign"): Asking => ({
  path,
  headers: HEADERS,
  body: JSON.stringify({ paramsToSign: { timestamp: now(), folder: "widget", source: "uw" } }),
});

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

/** The same for a component, which chooses the parameters itself. */
export const COMPONENT_PROFILE = {
  access: ["public"],
  dropIn: true,
  set: { folder: "widget" },
  accept: { source: { enum: ["uw"] }, context: { keys: ["alt", "caption"], maxLength: 200 } },
} as const satisfies NonNullable<Plain["profiles"]>[string];

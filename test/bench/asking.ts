// What clients ask: a page that wants a ticket, and a component that has chosen its parameters.

import { now } from "../access/identity.ts";
import type { Plain } from "../support/definition.ts";
import type { Asking } from "./load.ts";
import { ORIGIN } from "./site.ts";

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

/** The profile of a site for a component, which chooses the parameters itself. */
export const COMPONENT_PROFILE = {
  access: ["public"],
  dropIn: true,
  set: { folder: "widget" },
  accept: { source: { enum: ["uw"] }, context: { keys: ["alt", "caption"], maxLength: 200 } },
} as const satisfies NonNullable<Plain["profiles"]>[string];

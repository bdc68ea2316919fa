// A definition and the options beside it as one plain object, which tests change in one place at a time.

import { createSigner, createTicketSource, type SignerOptions } from "../../src/hono.ts";
import { definitionOf, type Plain } from "./definition.ts";

/** The definition's members and the options, together. `log` is the option. */
export type Flat = Omit<Plain, "log"> & SignerOptions;

const MEMBERS = [
  "publicUrl",
  "allowedOrigins",
  "access",
  "profiles",
  "signatureAlgorithm",
  "page",
  "environments",
];

function split(all: object): [definition: never, options: never] {
  const parts = [true, false].map((inDefinition) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => MEMBERS.includes(name) === inDefinition)),
  );
  return [definitionOf(parts[0]) as never, parts[1] as never];
}

export const signerOf = (all: object) => createSigner(...split(all));
export const ticketSourceOf = (all: object) => createTicketSource(...split(all));

// The contenders that several parts compare.

import type { Plain } from "../support/definition.ts";
import { ACCOUNT } from "./account.ts";
import { COMPONENT_PROFILE, forComponent, forTicket } from "./asking.ts";
import { type Bundled, bundled, dropInFault, echoFault, ticketFault } from "./contender.ts";
import { ORIGIN, PROFILE } from "./site.ts";
import type { Bindings } from "./workerd.ts";

/** The bindings of our Worker. */
export const signer = (settings: Plain, secrets: Bindings = {}): Bindings => ({
  ...ACCOUNT,
  ...secrets,
  SIGNER: { allowedOrigins: [ORIGIN], ...settings },
});

/** What all are compared with. */
export const BARE: Bundled = bundled({
  name: "bare",
  title: "bare Worker: reads JSON, answers JSON",
  bundle: "bare",
  bindings: {},
  asking: forTicket,
  fault: echoFault,
});

/** How near to the bare Worker anything of our kind could come. */
export const LEAST: Bundled = bundled({
  name: "least",
  title: "the least that a signer does",
  bundle: "least",
  bindings: {},
  asking: forTicket,
  fault: ticketFault,
});

export const PUBLIC: Bundled = bundled({
  name: "public",
  title: "ours, public profile",
  bundle: "ours",
  bindings: signer({ profiles: { default: PROFILE } }),
  asking: forTicket,
  fault: ticketFault,
});

/** The same by a definition that imports no more than it needs. */
export const SMALLEST: Bundled = bundled({
  ...PUBLIC,
  name: "smallest",
  title: "ours, smallest configuration",
  bundle: "smallest",
  bindings: ACCOUNT,
});

/** The bindings of the careful recipe. */
export const CAREFUL_BINDINGS: Bindings = { ...ACCOUNT, ALLOWED_ORIGIN: ORIGIN };

/** What a careful person would write instead. */
export const CAREFUL: Bundled = bundled({
  name: "careful",
  title: "careful recipe in Hono, with the SDK",
  bundle: "careful",
  bindings: CAREFUL_BINDINGS,
  asking: forTicket,
  fault: ticketFault,
});

/** Ours where one good request of a hundred is logged. */
export const SAMPLED: Bundled = bundled({
  ...PUBLIC,
  name: "sampled",
  title: "ours, public profile, 1 % logged",
  bindings: signer({ log: { sample: 0.01 }, profiles: { default: PROFILE } }),
});

export const DROP_IN: Bundled = bundled({
  name: "drop-in",
  title: "ours, drop-in",
  bundle: "ours",
  bindings: signer({ profiles: { default: COMPONENT_PROFILE } }),
  asking: forComponent,
  fault: dropInFault("sha256"),
});

export const SDK: Bundled = bundled({
  name: "sdk",
  title: "official SDK in a Worker",
  bundle: "sdk",
  bindings: ACCOUNT,
  asking: forComponent,
  fault: dropInFault("sha1"),
});

export const RECIPE: Bundled = bundled({
  name: "recipe",
  title: "copied recipe in Hono",
  bundle: "recipe",
  bindings: ACCOUNT,
  asking: forComponent,
  fault: dropInFault("sha1"),
});

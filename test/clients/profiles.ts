// The profiles that clients ask, beside the demo's of `npm start`: each stands in docs/clients.md too, or in
// docs/components/widget.md.

import type { Plain } from "../support/definition.ts";

export const MORE_PROFILES: NonNullable<Plain["profiles"]> = {};

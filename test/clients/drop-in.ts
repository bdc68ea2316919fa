// Components that choose the parameters, and ask for a signature alone.

import type { AnyClient } from "./client.ts";

export const DROP_IN: readonly AnyClient[] = [];

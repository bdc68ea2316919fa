// Components that take a ticket, and send the file with its fields.

import type { AnyClient } from "./client.ts";

export const TICKETS: readonly AnyClient[] = [];

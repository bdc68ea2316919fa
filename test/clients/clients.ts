// All clients, in the order of docs/clients.md.

import type { AnyClient } from "./client.ts";
import { DROP_IN } from "./drop-in.ts";
import { EXAMPLES } from "./examples.ts";
import { LANGUAGES } from "./languages.ts";
import { SECRET } from "./secret.ts";
import { TICKETS } from "./tickets.ts";
import { uppyPlugin } from "./uppy-plugin.ts";

export const CLIENTS: readonly AnyClient[] = [
  ...TICKETS,
  ...DROP_IN,
  uppyPlugin,
  ...LANGUAGES,
  ...EXAMPLES,
  ...SECRET,
];

// Cloudinary's own examples, with the changes that they need.

import type { AnyClient } from "./client.ts";

export const EXAMPLES: readonly AnyClient[] = [];

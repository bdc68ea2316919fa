// Names that Cloudinary's methods know, and other spellings of them.

import { SELECTIONS } from "../policy/tables/methods.ts";
import { PARAMETERS, UNSIGNED_NAMES } from "../policy/tables/parameters.ts";

/** Of other methods than upload, beside what they select by. */
const OTHERS = [
  "to_type",
  "command",
  "tag",
  "mode",
  "target_format",
  "target_public_id",
  "target_tags",
  "expires_at",
];

const KNOWN: ReadonlySet<string> = new Set([
  ...PARAMETERS.keys(),
  ...UNSIGNED_NAMES,
  ...SELECTIONS.flatMap(({ selectors }) => selectors),
  ...OTHERS,
]);

/** Whether Cloudinary documents a parameter of this name. */
export const isKnownName = (name: string): boolean => KNOWN.has(name);

/** `publicId`, `public-id` and `PublicID` as Cloudinary writes them. */
export const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[-. ]/g, "_")
    .toLowerCase();

/** Whether a name is another spelling of one that Cloudinary knows. */
export const isMisspelt = (name: string): boolean =>
  !isKnownName(name) &&
  [...KNOWN].some((known) => known.replaceAll("_", "") === snakeCase(name).replaceAll("_", ""));

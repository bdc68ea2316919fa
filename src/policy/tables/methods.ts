// The other methods of Cloudinary's API that the same secret signs for, and what each needs to choose the
// assets it works on (its selectors). No signature says which method it is for, so a signed upload that holds
// all selectors of another method can be replayed there. Source: `other_methods` and
// `required_discriminators` in test/vectors/upload-params.json; a test keeps the names in step.

/** One of the ways to tell a method what to work on. */
export interface Selection {
  /** Cloudinary's name of the method. */
  readonly method: string;
  /** The names it needs, all of them. */
  readonly selectors: readonly string[];
  /** What a profile writes into `allow` to accept the risk, where that is possible. */
  readonly optIn?: string;
  /** Of what can be accepted: what the holder could do, as the end of "whoever holds it can …". */
  readonly risk?: string;
}

const ROWS = [
  { method: "destroy", selectors: ["public_id"], optIn: "destroy-by-public-id", risk: "delete that asset" },
  {
    method: "explicit",
    selectors: ["public_id"],
    optIn: "explicit-by-public-id",
    risk: "change the tags, access and derived versions of that asset",
  },
  {
    method: "download",
    selectors: ["public_id"],
    optIn: "download-by-public-id",
    risk: "download the original of that asset, a private one too",
  },
  {
    method: "explode",
    selectors: ["public_id", "transformation"],
    optIn: "explode-by-public-id",
    risk: "split that asset into its pages",
  },
  {
    method: "generate_archive",
    selectors: ["tags"],
    optIn: "archive-by-tag",
    risk: "download everything that carries that tag, private originals too",
  },
  { method: "generate_archive", selectors: ["public_ids"] },
  { method: "generate_archive", selectors: ["fully_qualified_public_ids"] },
  { method: "generate_archive", selectors: ["prefixes"] },
  { method: "rename", selectors: ["from_public_id", "to_public_id"] },
  { method: "tags", selectors: ["command", "public_ids"] },
  { method: "context", selectors: ["command", "public_ids"] },
  { method: "metadata", selectors: ["public_ids"] },
  { method: "text", selectors: ["text"] },
  { method: "sprite", selectors: ["tag"] },
  { method: "sprite", selectors: ["urls"] },
  { method: "multi", selectors: ["tag"] },
  { method: "multi", selectors: ["urls"] },
  { method: "download_tag_zip", selectors: ["tag"] },
  { method: "asset/destroy", selectors: ["asset_id"] },
  { method: "asset/download", selectors: ["asset_id"] },
  { method: "video/concat", selectors: ["urls"] },
  {
    method: "create_slideshow",
    selectors: ["manifest_json"],
    optIn: "slideshow-by-manifest",
    risk: "make a video of the assets that the manifest names",
  },
  {
    method: "create_slideshow",
    selectors: ["manifest_transformation"],
    optIn: "slideshow-by-transformation",
    risk: "make a video of the assets that the transformation names",
  },
  {
    method: "create_collage",
    selectors: ["manifest_json"],
    optIn: "collage-by-manifest",
    risk: "make a picture of the assets that the manifest names",
  },
  {
    method: "eval",
    selectors: ["eval"],
    optIn: "eval-by-script",
    risk: "run that script without an upload, and read what it makes of the parameters",
  },
  { method: "download_backup", selectors: ["asset_id", "version_id"] },
  { method: "console_login", selectors: ["cloud_name", "username"] },
] as const satisfies readonly Selection[];

export const SELECTIONS: readonly Selection[] = ROWS;

/** The risk of names by files in a folder that callers share, which no other method has a part in (R7). */
export const SHARED_FILE_NAMES = "shared-file-names";

/** The risk of a method that works on assets of anybody, for back ends alone. */
export const OTHERS_ASSETS = "others-assets";

/** The risk of limits on what arrives under a name that was taken: what breaks them is deleted, the one before is gone. */
export const LOSE_PREVIOUS = "lose-previous";

/** The risk of a signed preset that stands alone, in a profile for clients that choose the parameters (R8). */
export const PRESET_DECIDES = "preset-decides";

/** A risk that `allow` may name. */
export type OptIn =
  | Extract<(typeof ROWS)[number], { optIn: string }>["optIn"]
  | typeof LOSE_PREVIOUS
  | typeof PRESET_DECIDES
  | typeof SHARED_FILE_NAMES
  | typeof OTHERS_ASSETS;

/** Every opt-in that `allow` may name. */
export const OPT_INS: readonly string[] = [
  ...SELECTIONS.flatMap(({ optIn }) => optIn ?? []),
  SHARED_FILE_NAMES,
  OTHERS_ASSETS,
  LOSE_PREVIOUS,
  PRESET_DECIDES,
];

const RISKS: Readonly<Record<string, string>> = {
  [LOSE_PREVIOUS]:
    "delete what was stored under the name before, by an upload there that breaks the limits and is deleted",
  [PRESET_DECIDES]: "replace any asset of the account, if the preset lets an upload choose its name",
  [SHARED_FILE_NAMES]:
    "take any free name in the folder, and is answered the asset that is there already, whoever uploaded it",
  [OTHERS_ASSETS]:
    "do the same to every asset that the profile's names reach, whoever uploaded it, and read it, change it and delete it by other methods",
};

/** What each opt-in lets the holder of a signature do, as the end of "whoever holds it can …". */
export const risksOf = (optIn: string): string[] =>
  Object.hasOwn(RISKS, optIn)
    ? [RISKS[optIn]!]
    : SELECTIONS.filter((selection) => selection.optIn === optIn).map(
        ({ method, risk }) => `${risk} (the method ${method})`,
      );

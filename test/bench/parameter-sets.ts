// The parameters that the signing loops sign: what uploads carry, in sets that differ a little, so that nothing
// signed before can be remembered.

export type ParameterSet = Readonly<Record<string, string>>;

/** How many sets take turns; a power of two, so that choosing one costs nothing. */
export const SETS = 16;

/** Unix seconds of every set. */
export const TIMESTAMP = 1_790_000_000;

/** In no order, as clients send them. */
const PARAMETERS: readonly (readonly [name: string, value: string])[] = [
  ["timestamp", String(TIMESTAMP)],
  ["public_id", "3f0e7c1a-5f54-4d0e-9b1c-0242ac12000"],
  ["folder", "users/42/gallery"],
  ["tags", "u-42-holiday,u-42-family"],
  ["context", "alt=A cat on a wall|caption=Felix & friends"],
  ["allowed_formats", "jpg,png,webp"],
  ["overwrite", "false"],
  ["display_name", "A cat on a wall"],
  ["metadata", "camera=x100|place=Lisbon"],
  ["eager", "c_fill,w_400,h_400|c_fit,w_1200"],
  ["eager_async", "true"],
  ["format", "webp"],
  ["transformation", "c_limit,w_4000,h_4000"],
  ["source", "uw"],
  ["custom_coordinates", "10,20,300,400"],
  ["faces", "false"],
  ["colors", "true"],
  ["exif", "false"],
  ["phash", "true"],
  ["media_metadata", "true"],
  ["invalidate", "true"],
  ["unique_filename", "false"],
  ["use_filename", "false"],
  ["type", "upload"],
  ["discard_original_filename", "true"],
];

/** Sets of the first `count` parameters, each with a public ID of its own. */
export const parameterSets = (count: number): ParameterSet[] =>
  Array.from({ length: SETS }, (_, set) =>
    Object.fromEntries(
      PARAMETERS.slice(0, count).map(([name, value]) => [
        name,
        name === "public_id" ? value + set.toString(16) : value,
      ]),
    ),
  );

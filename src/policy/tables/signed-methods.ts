// The methods of Cloudinary's API that a profile can sign for: the closed table of parameters of each, what it works on,
// and where it is asked for. Admin methods, which want Basic authentication, are none of them. Names and kinds come from
// the official SDKs; test/vectors/upload-params.json holds that evidence.

import { PARAMETERS, type Parameter, parametersOf, type Row, type Rows, UPLOAD_ROWS } from "./parameters.ts";

const ID = ["path", "limits", "path"] as const satisfies Row;
const NEVER = ["string", "never"] as const satisfies Row;
const BY_SERVER = { type: NEVER, timestamp: ["integer", "never"] } as const satisfies Rows;
const TOLD = { notification_url: NEVER } as const satisfies Rows;
const FLAG = ["boolean", "limits"] as const satisfies Row;

/** What `explicit` changes of an asset: what an upload sets, but for its names, its file and where it comes from. */
const EXPLICIT_NAMES = [
  ...([
    "public_id",
    "type",
    "tags",
    "context",
    "metadata",
    "display_name",
    "unique_display_name",
    "transformation",
    "eager",
  ] as const),
  ...([
    "eager_async",
    "eager_notification_url",
    "notification_url",
    "responsive_breakpoints",
    "headers",
  ] as const),
  ...([
    "face_coordinates",
    "custom_coordinates",
    "regions",
    "access_control",
    "overwrite",
    "invalidate",
  ] as const),
  ...([
    "clear_invalid",
    "async",
    "moderation",
    "raw_convert",
    "ocr",
    "categorization",
    "auto_tagging",
  ] as const),
  ...([
    "detection",
    "similarity_search",
    "background_removal",
    "quality_override",
    "quality_analysis",
  ] as const),
  ...([
    "accessibility_analysis",
    "cinemagraph_analysis",
    "colors",
    "faces",
    "phash",
    "exif",
    "image_metadata",
  ] as const),
  ...(["media_metadata", "visual_search", "auto_chaptering", "auto_transcription", "timestamp"] as const),
];
type ExplicitRows = Pick<typeof UPLOAD_ROWS, (typeof EXPLICIT_NAMES)[number]>;

const EXPLICIT = Object.fromEntries(
  EXPLICIT_NAMES.map((name) => [name, UPLOAD_ROWS[name]]),
) as unknown as ExplicitRows;

/**
 * The parameters of each method. Left out is what would publish what is not to be seen (`to_type`, `access_mode`), what
 * names assets in a form that no prefix fits (`fully_qualified_public_ids`), and what means nothing without a new file.
 */
export const METHOD_ROWS = {
  upload: UPLOAD_ROWS,
  destroy: { public_id: ID, invalidate: ["boolean", "never"], ...TOLD, ...BY_SERVER },
  rename: {
    from_public_id: ID,
    to_public_id: ID,
    overwrite: ["boolean", "never"],
    invalidate: ["boolean", "never"],
    // Whether the answer tells them, too.
    context: FLAG,
    metadata: FLAG,
    ...TOLD,
    ...BY_SERVER,
  },
  explicit: EXPLICIT,
  tags: {
    command: ["string", "enum"],
    tag: ["csv", "limits", "tags"],
    public_ids: ["paths", "limits", "path"],
    ...BY_SERVER,
  },
  context: {
    command: ["string", "enum"],
    context: UPLOAD_ROWS.context,
    public_ids: ["paths", "limits", "path"],
    ...BY_SERVER,
  },
  metadata: {
    metadata: UPLOAD_ROWS.metadata,
    public_ids: ["paths", "limits", "path"],
    clear_invalid: FLAG,
    ...BY_SERVER,
  },
  generate_archive: {
    public_ids: ["paths", "limits", "path"],
    prefixes: ["folders", "limits", "path"],
    tags: ["csv", "limits", "tags"],
    target_public_id: ID,
    target_asset_folder: UPLOAD_ROWS.asset_folder,
    target_tags: ["csv", "limits", "tags"],
    target_format: ["string", "enum"],
    transformations: ["transformation-list", "enum"],
    mode: ["string", "enum"],
    // The address of a download lives as long as this says, whatever the life of the ticket.
    expires_at: ["integer", "never"],
    allow_missing: FLAG,
    flatten_folders: FLAG,
    flatten_transformations: FLAG,
    keep_derived: FLAG,
    skip_transformation_name: FLAG,
    use_original_filename: FLAG,
    async: ["boolean", "never"],
    ...TOLD,
    ...BY_SERVER,
  },
} as const satisfies Readonly<Record<string, Rows>>;

/** Names of these methods that no profile signs, and people look for. */
export const NEVER_SIGNED: ReadonlySet<string> = new Set(["to_type", "fully_qualified_public_ids"]);

export type MethodName = keyof typeof METHOD_ROWS;

/** A method that a profile signs for. */
export interface SignedMethod {
  readonly name: MethodName;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** What it needs to know what to work on: one of these sets of names, whole. An upload makes an asset, and needs none. */
  readonly needs: readonly (readonly string[])[];
  /** Where Cloudinary knows some values alone. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export const NEEDS = {
  upload: [],
  destroy: [["public_id"]],
  rename: [["from_public_id", "to_public_id"]],
  explicit: [["public_id", "type"]],
  tags: [["command", "public_ids"]],
  context: [["command", "public_ids"]],
  metadata: [["metadata", "public_ids"]],
  generate_archive: [["public_ids"], ["prefixes"], ["tags"]],
} as const satisfies Readonly<Record<MethodName, SignedMethod["needs"]>>;

/** Values that Cloudinary documents as the only ones. */
const VALUES: { readonly [M in MethodName]?: Readonly<Record<string, readonly string[]>> } = {
  tags: { command: ["add", "remove", "replace", "set_exclusive", "remove_all"] },
  context: { command: ["add", "remove_all"] },
  generate_archive: { mode: ["create", "download"], target_format: ["zip", "tgz"] },
};

const methodOf = (name: MethodName): SignedMethod => ({
  name,
  parameters: name === "upload" ? PARAMETERS : parametersOf(METHOD_ROWS[name]),
  needs: NEEDS[name],
  values: new Map(Object.entries(VALUES[name] ?? {})),
});

export const METHOD_NAMES = Object.keys(METHOD_ROWS) as MethodName[];

/** Each method by its name. */
export const SIGNED_METHODS: ReadonlyMap<MethodName, SignedMethod> = new Map(
  METHOD_NAMES.map((name) => [name, methodOf(name)]),
);

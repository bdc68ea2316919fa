// The closed table of upload parameters: what this project knows of each, in one place. A name that is not
// here, or in signed-methods.ts, is never signed (R1). Names and kinds come from the official SDKs; test/vectors/upload-params.json
// holds that evidence, and a test keeps the two in step.

import { ok, type Result } from "../../result.ts";
import { parseTemplate, type Template } from "../values/template.ts";
import { KINDS, type Kind, type KindName } from "./kinds.ts";
import type { Reason } from "./reasons.ts";

/**
 * What a profile may leave to a client:
 * - `limits`: a value within the limits of `accept`
 * - `enum`: one of the whole values that `accept` lists, because parts of it could read what the caller may
 *   not, or cost money (R6)
 * - `never`: nothing; it can hide, run, redirect or overwrite (R5)
 */
export type ClientChoice = "limits" | "enum" | "never";

/** What is known of one upload parameter. */
export interface Parameter {
  readonly kind: Kind;
  readonly client: ClientChoice;
  /** `{uuid}`, `{date}` and claims are filled in here and nowhere else: in paths, tags, context, metadata (R10). */
  readonly templated: boolean;
  /** What its texts name: assets and folders, or tags. Two callers must never get, or reach, the same of them (R3). */
  readonly names?: NameSpace;
}

/** Paths are one space of names, tags another. */
export type NameSpace = "path" | "tags";

/** `text` is templated, and names nothing. */
export type Row = readonly [kind: KindName, client: ClientChoice, templated?: NameSpace | "text"];

/** The parameters of an upload. */
export const UPLOAD_ROWS = {
  timestamp: ["integer", "never"],
  public_id: ["path", "limits", "path"],
  public_id_prefix: ["path", "never", "path"],
  folder: ["path", "limits", "path"],
  asset_folder: ["path", "never", "path"],
  display_name: ["string", "limits"],
  upload_preset: ["string", "never"],
  type: ["string", "never"],
  access_mode: ["string", "never"],
  access_control: ["json-array", "never"],
  allowed_formats: ["csv", "limits"],
  format: ["string", "limits"],
  transformation: ["transformation", "enum"],
  eager: ["transformation-list", "enum"],
  eager_async: ["boolean", "limits"],
  eager_notification_url: ["string", "never"],
  notification_url: ["string", "never"],
  callback: ["string", "never"],
  tags: ["csv", "limits", "tags"],
  context: ["pipe-context", "limits", "text"],
  metadata: ["pipe-metadata", "limits", "text"],
  face_coordinates: ["double-array", "limits"],
  custom_coordinates: ["double-array", "limits"],
  regions: ["json", "enum"],
  headers: ["newline-list", "never"],
  responsive_breakpoints: ["json-array", "enum"],
  use_filename: ["boolean", "never"],
  unique_filename: ["boolean", "never"],
  use_filename_as_display_name: ["boolean", "limits"],
  use_asset_folder_as_public_id_prefix: ["boolean", "never"],
  unique_display_name: ["boolean", "limits"],
  discard_original_filename: ["boolean", "limits"],
  filename_override: ["string", "never"],
  overwrite: ["boolean", "never"],
  invalidate: ["boolean", "never"],
  clear_invalid: ["boolean", "limits"],
  backup: ["boolean", "never"],
  async: ["boolean", "never"],
  colors: ["boolean", "limits"],
  faces: ["boolean", "limits"],
  exif: ["boolean", "limits"],
  image_metadata: ["boolean", "limits"],
  media_metadata: ["boolean", "limits"],
  phash: ["boolean", "limits"],
  quality_analysis: ["boolean", "enum"],
  accessibility_analysis: ["boolean", "enum"],
  cinemagraph_analysis: ["boolean", "enum"],
  return_delete_token: ["boolean", "never"],
  visual_search: ["boolean", "enum"],
  auto_chaptering: ["boolean", "enum"],
  auto_transcription: ["boolean|json", "enum"],
  moderation: ["string", "enum"],
  raw_convert: ["string", "enum"],
  ocr: ["string", "enum"],
  categorization: ["string", "enum"],
  auto_tagging: ["float", "enum"],
  detection: ["string", "enum"],
  similarity_search: ["string", "enum"],
  background_removal: ["string", "enum"],
  quality_override: ["string", "enum"],
  proxy: ["string", "never"],
  eval: ["string", "never"],
  on_success: ["string", "never"],
  batch_id: ["string", "limits"],
  source: ["string", "limits"],
  template: ["string", "never"],
  template_vars: ["string", "never"],
  manifest_transformation: ["string", "never"],
  manifest_json: ["json", "never"],
} as const satisfies Readonly<Record<string, Row>>;

export type Rows = Readonly<Record<string, Row>>;

/** Parameters by name; a `Map`, so that `__proto__` or `constructor` is an unknown name. */
export const parametersOf = (rows: Rows): ReadonlyMap<string, Parameter> =>
  new Map(
    Object.entries(rows).map(([name, [kind, client, templated]]) => [
      name,
      {
        ...{ kind: KINDS[kind], client, templated: templated !== undefined },
        ...(templated !== undefined && templated !== "text" && { names: templated }),
      },
    ]),
  );

/** Every upload parameter by its name. */
export const PARAMETERS: ReadonlyMap<string, Parameter> = parametersOf(UPLOAD_ROWS);

/** Names that travel with an upload and are never part of the string to sign. */
export const UNSIGNED_NAMES: ReadonlySet<string> = new Set([
  "file",
  "cloud_name",
  "resource_type",
  "api_key",
  "signature",
]);

/** A parameter's text as a template, where it is one; elsewhere braces stand for themselves. */
export function readTemplate({ kind, templated }: Parameter, text: string): Result<Template, Reason> {
  // Where there are keys, the text has its | escaped already, that of {claim|hash} too.
  const unescaped = kind.hasKeys ? text.replace(/\{(\w+)\\\|hash\}/g, "{$1|hash}") : text;
  return templated ? parseTemplate(unescaped) : ok([text]);
}

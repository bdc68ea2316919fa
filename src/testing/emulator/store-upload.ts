// The upload method, from the request to what is stored, on one page: address, form, judge, file, name, store.
// A part of a file goes the same way as far as the file: the one that makes it whole goes on with the whole.

import { err, ok, type Result } from "../../result.ts";
import { describe, type StoredUpload } from "./asset.ts";
import type { Chunks } from "./chunks.ts";
import { openFile, type UploadedFile } from "./file.ts";
import { flag, type UploadForm } from "./form.ts";
import type { SignedBy } from "./judge-signature.ts";
import type { Account } from "./key-pairs.ts";
import { identify, isFormatAllowed, RESOURCE_TYPES, type WantedType } from "./media.ts";
import { eagerHappened } from "./notification-bodies.ts";
import type { Notifier } from "./notifier.ts";
import { type Part, partOf } from "./part-headers.ts";
import { chosenPublicId, publicIdFor } from "./public-id.ts";
import { readSigned } from "./read-signed.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";
import type { Store } from "./store.ts";
import { type Told, told } from "./told.ts";

/** What the methods work with. */
export interface UploadContext {
  readonly account: Account;
  /** The greatest age of a signature, in seconds; default an hour. */
  readonly maxAge?: number | undefined;
  readonly store: Store;
  readonly chunks: Chunks<Uploaded>;
  /** `http://127.0.0.1:8788` */
  readonly origin: string;
  readonly now: () => number;
  /**
   * What a preset makes of an upload that names it: values of fields that the upload itself does not say. Without it a
   * signed preset changes nothing.
   */
  readonly preset?: ((name: string, fileName: string) => Readonly<Record<string, string>>) | undefined;
  /** Hears what happened; without it nobody does. */
  readonly notifier?: Notifier | undefined;
}

/**
 * What is told while parts are missing, as @cloudinary/asset-management documents it (its
 * `NonFinalChunkUploadResponse`): what is not known yet is left out.
 */
export interface ToldOfPart {
  readonly done: false;
  /** Received so far. */
  readonly bytes: number;
  /** `upload`, `private` or `authenticated`. */
  readonly kind: string;
  readonly resource_type?: string;
  readonly public_id?: string;
}

/** A success: the answer's body, and what was stored, if that is new. */
export interface Uploaded {
  readonly answer: Told | ToldOfPart;
  readonly added: StoredUpload | undefined;
}

/** Where an asset may be kept. */
export const TYPES: readonly string[] = ["upload", "private", "authenticated"];

/** A request whose form the judge let pass. */
interface Accepted {
  readonly fields: UploadForm["fields"];
  /** The file, or the part of one that is sent at a time. */
  readonly opened: UploadedFile;
  readonly part: Part | undefined;
  readonly by: SignedBy;
  readonly type: string;
  /** The public ID that it asks for. */
  readonly chosen: string | undefined;
}

/** The form, its signature and its file, in the order in which the API refuses them. */
async function accept(request: Request, context: UploadContext): Promise<Result<Accepted, Refusal>> {
  const part = partOf(request.headers);
  if (!part.ok) return part;

  const form = await readSigned(request, { required: ["file"] }, context);
  if (!form.ok) return form;
  const { file, by } = form.value;
  const fields = withPreset(form.value.fields, file!, context);

  const type = fields.get("type") || "upload";
  if (!TYPES.includes(type)) return err(REFUSALS.badType());

  const opened = await openFile(file!, request.headers.get("Origin"));
  if (!opened.ok) return opened;
  const chosen = chosenPublicId(fields);
  if (!chosen.ok) return chosen;
  return ok({
    fields,
    opened: opened.value,
    part: part.value,
    by,
    type,
    chosen: chosen.value,
  });
}

function withPreset(
  fields: UploadForm["fields"],
  file: NonNullable<UploadForm["file"]>,
  { preset }: UploadContext,
): UploadForm["fields"] {
  const name = fields.get("upload_preset");
  if (!name || preset === undefined) return fields;
  return new Map([...Object.entries(preset(name, typeof file === "string" ? "" : file.name)), ...fields]);
}

/** Takes one upload. */
export async function upload(
  request: Request,
  cloudName: string,
  resourceType: string,
  context: UploadContext,
): Promise<Result<Uploaded, Refusal>> {
  if (cloudName !== context.account.cloudName) return err(REFUSALS.badCloudName());
  if (!isWantedType(resourceType)) return err(REFUSALS.badResourceType(RESOURCE_TYPES));
  const accepted = await accept(request, context);
  if (!accepted.ok) return accepted;
  const { part, opened, fields, type, chosen } = accepted.value;
  const gathered = await context.chunks.gather(
    part,
    opened,
    new Map(fields).set("resource_type", resourceType),
    (whole) => store(accepted.value, whole, resourceType, context),
  );
  if (!gathered.ok) return gathered;
  if (gathered.value.done) {
    const { stored, again } = gathered.value;
    return ok({ answer: stored.answer, added: again ? undefined : stored.added });
  }
  const answer = toldOfPart(gathered.value.bytes, type, resourceType, chosen);
  return ok({ answer, added: undefined });
}

/** Names and stores a whole file. */
async function store(
  { fields, type, by }: Accepted,
  file: UploadedFile,
  resourceType: WantedType,
  context: UploadContext,
): Promise<Result<Uploaded, Refusal>> {
  const media = identify(file, resourceType);
  if (!media.ok) return media;
  if (!isFormatAllowed(media.value.format, fields.get("allowed_formats"))) {
    return err(REFUSALS.formatNotAllowed(media.value.resourceType, media.value.format));
  }

  const fileName = fields.get("filename_override") || file.name;
  const publicId = publicIdFor(fields, fileName, media.value);
  if (!publicId.ok) return publicId;

  const description = describe({
    fields,
    file,
    fileName,
    media: media.value,
    publicId: publicId.value,
    type,
    delivery: context,
    nowMs: context.now(),
  });
  const stored = await context.store.add(
    { upload: description, contentType: media.value.contentType },
    file.bytes,
    flag(fields.get("overwrite")) !== false,
  );

  const existing = stored.existing && { existing: true as const };
  const url = fields.get("notification_url");
  context.notifier?.notify(
    { type: "upload", asset: stored.upload, members: { ...existing }, url },
    ...eagerHappened(fields, stored.upload, context),
  );

  const answer = told(stored.upload, by);
  return ok({
    answer: { ...answer, ...existing },
    added: stored.existing ? undefined : stored.upload,
  });
}

function toldOfPart(
  bytes: number,
  kind: string,
  resourceType: WantedType,
  publicId: string | undefined,
): ToldOfPart {
  return {
    done: false,
    bytes,
    kind,
    ...(resourceType !== "auto" && { resource_type: resourceType }),
    ...(publicId !== undefined && { public_id: publicId }),
  };
}

function isWantedType(text: string): text is WantedType {
  return (RESOURCE_TYPES as readonly string[]).includes(text);
}

// The upload method, from the request to what is stored, on one page: address, form, judge, file, name, store.

import { err, ok, type Result } from "../../signature/result.ts";
import { describe, type StoredUpload } from "./asset.ts";
import { REFUSALS, type Refusal } from "./errors.ts";
import { openFile } from "./file.ts";
import { flag, readForm, type UploadForm } from "./form.ts";
import { type Account, answerSignature, holdsSecret, judge } from "./judge.ts";
import { identify, isFormatAllowed, RESOURCE_TYPES, type WantedType } from "./media.ts";
import { publicIdFor } from "./public-id.ts";
import type { Store } from "./store.ts";

/** What the upload method works with. */
export interface UploadContext {
  readonly account: Account;
  readonly store: Store;
  /** `http://127.0.0.1:8788` */
  readonly origin: string;
  readonly now: () => number;
}

/** A successful upload: the answer's body, and whether something new was stored. */
export interface Uploaded {
  readonly answer: Omit<StoredUpload, "fields"> & { readonly signature: string; readonly existing?: true };
  readonly upload: StoredUpload;
  readonly existing: boolean;
}

const TYPES = ["upload", "private", "authenticated"];

/** Takes one upload. */
export async function upload(
  request: Request,
  cloudName: string,
  resourceType: string,
  { account, store, origin, now }: UploadContext,
): Promise<Result<Uploaded, Refusal>> {
  if (cloudName !== account.cloudName) return err(REFUSALS.badCloudName());
  if (!isWantedType(resourceType)) return err(REFUSALS.badResourceType());
  if (!isWhole(request.headers.get("Content-Range"))) return err(REFUSALS.noChunks());

  const read = await readForm(request);
  if (!read.ok) return read;
  const form = withoutSecretField(read.value);
  const { fields } = form;
  if (holdsSecret(form, account.apiSecret)) return err(REFUSALS.holdsSecret());

  const judged = judge(form, account, now());
  if (!judged.ok) return judged;

  const type = fields.get("type") || "upload";
  if (!TYPES.includes(type)) return err(REFUSALS.badType());

  const opened = await openFile(form.file!);
  if (!opened.ok) return opened;
  const file = opened.value;
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
    deliveryPrefix: `${origin}/${encodeURIComponent(account.cloudName)}`,
    nowMs: now(),
  });
  const stored = await store.add(
    {
      upload: description,
      contentType: media.value.contentType,
      restricted: type !== "upload" || fields.get("access_mode") === "authenticated",
    },
    file.bytes,
    flag(fields.get("overwrite")) !== false,
  );

  const { fields: _, ...told } = stored.upload;
  const signature = answerSignature(told.public_id, told.version, account.apiSecret, judged.value);
  return ok({
    answer: { ...told, signature, ...(stored.existing && { existing: true as const }) },
    ...stored,
  });
}

function isWantedType(text: string): text is WantedType {
  return (RESOURCE_TYPES as readonly string[]).includes(text);
}

/** Whether a `Content-Range` covers the whole file, as chunking clients send for small ones, or is absent. */
function isWhole(range: string | null): boolean {
  if (range === null) return true;
  const [, last, total] = /^bytes 0-(\d+)\/(\d+)$/.exec(range) ?? [];
  return last !== undefined && Number(last) + 1 === Number(total);
}

/** The SDK, given `api_secret` as an option beside a signature, sends it: it is dropped before all else. */
function withoutSecretField(form: UploadForm): UploadForm {
  return { ...form, fields: new Map([...form.fields].filter(([name]) => name !== "api_secret")) };
}

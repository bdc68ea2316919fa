// What is read of a request to confirm: the upload ID, and of Cloudinary's answer the five members that name the upload.

import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { isTable, readTable } from "../tickets/signing-request.ts";
import { MAX_UPLOAD_ID } from "../tickets/upload-id.ts";
import type { StoredType } from "./cloudinary-api.ts";

/** Names one upload: an asset in one of its versions. */
export interface UploadName {
  readonly public_id: string;
  /** Unix seconds. */
  readonly version: number;
  readonly resource_type: StoredType;
  readonly type: string;
}

/** Cloudinary's answer to an upload, as its client hands it on. */
export interface UploadAnswer extends UploadName {
  readonly signature: string;
}

export interface ConfirmationRequest {
  readonly uploadId: string;
  readonly response: UploadAnswer;
}

const TYPES: readonly unknown[] = ["image", "video", "raw"] satisfies StoredType[];

/** Cloudinary's answers are deep where add-ons tell what they found; it may be handed on as it came. */
const MAX_ANSWER_DEPTH = 32;

const isText = (value: unknown, most: number): value is string =>
  typeof value === "string" && value !== "" && value.length <= most;

/** The members of an answer or a notification that name the upload; or what is wrong with them, for its sender. */
export function readUploadName({
  public_id,
  version,
  resource_type,
  type,
}: Readonly<Record<string, unknown>>): Result<UploadName, string> {
  // A version comes as a number, and as a text of one by other ways.
  const number = typeof version === "string" && /^\d{1,15}$/.test(version) ? Number(version) : version;
  if (!isText(public_id, 1024) || !isText(type, 32)) return err(TEXTS);
  if (!Number.isSafeInteger(number) || (number as number) <= 0)
    return err("send the `version` of Cloudinary's answer, a whole number");
  if (!TYPES.includes(resource_type))
    return err("send the `resource_type` of Cloudinary's answer: image, video or raw");
  return ok({
    public_id,
    version: number as number,
    resource_type: resource_type as StoredType,
    type,
  });
}

const TEXTS = "send `public_id`, `signature` and `type` of Cloudinary's answer as texts";

const wrong = (problem: string): Result<never, Failure> => err(failure("confirm_malformed", { problem }));

/** Whatever else stands in the answer is not read: a browser can claim anything. */
export function readConfirmation(body: unknown): Result<ConfirmationRequest, Failure> {
  const table = readTable(body, MAX_ANSWER_DEPTH);
  if (!table.ok) return table;
  const { upload_id, response, ...others } = table.value;
  if (Object.keys(others).length > 0)
    return wrong("send `upload_id` and `response`, and nothing beside them");
  if (!isText(upload_id, MAX_UPLOAD_ID)) return wrong("send the `upload_id` of the ticket, a text");
  if (!isTable(response)) return wrong("send Cloudinary's answer to the upload as `response`, an object");
  const { signature } = response;
  if (!isText(signature, 64)) return wrong(TEXTS);
  const named = readUploadName(response);
  return named.ok ? ok({ uploadId: upload_id, response: { ...named.value, signature } }) : wrong(named.error);
}

// Which part of a file a request brings, told by its headers in one of Cloudinary's two ways: parts of one size by the bytes
// that they are (`Content-Range`), or parts of any size by their numbers (`X-Upload-Part-Number` and
// `X-Upload-Total-Parts`). Both are documented in @cloudinary/asset-management (`uploadChunk`). Assumed is that a number
// decides where both are sent.

import { err, ok, type Result } from "../../result.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** A part, whose places are bytes of the file, or one place for each part. */
export interface Part {
  readonly uploadId: string;
  readonly counts: "bytes" | "parts";
  /** Its first place, from 0. */
  readonly start: number;
  /** The place after its last one. */
  readonly end: number;
  /** Places of the whole; absent while the client does not know, as the official SDK until the last part. */
  readonly total: number | undefined;
}

/** As documented. */
const MAX_PARTS = 10_000;

/** The part that the headers tell of; `undefined` when the request brings a whole file. */
export function partOf(headers: Headers): Result<Part | undefined, Refusal> {
  const uploadId = headers.get("X-Unique-Upload-Id") ?? "";
  const number = headers.get("X-Upload-Part-Number");
  const range = headers.get("Content-Range");
  if (number === null && range === null) return ok(undefined);

  const read = number === null ? byRange(range!) : byNumber(number, headers.get("X-Upload-Total-Parts"));
  if (!read.ok) return read;
  const part = { uploadId, ...read.value };
  // Chunking clients send small files with a range too, and need no ID for it.
  return uploadId !== "" || isWhole(part) ? ok(part) : err(REFUSALS.noUploadId());
}

/** Whether it is the only one. */
export const isWhole = ({ start, end, total }: Part): boolean => start === 0 && end === total;

type Places = Omit<Part, "uploadId">;

function byRange(range: string): Result<Places, Refusal> {
  const [, first, last, all] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|-1)$/.exec(range) ?? [];
  const [start, end] = [Number(first), Number(last) + 1];
  const total = all === "-1" ? undefined : Number(all);
  // NaN, when the header does not match, is in no order.
  if (!(start < end && end <= (total ?? end))) return err(REFUSALS.badRange());
  return ok({ counts: "bytes", start, end, total });
}

function byNumber(number: string, parts: string | null): Result<Places, Refusal> {
  const isNumber = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text);
  const [end, total] = [Number(number), parts === null ? undefined : Number(parts)];
  const isGood = isNumber(number) && (parts === null || isNumber(parts));
  if (!isGood || !(end <= (total ?? end) && (total ?? end) <= MAX_PARTS))
    return err(REFUSALS.badPartNumber());
  return ok({ counts: "parts", start: end - 1, end, total });
}

// Whether parts belong together: what is wrong with one by itself, and beside those of its upload that are here.

import type { Result } from "../../result.ts";
import type { UploadedFile } from "./file.ts";
import type { Part } from "./part-headers.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** Ours: the whole is put together in memory. */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;

/**
 * What differs between parts: the official SDK signs each part anew, and with a ticket sends its range too. That another key
 * pair may sign a later one is assumed.
 */
const OF_ONE_PART: ReadonlySet<string> = new Set(["timestamp", "signature", "api_key", "content_range"]);

/** A part that is here. */
export interface Held extends Part {
  readonly path: string;
  readonly bytes: number;
  readonly digest: string;
  readonly file: Omit<UploadedFile, "bytes">;
}

/** An upload whose parts come. */
export interface Gathering<T> {
  readonly fields: ReadonlyMap<string, string>;
  readonly counts: Part["counts"];
  total: number | undefined;
  /** By where they start. */
  readonly parts: Map<number, Held>;
  /** Once all is here. */
  stored?: Promise<Result<T, Refusal>>;
}

export const receivedBy = ({ parts }: Gathering<unknown>): number =>
  [...parts.values()].reduce((sum, { bytes }) => sum + bytes, 0);

/** What is wrong with a part by itself. */
export function badPart(part: Part, bytes: number, minBytes: number): Refusal | undefined {
  const { counts, start, end, total } = part;
  if (counts === "bytes" && bytes !== end - start) return REFUSALS.badPartLength(bytes, end - start);
  if (end !== total && bytes < minBytes) return REFUSALS.shortPart();
  if (counts === "bytes" && (total ?? end) > MAX_WHOLE_BYTES) return REFUSALS.tooLarge(MAX_WHOLE_BYTES);
  return undefined;
}

const changedFields = (fields: ReadonlyMap<string, string>, upload: Gathering<unknown>): string[] =>
  [...new Set([...fields.keys(), ...upload.fields.keys()])].filter(
    (name) => !OF_ONE_PART.has(name) && fields.get(name) !== upload.fields.get(name),
  );

/** Whether a part of a stored file is sent again, by a client that lost the answer. */
export function isAgain(
  part: Held,
  fields: ReadonlyMap<string, string>,
  upload: Gathering<unknown>,
): boolean {
  const before = upload.parts.get(part.start);
  const isSame = before?.end === part.end && before.digest === part.digest;
  return isSame && upload.counts === part.counts && changedFields(fields, upload).length === 0;
}

/** Why a part does not belong to its upload. */
export function misfit(
  part: Held,
  fields: ReadonlyMap<string, string>,
  upload: Gathering<unknown>,
): Refusal | undefined {
  const changed = changedFields(fields, upload);
  if (changed.length > 0) return REFUSALS.fieldsChanged(changed);
  if (part.counts !== upload.counts) return REFUSALS.mixedParts();

  const all = [...upload.parts.values(), part];
  const total = upload.total ?? part.total;
  if (part.total !== undefined && part.total !== total) return REFUSALS.totalChanged();
  if (total !== undefined && all.some(({ end }) => end > total)) return REFUSALS.totalChanged();

  if (part.counts === "bytes") return isUniform(all, total) ? undefined : REFUSALS.unequalParts();
  const others = receivedBy(upload) - (upload.parts.get(part.start)?.bytes ?? 0);
  return others + part.bytes > MAX_WHOLE_BYTES ? REFUSALS.tooLarge(MAX_WHOLE_BYTES) : undefined;
}

/** Whether parts are of one size and at multiples of it; the last has no more. */
function isUniform(parts: readonly Part[], total: number | undefined): boolean {
  const size = parts.map(({ start, end }) => (end === total ? undefined : end - start)).find(Boolean);
  if (size === undefined) return true;
  return parts.every(({ start, end }) => {
    const length = end - start;
    return start % size === 0 && (end === total ? length <= size : length === size);
  });
}

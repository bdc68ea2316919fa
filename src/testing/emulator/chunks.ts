// Chunked uploads: a file that comes in parts, each a request of its own, until the last one makes it whole.
// Documented are the two headers, that the last part comes last, and the least size of the others:
// https://support.cloudinary.com/hc/en-us/articles/208263735. Assumed is the rest: that parts come in order,
// that a part may be sent again, which fields may differ, and that the last part names the whole file.

import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../result.ts";
import type { UploadedFile } from "./file.ts";
import { MIN_PART_BYTES } from "./part-size.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** Which bytes of which upload a request brings. */
export interface Part {
  readonly uploadId: string;
  readonly start: number;
  /** Of the byte after the last one. */
  readonly end: number;
  /** Bytes of the whole file; absent while the client does not know, as the official SDK until the last part. */
  readonly total: number | undefined;
}

/** The whole file, or how many bytes of it are here. */
export type Gathered =
  | { readonly done: true; readonly file: UploadedFile }
  | { readonly done: false; readonly bytes: number };

/** Ours: the whole is put together in memory. */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;

/** Ours: clients that give up do not say so. */
const MAX_UNFINISHED = 20;

/** What differs between parts: the official SDK signs each part anew, and with a ticket sends its range too. */
const OF_ONE_PART: ReadonlySet<string> = new Set(["timestamp", "signature", "content_range"]);

/** The part that the headers tell of; `undefined` when the request brings a whole file. */
export function partOf(headers: Headers): Result<Part | undefined, Refusal> {
  const range = headers.get("Content-Range");
  if (range === null) return ok(undefined);

  const [, first, last, all] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|-1)$/.exec(range) ?? [];
  const [start, end] = [Number(first), Number(last) + 1];
  const total = all === "-1" ? undefined : Number(all);
  // NaN, when the header does not match, is in no order.
  if (!(start < end && end <= (total ?? end))) return err(REFUSALS.badRange());
  // Chunking clients send small files with a range too, and need no ID for it.
  const uploadId = headers.get("X-Unique-Upload-Id") ?? "";
  const isWhole = start === 0 && end === total;
  return isWhole || uploadId !== "" ? ok({ uploadId, start, end, total }) : err(REFUSALS.noUploadId());
}

interface Unfinished {
  readonly fields: ReadonlyMap<string, string>;
  total: number | undefined;
  /** How many bytes are here. */
  received: number;
  /** By where they start, in order. */
  readonly parts: Map<number, { readonly end: number; readonly path: string }>;
}

/** The unfinished uploads: what they are in memory, their bytes in a folder under names of our own. */
export class Chunks {
  readonly #folder: string;
  /** By upload ID, the one that waits longest first. */
  readonly #unfinished = new Map<string, Unfinished>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes a part, or a whole file. A refused part changes nothing: the upload goes on with the right one. */
  async gather(
    part: Part | undefined,
    file: UploadedFile,
    fields: ReadonlyMap<string, string>,
  ): Promise<Result<Gathered, Refusal>> {
    if (!part) return ok({ done: true, file });
    const bad = badPart(part, file.bytes.length);
    if (bad) return err(bad);
    if (part.start === 0 && isLast(part)) return ok({ done: true, file });

    const path = join(this.#folder, randomUUID());
    await writeFile(path, file.bytes);

    // Nothing is awaited until the part is held: of two requests at once, one is first.
    const upload = this.#unfinished.get(part.uploadId) ?? begun(fields);
    const refusal = misfit(part, fields, upload);
    if (refusal) {
      await rm(path, { force: true });
      return err(refusal);
    }
    const obsolete = this.#hold(part, path, upload);

    await removeAll(obsolete);
    if (!isLast(part)) return ok({ done: false, bytes: upload.received });
    const bytes = await joined(upload);
    await removeAll(pathsOf(upload));
    return ok({ done: true, file: { ...file, bytes } });
  }

  /** Adds a part to its upload, which is ours no more when it is the last; tells which files nobody needs now. */
  #hold(part: Part, path: string, upload: Unfinished): string[] {
    const before = upload.parts.get(part.start);
    upload.parts.set(part.start, { end: part.end, path });
    upload.received = Math.max(upload.received, part.end);
    upload.total ??= part.total;

    const obsolete = before ? [before.path] : [];
    this.#unfinished.delete(part.uploadId);
    if (isLast(part)) return obsolete;
    this.#unfinished.set(part.uploadId, upload);
    for (const [uploadId, idle] of [...this.#unfinished].slice(0, -MAX_UNFINISHED)) {
      this.#unfinished.delete(uploadId);
      obsolete.push(...pathsOf(idle));
    }
    return obsolete;
  }
}

/** What is wrong with a part by itself. */
function badPart(part: Part, bytes: number): Refusal | undefined {
  if (bytes !== part.end - part.start) return REFUSALS.badPartLength(bytes, part.end - part.start);
  if (!isLast(part) && bytes < MIN_PART_BYTES) return REFUSALS.shortPart();
  if ((part.total ?? part.end) > MAX_WHOLE_BYTES) return REFUSALS.tooLarge(MAX_WHOLE_BYTES);
  return undefined;
}

/** Why a part does not belong to its upload. */
function misfit(part: Part, fields: ReadonlyMap<string, string>, upload: Unfinished): Refusal | undefined {
  const changed = [...new Set([...fields.keys(), ...upload.fields.keys()])].filter(
    (name) => !OF_ONE_PART.has(name) && fields.get(name) !== upload.fields.get(name),
  );
  if (changed.length > 0) return REFUSALS.fieldsChanged(changed);

  const { total, received } = upload;
  if (total !== undefined && part.total !== total) return REFUSALS.totalChanged();
  if (part.total !== undefined && part.total < received) return REFUSALS.totalChanged();

  // Sent again, by a client that lost the answer.
  if (upload.parts.get(part.start)?.end === part.end) return undefined;
  return part.start === received ? undefined : REFUSALS.notNext(received);
}

function begun(fields: ReadonlyMap<string, string>): Unfinished {
  return { fields, total: undefined, received: 0, parts: new Map() };
}

const isLast = (part: Part): boolean => part.end === part.total;

const pathsOf = (upload: Unfinished): string[] => [...upload.parts.values()].map(({ path }) => path);

/** The whole file. One part is read after the other, so that memory holds no more than the whole and a part. */
async function joined({ received, parts }: Unfinished): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(received);
  for (const [start, { path }] of parts) whole.set(await readFile(path), start);
  return whole;
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

// Chunked uploads: a file that comes in parts, each a request of its own, in any order and at once, until all of it is here.
// Documented are the headers, the least size of a part, and that parts by ranges are of one size: @cloudinary/asset-management
// (`uploadChunk`), https://support.cloudinary.com/hc/en-us/articles/208263735. That any part may come last was seen in
// clients. Our own choice is the rest: that the parts agree on every field but those of one part, that a part may be sent
// again, and once more after the file was stored, when it is answered as before, and that the last part names the file.

import { createHash, randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../result.ts";
import type { UploadedFile } from "./file.ts";
import { badPart, type Gathering, type Held, isAgain, misfit, receivedBy } from "./part-fit.ts";
import { isWhole, type Part } from "./part-headers.ts";
import type { Refusal } from "./refusals.ts";

/** What became of the whole file, told `again` where its part was sent again; or how many bytes of it are here. */
export type Gathered<T> =
  | { readonly done: true; readonly stored: T; readonly again: boolean }
  | { readonly done: false; readonly bytes: number };

/** "Larger than 5mb"; that it means 5 MiB, and that exactly 5 MiB are enough, is assumed. The last part may have less. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** Ours: clients that give up do not say so. */
const MAX_UNFINISHED = 20;
/** Ours, and of what is remembered for parts that are sent again. */
const MAX_FINISHED = 100;

/** The uploads in parts, each `T` once it is stored: what they are in memory, their bytes in a folder under names of our own. */
export class Chunks<T> {
  readonly #folder: string;
  readonly #minPartBytes: number;
  /** By upload ID, the one that waits longest first. */
  readonly #uploads = new Map<string, Gathering<T>>();

  constructor(folder: string, minPartBytes = MIN_PART_BYTES) {
    this.#folder = folder;
    this.#minPartBytes = minPartBytes;
  }

  /**
   * Takes a part, or a whole file, and hands the whole to `store`, once. A refused part changes nothing: the upload goes
   * on with the right one.
   */
  async gather(
    part: Part | undefined,
    file: UploadedFile,
    fields: ReadonlyMap<string, string>,
    store: (whole: UploadedFile) => Promise<Result<T, Refusal>>,
  ): Promise<Result<Gathered<T>, Refusal>> {
    const bad = part && badPart(part, file.bytes.length, this.#minPartBytes);
    if (bad) return err(bad);
    if (!part || isWhole(part)) return finished(await store(file), false);

    const { bytes, ...named } = file;
    const path = join(this.#folder, randomUUID());
    await writeFile(path, bytes);
    const digest = createHash("md5").update(bytes).digest("hex");
    const held: Held = { ...part, path, bytes: bytes.length, digest, file: named };

    // Nothing is awaited until the part is held: of two requests at once, one is first.
    const known = this.#uploads.get(part.uploadId);
    if (known?.stored && isAgain(held, fields, known)) {
      await removeAll([path]);
      return finished(await known.stored, true);
    }
    const upload = known && !known.stored ? known : begun<T>(fields, part.counts);
    const refusal = misfit(held, fields, upload);
    if (refusal) {
      await removeAll([path]);
      return err(refusal);
    }
    const obsolete = this.#hold(held, upload);
    if (!isComplete(upload)) {
      await removeAll(obsolete);
      return ok({ done: false, bytes: receivedBy(upload) });
    }
    upload.stored = joined(upload).then(store);
    const [stored] = await Promise.all([upload.stored, removeAll(obsolete)]);
    return finished(stored, false);
  }

  /** Adds a part to its upload; tells which files nobody needs now. */
  #hold(part: Held, upload: Gathering<T>): string[] {
    const before = upload.parts.get(part.start);
    upload.parts.set(part.start, part);
    upload.total ??= part.total;
    this.#uploads.delete(part.uploadId);
    this.#uploads.set(part.uploadId, upload);
    return [...(before ? [before.path] : []), ...this.#dropIdle()];
  }

  #dropIdle(): string[] {
    const all = [...this.#uploads];
    const unfinished = all.filter(([, { stored }]) => !stored).slice(0, -MAX_UNFINISHED);
    const ended = all.filter(([, { stored }]) => stored).slice(0, -MAX_FINISHED);
    for (const [uploadId] of [...unfinished, ...ended]) this.#uploads.delete(uploadId);
    return unfinished.flatMap(([, idle]) => pathsOf(idle));
  }
}

function finished<T>(stored: Result<T, Refusal>, again: boolean): Result<Gathered<T>, Refusal> {
  return stored.ok ? ok({ done: true, stored: stored.value, again }) : stored;
}

function begun<T>(fields: ReadonlyMap<string, string>, counts: Part["counts"]): Gathering<T> {
  return { fields, counts, total: undefined, parts: new Map() };
}

/** No two parts overlap, so it is when their places are as many as there are. */
const isComplete = ({ parts, total }: Gathering<unknown>): boolean =>
  [...parts.values()].reduce((sum, { start, end }) => sum + end - start, 0) === total;

const pathsOf = (upload: Gathering<unknown>): string[] => [...upload.parts.values()].map(({ path }) => path);

/** The whole file. One part is read after the other, so that memory holds no more than the whole and a part. */
async function joined(upload: Gathering<unknown>): Promise<UploadedFile> {
  const bytes = new Uint8Array(receivedBy(upload));
  const parts = [...upload.parts.values()].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const part of parts) {
    bytes.set(await readFile(part.path), at);
    at += part.bytes;
  }
  await removeAll(pathsOf(upload));
  return { ...parts.at(-1)!.file, bytes };
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

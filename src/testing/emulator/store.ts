// What the emulator holds: descriptions in memory, bytes in a folder of its own under names of its own, so
// that no client's file name ever meets the file system.

import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredUpload } from "./asset.ts";

/** An asset: what is told of it, and how it is served. */
export interface Asset {
  readonly upload: StoredUpload;
  readonly contentType: string;
}

interface Held extends Asset {
  /** Where the bytes are. */
  readonly file: string;
}

/** What makes two assets one. */
export type Identity = Pick<StoredUpload, "resource_type" | "type" | "public_id">;

const identityOf = ({ resource_type, type, public_id }: Identity): string =>
  JSON.stringify([resource_type, type, public_id]);

export class Store {
  readonly #folder: string;
  /** By identity, the newest last. */
  readonly #held = new Map<string, Held>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Stores an asset. With `overwrite` false, one of the same public ID, resource type and type stays, and is
   * answered instead. A replaced asset's bytes stay on the disk until the end, since they may be being read.
   */
  async add(
    asset: Asset,
    bytes: Uint8Array,
    overwrite: boolean,
  ): Promise<{ upload: StoredUpload; existing: boolean }> {
    const file = join(this.#folder, randomUUID());
    await writeFile(file, bytes);

    // Nothing is awaited from here on: of two uploads at once under one name, one is first.
    const identity = identityOf(asset.upload);
    const known = this.#held.get(identity);
    if (known && !overwrite) {
      await rm(file, { force: true });
      return { upload: known.upload, existing: true };
    }
    this.#held.delete(identity);
    this.#held.set(identity, { ...asset, file });
    return { upload: asset.upload, existing: false };
  }

  /** Describes an asset anew: its place stays, its bytes too. */
  change(after: StoredUpload): void {
    const identity = identityOf(after);
    const held = this.#held.get(identity);
    if (held) this.#held.set(identity, { ...held, upload: after });
  }

  /** Gives an asset another name, where it takes the place of whatever has it. */
  rename(before: StoredUpload, after: StoredUpload): void {
    const held = this.#held.get(identityOf(before));
    if (!held) return;
    this.#held.delete(identityOf(before));
    this.#held.delete(identityOf(after));
    this.#held.set(identityOf(after), { ...held, upload: after });
  }

  /** Removes an asset and its bytes; answers what it was. */
  async remove(identity: Identity): Promise<StoredUpload | undefined> {
    const held = this.#held.get(identityOf(identity));
    if (!held) return undefined;
    this.#held.delete(identityOf(identity));
    await rm(held.file, { force: true });
    return held.upload;
  }

  /** Every upload that is held; the newest, or last renamed, is last. */
  uploads(): StoredUpload[] {
    return [...this.#held.values()].map(({ upload }) => upload);
  }

  /** Every asset, in the same order. */
  assets(): Iterable<Asset> {
    return this.#held.values();
  }

  /** The asset of this name. */
  asset(identity: Identity): Asset | undefined {
    return this.#held.get(identityOf(identity));
  }

  /** The upload of this name. */
  named(identity: Identity): StoredUpload | undefined {
    return this.asset(identity)?.upload;
  }

  /** An asset's bytes; none where it has just been removed. */
  async read(identity: Identity): Promise<Buffer<ArrayBuffer> | undefined> {
    const held = this.#held.get(identityOf(identity));
    try {
      return held && (await readFile(held.file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }
}

// What the emulator holds: descriptions in memory, bytes in a folder of its own under names of its own, so
// that no client's file name ever meets the file system.

import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredUpload } from "./asset.ts";

/** An asset: what is told of it, and how it is served. */
export interface Asset {
  readonly upload: StoredUpload;
  readonly contentType: string;
  /** Not for everyone: Cloudinary serves it by signed addresses, which are not emulated. */
  readonly restricted: boolean;
}

interface Held extends Asset {
  /** Where the bytes are. */
  readonly file: string;
}

/** What makes two assets one. */
type Identity = Pick<StoredUpload, "resource_type" | "type" | "public_id">;

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
    if (known && !overwrite) return { upload: known.upload, existing: true };
    this.#held.delete(identity);
    this.#held.set(identity, { ...asset, file });
    return { upload: asset.upload, existing: false };
  }

  /** Every upload that is held, newest last. */
  uploads(): StoredUpload[] {
    return [...this.#held.values()].map(({ upload }) => upload);
  }

  /** The upload of this name. */
  named(identity: Identity): StoredUpload | undefined {
    return this.#held.get(identityOf(identity))?.upload;
  }

  /** The asset whose delivery URL has this path, percent-decoded. */
  find(path: string): Held | undefined {
    return [...this.#held.values()].find(
      ({ upload }) => decodeURIComponent(new URL(upload.url).pathname) === path,
    );
  }

  /** An asset's bytes. */
  read(asset: Held): Promise<Buffer<ArrayBuffer>> {
    return readFile(asset.file);
  }
}

// Reads zip archives by another library than the one that the emulator makes them with: one that checks sizes and
// checksums, and refuses names that lead out of a folder.

import { buffer } from "node:stream/consumers";
// @ts-expect-error: its types are a package apart, which brings a second copy of Node's own
import { fromBufferPromise } from "yauzl";

interface ZipFile {
  eachEntry(): AsyncIterable<{ readonly fileName: string }>;
  openReadStreamPromise(entry: object): Promise<NodeJS.ReadableStream>;
}

/** Names and bytes of every file in an archive, in its order. */
export async function unzip(archive: Uint8Array): Promise<[name: string, bytes: Buffer][]> {
  const zip: ZipFile = await fromBufferPromise(Buffer.from(archive));
  const files: [string, Buffer][] = [];
  for await (const entry of zip.eachEntry()) {
    files.push([entry.fileName, await buffer(await zip.openReadStreamPromise(entry))]);
  }
  return files;
}

// The `file` of a form -> its bytes: a file part, or a `data:` URI. Nothing is ever fetched.

import { err, ok, type Result } from "../../result.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** A file as the client described it: its name and type prove nothing. */
export interface UploadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly contentType: string;
}

/** What Cloudinary calls a file that came without a name (assumed). */
const NAMELESS = "file";

/** Whether there is a file at all. A browser sends an untouched file input as an empty part without a name. */
export function isFileSent(file: File | string | undefined): file is File | string {
  if (file === undefined) return false;
  return typeof file === "string" ? file !== "" : file.name !== "" || file.size > 0;
}

/** Reads the file's bytes. */
export async function openFile(file: File | string): Promise<Result<UploadedFile, Refusal>> {
  const opened = typeof file === "string" ? await openText(file) : ok(await openPart(file));
  return opened.ok && opened.value.bytes.length === 0 ? err(REFUSALS.emptyFile()) : opened;
}

async function openPart(file: File): Promise<UploadedFile> {
  return {
    bytes: new Uint8Array(await file.arrayBuffer()),
    name: file.name || NAMELESS,
    contentType: file.type,
  };
}

async function openText(text: string): Promise<Result<UploadedFile, Refusal>> {
  if (/^(https?|ftp|s3|gs):/i.test(text)) return err(REFUSALS.fetchesNothing());
  // The scheme is checked first, so that `fetch`, the platform's parser of data: URIs, stays off the network.
  if (!/^data:/i.test(text)) return err(REFUSALS.badSource());
  try {
    const response = await fetch(text);
    return ok({
      bytes: new Uint8Array(await response.arrayBuffer()),
      name: NAMELESS,
      contentType: response.headers.get("Content-Type") ?? "",
    });
  } catch {
    return err(REFUSALS.badSource());
  }
}

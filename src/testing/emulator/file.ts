// The `file` of a form -> its bytes: a file part, a `data:` URI, or an address of this machine. Nothing is ever fetched
// from elsewhere, nor for pages from elsewhere: any site that is open in a browser could read this machine's servers so.

import { readBounded } from "../../read-bounded.ts";
import { err, ok, type Result } from "../../result.ts";
import { isWebAddress, LOOPBACK } from "../../web-address.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** A file as the client described it: its name and type prove nothing. */
export interface UploadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly contentType: string;
}

/** What Cloudinary calls a file that came without a name (assumed). */
const NAMELESS = "file";

/** Most bytes of a remote file, and the longest wait for all of it, in milliseconds: this emulator's own. */
const MAX_REMOTE_BYTES = 100 * 1024 * 1024;
const REMOTE_TIMEOUT_MS = 10_000;

/** Whether there is a file at all. A browser sends an untouched file input as an empty part without a name. */
export function isFileSent(file: File | string | undefined): file is File | string {
  if (file === undefined) return false;
  return typeof file === "string" ? file !== "" : file.name !== "" || file.size > 0;
}

/** Reads the file's bytes. `origin`: that of the page that sends it. */
export async function openFile(
  file: File | string,
  origin: string | null,
): Promise<Result<UploadedFile, Refusal>> {
  const opened = typeof file === "string" ? await openText(file, origin) : ok(await openPart(file));
  return opened.ok && opened.value.bytes.length === 0 ? err(REFUSALS.emptyFile()) : opened;
}

async function openPart(file: File): Promise<UploadedFile> {
  return {
    bytes: new Uint8Array(await file.arrayBuffer()),
    name: file.name || NAMELESS,
    contentType: file.type,
  };
}

const isHere = (address: string): boolean =>
  isWebAddress(address) && LOOPBACK.test(new URL(address).hostname);

async function openText(text: string, origin: string | null): Promise<Result<UploadedFile, Refusal>> {
  if (isHere(text))
    return origin === null || isHere(origin)
      ? openRemote(new URL(text))
      : err(REFUSALS.fetchesNothingForPages());
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

/** A file that another server of this machine serves. A redirect could lead elsewhere, and is not followed. */
async function openRemote(url: URL): Promise<Result<UploadedFile, Refusal>> {
  const signal = AbortSignal.timeout(REMOTE_TIMEOUT_MS);
  try {
    const response = await fetch(url, { redirect: "error", signal });
    if (!response.ok) return err(REFUSALS.notLoaded(url.href, `${response.status}`));
    const bytes = await readBounded(response.body, MAX_REMOTE_BYTES, signal);
    if (signal.aborted) throw signal.reason;
    if (bytes === undefined) return err(REFUSALS.tooLarge(MAX_REMOTE_BYTES));
    const name = url.pathname.split("/").at(-1) || NAMELESS;
    return ok({ bytes, name, contentType: response.headers.get("Content-Type") ?? "" });
  } catch {
    const why = signal.aborted ? `no answer within ${REMOTE_TIMEOUT_MS / 1000} s` : "no answer";
    return err(REFUSALS.notLoaded(url.href, why));
  }
}

// Serving what was uploaded, byte for byte, as the stranger's bytes that they are: nothing served here may run
// as a page of this origin.

import { isRestricted, type StoredUpload } from "./asset.ts";
import { errorResponse, REFUSALS } from "./refusals.ts";
import type { Store } from "./store.ts";

/** Answers `GET <delivery URL>`. Addresses with transformations, or without a version, are not emulated. */
export async function deliver(url: string, store: Store): Promise<Response> {
  const path = decodedPath(url);
  const asset = path === undefined ? undefined : store.find(path);
  if (!asset) return errorResponse(REFUSALS.noSuchAsset());
  if (isRestricted(asset.upload)) return errorResponse(REFUSALS.restricted());
  const bytes = await store.read(asset.upload);
  if (!bytes) return errorResponse(REFUSALS.noSuchAsset());

  const headers = new Headers({
    "Content-Type": asset.contentType,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  if (!isRaster(asset.upload)) headers.set("Content-Disposition", "attachment");
  return new Response(bytes, { headers });
}

/** Pictures made of pixels, told by their content; an SVG is a document that may hold scripts. */
function isRaster({ resource_type, format }: StoredUpload): boolean {
  return resource_type === "image" && format !== "svg";
}

function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}

// Serving what was uploaded, byte for byte, as the stranger's bytes that they are: nothing served here may run as a page of
// this origin. Private and authenticated assets are for whoever has the signed address; that a signature is judged where
// none is needed too, and the words of refusals, are assumed.

import type { StoredUpload } from "./asset.ts";
import { addressParts, type Delivery, isDeliverySignature } from "./delivery-url.ts";
import { errorResponse, REFUSALS } from "./refusals.ts";
import type { Asset, Store } from "./store.ts";

/** Answers `GET <delivery URL>`. Addresses with transformations, or without a version, are not emulated. */
export async function deliver(
  url: string,
  delivery: Delivery & { readonly store: Store },
): Promise<Response> {
  const path = decodedPath(url);
  const found = path === undefined ? undefined : find(path, delivery);
  if (!found) return errorResponse(REFUSALS.noSuchAsset());
  const { asset, signature } = found;
  const { type, fields } = asset.upload;
  if (fields.access_mode === "authenticated") return errorResponse(REFUSALS.restricted());
  if (signature === undefined && type !== "upload") return errorResponse(REFUSALS.unsignedAddress());
  if (signature !== undefined && !isDeliverySignature(delivery.account, asset.upload, signature))
    return errorResponse(REFUSALS.badAddress());
  const bytes = await delivery.store.read(asset.upload);
  if (!bytes) return errorResponse(REFUSALS.noSuchAsset());
  return asFile(asset, bytes, !isRaster(asset.upload));
}

/** A stranger's file, to be saved or, as a picture, to be seen. */
export function asFile(
  { contentType }: Pick<Asset, "contentType">,
  bytes: Uint8Array<ArrayBuffer>,
  isAttachment: boolean,
): Response {
  const headers = new Headers({
    "Content-Type": contentType,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  if (isAttachment) headers.set("Content-Disposition", "attachment");
  return new Response(bytes, { headers });
}

/** The asset of a percent-decoded path, and the signature in that. */
function find(path: string, delivery: Delivery & { readonly store: Store }) {
  for (const asset of delivery.store.assets()) {
    const [head, tail] = addressParts(delivery, asset.upload);
    const [start, end] = [`${decodedPath(head)}/`, `/${decodeURIComponent(tail)}`];
    if (!path.startsWith(start) || !path.endsWith(end)) continue;
    const between = path.slice(start.length, -end.length);
    if (path === start + end.slice(1)) return { asset, signature: undefined };
    if (/^s--[\w-]+--$/.test(between)) return { asset, signature: between };
  }
  return undefined;
}

/** Pictures made of pixels, told by their content; an SVG and a PDF are documents that may hold scripts. */
function isRaster({ resource_type, format }: StoredUpload): boolean {
  return resource_type === "image" && format !== "svg" && format !== "pdf";
}

function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}

// What arrived, as Cloudinary delivers it: a picture, a film, or a sheet where a browser shows neither.

import { useState } from "preact/hooks";
import type { UploadResponse } from "../client/client.ts";
import { altText } from "./format.ts";
import { FileIcon } from "./thumbnail.tsx";

/** Formats of `image` that browsers show; a PDF is an `image` too. */
const SHOWN = new Set(["jpg", "jpeg", "jfif", "png", "gif", "webp", "avif", "svg", "bmp", "ico"]);

interface PreviewProps {
  readonly asset: UploadResponse;
  readonly name: string;
  /** Large, and to be played. */
  readonly large?: boolean;
}

export function Preview({ asset, name, large = false }: PreviewProps) {
  const [broken, setBroken] = useState(false);
  const { resource_type, format = "", secure_url, width, height } = asset;
  const alt = altText(asset.context, name);
  const onError = () => setBroken(true);
  if (!broken && resource_type === "image" && SHOWN.has(format)) {
    return (
      <img
        src={secure_url}
        alt={alt}
        {...(large && { width, height })}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={onError}
      />
    );
  }
  if (!broken && resource_type === "video" && large)
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for what was just uploaded
      <video src={secure_url} aria-label={alt} controls playsInline preload="metadata" onError={onError} />
    );
  return (
    <>
      {!broken && resource_type === "video" ? (
        <video src={secure_url} aria-hidden="true" tabIndex={-1} muted preload="metadata" onError={onError} />
      ) : (
        <FileIcon name={name} />
      )}
      <span class="unseen">{alt}</span>
    </>
  );
}

// A file's picture in small, or its extension where there is nothing to see.

import { useEffect, useState } from "preact/hooks";
import { extensionOf } from "./format.ts";
import { TEXTS } from "./texts.ts";

export function Thumbnail({ file, name }: { readonly file: Blob; readonly name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    const created = URL.createObjectURL(file);
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [file]);
  return url === undefined ? (
    <FileIcon name={name} />
  ) : (
    <img
      class="thumbnail"
      src={url}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setUrl(undefined)}
    />
  );
}

/** A sheet with the extension on it; decoration, for the name stands beside it. */
export function FileIcon({ name }: { readonly name: string }) {
  return (
    <span class="thumbnail icon" aria-hidden="true">
      {extensionOf(name) ?? TEXTS.noExtension}
    </span>
  );
}

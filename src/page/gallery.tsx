// What arrived, as Cloudinary delivers it; before anything did, what will happen.

import { useState } from "preact/hooks";
import type { UploadResponse } from "../client/client.ts";
import { altText } from "./format.ts";
import { FileIcon } from "./thumbnail.tsx";
import type { Arrived } from "./uploads.ts";

interface GalleryProps {
  readonly arrived: readonly Arrived[];
  /** The upload whose panel is open. */
  readonly shown: number | undefined;
  readonly onHow: (id: number) => void;
}

/** Formats of `image` that browsers show; a PDF is an `image` too. */
const SHOWN = new Set(["jpg", "jpeg", "jfif", "png", "gif", "webp", "avif", "svg", "bmp", "ico"]);

export function Gallery({ arrived, shown, onHow }: GalleryProps) {
  return (
    <section aria-labelledby="gallery-title" class="gallery">
      <div class="heading">
        <h2 id="gallery-title">Gallery</h2>
        {arrived.length > 0 && <p class="quiet">as Cloudinary delivers it</p>}
      </div>
      {arrived.length === 0 ? (
        <Invitation />
      ) : (
        <ul aria-label="Gallery" class="tiles">
          {arrived.map(({ upload, asset }) => (
            <li key={upload.id} class="tile">
              <button
                type="button"
                aria-haspopup="dialog"
                aria-expanded={upload.id === shown}
                onClick={() => onHow(upload.id)}
              >
                <Preview asset={asset} name={upload.file.name} />
              </button>
              <p>
                <span class="name">{upload.file.name}</span>
                <a
                  href={asset.secure_url}
                  target="_blank"
                  rel="noreferrer"
                  aria-label={`Open ${upload.file.name}`}
                >
                  Open
                </a>
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Preview({ asset, name }: { readonly asset: UploadResponse; readonly name: string }) {
  const [broken, setBroken] = useState(false);
  const { resource_type, format = "", secure_url } = asset;
  const alt = altText(asset.context, name);
  const onError = () => setBroken(true);
  if (!broken && resource_type === "image" && SHOWN.has(format)) {
    return (
      <img src={secure_url} alt={alt} loading="lazy" decoding="async" draggable={false} onError={onError} />
    );
  }
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

function Invitation() {
  return (
    <div class="invitation">
      <p>Nothing here yet. What you upload appears here a moment later, like this:</p>
      <ol>
        <li>
          <strong>Your browser asks.</strong> It tells the signer the profile and the parameters, not the
          file.
        </li>
        <li>
          <strong>The signer signs.</strong> It checks who asks and what the policy allows, and answers a
          ticket.
        </li>
        <li>
          <strong>Cloudinary stores.</strong> The file goes there directly, with the fields of the ticket.
        </li>
      </ol>
      <p>Then “How” shows what was signed, and the code for your own page.</p>
    </div>
  );
}

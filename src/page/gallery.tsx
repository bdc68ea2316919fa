// What arrived, as Cloudinary delivers it; before anything did, what will happen.

import { useState } from "preact/hooks";
import type { UploadResponse } from "../client/client.ts";
import { altText } from "./format.ts";
import { OwnActions, type OwnHandlers } from "./own-actions.tsx";
import { isOwn } from "./own-assets.ts";
import { TEXTS } from "./texts.ts";
import { FileIcon } from "./thumbnail.tsx";
import type { Arrived } from "./uploads.ts";

interface GalleryProps extends OwnHandlers {
  readonly arrived: readonly Arrived[];
  /** The upload whose panel is open. */
  readonly shown: number | undefined;
  readonly onDetails: (id: number) => void;
}

/** Formats of `image` that browsers show; a PDF is an `image` too. */
const SHOWN = new Set(["jpg", "jpeg", "jfif", "png", "gif", "webp", "avif", "svg", "bmp", "ico"]);

export function Gallery({ arrived, shown, onDetails, ...own }: GalleryProps) {
  return (
    <section aria-labelledby="gallery-title" class="gallery">
      <div class="heading">
        <h2 id="gallery-title">{TEXTS.gallery}</h2>
        {arrived.length > 0 && <p class="quiet">{TEXTS.asDelivered}</p>}
      </div>
      {arrived.length === 0 ? (
        <Invitation />
      ) : (
        <ul aria-label={TEXTS.gallery} class="tiles">
          {arrived.map((one) => (
            <Tile
              key={one.upload.id}
              arrived={one}
              open={one.upload.id === shown}
              on={{ onDetails, ...own }}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface TileProps {
  readonly arrived: Arrived;
  /** Whether its panel is open. */
  readonly open: boolean;
  readonly on: Pick<GalleryProps, "onDetails"> & OwnHandlers;
}

function Tile({ arrived, open, on: { onDetails, ...own } }: TileProps) {
  const { upload, asset } = arrived;
  const name = upload.renamed ?? upload.file.name;
  return (
    <li class="tile">
      <button type="button" aria-haspopup="dialog" aria-expanded={open} onClick={() => onDetails(upload.id)}>
        <Preview key={asset.secure_url} asset={asset} name={name} />
      </button>
      <p>
        <span class="name">{name}</span>
        <a href={asset.secure_url} target="_blank" rel="noreferrer" aria-label={TEXTS.openAsset(name)}>
          {TEXTS.open}
        </a>
      </p>
      {isOwn(arrived) && <OwnActions arrived={arrived} name={name} {...own} />}
    </li>
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
      <p>{TEXTS.nothingYet}</p>
      <ol>
        {TEXTS.steps.map(({ title, text }) => (
          <li key={title}>
            <strong>{title}</strong> {text}
          </li>
        ))}
      </ol>
      <p>{TEXTS.thenDetails}</p>
    </div>
  );
}

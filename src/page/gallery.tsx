// What arrived, as Cloudinary delivers it; before anything did, what will happen.

import { useState } from "preact/hooks";
import { factsText } from "./format.ts";
import { OwnActions, type OwnHandlers } from "./own-actions.tsx";
import { isOwn } from "./own-assets.ts";
import { Preview } from "./preview.tsx";
import { TEXTS } from "./texts.ts";
import type { Arrived } from "./uploads.ts";

interface GalleryProps extends OwnHandlers {
  readonly arrived: readonly Arrived[];
  /** What is shown large. */
  readonly opened: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** Tiles that are shown of many. */
const FEW = 8;

export function Gallery({ arrived, opened, onOpen, ...own }: GalleryProps) {
  const [all, setAll] = useState(false);
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
          {(all ? arrived : arrived.slice(0, FEW)).map((one) => (
            <Tile
              key={one.upload.item.id}
              arrived={one}
              open={one.upload.item.id === opened}
              on={{ onOpen, ...own }}
            />
          ))}
        </ul>
      )}
      {arrived.length > FEW && (
        <button type="button" class="button small more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? TEXTS.showFewer : TEXTS.showAll(arrived.length)}
        </button>
      )}
    </section>
  );
}

interface TileProps {
  readonly arrived: Arrived;
  /** Whether it is shown large. */
  readonly open: boolean;
  readonly on: Pick<GalleryProps, "onOpen"> & OwnHandlers;
}

function Tile({ arrived, open, on: { onOpen, ...own } }: TileProps) {
  const { upload, asset, name } = arrived;
  return (
    <li class={`tile ${asset.resource_type}`}>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => onOpen(upload.item.id)}
      >
        <Preview key={asset.secure_url} asset={asset} name={name} />
      </button>
      <p class="name">{name}</p>
      <p class="facts">{factsText(asset)}</p>
      {isOwn(arrived) && <OwnActions arrived={arrived} name={name} {...own} />}
    </li>
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

// One asset in large: looked at or played, with what it is and what can be copied of it; the ones beside it by a key.

import { useEffect, useRef, useState } from "preact/hooks";
import { htmlOf, markdownOf } from "./asset-code.ts";
import { copyText } from "./code-block.tsx";
import { altText, factsText } from "./format.ts";
import { IconButton } from "./icon-button.tsx";
import { Preview } from "./preview.tsx";
import { TEXTS } from "./texts.ts";
import type { Arrived } from "./uploads.ts";

interface LightboxProps {
  readonly arrived: readonly Arrived[];
  readonly id: string;
  readonly onOpen: (id: string | undefined) => void;
  readonly onDetails: (id: string) => void;
}

export function Lightbox({ arrived, id, onOpen, onDetails }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const at = arrived.findIndex(({ upload }) => upload.item.id === id);
  const shown = arrived[at];
  if (shown === undefined) return null;
  const go = (by: number) => {
    const next = arrived[at + by];
    if (next !== undefined) onOpen(next.upload.item.id);
  };
  const { asset, name } = shown;
  return (
    <dialog
      ref={dialog}
      closedby="any"
      aria-labelledby="large-title"
      class="dialog large"
      onClose={() => onOpen(undefined)}
      onKeyDown={({ key, target }) => {
        // A film's own keys are its own.
        if (target instanceof HTMLMediaElement) return;
        if (key === "ArrowLeft") go(-1);
        if (key === "ArrowRight") go(1);
      }}
    >
      <div class="dialog-top">
        <h2 id="large-title">{name}</h2>
        {arrived.length > 1 && (
          <>
            <IconButton
              shape="before"
              label={TEXTS.before}
              tip={TEXTS.before}
              disabled={at === 0}
              onPress={() => go(-1)}
            />
            <IconButton
              shape="after"
              label={TEXTS.after}
              tip={TEXTS.after}
              disabled={at === arrived.length - 1}
              onPress={() => go(1)}
            />
          </>
        )}
        <button type="button" class="button small" onClick={() => dialog.current?.close()}>
          {TEXTS.close}
        </button>
      </div>
      <div class="stand">
        <Preview key={asset.secure_url} asset={asset} name={name} large />
      </div>
      <Below shown={shown} onDetails={onDetails} />
    </dialog>
  );
}

function Below({ shown, onDetails }: { readonly shown: Arrived } & Pick<LightboxProps, "onDetails">) {
  const [said, setSaid] = useState("");
  const { upload, asset, name } = shown;
  const alt = altText(asset.context, name);
  const copied = async (text: string, done: string) =>
    setSaid((await copyText(text)) ? done : TEXTS.notCopied);
  return (
    <div class="below">
      <p>
        <span class="quiet">{factsText(asset)}</span>
        <span role="status" class="said">
          {said}
        </span>
      </p>
      <div class="all">
        <button
          type="button"
          class="button small"
          onClick={() => void copied(asset.secure_url, TEXTS.addressCopied)}
        >
          {TEXTS.copyAddress}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => void copied(htmlOf(asset, alt), TEXTS.htmlCopied)}
        >
          {TEXTS.copyHtml}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => void copied(markdownOf(asset, alt), TEXTS.markdownCopied)}
        >
          {TEXTS.copyMarkdown}
        </button>
        <a class="button small" href={asset.secure_url} target="_blank" rel="noreferrer">
          {TEXTS.openAlone}
        </a>
        <button type="button" class="button small" onClick={() => onDetails(upload.item.id)}>
          {TEXTS.howItWasSigned}
        </button>
      </div>
    </div>
  );
}

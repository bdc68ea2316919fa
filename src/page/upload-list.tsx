// The uploads as a list of rows, few of them while there are many, with a line that counts them and a bar for all.

import { useState } from "preact/hooks";
import type { UploadsSnapshot } from "../client/client.ts";
import { focusChooser } from "./chooser.tsx";
import { TEXTS } from "./texts.ts";
import { type AllHandlers, TotalBar } from "./total-bar.tsx";
import { type CardHandlers, UploadCard } from "./upload-card.tsx";
import { foremost, type Upload } from "./uploads.ts";

interface UploadListProps extends CardHandlers, AllHandlers {
  readonly uploads: readonly Upload[];
  readonly snapshot: UploadsSnapshot;
  /** The upload whose panel is open. */
  readonly shown: string | undefined;
  readonly onRemove: (ids: readonly string[]) => void;
  readonly onRetryAll: () => void;
}

/** Rows that are shown of many. */
const FEW = 5;

export function UploadList({ uploads, snapshot, shown, onRemove, onRetryAll, ...on }: UploadListProps) {
  const [all, setAll] = useState(false);
  if (uploads.length === 0) return null;
  const rows = all ? uploads : foremost(uploads, FEW);
  const remove = (id: string, button: HTMLElement) => {
    const row = button.closest("li");
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    const control = next?.querySelector<HTMLElement>("[data-end]");
    if (control) control.focus();
    else focusChooser();
    onRemove([id]);
  };
  return (
    <section aria-labelledby="uploads-title" class="uploads">
      <Heading uploads={uploads} onRemove={onRemove} onRetryAll={onRetryAll} />
      <TotalBar snapshot={snapshot} {...on} />
      <ul aria-label={TEXTS.uploads} class="cards">
        {rows.map((upload) => (
          <UploadCard
            key={upload.item.id}
            upload={upload}
            isOffline={snapshot.isOffline}
            open={upload.item.id === shown}
            {...on}
            onRemove={(button) => remove(upload.item.id, button)}
          />
        ))}
      </ul>
      {uploads.length > FEW && (
        <button type="button" class="button small more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? TEXTS.showFewer : TEXTS.showAll(uploads.length)}
        </button>
      )}
    </section>
  );
}

/** How many are done, and what is done with those that are over. */
function Heading({
  uploads,
  onRemove,
  onRetryAll,
}: Pick<UploadListProps, "uploads" | "onRemove" | "onRetryAll">) {
  const finished = uploads.filter(({ item }) => item.status === "done").map(({ item }) => item.id);
  const again = uploads.filter(({ item }) => item.canRetry).length;
  return (
    <div class="heading">
      <h2 id="uploads-title">{TEXTS.uploads}</h2>
      <p class="quiet">{TEXTS.doneOf(finished.length, uploads.length)}</p>
      <div class="all">
        {again > 1 && (
          <button type="button" class="button small" onClick={onRetryAll}>
            {TEXTS.retryAll(again)}
          </button>
        )}
        {finished.length > 1 && (
          <button
            type="button"
            class="button small"
            onClick={() => {
              // The button goes with what it clears.
              focusChooser();
              onRemove(finished);
            }}
          >
            {TEXTS.clearFinished}
          </button>
        )}
      </div>
    </div>
  );
}

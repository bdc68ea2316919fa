// The uploads as a list of cards, with a line that counts them.

import { TEXTS } from "./texts.ts";
import { type CardHandlers, UploadCard } from "./upload-card.tsx";
import { isRunning, type Upload } from "./uploads.ts";

interface UploadListProps extends CardHandlers {
  readonly uploads: readonly Upload[];
  /** The upload whose panel is open. */
  readonly shown: number | undefined;
  readonly onRemove: (ids: readonly number[]) => void;
}

export function UploadList({ uploads, shown, onRemove, ...handlers }: UploadListProps) {
  if (uploads.length === 0) return null;
  const finished = uploads.filter(({ stage }) => stage.name === "done").map(({ id }) => id);
  return (
    <section aria-labelledby="uploads-title">
      <div class="heading">
        <h2 id="uploads-title">{TEXTS.uploads}</h2>
        <p class="quiet">{TEXTS.doneOf(finished.length, uploads.length)}</p>
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
      <ul aria-label={TEXTS.uploads} class="cards">
        {uploads.map((upload) => (
          <UploadCard
            key={upload.id}
            upload={upload}
            open={upload.id === shown}
            {...handlers}
            onRemove={(button) => {
              const card = button.closest("li");
              const next = card?.nextElementSibling ?? card?.previousElementSibling;
              const control = next?.querySelector<HTMLElement>("[data-end]");
              if (control) control.focus();
              else focusChooser();
              onRemove([upload.id]);
            }}
            running={isRunning(upload)}
          />
        ))}
      </ul>
    </section>
  );
}

export function focusChooser(): void {
  document.querySelector<HTMLElement>("input[type=file]")?.focus();
}

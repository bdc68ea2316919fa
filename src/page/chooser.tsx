// Where files come in: a file input as large as its box, which also shows that files may be dropped.

import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";

interface ChooserProps {
  /** Files hover over the page. */
  readonly hovering: boolean;
  /** Why nothing was started, or nothing. */
  readonly notice: string;
  readonly onFiles: (files: File[]) => void;
}

export function Chooser({ hovering, notice, onFiles }: ChooserProps) {
  return (
    <section aria-labelledby="upload-title" class={hovering ? "chooser hovering" : "chooser"}>
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" class="cloud">
        <path d="M15 35a9 9 0 0 1-1.200-17.900A12 12 0 0 1 37 19.500 8 8 0 0 1 36 35M24 40V24m-6 6 6-6 6 6" />
      </svg>
      <h2 id="upload-title">{hovering ? TEXTS.letGo : TEXTS.uploadFiles}</h2>
      <p class="quiet">{TEXTS.dropHint}</p>
      <label class="button primary">
        {TEXTS.chooseFiles}
        <input
          type="file"
          multiple
          class="unseen"
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])]);
            // The same file can be chosen again.
            currentTarget.value = "";
          }}
        />
      </label>
      {notice !== "" && (
        <p class="notice">
          <Prose text={notice} />
        </p>
      )}
    </section>
  );
}

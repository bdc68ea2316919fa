// Where files come in: a button for files and one for a folder, in a box that shows that files may be dropped.

import type { ComponentChildren } from "preact";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";

interface ChooserProps {
  /** Files hover over the page. */
  readonly hovering: boolean;
  /** Why nothing was started, or nothing. */
  readonly notice: string;
  readonly onFiles: (files: File[]) => void;
  /** The menu of profiles. */
  readonly children: ComponentChildren;
}

export function Chooser({ hovering, notice, onFiles, children }: ChooserProps) {
  return (
    <section aria-labelledby="upload-title" class={hovering ? "chooser hovering" : "chooser"}>
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" class="cloud">
        <path d="M15 35a9 9 0 0 1-1.200-17.900A12 12 0 0 1 37 19.500 8 8 0 0 1 36 35M24 40V24m-6 6 6-6 6 6" />
      </svg>
      <h2 id="upload-title">{hovering ? TEXTS.letGo : TEXTS.uploadFiles}</h2>
      <p class="quiet">{TEXTS.dropHint}</p>
      <div class="choices">
        <FileInput text={TEXTS.chooseFiles} look="primary" onFiles={onFiles} />
        <FileInput text={TEXTS.chooseFolder} look="plain" onFiles={onFiles} isFolder />
      </div>
      {notice !== "" && (
        <p class="notice">
          <Prose text={notice} />
        </p>
      )}
      {children}
    </section>
  );
}

interface FileInputProps {
  readonly text: string;
  readonly look: "primary" | "plain";
  readonly onFiles: (files: File[]) => void;
  readonly isFolder?: boolean;
}

function FileInput({ text, look, onFiles, isFolder = false }: FileInputProps) {
  return (
    <label class={`button ${look}`}>
      {text}
      <input
        type="file"
        multiple
        {...{ webkitdirectory: isFolder }}
        class="unseen"
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

export function focusChooser(): void {
  document.querySelector<HTMLElement>("input[type=file]")?.focus();
}

// One upload: what it is, how far it is, and what can be done about it.

import { useRef } from "preact/hooks";
import { sizeText } from "./format.ts";
import { Refusal } from "./refusal-card.tsx";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { Thumbnail } from "./thumbnail.tsx";
import type { Stage, Upload } from "./uploads.ts";

/** What a card asks the page to do. */
export interface CardHandlers {
  readonly onCancel: (upload: Upload) => void;
  /** Answers whether it started. */
  readonly onRetry: (upload: Upload) => boolean;
  readonly onDetails: (id: number) => void;
  readonly onSetting: (setting: SettingName) => void;
}

interface UploadCardProps extends CardHandlers {
  readonly upload: Upload;
  readonly running: boolean;
  /** Its panel is open. */
  readonly open: boolean;
  readonly onRemove: (button: HTMLElement) => void;
}

export function UploadCard({ upload, running, open, ...on }: UploadCardProps) {
  // Cancel becomes Remove in place, so that the keyboard's focus has somewhere to stay.
  const end = useRef<HTMLButtonElement>(null);
  const { file, stage } = upload;
  const { name } = file;
  const canRetry = stage.name === "cancelled" || stage.name === "refused";
  return (
    <li class={`card ${stage.name}`}>
      <Thumbnail file={file} />
      <About upload={upload} running={running} />
      {stage.name === "refused" && (
        <Refusal
          upload={upload}
          refused={stage.refused}
          open={open}
          onSetting={on.onSetting}
          onDetails={on.onDetails}
        />
      )}
      <div class="actions">
        {(upload.ticket !== undefined || stage.name === "refused") && (
          <button
            type="button"
            class="button small"
            aria-label={TEXTS.detailsOf(name)}
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => on.onDetails(upload.id)}
          >
            {TEXTS.details}
          </button>
        )}
        {canRetry && (
          <button
            type="button"
            class="button small"
            aria-label={TEXTS.retryUpload(name)}
            onClick={() => on.onRetry(upload) && end.current?.focus()}
          >
            {TEXTS.retry}
          </button>
        )}
        <button
          ref={end}
          type="button"
          class="button small"
          data-end
          aria-label={running ? TEXTS.cancelUpload(name) : TEXTS.removeUpload(name)}
          onClick={({ currentTarget }) => (running ? on.onCancel(upload) : on.onRemove(currentTarget))}
        >
          {running ? TEXTS.cancel : TEXTS.remove}
        </button>
      </div>
    </li>
  );
}

/** Its name, its size and how far it is. */
function About({ upload, running }: Pick<UploadCardProps, "upload" | "running">) {
  const { file, stage } = upload;
  const { name } = file;
  return (
    <div class="about">
      <h3>{name}</h3>
      <p class="quiet">
        {sizeText(file.size)} ·{" "}
        {stage.name === "done" && (
          <span aria-hidden="true" class="tick">
            ✓{" "}
          </span>
        )}
        <span class="stage">{stageText(stage)}</span>
      </p>
      {running && (
        <progress aria-label={TEXTS.progressOf(name)} max={100} value={percentOf(stage)}>
          {TEXTS.percent(percentOf(stage))}
        </progress>
      )}
    </div>
  );
}

function percentOf(stage: Stage): number {
  if (stage.name === "uploading") return stage.percent;
  return stage.name === "confirming" ? 100 : 0;
}

/** Codes of failures in which nobody refused anything. */
const FAILED: ReadonlySet<string> = new Set(["network", "unexpected_answer", "internal", "other"]);

function stageText(stage: Stage): string {
  switch (stage.name) {
    case "uploading":
      return TEXTS.uploading(stage.percent);
    case "refused":
      return FAILED.has(stage.refused.code) ? TEXTS.failed : TEXTS.refused;
    case "waiting":
      return TEXTS.waiting;
    case "signing":
      return TEXTS.signing;
    case "confirming":
      return TEXTS.confirming;
    case "done":
      return stage.hasReceipt ? TEXTS.doneWithReceipt : TEXTS.done;
    case "cancelled":
      return TEXTS.cancelled;
  }
}

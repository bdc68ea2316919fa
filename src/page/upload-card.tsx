// One upload as a row: what it is, how far it is, and what can be done about it.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { UploadItem } from "../client/client.ts";
import { canTryAgain } from "./fix.ts";
import { percentOf, sizeText } from "./format.ts";
import { IconButton } from "./icon-button.tsx";
import { Refusal } from "./refusal-card.tsx";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { Thumbnail } from "./thumbnail.tsx";
import { codeOf, isOpen, isPausable, type Upload } from "./uploads.ts";

/** What a row asks the page to do. */
export interface CardHandlers {
  readonly onPause: (id: string) => void;
  readonly onResume: (id: string) => void;
  readonly onCancel: (id: string) => void;
  readonly onRetry: (item: UploadItem) => void;
  readonly onDetails: (id: string) => void;
  readonly onSetting: (setting: SettingName) => void;
}

interface UploadCardProps extends CardHandlers {
  readonly upload: Upload;
  /** What is under way waits for a connection. */
  readonly isOffline: boolean;
  /** Its panel is open. */
  readonly open: boolean;
  readonly onRemove: (button: HTMLElement) => void;
}

export function UploadCard({ upload, isOffline, open, ...on }: UploadCardProps) {
  const row = useRef<HTMLLIElement>(null);
  const { item } = upload;
  const hasFailed = item.status === "failed";
  useEffect(() => {
    if (hasFailed) row.current?.scrollIntoView({ block: "nearest" });
  }, [hasFailed]);
  return (
    <li ref={row} class={`card ${item.status}`}>
      <Thumbnail file={item.file} name={item.name} />
      <About upload={upload} isOffline={isOffline} open={open} onDetails={on.onDetails} />
      <Actions item={item} {...on} />
      {hasFailed && <Refusal upload={upload} open={open} onSetting={on.onSetting} onDetails={on.onDetails} />}
    </li>
  );
}

/** Its name, its size and how far it is. The bar's place is kept, so that nothing moves when it goes. */
function About({
  upload,
  isOffline,
  open,
  onDetails,
}: Pick<UploadCardProps, "upload" | "isOffline" | "open" | "onDetails">) {
  const { item } = upload;
  const { name, path, status } = item;
  const percent = percentOf(item.progress);
  return (
    <div class="about">
      <h3 title={path}>{name}</h3>
      <p class="quiet">
        <span class="size">{sizeText(item.size)}</span>
        <span class="stage">
          {status === "done" && <span aria-hidden="true">✓ </span>}
          <span>{isOffline && status === "waiting" ? TEXTS.waitingOffline : stageText(item)}</span>
        </span>
        {((item.ticket !== undefined && status !== "signing") || status === "failed") && (
          <button
            type="button"
            class="link"
            aria-label={TEXTS.detailsOf(name)}
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => onDetails(item.id)}
          >
            {TEXTS.details}
          </button>
        )}
      </p>
      {isOpen(item) && (
        <progress aria-label={TEXTS.progressOf(name)} max={100} value={percent}>
          {TEXTS.percent(percent)}
        </progress>
      )}
    </div>
  );
}

function Actions({
  item,
  onPause,
  onResume,
  onRetry,
  onCancel,
  onRemove,
}: Pick<UploadCardProps, "onPause" | "onResume" | "onRetry" | "onCancel" | "onRemove"> & {
  readonly item: UploadItem;
}) {
  // Cancel becomes Remove in place, so that the keyboard's focus has somewhere to stay.
  const end = useRef<HTMLButtonElement>(null);
  const all = useRef<HTMLDivElement>(null);
  useKeptFocus(all, end);
  const { id, name, status } = item;
  const open = isOpen(item);
  const isPaused = status === "paused";
  return (
    <div ref={all} class="actions">
      {(isPaused || isPausable(item)) && (
        <IconButton
          shape={isPaused ? "resume" : "pause"}
          label={isPaused ? TEXTS.resumeUpload(name) : TEXTS.pauseUpload(name)}
          tip={isPaused ? TEXTS.resume : TEXTS.pause}
          onPress={() => (isPaused ? onResume(id) : onPause(id))}
        />
      )}
      {!open && canTryAgain(item) && (
        <IconButton
          shape="retry"
          label={TEXTS.retryUpload(name)}
          tip={TEXTS.retry}
          onPress={() => {
            end.current?.focus();
            onRetry(item);
          }}
        />
      )}
      <IconButton
        at={end}
        isEnd
        shape="close"
        label={open ? TEXTS.cancelUpload(name) : TEXTS.removeUpload(name)}
        tip={open ? TEXTS.cancel : TEXTS.remove}
        onPress={(button) => (open ? onCancel(id) : onRemove(button))}
      />
    </div>
  );
}

/** Where the button goes that has the focus, such as Pause at the end of the upload, another one gets it. */
function useKeptFocus(all: RefObject<HTMLElement>, other: RefObject<HTMLElement>): void {
  const hadFocus = all.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (hadFocus && !all.current?.contains(document.activeElement)) other.current?.focus();
  });
}

/** Codes of failures in which nobody refused anything. */
const FAILED: ReadonlySet<string | undefined> = new Set([
  "network",
  "unexpected_answer",
  "internal",
  "other",
]);

function stageText(item: UploadItem): string {
  switch (item.status) {
    case "sending":
      return TEXTS.uploading(percentOf(item.progress));
    case "failed":
      return FAILED.has(codeOf(item)) ? TEXTS.failed : TEXTS.refused;
    case "done":
      return item.result?.receipt === undefined ? TEXTS.done : TEXTS.doneWithReceipt;
    case "waiting":
      return TEXTS.waiting;
    case "signing":
      return TEXTS.signing;
    case "paused":
      return TEXTS.paused;
    case "confirming":
      return TEXTS.confirming;
    case "cancelled":
      return TEXTS.cancelled;
  }
}

// All uploads at once: one bar, how fast it goes and how long it takes, and what can be done about all.

import type { UploadsSnapshot } from "../client/client.ts";
import { focusChooser } from "./chooser.tsx";
import { percentOf, secondsText, sizeText } from "./format.ts";
import { TEXTS } from "./texts.ts";

/** What can be done to all. */
export interface AllHandlers {
  readonly onPauseAll: () => void;
  readonly onResumeAll: () => void;
  readonly onCancelAll: () => void;
}

interface TotalBarProps extends AllHandlers {
  readonly snapshot: UploadsSnapshot;
}

export function TotalBar({ snapshot, ...on }: TotalBarProps) {
  const { total, isActive, isOffline, counts } = snapshot;
  if (!isActive && counts.paused === 0) return null;
  const percent = percentOf(total.progress);
  return (
    <div class="total">
      <progress aria-label={TEXTS.progressOfAll} max={100} value={percent}>
        {TEXTS.percent(percent)}
      </progress>
      <p class={isOffline ? "far offline" : "far"}>{farText(snapshot)}</p>
      <div class="all">
        {isActive ? (
          <button type="button" class="button small" onClick={on.onPauseAll}>
            {TEXTS.pauseAll}
          </button>
        ) : (
          <button type="button" class="button small" onClick={on.onResumeAll}>
            {TEXTS.resumeAll}
          </button>
        )}
        <button
          type="button"
          class="button small"
          onClick={() => {
            // The bar goes with what it counts.
            focusChooser();
            on.onCancelAll();
          }}
        >
          {TEXTS.cancelAll}
        </button>
      </div>
    </div>
  );
}

function farText({ total, isActive, isOffline }: UploadsSnapshot): string {
  if (isOffline) return TEXTS.offline;
  const sent = TEXTS.sentOf(sizeText(total.sent), sizeText(total.size));
  if (!isActive) return TEXTS.allPaused(sent);
  return [
    sent,
    ...(total.speed >= 1 ? [TEXTS.speed(sizeText(total.speed))] : []),
    ...(total.secondsLeft === undefined ? [] : [TEXTS.timeLeft(secondsText(total.secondsLeft))]),
  ].join(" · ");
}

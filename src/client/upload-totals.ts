// The numbers of a snapshot.

import { type Entry, isActive } from "./upload-entry.ts";
import type { UploadItem, UploadStatus, UploadsSnapshot, UploadsTotal } from "./upload-item.ts";

const NONE: Readonly<Record<UploadStatus, number>> = {
  waiting: 0,
  signing: 0,
  sending: 0,
  paused: 0,
  confirming: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
};

/** What of a round counts: what failed or was cancelled is not on its way. */
const counted = (round: Iterable<Entry>): UploadItem[] =>
  [...round].map(({ item }) => item).filter(({ status }) => status !== "failed" && status !== "cancelled");

const sum = (items: readonly UploadItem[], of: (item: UploadItem) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Bytes of a round that were sent. */
export const sentBytes = (round: Iterable<Entry>): number => sum(counted(round), ({ sent }) => sent);

function totalOf(round: Iterable<Entry>, speed: number): UploadsTotal {
  const items = counted(round);
  const done = items.filter(({ status }) => status === "done").length;
  const size = sum(items, (item) => item.size);
  const sent = sum(items, (item) => item.sent);
  // Slower than a byte a second is not on its way.
  const secondsLeft = speed < 1 || sent === size ? undefined : Math.ceil((size - sent) / speed);
  return {
    ...{ files: items.length, done, size, sent, speed },
    progress: size === 0 ? 0 : sent / size,
    ...(secondsLeft !== undefined && { secondsLeft }),
  };
}

export function snapshotOf(
  entries: Iterable<Entry>,
  round: Iterable<Entry>,
  { speed, isOffline }: { readonly speed: number; readonly isOffline: boolean },
): UploadsSnapshot {
  const all = [...entries];
  const counts = { ...NONE };
  for (const { item } of all) counts[item.status] += 1;
  return Object.freeze({
    items: Object.freeze(all.map(({ item }) => item)),
    total: totalOf(round, speed),
    counts,
    isActive: all.some(isActive),
    isOffline,
  });
}

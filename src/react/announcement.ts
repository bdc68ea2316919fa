// (the items that were added last) -> what is said of them, in English.

import type { UploadItem } from "../client/client.ts";

/** Most failures that are said one by one. */
const MAX_TOLD = 3;

const files = (count: number): string => `${count} ${count === 1 ? "file" : "files"}`;

export function announcementOf(items: readonly UploadItem[]): string {
  if (items.length === 0) return "No file was added.";
  const failed = items.filter(({ status }) => status === "failed");
  const done = items.filter(({ status }) => status === "done");
  const isOver = items.every(({ status }) => ["done", "failed", "cancelled"].includes(status));
  return [
    isOver ? `${done.length} of ${files(items.length)} uploaded.` : `${files(items.length)} added.`,
    ...failed.slice(0, MAX_TOLD).map(({ name, reason }) => `${name}: ${reason}`),
    ...(failed.length > MAX_TOLD ? [`${failed.length - MAX_TOLD} more failed.`] : []),
  ].join(" ");
}

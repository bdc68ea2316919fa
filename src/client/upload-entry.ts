// A file in a store of uploads, as the store itself knows it.

import type { Begun } from "./begun.ts";
import type { PickedFile } from "./picked-files.ts";
import type { TicketPlace } from "./ticket-batches.ts";
import { chunkSizeOf } from "./upload.ts";
import type { UploadItem, UploadStatus } from "./upload-item.ts";
import type { UploadOptions } from "./upload-options.ts";

export interface Entry {
  /** What is told of it now. */
  item: UploadItem;
  /** What goes with it: the same object for all that were added together. */
  readonly options: UploadOptions;
  /** What the next attempt goes on from. */
  begun: Begun;
  /** Of the present attempt, or the next: once it is aborted, nothing of that attempt counts. */
  stop: AbortController;
  /** Paused, while the answer to a part is awaited that is sent to its end: that part has arrived then. */
  isDraining?: boolean;
  /** Its way to a ticket, while it needs one. */
  place?: TicketPlace | undefined;
}

/** What an item tells of a file before anything was done with it. */
function itemOf(id: string, { file, path }: PickedFile, { profile }: UploadOptions): UploadItem {
  return {
    ...{ id, file, path, name: path.slice(path.lastIndexOf("/") + 1) },
    ...(profile !== undefined && { profile }),
    ...{ status: "waiting", size: file.size, sent: 0, progress: 0, canRetry: false },
  };
}

export const entryOf = (id: string, picked: PickedFile, options: UploadOptions): Entry => ({
  item: itemOf(id, picked, options),
  options,
  begun: {},
  stop: new AbortController(),
});

/** Waits again: what was told of the attempt before is told no more, but for how far it came and the ticket that is kept. */
export function waitAgain(entry: Entry): void {
  const { id, file, path, ...before } = entry.item;
  const { held } = entry.begun;
  const isFresh = Object.keys(entry.begun).length === 0;
  const { sent, progress } = isFresh ? { sent: 0, progress: 0 } : before;
  const ticket = held && { ticket: held.ticket };
  entry.item = { ...itemOf(id, { file, path }, entry.options), sent, progress, ...ticket };
}

/** Ends the present attempt. */
export function interrupt(entry: Entry): void {
  entry.isDraining = false;
  entry.stop.abort();
  entry.stop = new AbortController();
  leave(entry);
}

/** Whether all of the present part is sent, and only its answer is missing. */
export function isPartSent({ item, begun, options }: Entry): boolean {
  const end = (begun.parts?.sent ?? 0) + chunkSizeOf(options);
  return item.status === "sending" && item.sent >= Math.min(end, item.size);
}

/** No ticket is asked for any more. */
export function leave(entry: Entry): void {
  entry.place?.leave();
  entry.place = undefined;
}

const isOneOf =
  (...statuses: readonly UploadStatus[]) =>
  ({ item }: Entry): boolean =>
    statuses.includes(item.status);

// Marked, so that bundlers leave them out where there is no store.
export const isWaiting = /* @__PURE__ */ isOneOf("waiting");
export const isPaused = /* @__PURE__ */ isOneOf("paused");
export const wantsTicket = /* @__PURE__ */ isOneOf("waiting", "signing");
/** Whether an attempt goes on. */
export const isRunning = /* @__PURE__ */ isOneOf("signing", "sending", "confirming");
export const isActive = /* @__PURE__ */ isOneOf("waiting", "signing", "sending", "confirming");
export const isPausable = /* @__PURE__ */ isOneOf("waiting", "signing", "sending");
/** Whether nothing is done with it any more. */
export const isOver = /* @__PURE__ */ isOneOf("done", "failed", "cancelled");

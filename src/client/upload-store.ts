// A store of uploads for user interfaces of any kind: files wait, are sent, paused and tried again, and what becomes of
// them is told by snapshots. It remembers in memory alone: nothing of it outlives the page.

import { leaveWarning } from "./leave-warning.ts";
import { createMeter } from "./meter.ts";
import type { PickedFile } from "./picked-files.ts";
import { Attempts } from "./upload-attempts.ts";
import {
  type Entry,
  entryOf,
  interrupt,
  isActive,
  isOver,
  isPartSent,
  isPausable,
  isPaused,
  waitAgain,
} from "./upload-entry.ts";
import { EMPTY, goesOn, refusedHere, UNREADABLE } from "./upload-failures.ts";
import type { UploadItem, UploadsSnapshot } from "./upload-item.ts";
import type { UploadOptions } from "./upload-options.ts";
import { sentBytes, snapshotOf } from "./upload-totals.ts";

/** Progress is told so often, in milliseconds. */
const TICK_MS = 200;

/** What goes with files of one addition. */
export type EntryOptions = Pick<UploadOptions, "profile" | "params" | "token" | "headers">;

export class UploadStore {
  readonly #options: UploadOptions;
  readonly #onSettled: ((item: UploadItem) => void) | undefined;
  readonly #attempts: Attempts;
  readonly #entries = new Map<string, Entry>();
  /** Those that the total counts. */
  readonly #round = new Set<Entry>();
  readonly #listeners = new Set<(snapshot: UploadsSnapshot) => void>();
  readonly #meter = createMeter();
  readonly #warn = leaveWarning();
  #snapshot: UploadsSnapshot | undefined;
  #isTelling = false;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #lastId = 0;

  constructor(options: UploadOptions, concurrency: number, onSettled?: (item: UploadItem) => void) {
    this.#options = options;
    this.#onSettled = onSettled;
    this.#attempts = new Attempts(this.#entries, options, concurrency, {
      change: (entry, told) => this.#change(entry, told),
      tell: () => this.#tell(),
    });
  }

  subscribe(listener: (snapshot: UploadsSnapshot) => void): () => void {
    // Twice the same function is two listeners.
    const own = (snapshot: UploadsSnapshot) => listener(snapshot);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  snapshot(): UploadsSnapshot {
    this.#snapshot ??= snapshotOf(this.#entries.values(), this.#round, {
      speed: this.#meter.speed,
      isOffline: this.#attempts.connection.isLost,
    });
    return this.#snapshot;
  }

  add(picked: readonly PickedFile[], more: EntryOptions): string[] {
    if (picked.length === 0) return [];
    const options = { ...this.#options, ...more };
    const together = picked.map((one) => entryOf(String(++this.#lastId), one, options));
    this.#enqueue(together);
    for (const [i, { isUnreadable, file }] of picked.entries())
      if (isUnreadable || file.size === 0)
        this.#attempts.fail(together[i]!, refusedHere(isUnreadable ? UNREADABLE : EMPTY));
    this.#attempts.take(together);
    return together.map(({ item }) => item.id);
  }

  pause(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (!isPausable(entry)) continue;
      if (isPartSent(entry)) entry.isDraining = true;
      else interrupt(entry);
      this.#change(entry, { status: "paused" });
    }
    this.#attempts.start();
  }

  resume(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (!isPaused(entry)) continue;
      this.#change(entry, { status: entry.isDraining ? "sending" : "waiting" });
      entry.isDraining = false;
    }
    this.#attempts.start();
  }

  retry(entries: Iterable<Entry>): void {
    const all = [...entries].filter((entry) => isOver(entry) && entry.item.canRetry);
    for (const options of new Set(all.map((entry) => entry.options))) {
      const together = all.filter((entry) => entry.options === options);
      for (const entry of together) {
        const { status, error } = entry.item;
        if (status === "cancelled" || !goesOn(error)) entry.begun = {};
        waitAgain(entry);
      }
      this.#enqueue(together);
      this.#attempts.take(together);
    }
  }

  cancel(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (isOver(entry)) continue;
      interrupt(entry);
      this.#change(entry, { status: "cancelled", canRetry: true });
    }
    this.#attempts.start();
  }

  remove(entries: Iterable<Entry>): void {
    for (const entry of [...entries]) {
      interrupt(entry);
      this.#entries.delete(entry.item.id);
      this.#round.delete(entry);
    }
    this.#tell();
    this.#attempts.start();
  }

  /** One by its ID, none where there is none; or all. */
  entries(id?: string): Entry[] {
    if (id === undefined) return [...this.#entries.values()];
    const entry = this.#entries.get(id);
    return entry === undefined ? [] : [entry];
  }

  /** Into the list where they are new, and into the round: a new one where nothing is under way. */
  #enqueue(together: readonly Entry[]): void {
    if (!this.entries().some((entry) => !together.includes(entry) && !isOver(entry))) this.#round.clear();
    for (const entry of together) {
      this.#entries.set(entry.item.id, entry);
      this.#round.add(entry);
    }
    this.#tell();
  }

  #change(entry: Entry, told: Partial<UploadItem>): void {
    const { status } = entry.item;
    const item = { ...entry.item, ...told };
    entry.item = item;
    // The next tick tells how far it is.
    if (status === "sending" && told.status === "sending") return;
    if (status !== item.status && isOver(entry)) queueMicrotask(() => this.#onSettled?.(item));
    this.#tell();
  }

  /** Tells it to all, once for all that happens at once. */
  #tell(): void {
    this.#snapshot = undefined;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#watch();
      this.#snapshot = undefined;
      for (const listener of [...this.#listeners]) {
        try {
          listener(this.snapshot());
        } catch (error) {
          // The page's mistake, told as one; the other listeners hear it all the same.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    });
  }

  /** Listens to the browser, and measures, while that is needed and no longer. */
  #watch(): void {
    const all = this.entries();
    const isNeeded = all.some(isActive);
    const { connection } = this.#attempts;
    connection.watch(isNeeded);
    this.#warn(all.some((entry) => !isOver(entry)));
    if (isNeeded && !connection.isLost) this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
    else {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
      this.#meter.reset();
    }
  }

  #tick(): void {
    const { total } = this.snapshot();
    this.#meter.measure(sentBytes(this.#round), Date.now());
    if (total.speed !== this.#meter.speed || total.sent !== sentBytes(this.#round)) this.#tell();
  }
}

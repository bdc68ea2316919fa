// The attempts of a store's files: a few at once, in order, each from where the last one stopped, and none while there is
// no connection.

import { MAX_FILES } from "../policy/profile.ts";
import { afterTicket, askSigner } from "./ask-signer.ts";
import { type Connection, connectionTo } from "./connection.ts";
import { brokenLimit, describeProfile } from "./describe-profile.ts";
import { UploadError } from "./errors.ts";
import { knownProfile } from "./known-profiles.ts";
import { within } from "./retry.ts";
import { ticketBatches } from "./ticket-batches.ts";
import { uploadUnder } from "./upload.ts";
import {
  type Entry,
  interrupt,
  isOver,
  isRunning,
  isWaiting,
  leave,
  waitAgain,
  wantsTicket,
} from "./upload-entry.ts";
import { failureOf, refusedHere, sentence, type ToldFailure, UNREADABLE } from "./upload-failures.ts";
import type { UploadItem } from "./upload-item.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Who tells what happens. */
export interface Teller {
  /** Changes what is told of a file. */
  change(entry: Entry, told: Partial<UploadItem>): void;
  /** Something else changed. */
  tell(): void;
}

/** How long a look at the connection may take, in milliseconds. */
const LOOK_MS = 10_000;

export class Attempts {
  readonly connection: Connection;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #concurrency: number;
  readonly #teller: Teller;
  readonly #join = ticketBatches();
  /** Files that were added together, and whose limits are not known yet. */
  readonly #unjudged = new Set<readonly Entry[]>();
  /** Profiles that the signer's route does not describe: an app's own may not. */
  readonly #undescribed = new Set<string | undefined>();

  constructor(
    entries: ReadonlyMap<string, Entry>,
    options: UploadOptions,
    concurrency: number,
    teller: Teller,
  ) {
    this.#entries = entries;
    this.#concurrency = concurrency;
    this.#teller = teller;
    this.connection = connectionTo(
      () => isAnswered(options),
      () => this.#onConnection(),
    );
  }

  /** Takes files that were added together, or tried again. */
  take(together: readonly Entry[]): void {
    this.#unjudged.add(together);
    this.start();
  }

  /** Starts what waits, as much as may run at once. */
  start(): void {
    this.#judge();
    // By what is told: what is paused and only waits for an answer takes nobody's turn.
    let running = [...this.#entries.values()].filter(isRunning).length;
    for (const entry of this.#entries.values()) {
      if (running >= this.#concurrency || this.connection.isLost) return;
      if (!isWaiting(entry)) continue;
      running += 1;
      void this.#attempt(entry);
    }
  }

  fail(entry: Entry, failure: ToldFailure): void {
    interrupt(entry);
    this.#teller.change(entry, { status: "failed", ...failure });
  }

  async #attempt(entry: Entry): Promise<void> {
    const { item, options, begun } = entry;
    const { signal } = entry.stop;
    const before = begun.parts?.sent ?? 0;
    this.#teller.change(entry, { status: "signing" });
    try {
      await this.#learn(options, signal);
      signal.throwIfAborted();
      const result = await uploadUnder(
        item.file,
        this.#told(entry, signal),
        () => this.#nextTicket(entry),
        begun,
      );
      if (!signal.aborted) this.#teller.change(entry, { status: "done", ...sentOf(item, item.size), result });
    } catch (error) {
      // The answer that a pause waited for did not come.
      if (!signal.aborted && entry.isDraining) interrupt(entry);
      if (!signal.aborted) await this.#onFailure(entry, error, before);
    } finally {
      if (!signal.aborted) leave(entry);
      this.start();
    }
  }

  /** The options of an attempt: what comes of it is told. */
  #told(entry: Entry, signal: AbortSignal): UploadOptions {
    return {
      ...{ ...entry.options, signal },
      onTicket: (ticket) => this.#teller.change(entry, { ticket }),
      onAnswer: (answer) => {
        this.#teller.change(entry, { answer });
        if (!signal.aborted && entry.isDraining) interrupt(entry);
      },
      onProgress: ({ phase, loaded }) => {
        if (signal.aborted) return;
        if (!entry.isDraining) this.#teller.change(entry, { status: phase, ...sentOf(entry.item, loaded) });
        // The answer did not come, and the part is sent again: not while it is paused.
        else if (loaded < entry.item.sent) interrupt(entry);
      },
    };
  }

  /** The first that needs a ticket asks for all that wait without one. */
  #nextTicket(entry: Entry) {
    for (const one of this.#entries.values())
      if (one === entry || (wantsTicket(one) && one.begun.held === undefined))
        one.place ??= this.#join(one.item.file, { ...one.options, signal: one.stop.signal });
    return entry.place!.next();
  }

  /** Asks what a profile takes, before the first of its files is sent. */
  async #learn(options: UploadOptions, signal: AbortSignal): Promise<void> {
    const { profile } = options;
    if (!this.#isTold(options)) {
      try {
        await describeProfile({ ...options, signal, retries: 0 });
      } catch (error) {
        // Out of reach: the request for the ticket tells it.
        if (!(error instanceof UploadError) || error.status === 0) return;
        // What may pass is asked again, with the next file.
        if (!error.retryable) this.#undescribed.add(profile);
      }
    }
    // Now, or when the page asked what the profile takes.
    this.connection.noteAnswer();
    this.#judge();
  }

  /** Whether the signer said what the profile takes, or that it does not say. */
  #isTold(options: UploadOptions): boolean {
    return knownProfile(options) !== undefined || this.#undescribed.has(options.profile);
  }

  /** What breaks limits that are known by now fails before its turn. */
  #judge(): void {
    for (const together of this.#unjudged) {
      // What is over was judged, and what was removed is nobody's any more.
      const here = together.filter((entry) => this.#entries.has(entry.item.id) && !isOver(entry));
      const { options } = together[0]!;
      if (here.length > 0 && !this.#isTold(options)) continue;
      this.#unjudged.delete(together);
      const most = knownProfile(options)?.file?.maxFiles ?? MAX_FILES;
      let taken = 0;
      for (const entry of here) {
        const broken = brokenLimit(entry.item.file, entry.options);
        if (broken !== undefined) this.fail(entry, refusedHere(sentence(broken.detail)));
        // As many as one request may ask for is the most that a profile can say: then it says nothing.
        else if (++taken > most && most < MAX_FILES)
          this.fail(
            entry,
            refusedHere(`Send at most ${most} ${most === 1 ? "file" : "files"} at once.`, true),
          );
      }
    }
  }

  async #onFailure(entry: Entry, error: unknown, before: number): Promise<void> {
    const { stop, options, begun, item } = entry;
    const isNetwork = error instanceof UploadError && error.code === "network";
    // A `token` function may have found no connection either.
    const isLost = (isNetwork || !(error instanceof UploadError)) && (await this.connection.check());
    const isReadable = !isNetwork || isLost || (await canBeRead(item.file));
    if (stop.signal.aborted) return;
    // It was lost for a moment, and some parts arrived before.
    const gotFurther = isNetwork && (begun.parts?.sent ?? 0) > before;
    if (!isReadable) this.fail(entry, refusedHere(UNREADABLE));
    else if (isLost || gotFurther) this.#wait(entry);
    else this.fail(entry, failureOf(error, options));
  }

  #wait(entry: Entry): void {
    interrupt(entry);
    waitAgain(entry);
    this.#teller.tell();
  }

  #onConnection(): void {
    // What is on its way would only find out later.
    if (this.connection.isLost)
      for (const entry of this.#entries.values()) if (isRunning(entry)) this.#wait(entry);
    this.start();
    this.#teller.tell();
  }
}

const sentOf = ({ size }: UploadItem, sent: number) => ({
  sent,
  progress: size === 0 ? 0 : Math.min(sent / size, 1),
});

/** Whether the signer answers, whatever it says. */
async function isAnswered({ token: _, ...options }: UploadOptions): Promise<boolean> {
  try {
    await within(LOOK_MS, undefined, (signal) =>
      askSigner({ ...afterTicket(options), signal }, "sign", () => true),
    );
    return true;
  } catch (error) {
    return error instanceof UploadError && error.status > 0;
  }
}

/** Whether a file is still there, and as it was when it was chosen. */
async function canBeRead(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

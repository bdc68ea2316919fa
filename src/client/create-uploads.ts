// `createUploads`: what a user interface sees of a store of uploads, and does with it.

import type { ProfileDescription } from "../policy/decide/describe.ts";
import { describeProfile } from "./describe-profile.ts";
import { type FilesToAdd, pickFiles } from "./picked-files.ts";
import { addressOf } from "./signer-address.ts";
import { chunkSizeOf } from "./upload.ts";
import { isOver } from "./upload-entry.ts";
import type { UploadItem, UploadsSnapshot } from "./upload-item.ts";
import type { UploadOptions } from "./upload-options.ts";
import { type EntryOptions, UploadStore } from "./upload-store.ts";

/** What goes with every file: the options of `upload`, but for those that the store itself takes. */
export interface UploadsOptions
  extends Omit<UploadOptions, "onProgress" | "onTicket" | "onAnswer" | "signal"> {
  /** Uploads under way at once; the others wait. Default 3, at least 1. */
  readonly concurrency?: number;
  /** Takes each item once it is done, has failed or was cancelled. */
  readonly onSettled?: (item: UploadItem) => void;
}

/** What goes with the files of one `add`, in place of what the store was created with. */
export interface AddOptions extends EntryOptions {}

/** A store of uploads. Its functions may be taken out of it: `const { subscribe, getSnapshot } = uploads`. */
export interface Uploads {
  /** Calls `listener` with the new snapshot after each change, progress five times a second; answers what ends that. */
  readonly subscribe: (listener: (snapshot: UploadsSnapshot) => void) => () => void;
  /** What there is to show now: the same object until something changes. */
  readonly getSnapshot: () => UploadsSnapshot;
  /**
   * Adds files and starts them: of `input.files`, of an array, or `event.dataTransfer` and `event.clipboardData` with
   * folders and all that is in them (call it while the event lasts). Resolves to the new items' IDs; files are there at
   * once, those in folders when they are found. None where no file was dropped, but a text.
   *
   * What is empty, or breaks limits of the profile, is failed before anything is sent. Rejects, with nothing added, where
   * no profile can have such a name, and where no files are given but something else, such as a file alone.
   */
  readonly add: (files: FilesToAdd, options?: AddOptions) => Promise<readonly string[]>;
  /** What a profile takes, by default the store's, as `describeProfile` tells it: asked for once while the page lives. */
  readonly describe: (options?: AddOptions) => Promise<ProfileDescription>;
  /**
   * Stops an item that is waiting, signing or sending, until `resume`. What is confirming has arrived, and is not paused.
   * An ID that is not there changes nothing, here and below; nor does what an item can't do now.
   */
  readonly pause: (id: string) => void;
  /** Pauses every item that can be paused. */
  readonly pauseAll: () => void;
  /** Goes on: a file in parts from the first part that has not arrived, under the same ticket while that is good. */
  readonly resume: (id: string) => void;
  /** Resumes every item that is paused. */
  readonly resumeAll: () => void;
  /** Tries an item again whose `canRetry` is `true`: from where it stopped where that helps. */
  readonly retry: (id: string) => void;
  /** Tries every item again whose `canRetry` is `true`. */
  readonly retryAll: () => void;
  /** Ends an item that is not over. What has arrived by then stays at Cloudinary. */
  readonly cancel: (id: string) => void;
  /** Cancels every item that is not over. */
  readonly cancelAll: () => void;
  /** Takes an item out of the list, and cancels it before where it is not over. */
  readonly remove: (id: string) => void;
  /** Takes out what is done, has failed or was cancelled. */
  readonly removeSettled: () => void;
}

/**
 * A store of uploads, for a user interface in any framework: it takes files and folders, sends some at once, and tells
 * what becomes of each and of all. What a connection interrupts waits for it (`isOffline`) and goes on by itself; what is
 * paused goes on where it stopped. While anything is not over, the browser asks before the page is left.
 *
 * All of it is in memory: nothing is kept in the browser, and after a reload nothing is left. There is nothing to dispose
 * of: once all is over it holds no listener and no timer.
 *
 * Throws a `TypeError` or a `RangeError` where an option is wrong.
 *
 * @example
 * const uploads = createUploads({ signer: "https://signer.example.com", profile: "pictures" });
 * uploads.subscribe(({ items, total }) => {
 *   bar.value = total.progress; // 0 to 1
 *   list.textContent = items.map(({ path, status, reason }) => `${path}: ${reason ?? status}`).join("\n");
 * });
 * input.onchange = () => uploads.add(input.files);
 */
export function createUploads(options: UploadsOptions): Uploads {
  if (typeof options !== "object" || options === null)
    throw new TypeError('createUploads wants options, such as { signer: "https://signer.example.com" }');
  const { concurrency = 3, onSettled, ...rest } = options;
  if (!(concurrency >= 1)) throw new RangeError("concurrency must be at least 1");
  addressOf(rest, "sign");
  chunkSizeOf(rest);
  const store = new UploadStore(rest, Math.floor(concurrency), onSettled);
  return {
    subscribe: (listener) => store.subscribe(listener),
    getSnapshot: () => store.snapshot(),
    add: async (files, more = {}) => {
      addressOf({ ...rest, ...more }, "sign");
      const picked = pickFiles(files);
      return store.add("then" in picked ? await picked : picked, more);
    },
    describe: async (more) => describeProfile({ ...rest, ...more }),
    pause: (id) => store.pause(store.entries(id)),
    pauseAll: () => store.pause(store.entries()),
    resume: (id) => store.resume(store.entries(id)),
    resumeAll: () => store.resume(store.entries()),
    retry: (id) => store.retry(store.entries(id)),
    retryAll: () => store.retry(store.entries()),
    cancel: (id) => store.cancel(store.entries(id)),
    cancelAll: () => store.cancel(store.entries()),
    remove: (id) => store.remove(store.entries(id)),
    removeSettled: () => store.remove(store.entries().filter(isOver)),
  };
}

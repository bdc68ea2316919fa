// What a store of uploads tells: an item for each file, and all of them in numbers. Nothing of it is changed; what
// changes is told by another object.

import type { Ticket } from "../tickets/ticket.ts";
import type { CloudinaryAnswer, Uploaded } from "./cloudinary.ts";
import type { UploadError } from "./errors.ts";

/**
 * - `waiting`: for its turn, or for a connection;
 * - `signing`: a ticket is asked for;
 * - `sending`: the file is sent;
 * - `paused`: until `resume`;
 * - `confirming`: the signer confirms what arrived, where the profile has `file`;
 * - `done`, `failed`, `cancelled`: it is over, and `retry` begins anew or goes on
 */
export type UploadStatus =
  | "waiting"
  | "signing"
  | "sending"
  | "paused"
  | "confirming"
  | "done"
  | "failed"
  | "cancelled";

/** A file in a store of uploads. */
export interface UploadItem {
  /** Unique in its store. */
  readonly id: string;
  /** Empty in place of what could not be read. */
  readonly file: Blob;
  /** The file's name, to show; a Blob without one is called `blob`. It is not sent to the signer. */
  readonly name: string;
  /** With the folders that it was chosen in, to show: `holiday/day 1/a.jpg`; else its name. It is sent nowhere. */
  readonly path: string;
  /** The profile; absent, it is the signer's `default`. */
  readonly profile?: string;
  /** How far it is. */
  readonly status: UploadStatus;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes of it that were sent. Goes back where a part has to be sent again. */
  readonly sent: number;
  /** `sent` as a part of `size`: 0 to 1, and 1 once the file is sent. */
  readonly progress: number;
  /** Once it is done: Cloudinary's answer, and where the profile has `file` the receipt and the application's data. */
  readonly result?: Uploaded;
  /** Why it failed: an `UploadError`, or what a `token` function threw. */
  readonly error?: UploadError | Error;
  /** The same as a sentence to show. */
  readonly reason?: string;
  /** Whether `retry` may help: not where the file itself is refused. Of what was cancelled `true`. */
  readonly canRetry: boolean;
  /** The last ticket, once there is one. */
  readonly ticket?: Ticket;
  /** What Cloudinary answered last under that ticket, as it came. */
  readonly answer?: CloudinaryAnswer;
}

/**
 * The uploads in numbers. A round begins with the first file that is added or tried again while nothing is under way; what
 * failed or was cancelled counts no more.
 */
export interface UploadsTotal {
  /** Files of this round. */
  readonly files: number;
  /** How many of them are done. */
  readonly done: number;
  /** Bytes of these files. */
  readonly size: number;
  /** Bytes of them that were sent. */
  readonly sent: number;
  /** `sent` as a part of `size`: 0 to 1. 0 where there is nothing. */
  readonly progress: number;
  /** Bytes per second, over the last seconds; 0 while nothing is sent. */
  readonly speed: number;
  /** Seconds that the rest takes at this speed, rounded up; absent where that is not known. */
  readonly secondsLeft?: number;
}

/** All that a store tells at one time; the same object until something changes. */
export interface UploadsSnapshot {
  /** In the order in which they were added. */
  readonly items: readonly UploadItem[];
  /** All files of this round together. */
  readonly total: UploadsTotal;
  /** How many items have each status. */
  readonly counts: Readonly<Record<UploadStatus, number>>;
  /** Whether any item is waiting, signing, sending or confirming. */
  readonly isActive: boolean;
  /** Whether what is under way waits for a connection; it goes on by itself. `false` while nothing is under way. */
  readonly isOffline: boolean;
}

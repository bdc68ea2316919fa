// How far an upload has come: what a later attempt goes on from, so that nothing that arrived is sent again.

import type { UploadResponse } from "./cloudinary.ts";
import type { HeldTicket } from "./held-ticket.ts";

/** Empty before the first attempt; each attempt writes into it. */
export interface Begun {
  /** The last ticket. */
  held?: HeldTicket | undefined;
  /** The parts that Cloudinary has of a file in parts. */
  parts?: BegunParts | undefined;
  /** What Cloudinary stored, where the signer has still to confirm it. */
  stored?: UploadResponse;
}

export interface BegunParts {
  /** By which Cloudinary knows that parts belong together. */
  readonly uploadId: string;
  /** What their tickets have in common: all but the time and the signature. */
  readonly target: string;
  /** Bytes of the parts that arrived: where the next one begins. */
  sent: number;
}

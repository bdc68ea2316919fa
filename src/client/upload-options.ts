// What goes with a file, and what is told meanwhile.

import type { Ticket } from "../tickets/ticket.ts";
import type { CloudinaryAnswer } from "./cloudinary.ts";

/** How far an upload is. */
export interface UploadProgress {
  /** A ticket is asked for; the file is sent; the signer confirms what arrived, where the profile has `file`. */
  readonly phase: "signing" | "sending" | "confirming";
  /** Bytes of the file that were sent. Goes back where a part has to be sent again. */
  readonly loaded: number;
  /** Bytes of the file. */
  readonly total: number;
}

/** What goes with a file. */
export interface UploadOptions {
  /** The signer's address, such as `https://signer.example.com` or `/api/uploads`; a `/sign` at its end is cut. */
  readonly signer: string | URL;
  /** The profile; default `default`. */
  readonly profile?: string;
  /** Parameters that the profile accepts, by Cloudinary's names: `{ context: { alt: "A cat" } }`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The caller's bearer token, or what fetches it: asked anew for each request. */
  readonly token?: string | (() => string | Promise<string>);
  /** Further headers of the requests to the signer; `{ "cf-turnstile-response": token }` goes with that for a ticket alone. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `include` sends cookies to a signer of another origin. Default `same-origin`. */
  readonly credentials?: RequestCredentials;
  /** Takes the progress, from 0 to the file's size. With it a browser asks Cloudinary first whether it may send. */
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Takes each ticket: the first, and those that replace an expired one. */
  readonly onTicket?: (ticket: Ticket) => void;
  /** Takes each answer of Cloudinary's as it came, refusals and those to single parts included. */
  readonly onAnswer?: (answer: CloudinaryAnswer) => void;
  /** Aborts the upload at any point; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Bytes of a part: larger files are sent in parts. Default 20 MiB, at least 5 MiB. */
  readonly chunkSize?: number;
  /** How often a request is tried again after a failure that may pass. Default 3. */
  readonly retries?: number;
}

/** What goes with a request of another method: no file, so neither progress nor parts. */
export type ActOptions = Omit<UploadOptions, "profile" | "params" | "onProgress" | "chunkSize">;

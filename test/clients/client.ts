// What a client is to this suite: an uploader of other people, driven by its own code, and what docs/clients.md says of it.

import type { Scene } from "./scene.ts";

/** The sections of docs/clients.md, in their order. */
export const GROUPS = {
  tickets: "Components that take a ticket",
  dropIn: "Components that choose the parameters",
  languages: "HTTP clients and languages",
  examples: "Cloudinary's own examples",
  secret: "What holds the secret itself",
} as const;

export type Group = keyof typeof GROUPS;

/** The row of a client in the table. */
export interface Row {
  readonly name: string;
  readonly group: Group;
  /** What to set: one phrase of Markdown. */
  readonly set: string;
}

/** A client that is run; its section of docs/clients.md has the code. */
export interface Client extends Row {
  /** What it needs beside its settings to work: one phrase; absent, it works as it is. */
  readonly with?: string;
  /** A program that the machine must have, such as `php`; without it the client is not run. */
  readonly program?: string;
  /** What was tried: `axios 1.2.3`, `Python 3.11, urllib`. */
  version(scene: Scene): Promise<string>;
  /** Ends in one upload of `scene.file`; throws otherwise. What the emulator then holds is judged by the runner. */
  upload(scene: Scene): Promise<void>;
  /**
   * Has the signer refuse, and answers what a person then sees, in the client's own way of showing errors: it must hold
   * the signer's `detail`. Where the client has no way to show it, a line of `scene.terminal()`. Absent where no signer
   * is asked.
   */
  refusal?(scene: Scene): Promise<string>;
}

/** A client that works in no way, or that can't be had here; one sentence of Markdown says why. */
export type NotTried = Row & ({ readonly cant: string } | { readonly notRun: string });

export type AnyClient = Client | NotTried;

export const isTried = (client: AnyClient): client is Client => "upload" in client;

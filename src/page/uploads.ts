// An upload as the page shows it: the store's item, and what was asked with it. Pure: no DOM, no network, no clock.

import type { CloudinaryAnswer, UploadItem, UploadResponse } from "../client/client.ts";

/** What goes with an upload besides its file and the caller's token. */
export interface Asked {
  readonly profile: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly withToken: boolean;
}

export interface Upload {
  readonly item: UploadItem;
  readonly asked: Asked;
  /** When the item's answer came, in Unix seconds. */
  readonly answeredAt?: number;
}

/** An upload that arrived, with what Cloudinary answered, or what became of that since. */
export interface Arrived {
  readonly upload: Upload;
  readonly asset: UploadResponse;
  /** How it is called on the page: the file's name, or the one that its user gave it. */
  readonly name: string;
}

/** The order in which items are shown where there is no room for all: what somebody has to look at comes first. */
const FIRST: readonly UploadItem["status"][] = [
  "failed",
  "confirming",
  "sending",
  "signing",
  "paused",
  "waiting",
  "cancelled",
  "done",
];

/** So many of the items, in the order in which they stand: a row that stays does not move. */
export function foremost<T extends { readonly item: UploadItem }>(uploads: readonly T[], most: number): T[] {
  const rank = ({ item }: T): number => FIRST.indexOf(item.status);
  const chosen = new Set([...uploads].sort((a, b) => rank(a) - rank(b)).slice(0, most));
  return uploads.filter((upload) => chosen.has(upload));
}

/** Whether it is neither done nor given up. */
export const isOpen = ({ status }: UploadItem): boolean => !["done", "failed", "cancelled"].includes(status);

export const isPausable = ({ status }: UploadItem): boolean =>
  ["waiting", "signing", "sending"].includes(status);

/** What Cloudinary answered last; nothing where the last part got no answer. */
export const answerOf = ({ item }: Upload): CloudinaryAnswer | undefined =>
  codeOf(item) === "network" ? undefined : item.answer;

/** The code of a failure; `other` where it is none of the client's. */
export function codeOf({ error }: UploadItem): string | undefined {
  if (error === undefined) return undefined;
  return "code" in error ? error.code : "other";
}

/** What the signer answered, where it was the signer that refused. */
export const problemOf = ({ error }: UploadItem) =>
  error !== undefined && "problem" in error ? error.problem : undefined;

/** The last part of a public ID, which a user may choose anew. */
export const ownName = (publicId: string): string => publicId.replace(/^.*\//s, "");

// The page's state, and the one function that changes it. Pure: no DOM, no network, no clock.

import type { CloudinaryAnswer, Ticket, UploadError, UploadResponse } from "../client/client.ts";
import { TEXTS } from "./texts.ts";

/** What goes with an upload besides its file and the caller's token. */
export interface Asked {
  readonly profile: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly withToken: boolean;
}

/** Why an upload failed, in the shape that the page shows. */
export type Refused = Pick<UploadError, "message" | "problem"> & {
  readonly code: UploadError["code"] | "other";
};

/** How far an upload is that is under way. */
export type Running =
  | { readonly name: "waiting" | "signing" | "confirming" }
  | { readonly name: "uploading"; readonly percent: number };

export type Stage =
  | Running
  | { readonly name: "done"; readonly asset: UploadResponse; readonly hasReceipt: boolean }
  | { readonly name: "refused"; readonly refused: Refused }
  | { readonly name: "cancelled" };

/** What Cloudinary answered, and when, in Unix seconds. */
export interface Answer extends CloudinaryAnswer {
  readonly at: number;
}

export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly asked: Asked;
  readonly stage: Stage;
  /** The last ticket, once there is one. */
  readonly ticket?: Ticket;
  /** The last answer under that ticket. */
  readonly answer?: Answer;
  /** The name that its user gave it afterwards. */
  readonly renamed?: string;
  /** Its card was removed; what arrived stays in the gallery. */
  readonly removed?: boolean;
}

export interface State {
  /** The newest batch first, each in the order it was chosen. */
  readonly uploads: readonly Upload[];
  /** What arrived, the newest first. */
  readonly arrived: readonly number[];
  /** The last messages for the live region, oldest first. */
  readonly messages: readonly { readonly id: number; readonly text: string }[];
}

export type Action =
  | { readonly type: "added"; readonly uploads: readonly Pick<Upload, "id" | "file" | "asked">[] }
  | { readonly type: "retried"; readonly id: number; readonly asked: Asked }
  | { readonly type: "ticket"; readonly id: number; readonly ticket: Ticket }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly type: "progress"; readonly id: number; readonly stage: Running }
  | {
      readonly type: "done";
      readonly id: number;
      readonly asset: UploadResponse;
      readonly hasReceipt: boolean;
    }
  | { readonly type: "renamed"; readonly id: number; readonly asset: UploadResponse }
  | { readonly type: "deleted"; readonly id: number }
  | { readonly type: "refused"; readonly id: number; readonly refused: Refused }
  | { readonly type: "cancelled"; readonly id: number }
  | { readonly type: "removed"; readonly ids: readonly number[] }
  | { readonly type: "said"; readonly text: string };

export const EMPTY: State = { uploads: [], arrived: [], messages: [] };

/** Messages that the live region holds at once: as many as may come together. */
const MAX_MESSAGES = 5;

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "added": {
      const added = action.uploads.map((upload): Upload => ({ ...upload, stage: { name: "waiting" } }));
      return { ...state, uploads: [...added, ...state.uploads] };
    }
    case "retried":
      return change(state, action.id, ({ id, file }) => ({
        id,
        file,
        asked: action.asked,
        stage: { name: "waiting" },
      }));
    case "ticket":
      return change(state, action.id, ({ answer: _, ...upload }) => ({
        ...upload,
        ticket: action.ticket,
        // One that is renewed changes nothing of it.
        stage: upload.stage.name === "uploading" ? upload.stage : { name: "uploading", percent: 0 },
      }));
    case "answer":
      return change(state, action.id, (upload) => ({ ...upload, answer: action.answer }));
    case "progress":
      return change(state, action.id, (upload) =>
        isRunning(upload) && !isSame(upload.stage, action.stage)
          ? { ...upload, stage: action.stage }
          : upload,
      );
    case "done": {
      const { asset, hasReceipt } = action;
      const settled = settle(state, action.id, { name: "done", asset, hasReceipt }, TEXTS.saidUploaded);
      return { ...settled, arrived: [action.id, ...state.arrived] };
    }
    case "renamed":
      return rename(state, action.id, action.asset);
    case "deleted":
      return forget(state, action.id);
    case "refused": {
      const { refused } = action;
      return settle(state, action.id, { name: "refused", refused }, (name) =>
        TEXTS.saidRefused(name, refused.message),
      );
    }
    case "cancelled":
      return settle(state, action.id, { name: "cancelled" }, TEXTS.saidCancelled);
    case "removed":
      return { ...state, uploads: state.uploads.flatMap((upload) => without(upload, action.ids)) };
    case "said":
      return say(state, action.text);
  }
}

function rename(state: State, id: number, asset: UploadResponse): State {
  const name = ownName(asset.public_id);
  const renamed = change(state, id, (upload) =>
    upload.stage.name === "done" ? { ...upload, renamed: name, stage: { ...upload.stage, asset } } : upload,
  );
  return say(renamed, TEXTS.saidRenamed(name));
}

function forget(state: State, deleted: number): State {
  const gone = state.uploads.find(({ id }) => id === deleted);
  if (gone === undefined) return state;
  const left = {
    ...state,
    uploads: state.uploads.filter((upload) => upload !== gone),
    arrived: state.arrived.filter((id) => id !== deleted),
  };
  return say(left, TEXTS.saidDeleted(gone.renamed ?? gone.file.name));
}

/** The last part of a public ID, which a user may choose anew. */
export const ownName = (publicId: string): string => publicId.replace(/^.*\//s, "");

/** Whether an upload is under way, and can be cancelled. */
export const isRunning = ({ stage }: Upload): boolean =>
  ["waiting", "signing", "uploading", "confirming"].includes(stage.name);

/** Whether nobody sees a difference. */
const isSame = (before: Stage, now: Running): boolean =>
  before.name === now.name &&
  (before.name !== "uploading" || now.name !== "uploading" || before.percent === now.percent);

/** What Cloudinary answered last; nothing where the last part got no answer. */
export const answerOf = ({ stage, answer }: Upload): Answer | undefined =>
  stage.name === "refused" && stage.refused.code === "network" ? undefined : answer;

/** An upload that arrived, with what Cloudinary answered. */
export interface Arrived {
  readonly upload: Upload;
  readonly asset: UploadResponse;
}

/** All that arrived, the newest first. */
export const arrived = (state: State): Arrived[] =>
  state.arrived.flatMap((id) => {
    const upload = state.uploads.find((candidate) => candidate.id === id);
    return upload?.stage.name === "done" ? [{ upload, asset: upload.stage.asset }] : [];
  });

function change(state: State, id: number, how: (upload: Upload) => Upload): State {
  return { ...state, uploads: state.uploads.map((upload) => (upload.id === id ? how(upload) : upload)) };
}

function settle(state: State, id: number, stage: Stage, words: (name: string) => string): State {
  const upload = state.uploads.find((candidate) => candidate.id === id);
  if (upload === undefined) return state;
  return say(
    change(state, id, (before) => ({ ...before, stage })),
    words(upload.file.name),
  );
}

function say(state: State, text: string): State {
  const id = (state.messages.at(-1)?.id ?? 0) + 1;
  return { ...state, messages: [...state.messages, { id, text }].slice(-MAX_MESSAGES) };
}

function without(upload: Upload, ids: readonly number[]): Upload[] {
  if (!ids.includes(upload.id)) return [upload];
  return upload.stage.name === "done" ? [{ ...upload, removed: true }] : [];
}

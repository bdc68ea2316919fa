// The uploads themselves: files into the client's queue, and what becomes of them into actions.

import { UploadError, type UploadProgress, uploadQueue } from "../client/client.ts";
import type { Action, Asked, Refused, Running } from "./uploads.ts";

/** Uploads under way at once; the others wait. */
const CONCURRENCY = 3;

export interface Transfers {
  /** Starts an upload, or lets it wait its turn. */
  start(id: number, file: File, asked: Asked, token: string): void;
  cancel(id: number): void;
}

/** Uploads through one signer, each told of by `dispatch`. */
export function createTransfers(signer: URL, dispatch: (action: Action) => void): Transfers {
  const enqueue = uploadQueue(CONCURRENCY);
  const running = new Map<number, AbortController>();
  return {
    start(id, file, { profile, params }, token) {
      const controller = new AbortController();
      running.set(id, controller);
      enqueue(file, {
        signer,
        params,
        ...(profile !== "default" && { profile }),
        ...(token !== "" && { token }),
        signal: controller.signal,
        onTicket: (ticket) => dispatch({ type: "ticket", id, ticket }),
        onAnswer: ({ status, headers, text }) =>
          dispatch({ type: "answer", id, answer: { status, headers, text, at: Date.now() / 1000 } }),
        onProgress: (progress) => dispatch({ type: "progress", id, stage: stageOf(progress) }),
      })
        .then(
          ({ asset, receipt }) => dispatch({ type: "done", id, asset, hasReceipt: receipt !== undefined }),
          (error) =>
            dispatch(
              controller.signal.aborted
                ? { type: "cancelled", id }
                : { type: "refused", id, refused: refusedOf(error) },
            ),
        )
        .finally(() => running.delete(id));
    },
    cancel: (id) => running.get(id)?.abort(),
  };
}

function stageOf({ phase, loaded, total }: UploadProgress): Running {
  if (phase !== "sending") return { name: phase };
  return { name: "uploading", percent: total === 0 ? 100 : Math.floor((loaded / total) * 100) };
}

function refusedOf(error: unknown): Refused {
  if (error instanceof UploadError) return error;
  return {
    code: "other",
    message: error instanceof Error ? error.message : String(error),
    problem: undefined,
  };
}

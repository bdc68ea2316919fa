// `cloudinary-edge-signer upload FILE…`: files and folders, each with a ticket of its own, a few at a time. Exit 0 all
// uploaded, 1 some refused, 2 it could not, 130 stopped by Ctrl-C.

import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { requestTicket } from "../client/ask-ticket.ts";
import { withRetries } from "../client/retry.ts";
import { upload } from "../client/upload.ts";
import type { UploadOptions } from "../client/upload-options.ts";
import { curlCommand } from "../tickets/curl.ts";
import { askServer } from "./ask-server.ts";
import { DrawnLines } from "./drawn-lines.ts";
import { filesToUpload } from "./files-to-upload.ts";
import { Fixable } from "./fixable.ts";
import { portFrom } from "./free-ports.ts";
import type { Io } from "./io.ts";
import type { Headers } from "./option-values.ts";
import { plain, size } from "./terminal.ts";
import { failed, type Outcome, tell } from "./upload-outcome.ts";

export interface UploadCommandOptions {
  readonly files: readonly string[];
  /** The signer's address; default the one that `start` runs. */
  readonly signer?: string;
  readonly profile: string;
  readonly header?: Headers;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Prints commands, and uploads nothing. */
  readonly print?: boolean;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8787;
/** How many files at a time. */
const CONCURRENCY = 3;
/** How often the seconds are drawn anew, in milliseconds. */
const TICK_MS = 1000;

/** A file on its way. Without XMLHttpRequest nobody tells how much of a request was sent: `sent` grows part by part. */
interface Running {
  sent: number;
  total: number;
  readonly since: number;
}

function lineOf(file: string, { sent, total, since }: Running): string {
  const seconds = Math.floor((Date.now() - since) / 1000);
  const part = sent > 0 ? `${size(sent)} of ` : "";
  return `  ${plain(file)}  ${part}${size(total)}  ${seconds} s`;
}

async function needSigner(signer: string): Promise<void> {
  const asked = await askServer(`${signer}/health`, {});
  if (asked.ok) return;
  throw new Fixable(
    `run \`cloudinary-edge-signer start\`, or name your signer by --signer: ${signer} ${asked.error.why}`,
  );
}

async function uploadOne(
  file: string,
  { profile, params, header, print }: UploadCommandOptions,
  more: Pick<UploadOptions, "signer" | "signal" | "onProgress">,
): Promise<Outcome> {
  const options: UploadOptions = {
    ...more,
    profile,
    ...(params && { params }),
    ...(header && { headers: header }),
  };
  try {
    if (print) {
      const ticket = await withRetries(() => requestTicket(options), options);
      return { file, state: "signed", command: curlCommand(ticket, file).trimEnd() };
    }
    // Not read before its parts are sent.
    const content = new File([await openAsBlob(file)], basename(file));
    return { file, state: "uploaded", ...(await upload(content, options)) };
  } catch (error) {
    return more.signal?.aborted ? { file, state: "stopped" } : failed(file, error);
  }
}

function codeOf(outcomes: readonly Outcome[]): number {
  const has = (state: Outcome["state"]) => outcomes.some((one) => one.state === state);
  return has("refused") ? 1 : has("failed") ? 2 : 0;
}

/** Uploads the files, and tells each outcome as it comes. */
async function uploadAll(
  files: readonly string[],
  options: UploadCommandOptions,
  signal: AbortSignal,
  signer: string,
  io: Io,
): Promise<readonly Outcome[]> {
  const json = options.json ?? false;
  const outcomes: Outcome[] = [];
  const running = new Map<string, Running>();
  const lines = new DrawnLines(json || options.print ? undefined : io.terminal, () => [
    ...[...running].map(([file, state]) => lineOf(file, state)),
    `  ${outcomes.length} of ${files.length}`,
  ]);
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined && !signal.aborted; file = waiting.shift()) {
      const state: Running = { sent: 0, total: 0, since: Date.now() };
      running.set(file, state);
      const outcome = await uploadOne(file, options, {
        signer,
        signal,
        onProgress: ({ loaded, total }) => {
          Object.assign(state, { sent: loaded, total });
          lines.draw();
        },
      });
      running.delete(file);
      outcomes.push(outcome);
      lines.print(() => tell(outcome, json, io));
    }
  };
  const ticking = setInterval(() => lines.draw(), TICK_MS);
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } finally {
    clearInterval(ticking);
    lines.clear();
  }
  return outcomes;
}

export async function uploadFiles(options: UploadCommandOptions, io: Io): Promise<number> {
  const files = await filesToUpload(options.files, options.print ?? false);
  const signer = options.signer ?? `http://localhost:${portFrom(io.env, "PORT", DEFAULT_PORT)}`;
  await needSigner(signer);
  const stopped = new AbortController();
  let stopCode: number | undefined;
  const forget = io.onStop?.((code) => {
    stopCode = code;
    stopped.abort();
  });
  try {
    const outcomes = await uploadAll(files, options, stopped.signal, signer, io);
    const done = outcomes.filter(({ state }) => state === "uploaded").length;
    const isWorthIt = !options.json && !options.print && (files.length > 1 || stopCode !== undefined);
    if (isWorthIt) io.err(`${stopCode === undefined ? "" : "stopped: "}${done} of ${files.length} uploaded`);
    return stopCode ?? codeOf(outcomes);
  } finally {
    forget?.();
  }
}

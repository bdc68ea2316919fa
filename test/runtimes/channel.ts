// Questions to the runtime that is tried, from test files that call plain functions: some of those return at once
// and not later, so the thread waits while another one speaks HTTP.

import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { inject } from "vitest";
import { fromWire, Made, type Question, type Reply, toWire, type Wire } from "./wire.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The runtime that is tried, under `npm run test:runtimes`. */
    runtime: { readonly title: string; readonly url: string };
  }
}

/** Longest answer, in milliseconds. */
const TIMEOUT = 60_000;

let asked = 0;
/** How many answers of the runtime this file has got. */
export const askedSoFar = (): number => asked;
export const countAsked = (): void => {
  asked += 1;
};

let line: ((question: string) => string) | undefined;

function open(): (question: string) => string {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./channel-worker.ts", import.meta.url), {
    workerData: { url: inject("runtime").url, port: port2, flag },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  return (question) => {
    Atomics.store(flag, 0, 0);
    port1.postMessage(question);
    const answered = Atomics.wait(flag, 0, 0, TIMEOUT) !== "timed-out" && receiveMessageOnPort(port1);
    if (!answered) {
      // A late answer would be taken for that of the next question, and who hangs once is not waited for again.
      line = () => {
        throw new Error("the runtime did not answer in time");
      };
      return line(question);
    }
    const { text, error } = answered.message as { text?: string; error?: string };
    if (text === undefined) throw new Error(`the runtime did not answer: ${error}`);
    return text;
  };
}

const ERRORS: Readonly<Record<string, typeof Error>> = { TypeError, RangeError, SyntaxError };

/** Asks, and returns or throws as the runtime did: at once, or by a promise where it was one. */
export function ask(question: Question): unknown {
  line ??= open();
  const { returned, thrown, later } = JSON.parse(line(JSON.stringify(question))) as Reply;
  if (returned === undefined && thrown === undefined)
    throw new Error("what the runtime answered is no answer");
  countAsked();
  if (thrown !== undefined) {
    const error = new (ERRORS[thrown.name] ?? Error)(thrown.message);
    if (later) return Promise.reject(error);
    throw error;
  }
  const value = fromWire(returned as Wire);
  return later ? Promise.resolve(value) : value;
}

/** A function of the runtime's. */
export const remoteFunction =
  (module: string, name: string) =>
  (...args: unknown[]): unknown =>
    ask({ kind: "call", module, name, args: toWire(args) });

/** A class of the runtime's: its instances are made there, each time that they are used. */
export const remoteClass = (module: string, name: string) =>
  class extends Made {
    constructor(...args: unknown[]) {
      super(module, name, args);
    }
  };

/** What a module of the runtime's exports that is no function. */
export const remoteValue = (module: string, name: string): unknown => ask({ kind: "read", module, name });

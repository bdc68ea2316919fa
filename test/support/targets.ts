// What the black-box suites run against: the app in this process, and the built Worker in workerd over HTTP.

import { expect, inject } from "vitest";
import type { Bindings } from "../../src/config/bindings.ts";
import { createApp } from "../../src/http/app.ts";
import { startWorker } from "../../src/testing/local-worker.ts";
import { undocumented } from "../docs/openapi/contract.ts";
import { unseen } from "./account.ts";
import { readBindings } from "./definition.ts";
import { builtWorker, startWorkers } from "./workers.ts";

/** An answer, read to its end and looked through for the secret. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read members of many shapes
  json(): any;
}

/** A signer to ask. */
export interface Target {
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** The signer's own origin. */
  readonly origin: string;
  /** The lines that were logged so far. */
  readonly logs: string[];
  close(): Promise<void>;
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = unseen(await response.text());
  unseen(JSON.stringify([...response.headers]));
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** An answer to a request, which docs/openapi.json has to tell of. */
async function documented(path: string, init: RequestInit = {}, response: Response): Promise<Answer> {
  const answer = await readAnswer(response);
  const request = { method: init.method ?? "GET", path, body: init.body };
  expect(undocumented(request, answer), `${request.method} ${path}: ${answer.text}`).toEqual([]);
  return answer;
}

function collectLogs(): { logs: string[]; onLog: (line: string) => void } {
  const logs: string[] = [];
  return { logs, onLog: (line) => void logs.push(unseen(line)) };
}

async function inProcess(bindings: Bindings): Promise<Target> {
  const { logs, onLog } = collectLogs();
  const app = createApp(readBindings(bindings), { log: onLog });
  const origin = "https://signer.example";
  return {
    origin,
    logs,
    ask: async (path, init) => documented(path, init, await app.request(origin + path, init)),
    close: async () => {},
  };
}

/**
 * A request over HTTP. workerd closes a connection whose request body it did not read to its end, and a client
 * that reuses it at that moment hears a broken pipe before any answer: it asks again, as browsers do.
 */
export async function askOver(url: string, init: RequestInit | undefined, again = 3): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    const isClosed = code === "EPIPE" || code === "ECONNRESET" || code === "UND_ERR_SOCKET";
    if (!isClosed || again === 0 || init?.body instanceof ReadableStream) throw error;
    return askOver(url, init, again - 1);
  }
}

async function inWorkerd(bindings: Bindings): Promise<Target> {
  const { logs, onLog } = collectLogs();
  const worker = await startWorker({ build: inject("workerBuild"), bindings: { ...bindings }, onLog });
  return {
    origin: worker.url,
    logs,
    ask: async (path, init) => documented(path, init, await askOver(worker.url + path, init)),
    close: () => worker.close(),
  };
}

/** The same for each of them, beside each other in one workerd; whoever closes one closes all. */
async function togetherInWorkerd(all: readonly Bindings[]): Promise<Target[]> {
  const lines: { readonly line: string; readonly id: unknown }[] = [];
  const workers = await startWorkers(
    all.map((bindings, i) => builtWorker(`${i}`, bindings)),
    (line) => void lines.push({ line: unseen(line), id: JSON.parse(line).request_id }),
  );
  return all.map((_, i) => {
    const url = workers.urlOf(`${i}`);
    const asked = new Set<unknown>();
    return {
      origin: url,
      get logs() {
        return lines.filter(({ id }) => asked.has(id)).map(({ line }) => line);
      },
      ask: async (path, init) => {
        const answer = await documented(path, init, await askOver(url + path, init));
        asked.add(answer.headers.get("x-request-id"));
        return answer;
      },
      close: () => workers.close(),
    };
  });
}

/** The ways to run a signer, by name; `startAll` where many at once cost less than each by itself. */
export const TARGETS: readonly [
  name: string,
  start: (bindings: Bindings) => Promise<Target>,
  startAll?: (all: readonly Bindings[]) => Promise<Target[]>,
][] = [
  ["app.request", inProcess],
  ["the built Worker in workerd", inWorkerd, togetherInWorkerd],
];

/** A POST with a JSON body. */
export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

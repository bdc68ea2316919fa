// Load on a server: autocannon in a process of its own, kept for the whole run so that it is warm for each
// contender alike.

import { fork } from "node:child_process";
import { once } from "node:events";
import { owned } from "./cleanup.ts";

/** Requests that wait for an answer at any time, each on a connection of its own. */
export const CONNECTIONS = 32;

/** Requests to send over and over. */
export interface Asking {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Bearer tokens, one a request, in turn. */
  readonly tokens?: readonly string[];
}

export interface Job {
  readonly url: string;
  /** The server's process. */
  readonly pid?: number | undefined;
  readonly asking: Asking;
  /** For so many seconds, or until so many requests are answered. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

/** What came of it. */
export interface Load {
  /** Answers of the 2xx kind. */
  readonly good: number;
  /** Other answers, broken connections, timeouts. */
  readonly bad: number;
  readonly seconds: number;
  /** Milliseconds from a request to the end of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Seconds that the server's process computed meanwhile; absent where the system does not tell. */
  readonly cpuSeconds?: number;
}

export class Loader {
  readonly #child = owned(
    fork(new URL("load-process.ts", import.meta.url), {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    }),
  );

  async run(job: Job): Promise<Load> {
    const ended = new AbortController();
    const { signal } = ended;
    const died = once(this.#child, "exit", { signal }).then(() => {
      throw new Error("the load generator ended");
    });
    this.#child.send(job);
    try {
      const [answer] = await Promise.race([once(this.#child, "message", { signal }), died]);
      if (answer instanceof Error) throw answer;
      return answer as Load;
    } finally {
      died.catch(() => {});
      ended.abort();
    }
  }

  close(): void {
    this.#child.kill();
  }
}

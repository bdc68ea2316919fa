// A proxy over HTTP that tells what came through it, preflights too, and can make it take its time.

import { once } from "node:events";
import { request as ask, createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came, before its body. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the answer, once that is on its way back. */
  status?: number;
  /** Milliseconds, of `performance.now`. */
  readonly at: number;
}

export interface WatchedProxy {
  /** Its address, `http://127.0.0.1:1234`. */
  readonly url: string;
  /** Where requests go; set before the first one. */
  target: string;
  /** What came, in order; emptied by whoever has seen it. */
  readonly seen: Seen[];
  /** What a request waits for on its way there, and may get lost by, and its answer on its way back. */
  wait: Partial<Record<"there" | "back", (one: Seen) => Promise<"lost" | undefined> | undefined>>;
  close(): Promise<void>;
}

/** `delay` is how long a request is on its way, there and back, in milliseconds. */
export async function startWatchedProxy(delay = 0): Promise<WatchedProxy> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const begin = async (): Promise<void> => {
      const one: Seen = { method, path, headers, at: performance.now() };
      seen.push(one);
      if ((await proxy.wait.there?.(one)) === "lost") {
        incoming.destroy();
        return;
      }
      const upstream = ask(new URL(path, proxy.target), { method, headers }, async (answer) => {
        await proxy.wait.back?.(one);
        setTimeout(() => {
          one.status = answer.statusCode!;
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        }, delay / 2);
      });
      upstream.on("error", () => outgoing.destroy());
      incoming.on("close", () => {
        // Whoever gives up in the middle takes the rest with them.
        if (!incoming.complete) upstream.destroy();
      });
      incoming.pipe(upstream);
    };
    setTimeout(begin, delay / 2);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: WatchedProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    seen,
    wait: {},
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

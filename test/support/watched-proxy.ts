// A proxy over HTTP that tells what came through it, preflights too, and can make it take its time.

import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came, before its body. */
export interface Seen {
  readonly method: string;
  readonly path: string;
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
  close(): Promise<void>;
}

/** `delay` is how long a request is on its way, there and back, in milliseconds. */
export async function startWatchedProxy(delay = 0): Promise<WatchedProxy> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const begin = (): void => {
      seen.push({ method, path, at: performance.now() });
      const upstream = ask(new URL(path, proxy.target), { method, headers }, (answer) => {
        setTimeout(() => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        }, delay / 2);
      });
      upstream.on("error", () => outgoing.destroy());
      incoming.pipe(upstream);
    };
    setTimeout(begin, delay / 2);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: WatchedProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

// A TCP proxy that cuts a connection in the middle, as a lost network does.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface CutProxy {
  /** Its address. */
  readonly url: string;
  /** Where connections go; set before the first one. */
  target: number;
  /**
   * Cuts the connection over which a client sends the byte that is so many from now; with several numbers, each
   * counts from the cut before.
   */
  cutAfter(...bytes: number[]): void;
  /** How often it cut. */
  cuts(): number;
  close(): Promise<void>;
}

export async function startCutProxy(): Promise<CutProxy> {
  const open = new Set<Socket>();
  let planned: number[] = [];
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(proxy.target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      open.add(socket);
      // The other end hears of it by its own end.
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      const [left, ...later] = planned;
      if (left === undefined) return;
      planned = left > chunk.length ? [left - chunk.length, ...later] : later;
      if (left > chunk.length) return;
      cuts += 1;
      client.resetAndDestroy();
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: CutProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: 0,
    cutAfter: (...bytes) => {
      planned = bytes;
    },
    cuts: () => cuts,
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
  return proxy;
}

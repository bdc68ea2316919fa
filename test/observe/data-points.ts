// The built Worker in a workerd with its own Analytics Engine binding, and the data points that this lets through: those
// over Analytics Engine's limits it drops.

import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Bindings, compile, serve } from "../bench/workerd.ts";

/** A row of the table that Analytics Engine makes of a dataset: what it has not is `""` or 0. */
export type Row = Readonly<Record<string, string | number>>;

export interface Measured {
  readonly url: string;
  /** What was written so far. */
  readonly rows: readonly Row[];
  close(): Promise<void>;
}

/** A column as workerd tells it: a blob is its bytes, and a time is in nanoseconds. */
function columnValue(name: string, value: unknown): string | number {
  if (name === "timestamp") return new Date(Number(value) / 1e6).toISOString().slice(0, 19).replace("T", " ");
  return Array.isArray(value) ? Buffer.from(value).toString("utf8") : Number(value);
}

/** Twenty blobs and twenty doubles, whether they were written or not. */
function rowOf(told: Readonly<Record<string, unknown>>): Row {
  const blobs = Array.from({ length: 20 }, (_, i) => [`blob${i + 1}`, ""]);
  const columns = Object.entries(told)
    .filter(([name]) => /^(timestamp|index1|blob\d+|double\d+)$/.test(name))
    .map(([name, value]) => [name, columnValue(name, value)]);
  return Object.fromEntries([...blobs, ["_sample_interval", 1], ...columns]);
}

/** Starts the bundle of a folder. */
export async function startMeasured(build: string, bindings: Bindings): Promise<Measured> {
  const rows: Row[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    rows.push(rowOf(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { compatibility_date = "", compatibility_flags } = unstable_readConfig(
    { config: join(PROJECT, "wrangler.toml") },
    { hideWarnings: true },
  );
  const name = (await readdir(build)).find((one) => one.endsWith(".js"))!;
  const bundle = {
    ...{ folder: build, file: join(build, name) },
    ...{ compatibilityDate: compatibility_date, flags: compatibility_flags },
  };
  const { port } = server.address() as AddressInfo;
  const worker = await serve(await compile(bundle, bindings, `127.0.0.1:${port}`), { isExperimental: true });
  return {
    url: worker.url,
    rows,
    close: async () => {
      await worker.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

// The rate limiter on and off. Only miniflare has a simulator of it, so both rows run there, behind its raw
// server: they are compared with each other alone.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newBuild, startWorker } from "../../src/testing/local-worker.ts";
import { type Bundle, bundle } from "./bundles.ts";
import { ownedFolder } from "./cleanup.ts";
import type { Contender } from "./contender.ts";
import { PUBLIC } from "./contenders.ts";
import { childrenOf } from "./process.ts";
import type { Server } from "./workerd.ts";

/** Requests a minute that the limiter lets pass: more than the bench can ask. */
const LIMIT = 1_000_000_000;

const CONFIG = ({ compatibilityDate, flags }: Bundle): string => `name = "bench-limited"
compatibility_date = "${compatibilityDate}"
compatibility_flags = ${JSON.stringify(flags)}

[[env.limited.ratelimits]]
name = "LIMIT_BY_IP"
namespace_id = "1"
simple = { limit = ${LIMIT}, period = 60 }
`;

async function start(isLimited: boolean): Promise<Server> {
  const ours = await bundle("ours");
  const config = join(ownedFolder(await newBuild()), "wrangler.toml");
  await writeFile(config, CONFIG(ours));
  const before = new Set(childrenOf(process.pid));
  const worker = await startWorker({
    build: ours.folder,
    bindings: PUBLIC.bindings,
    config,
    ...(isLimited && { env: "limited" }),
  });
  const pid = childrenOf(process.pid).find((child) => !before.has(child));
  return { url: worker.url, pid, close: () => worker.close() };
}

export const LIMITED: readonly Contender[] = [
  { ...PUBLIC, name: "unlimited", title: "ours in miniflare, no limiter", start: () => start(false) },
  { ...PUBLIC, name: "limited", title: "ours in miniflare, limiter bound", start: () => start(true) },
];

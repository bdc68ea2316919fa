// How long a Worker takes from the start of its process to the end of its first answer.

import { performance } from "node:perf_hooks";
import { ask, type Bundled, judge } from "./contender.ts";
import { serve } from "./workerd.ts";

/** Milliseconds of one start. `binary` is the compiled contender. */
export async function startMilliseconds(contender: Bundled, binary: string): Promise<number> {
  const asking = contender.asking();
  const started = performance.now();
  const server = await serve(binary);
  try {
    const received = await ask(server.url, asking);
    const milliseconds = performance.now() - started;
    judge(contender, asking, received);
    return milliseconds;
  } finally {
    await server.close();
  }
}

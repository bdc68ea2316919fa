// `cloudinary-edge-signer replay`: dead letters back into the queue of notifications. Each is published first and then
// acknowledged, so that none is lost; where that breaks off between the two, the application hears of it twice. Exit 0
// nothing is left, 1 something is, 2 it could not.

import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { type Letter, type QueueFound, QueuesApi, queuesAccess, Unpublishable } from "./queues-api.ts";
import { type ReplayOptions, ReplayReport, UNREADABLE } from "./replay-report.ts";
import { environmentsOf, readWrangler, type WranglerConfig } from "./wrangler-toml.ts";

/** How many are pulled at once. */
const BATCH = 20;
/** The most that can be looked at. */
const MAX_PEEKED = 100;

/** The names of the two queues, as a wrangler.toml has them. */
export function queueNames({ queues }: WranglerConfig, path: string): { queue: string; dead: string } {
  const queue = queues?.producers?.find(({ binding }) => binding === "NOTIFICATIONS")?.queue;
  if (queue === undefined)
    throw new Fixable(`bind NOTIFICATIONS under [[queues.producers]] in ${path}: there is no such queue`);
  const dead = queues?.consumers?.find((one) => one.queue === queue)?.dead_letter_queue;
  if (dead === undefined)
    throw new Fixable(
      `write dead_letter_queue = "…" for ${queue} under [[queues.consumers]] in ${path}: it has none`,
    );
  return { queue, dead };
}

async function namesFrom({ config, env }: ReplayOptions) {
  const known = await environmentsOf(config);
  if (!known.some((name) => (name ?? "") === (env ?? "")))
    throw new Fixable(
      `choose one of the environments of ${config}: ${known.flatMap((name) => name ?? []).join(", ") || "none"}`,
    );
  const file = await readWrangler(config, env);
  return { ...queueNames(file, config), account: file.account_id };
}

/** The two queues, and what asks for them. */
interface Queues {
  readonly api: QueuesApi;
  readonly queue: QueueFound;
  readonly dead: QueueFound;
}

/** Replays one batch; what could not be acknowledged, put back or published ends it with what was wrong. */
async function replayBatch(
  { api, queue, dead }: Queues,
  letters: readonly Letter[],
  report: ReplayReport,
  isStopped: () => boolean,
): Promise<Letter[]> {
  const published: Letter[] = [];
  const left: Letter[] = [];
  let problem: unknown;
  for (const letter of letters) {
    if (problem !== undefined || isStopped() || letter.content === undefined) {
      left.push(letter);
      continue;
    }
    try {
      await api.push(queue, letter.content);
      published.push(letter);
      report.replayed(letter);
    } catch (error) {
      left.push(letter);
      // It stands in the way of no other.
      if (error instanceof Unpublishable) report.left(letter, "Cloudflare does not take it");
      else problem = error;
    }
  }
  // Nothing is put back before the end: it would be pulled again at once. After a failure, this is the end.
  await api.settle(dead, published, problem === undefined ? [] : left);
  if (problem !== undefined) throw problem;
  return left;
}

async function replayAll(queues: Queues, limit: number, report: ReplayReport, isStopped: () => boolean) {
  const left: Letter[] = [];
  try {
    while (report.count + left.length < limit && !isStopped()) {
      const most = Math.min(BATCH, limit - report.count - left.length);
      const letters = await queues.api.pull(queues.dead, most);
      if (letters.length === 0) break;
      left.push(...(await replayBatch(queues, letters, report, isStopped)));
    }
  } finally {
    await queues.api.settle(queues.dead, [], left);
  }
  // Others were pulled and not tried: it was stopped.
  for (const letter of left) if (letter.content === undefined) report.left(letter, UNREADABLE);
}

/** Runs it, and stops between two letters. */
export async function replay(options: ReplayOptions, io: Io): Promise<number> {
  const names = await namesFrom(options);
  const api = new QueuesApi(queuesAccess(io.env, names.account));
  const [queue, dead] = [await api.find(names.queue), await api.find(names.dead)];
  const report = new ReplayReport(names, options, io, await api.count(dead));
  if (options.dryRun) {
    for (const letter of await api.peek(dead, Math.min(options.limit, MAX_PEEKED))) report.there(letter);
    return report.end();
  }
  if (!dead.isPulled)
    throw new Fixable(
      `run \`npx wrangler queues consumer http add ${names.dead} --message-retries 100\`: it can't be pulled yet`,
    );
  let stopCode: number | undefined;
  const forget = io.onStop?.((code) => {
    stopCode = code;
  });
  try {
    await replayAll({ api, queue, dead }, options.limit, report, () => stopCode !== undefined);
  } catch (error) {
    throw error instanceof Fixable && report.count > 0
      ? new Fixable(`${error.message}; ${report.count} were replayed before`)
      : error;
  } finally {
    report.clear();
    forget?.();
  }
  const code = report.end();
  return stopCode ?? code;
}

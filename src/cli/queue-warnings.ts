// What an owner should know of the queue of notifications, as wrangler.toml has it: who takes what is in it, and what
// becomes of what nobody took.

import { heading, type WranglerConfig } from "./wrangler-toml.ts";

/**
 * Most messages that can be handed on at once: one invocation may call other Workers until there are 32 with itself.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/#limits
 */
const MOST_AT_ONCE = 31;
/**
 * Most data points of one invocation, which a batch is; what is beyond is dropped.
 * https://developers.cloudflare.com/analytics/analytics-engine/limits/
 */
const MOST_POINTS = 25;

/** What a batch that is too large loses, and what is said of it. */
function batchWarnings(file: WranglerConfig, size: number, where: string): string[] {
  const isMeasured = file.analytics_engine_datasets?.some(({ binding }) => binding === "ANALYTICS");
  if (isMeasured && size > MOST_POINTS)
    return [
      `ANALYTICS: write max_batch_size = ${MOST_POINTS} or less for ${where}: each message is a data point, and Cloudflare drops those of a batch beyond ${MOST_POINTS}`,
    ];
  if (size <= MOST_AT_ONCE) return [];
  return [
    `NOTIFICATIONS: write max_batch_size = ${MOST_AT_ONCE} or less for ${where}: each message is a call of APP, Cloudflare ends a batch's calls at 32 Workers, and what is beyond fails and comes again`,
  ];
}

export function queueWarnings(file: WranglerConfig, env: string | undefined): string[] {
  const { producers = [], consumers = [] } = file.queues ?? {};
  const table = heading("queues.consumers", env);
  const queue = producers.find(({ binding }) => binding === "NOTIFICATIONS")?.queue;
  if (queue === undefined) return [];
  const consumer = consumers.find((one) => one.queue === queue);
  if (consumer === undefined)
    return [
      `NOTIFICATIONS: write a consumer of ${queue} under ${table}, unless another Worker has one: nothing here takes what is in the queue`,
    ];
  const isBound = file.services?.some(({ binding }) => binding === "APP");
  return [
    ...(isBound
      ? []
      : [
          `NOTIFICATIONS: bind APP under ${heading("services", env)}: its consumer has nobody to hand a notification to, and what is in the queue ends among the dead letters`,
        ]),
    ...(consumer.dead_letter_queue === undefined
      ? [
          `NOTIFICATIONS: write dead_letter_queue = "…" for ${queue} under ${table}: without one, a notification that fails to the end is deleted`,
        ]
      : []),
    ...batchWarnings(file, consumer.max_batch_size ?? 0, `${queue} under ${table}`),
  ];
}

// What an owner should know of the queue of notifications, as wrangler.toml has it: who takes what is in it, and what
// becomes of what nobody took.

import { heading, type WranglerConfig } from "./wrangler-toml.ts";

/**
 * Most messages that can be handed on at once: one invocation may call other Workers until there are 32 with itself.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/#limits
 */
const MOST_AT_ONCE = 31;

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
    ...((consumer.max_batch_size ?? 0) > MOST_AT_ONCE
      ? [
          `NOTIFICATIONS: write max_batch_size = ${MOST_AT_ONCE} or less for ${queue} under ${table}: each message is a call of APP, Cloudflare ends a batch's calls at 32 Workers, and what is beyond fails and comes again`,
        ]
      : []),
  ];
}

// What an owner should know of the queue of notifications, as wrangler.toml has it: who takes what is in it, and what
// becomes of what nobody took.

import { heading, type WranglerConfig } from "./wrangler-toml.ts";

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
  ];
}

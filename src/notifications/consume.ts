// The consumer of the queue: hands each message to the application, and acknowledges what it took. The others come again,
// each by itself and after growing pauses, until the queue's own limit puts them among the dead letters.

import type { CloudinaryNotification } from "../config/application.ts";
import type { Configured } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Fault } from "../fault.ts";
import { writePoint } from "../observe/data-point.ts";
import { newEvent, noteFailure, type RequestEvent, thrownAt } from "../observe/event.ts";
import { writeLine } from "../observe/log.ts";
import { PLATFORM, type Platform } from "../platform.ts";
import { PROBLEMS } from "../problem.ts";
import { err, type Result } from "../result.ts";
import { isTable } from "../tickets/signing-request.ts";
import { tellNotification } from "./hand-on.ts";

/** A message of the queue, as far as it is used. */
export interface QueuedMessage {
  readonly body: unknown;
  /** How often it came, this time too. */
  readonly attempts: number;
  ack(): void;
  retry(options: { delaySeconds: number }): void;
}

/** Hands on a batch of messages. */
export type Consumer = (batch: { readonly messages: readonly QueuedMessage[] }) => Promise<void>;

/** The first pause in seconds, by how much each is longer than the one before, and the longest that queues know. */
const FIRST_PAUSE = 15;
const FACTOR = 4;
const LONGEST_PAUSE = 12 * 3600;

/** Seconds until a message comes again: 15 s, 1 min, 4 min, 16 min, 64 min, 4.3 h, and 12 h each. */
export const pauseAfter = (attempts: number): number =>
  Math.min(FIRST_PAUSE * FACTOR ** (attempts - 1), LONGEST_PAUSE);

const NO_APP: Fault = {
  binding: "APP",
  problem:
    'bind your Worker under [[services]] in wrangler.toml, with binding = "APP": without it nobody takes what is in the queue',
};

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === "string";

/** What another version of this Worker put into the queue, or somebody else. */
function readMessage(message: unknown): CloudinaryNotification | undefined {
  if (!isTable(message)) return undefined;
  const { id, type = null, profile = null, subject = null, body } = message;
  const isOne =
    typeof id === "string" && id !== "" && [type, profile, subject].every(isTextOrNull) && isTable(body);
  // What a later version may say beside these is the application's to read.
  return isOne ? ({ ...message, type, profile, subject } as CloudinaryNotification) : undefined;
}

async function take(
  configured: Configured,
  { body }: QueuedMessage,
  event: RequestEvent,
): Promise<Result<undefined, Failure>> {
  if (!configured.ok) return err(failure("misconfigured", { faults: configured.error }));
  const { onNotification, profiles } = configured.value;
  if (onNotification === undefined) return err(failure("misconfigured", { faults: [NO_APP] }));
  const notification = readMessage(body);
  if (notification === undefined) return err(failure("queue_message"));
  const { profile } = notification;
  if (profile !== null && profiles.has(profile)) event.profile = profile;
  return tellNotification(onNotification, notification);
}

/** The consumer over a configuration, right or wrong. */
export function createConsumer(configured: Configured, given: Partial<Platform> = {}): Consumer {
  const platform = { ...PLATFORM, ...given };
  const { log = "all", analytics } = configured.ok ? configured.value : { analytics: configured.analytics };

  async function handle(message: QueuedMessage): Promise<void> {
    const started = performance.now();
    const event = newEvent(platform.uuid(), "queue");
    let taken: Result<undefined, Failure>;
    try {
      taken = await take(configured, message, event);
    } catch (error) {
      taken = err(failure("internal", { broke: thrownAt(error) }));
    }
    if (taken.ok) message.ack();
    else {
      noteFailure(event, taken.error);
      event.detail = [event.detail, `attempt ${message.attempts}`].filter(Boolean).join("; ");
      message.retry({ delaySeconds: pauseAfter(message.attempts) });
    }
    event.status = taken.ok ? 200 : PROBLEMS[event.code!][0];
    event.ms = Math.round(performance.now() - started);
    writeLine(platform.log, log, event);
    writePoint(analytics, event);
  }

  // All at once: one that hangs keeps its neighbours from nothing.
  return async ({ messages }) => void (await Promise.all(messages.map(handle)));
}

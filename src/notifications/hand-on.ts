// Where a notification goes once it is verified: into the queue, or to the application, one of which has it when this is
// done. What fails here is told to Cloudinary, which sends it again.

import type { CloudinaryNotification, Hooks, NotificationQueue } from "../config/application.ts";
import { type Failure, failure } from "../failure.ts";
import { type RequestEvent, thrownAt } from "../observe/event.ts";
import { err, ok, type Result } from "../result.ts";
import { APPLICATION_TIMEOUT_MS, callProblem } from "../uploads/tell-application.ts";
import { within } from "../within.ts";

/** Longest message, in bytes: a queue takes 128,000, about 100 of them its own. https://developers.cloudflare.com/queues/platform/limits/ */
const MAX_MESSAGE_BYTES = 127_000;
/** How long the queue may take, in milliseconds: with the application's time, less than the 20 seconds that Cloudinary waits. */
const QUEUE_TIMEOUT_MS = 4000;

const unheard = (problem: string): Result<never, Failure> =>
  err(failure("notification_unheard", { problem }));

/** Tells the application, which has taken it when this is done. */
export async function tellNotification(
  onNotification: NonNullable<Hooks["onNotification"]>,
  notification: CloudinaryNotification,
): Promise<Result<undefined, Failure>> {
  try {
    const taken = Promise.resolve().then(() => onNotification(notification));
    await within(APPLICATION_TIMEOUT_MS, taken);
    return ok(undefined);
  } catch (error) {
    return unheard(callProblem("onNotification", error));
  }
}

/** Puts it into the queue; or why it is not there. */
async function enqueue(
  queue: NotificationQueue,
  notification: CloudinaryNotification,
): Promise<string | undefined> {
  const bytes = new TextEncoder().encode(JSON.stringify(notification)).length;
  if (bytes > MAX_MESSAGE_BYTES) return `a queue does not take ${bytes} bytes`;
  try {
    // As JSON, which can be pulled over HTTP too.
    const sent = Promise.resolve().then(() => queue.send(notification, { contentType: "json" }));
    await within(QUEUE_TIMEOUT_MS, sent);
    return undefined;
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return isLate
      ? `NOTIFICATIONS did not answer within ${QUEUE_TIMEOUT_MS / 1000} s`
      : `NOTIFICATIONS threw ${thrownAt(error)}`;
  }
}

/**
 * Hands a notification on, where anybody listens. What the queue does not take goes to the application at once: Cloudinary
 * sends it three times more within 18 minutes, and queues have been down for longer.
 */
export async function handOn(
  { onNotification, notifications }: Hooks,
  notification: CloudinaryNotification,
  event: RequestEvent,
): Promise<Result<undefined, Failure>> {
  if (notifications !== undefined) {
    const problem = await enqueue(notifications, notification);
    if (problem === undefined) return ok(undefined);
    if (onNotification === undefined) return unheard(`${problem}, and no APP is bound`);
    event.detail = [event.detail, `${problem}: given to APP`].filter(Boolean).join("; ");
  }
  return onNotification === undefined ? ok(undefined) : tellNotification(onNotification, notification);
}

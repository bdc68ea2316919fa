// Where a notification goes once it is verified: to the application, which has it when this is done. What fails here is
// told to Cloudinary, which sends it again.

import type { CloudinaryNotification, Hooks } from "../config/application.ts";
import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { APPLICATION_TIMEOUT_MS, callProblem } from "../uploads/tell-application.ts";
import { within } from "../within.ts";

/** Hands a notification on, where anybody listens. */
export async function handOn(
  { onNotification }: Hooks,
  notification: CloudinaryNotification,
): Promise<Result<undefined, Failure>> {
  if (onNotification === undefined) return ok(undefined);
  try {
    const taken = Promise.resolve().then(() => onNotification(notification));
    await within(APPLICATION_TIMEOUT_MS, taken);
    return ok(undefined);
  } catch (error) {
    return err(failure("notification_unheard", { problem: callProblem("onNotification", error) }));
  }
}

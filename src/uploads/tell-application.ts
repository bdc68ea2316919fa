// Telling the application what arrived: in time, and with what it answers as data. One thing it can throw rejects the
// upload; whatever else goes wrong leaves it where it is.

import type { Application, ConfirmedUpload, Hooks } from "../config/application.ts";
import { type Failure, failure } from "../failure.ts";
import { thrownAt } from "../observe/event.ts";
import { messageOf, rejectionReason } from "../reject-upload.ts";
import { err, ok, type Result } from "../result.ts";
import { within } from "../within.ts";

/** How long the application may take, in milliseconds. */
export const APPLICATION_TIMEOUT_MS = 15_000;
/** Longest `data`, in characters as JSON. */
const MAX_DATA = 64 * 1024;

type Heard = { readonly data: unknown } | { readonly rejected: string };

const unavailable = (problem: string): Result<never, Failure> =>
  err(failure("application_unavailable", { problem: `onUploaded ${problem}` }));

/** What went wrong where the application was called. */
export function callProblem(method: keyof Application, error: unknown): string {
  if (messageOf(error)?.includes(`does not implement the method "${method}"`))
    return `${method} is no method of the Worker that APP binds`;
  const isLate = error instanceof DOMException && error.name === "TimeoutError";
  return isLate
    ? `${method} did not answer within ${APPLICATION_TIMEOUT_MS / 1000} s`
    : `${method} threw ${thrownAt(error)}`;
}

/** What it returned, as JSON has it: a promise, a function or a circle would be something else to the client. */
function asData(returned: unknown): Result<Heard, Failure> {
  if (returned === undefined) return ok({ data: null });
  let text: string | undefined;
  try {
    text = JSON.stringify(returned);
  } catch {
    return unavailable("returned what JSON can't hold");
  }
  if (text === undefined) return unavailable("returned what JSON can't hold");
  if (text.length > MAX_DATA) return unavailable(`returned more than ${MAX_DATA} characters of JSON`);
  return ok({ data: JSON.parse(text) });
}

/** Tells it, and waits for what it says. */
export async function tellApplication(
  { onUploaded }: Hooks,
  upload: ConfirmedUpload,
): Promise<Result<Heard, Failure>> {
  if (onUploaded === undefined) return ok({ data: null });
  try {
    // A copy: what the application does with it changes no receipt.
    const given = structuredClone(upload);
    return asData(
      await within(
        APPLICATION_TIMEOUT_MS,
        Promise.resolve().then(() => onUploaded(given)),
      ),
    );
  } catch (error) {
    const rejected = rejectionReason(error);
    if (rejected !== undefined) return ok({ rejected });
    return err(failure("application_unavailable", { problem: callProblem("onUploaded", error) }));
  }
}

// The doctor's check of the other key pair of a rotation, where it is at hand.

import { readPrevious } from "../config/bindings.ts";
import { faultPlace } from "../fault.ts";
import { type Previous, previousSecret } from "../keys/previous-secret.ts";
import type { AtHand } from "./doctor-account.ts";
import { fine, found, type Outcome } from "./doctor-outcome.ts";
import type { Place } from "./doctor-place.ts";

/** What to do about it, when it has done its work. */
export const REMOVE_PREVIOUS =
  'remove CLOUDINARY_URL_PREVIOUS once the old key pair is disabled and the log has had no "previous" for a day: until then, whoever has that pair makes links, upload IDs, receipts and notifications';

/** It, beside the account, if there is one. */
export const previousAtHand = ({ bindings, env }: Place, current: AtHand | undefined): Previous | undefined =>
  previousSecret(readPrevious(bindings, env), current?.account.cloudName);

export function checkPrevious(previous: Previous, current: AtHand | undefined): readonly Outcome[] {
  if (previous.faults.length > 0)
    return previous.faults.flatMap((fault) => found(`${faultPlace(fault)}: ${fault.problem}`));
  if (previous.text !== undefined && previous.text === current?.text)
    return [
      {
        state: "warning",
        problem: "CLOUDINARY_URL_PREVIOUS holds the key pair that signs, and changes nothing",
        fix: "give it the other pair of the rotation, or remove it",
      },
    ];
  return fine(`verifies, and signs nothing; ${REMOVE_PREVIOUS}`);
}

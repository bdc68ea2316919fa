// Requests of other methods than upload: a ticket, and its fields without a file.

import { type Ticket, takesFile } from "../tickets/ticket.ts";
import { hasOnlyAddresses } from "./answer-addresses.ts";
import { askCloudinary, formOf, isStale } from "./ask-cloudinary.ts";
import { askSigner, type SignerAccess } from "./ask-signer.ts";
import { asTicket } from "./ask-ticket.ts";
import type { ActResponse } from "./cloudinary.ts";
import { UploadError } from "./errors.ts";
import { withRetries } from "./retry.ts";
import type { ActOptions } from "./upload-options.ts";

const PERHAPS = " What was asked for may be done all the same: look before you ask again.";

/**
 * Does what a profile of another method than upload is for: asks the signer for a ticket, sends its fields to Cloudinary,
 * and resolves to Cloudinary's JSON. What that says depends on the method: a `destroy` of what is not there is no error,
 * but `{ result: "not found" }`.
 *
 * The ticket is asked for again as for an upload. What Cloudinary turned away undone (too many requests; a ticket that is
 * too old, once) is sent again too. Nothing else is: where an answer was lost the asset may be renamed or deleted already,
 * and another one may have its name by now. `retryable` of such an error is `false`.
 *
 * Rejects with an `UploadError`, or with the signal's reason when aborted; with a `TypeError` where an argument is wrong.
 *
 * @example
 * const { result } = await act("remove", { public_id: asset.public_id }, { signer, token });
 * if (result === "ok") image.remove();
 */
export async function act(
  profile: string,
  params: Readonly<Record<string, unknown>>,
  options: ActOptions,
): Promise<ActResponse> {
  if (typeof profile !== "string")
    throw new TypeError('act wants the name of a profile first, such as "remove"');
  if (typeof params !== "object" || params === null)
    throw new TypeError('act wants parameters second, such as { public_id: "users/42/cat" }, or {}');
  if (typeof options !== "object" || options === null)
    throw new TypeError('act wants options third, such as { signer: "https://signer.example.com" }');
  const { signal, onTicket, onAnswer } = options;
  for (let renewed = false; ; renewed = true) {
    signal?.throwIfAborted();
    const ticket = await withRetries(() => requestTicket({ ...options, profile }, params), options);
    onTicket?.(ticket);
    const asking = { headers: {}, onAnswer, signal, perhaps: PERHAPS };
    try {
      return asAnswer(await withRetries(() => askCloudinary(ticket, formOf(ticket), asking), options));
    } catch (error) {
      if (renewed || !isStale(error)) throw error;
    }
  }
}

async function requestTicket(access: SignerAccess, params: object): Promise<Ticket> {
  const ticket = await askSigner(access, "sign", asTicket, { params });
  if (!takesFile(ticket)) return ticket;
  throw new UploadError(`Call upload(file, …) for the profile ${access.profile}: it is for files.`, {
    code: "unexpected_answer",
    status: 200,
  });
}

function asAnswer(answer: unknown): ActResponse {
  if (typeof answer === "object" && answer !== null && hasOnlyAddresses(answer)) return answer as ActResponse;
  throw new UploadError(
    "Cloudinary's answer is not one of its own: it is no object, or holds an unsafe address.",
    { code: "unexpected_answer", status: 200 },
  );
}

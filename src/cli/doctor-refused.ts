// The doctor's check of a refused request: with the secret at hand it is proven which mistake made its signature.

import { CAUSES } from "../explain/causes.ts";
import { readPaste } from "../explain/read/paste.ts";
import type { AtHand } from "./doctor-account.ts";
import { couldNot, found, type Outcome } from "./doctor-outcome.ts";
import { prove } from "./prove.ts";

/** `text` is what was pasted of it. */
export function checkRefused(text: string, atHand: AtHand | undefined): readonly Outcome[] {
  if (atHand === undefined) return couldNot("there is no account at hand to try it with");
  const proof = prove({ ...readPaste(text), code: text }, { ...atHand.account, apiSecret: atHand.text });
  if (proof === undefined)
    return couldNot("paste Cloudinary's whole answer, with the signature and the string to sign");
  if (!proof.proven)
    return found(
      "nothing that is known makes its signature with the secret at hand",
      "it was made with another secret, or of fields that were not pasted: compare what runs there with this account",
    );
  if (proof.mistakes.length === 0)
    return found(
      "its signature is right by the secret at hand, so Cloudinary has another one for this key",
      "see the line about key and secret",
    );
  return proof.mistakes.flatMap(({ code, fields = [] }) =>
    found(`${CAUSES[code].title}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}`, CAUSES[code].fix),
  );
}

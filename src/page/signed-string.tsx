// The string to sign, piece by piece, and what becomes of it.

import { Fragment } from "preact";
import { pairText, sentParameters } from "../signature/string-to-sign.ts";
import { TEXTS } from "./texts.ts";

/** The digest by the length of its hex text. */
const ALGORITHMS: Readonly<Record<number, string>> = { 40: "SHA-1", 64: "SHA-256" };

export function SignedString({ fields }: { readonly fields: Readonly<Record<string, string>> }) {
  // The key names the account and the signature is the result: neither is signed.
  const { api_key: _, signature = "", ...signed } = fields;
  return (
    <div class="signed">
      <p class="pairs">
        {sentParameters(signed).map(([name, text], index) => (
          <Fragment key={name}>
            {index > 0 && <span class="joint">&amp;</span>}
            <code class="pair">{pairText(name, text)}</code>
          </Fragment>
        ))}
      </p>
      <p class="recipe">
        <span>
          <span class="joint">+</span> {TEXTS.apiSecret} <span class="quiet">{TEXTS.secretStays}</span>
        </span>
        <span>
          <span class="joint">→</span> {ALGORITHMS[signature.length] ?? TEXTS.digest}
        </span>
        <span>
          <span class="joint">→</span> {TEXTS.signature}
        </span>
      </p>
      <p>
        <code class="pair result">{signature}</code>
      </p>
    </div>
  );
}

// Every way in which people hash a text and a secret, the right one first.

import type { Mistake } from "./candidates.ts";
import type { CauseCode } from "./causes.ts";

/** How a digest is made of text and secret. */
export interface Recipe {
  readonly mistake?: Mistake;
  /** What is hashed; or, with a `key`, what the HMAC is of. */
  readonly data: (text: string, secret: string) => string;
  readonly key?: (secret: string) => string;
  /** Default UTF-8. */
  readonly encoding?: "latin1" | "utf16le";
}

const secretAs = (code: CauseCode, change: (secret: string) => string): Recipe => ({
  mistake: { code },
  data: (text, secret) => text + change(secret),
});

/** Longest end of a secret that somebody forgot to copy. */
const MAX_CUT = 12;

/** What may be hashed of a text and the secret, the right way first. `others` stand for the secret by mistake: the key. */
export function recipes(others: { readonly apiKey?: string; readonly cloudName?: string }): Recipe[] {
  const cuts = Array.from({ length: MAX_CUT }, (_, i) => i + 1);
  const { apiKey, cloudName } = others;
  return [
    { data: (text, secret) => text + secret },
    secretAs("secret_quoted", (secret) => `"${secret}"`),
    secretAs("secret_quoted", (secret) => `'${secret}'`),
    ...["\n", "\r\n", " ", "\t", "\r"].map((white) =>
      secretAs("secret_white_space", (secret) => secret + white),
    ),
    secretAs("secret_white_space", (secret) => ` ${secret}`),
    ...cuts.map((cut) => secretAs("secret_truncated", (secret) => secret.slice(0, -cut))),
    ...cuts.map((cut) => secretAs("secret_truncated", (secret) => secret.slice(cut))),
    secretAs("secret_truncated", (secret) => secret.split(/[#$]/)[0]!),
    ...(apiKey === undefined ? [] : [secretAs("key_as_secret", () => apiKey)]),
    ...(cloudName === undefined ? [] : [secretAs("key_as_secret", () => cloudName)]),
    ...["", "undefined", "null", "None"].map((word) => secretAs("secret_missing", () => word)),
    { mistake: { code: "secret_first" }, data: (text, secret) => secret + text },
    { mistake: { code: "secret_first" }, data: (text, secret) => `${secret}&${text}` },
    ...["&", "&api_secret=", ",", "\n", " "].map(
      (between): Recipe => ({
        mistake: { code: "separator", detail: "something stands between it and the secret" },
        data: (text, secret) => text + between + secret,
      }),
    ),
    ...(["latin1", "utf16le"] as const).map(
      (encoding): Recipe => ({
        mistake: { code: "not_utf8" },
        data: (text, secret) => text + secret,
        encoding,
      }),
    ),
    { mistake: { code: "hmac" }, data: (text) => text, key: (secret) => secret },
    { mistake: { code: "hmac" }, data: (text, secret) => text + secret, key: (secret) => secret },
  ];
}

// Cloudinary's string to sign is the one that was signed, and still the signature is wrong: the secret, the key, or how
// they were hashed.

import type { CauseCode } from "./causes.ts";
import type { Certainty } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What only the secret itself can tell, the likeliest first. */
const UNDER_THE_SECRET: readonly CauseCode[] = [
  ...([
    "secret_quoted",
    "secret_white_space",
    "secret_truncated",
    "secret_missing",
    "key_as_secret",
  ] as const),
  ...(["key_of_another_account", "sha1_refused", "hmac", "secret_first"] as const),
];

export function findUnderSecret({ answer, signature = "" }: Facts, certainty: Certainty): Finding[] {
  if (answer?.said !== "invalid signature") return [];
  const codes = UNDER_THE_SECRET.filter((code) => code !== "sha1_refused" || signature.length === 40);
  return [
    { code: "secret_or_key", certainty },
    ...codes.map((code): Finding => ({ code, certainty: "possible" })),
  ];
}

/** A letter that not every encoding writes as UTF-8 does. */
const BEYOND_ASCII = /[^\p{ASCII}]/u;

/** Values that are hashed rightly by some code and wrongly by other, though their text is the same. */
const DOUBTFUL: readonly (readonly [CauseCode, (value: string) => boolean])[] = [
  ["ampersand_escaping", (value) => value.includes("&")],
  ["not_utf8", (value) => BEYOND_ASCII.test(value)],
  ["empty_value_signed", (value) => value === ""],
];

function findDoubtful({ signed }: Facts): Finding[] {
  return DOUBTFUL.flatMap(([code, isDoubtful]): Finding[] => {
    // A text shows itself how an `&` was written.
    const isShown = code === "ampersand_escaping" && signed?.isText === true;
    const fields = [...(signed?.pairs ?? [])].flatMap(([name, value]) => (isDoubtful(value) ? [name] : []));
    return isShown || fields.length === 0 ? [] : [{ code, certainty: "likely", fields }];
  });
}

/** `inCode` are mistakes that show in code which was pasted along. */
export function findWhereSame(facts: Facts, inCode: readonly Finding[]): Finding[] {
  if (facts.answer?.said !== "invalid signature") return [];
  const signs = [...inCode, ...findDoubtful(facts)];
  return [...signs, ...findUnderSecret(facts, signs.length > 0 ? "likely" : "certain")];
}

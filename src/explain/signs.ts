// What Cloudinary's string to sign gives away by itself, where nothing is known of what was signed.

import { PARAMETERS } from "../policy/tables/parameters.ts";
import { isKnownName, isMisspelt, snakeCase } from "./cloudinary-names.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { isNotAValue } from "./value-differences.ts";

type Sign = (name: string, value: string) => Omit<Finding, "fields"> | undefined;

const likely = (code: Finding["code"], of: Partial<Finding> = {}) =>
  ({ code, certainty: "likely", ...of }) as const;
const possible = (code: Finding["code"]) => ({ code, certainty: "possible" }) as const;

/** From what is surely strange to what often was the cause. */
const SIGNS: readonly Sign[] = [
  (name) => (isMisspelt(name) ? likely("camel_case_name", { detail: snakeCase(name) }) : undefined),
  (name) => (isKnownName(name) || isMisspelt(name) ? undefined : likely("unknown_field")),
  (_, value) => (isNotAValue(value) ? likely("not_a_value", { detail: value }) : undefined),
  (_, value) => (value === "" ? likely("empty_value_signed") : undefined),
  (name, value) => (name === "source" && value === "uw" ? likely("source_not_signed") : undefined),
  (name, value) => (name === "upload_preset" && value !== "" ? likely("preset_not_signed") : undefined),
  (_, value) => (/^(["']).*\1$/s.test(value) ? likely("quoted_value") : undefined),
  (name, value) =>
    /^(context|metadata)$/.test(name) && /^\s*\{/.test(value) ? likely("context_format") : undefined,
  (_, value) => (/^\s*\[/.test(value) ? likely("list_joining") : undefined),
  (_, value) => (/&(amp|quot|lt|gt|#39|#x27);/.test(value) ? likely("html_escaped") : undefined),
  (_, value) => (/%(?!26)[0-9a-f]{2}/i.test(value) ? likely("url_encoded") : undefined),
  (_, value) => (/&|%26/.test(value) ? possible("ampersand_escaping") : undefined),
  (_, value) => (/^\s|\s$|[\r\n\t]/.test(value) ? possible("white_space") : undefined),
  (_, value) => (/^(true|false|yes|no)$/i.test(value) ? possible("boolean_spelling") : undefined),
  (name, value) =>
    /^(tags|allowed_formats|eager)$/.test(name) && value.includes(",") ? possible("list_joining") : undefined,
  (name) => (/^(transformation|eager)$/.test(name) ? possible("url_encoded") : undefined),
  (_, value) => (/[^\p{ASCII}]/u.test(value) ? possible("url_encoded") : undefined),
  (_, value) => (/[^\p{ASCII}]/u.test(value) ? possible("not_utf8") : undefined),
];

/** Findings of single fields, with all the fields that each is found for. */
export function findSigns({ received, answer, isTold, evidence }: Facts): Finding[] {
  const isRefused = answer?.said === "invalid signature" || (answer === undefined && isTold);
  if (received === undefined || !isRefused) return [];
  // What code put into the form, and Cloudinary did not sign: it got lost on the way.
  const lost = (evidence.sent?.fields ?? [])
    .filter(([name, value]) => isTold && PARAMETERS.has(name) && value !== "" && !received.pairs.has(name))
    .map(([name]) => name);
  const found = SIGNS.flatMap((sign): Finding[] => {
    const hits = [...received.pairs].flatMap(([name, value]) => {
      const hit = sign(name, value);
      return hit === undefined ? [] : [{ ...hit, fields: [name] }];
    });
    return hits.slice(0, 1).map((hit) => ({ ...hit, fields: hits.flatMap(({ fields }) => fields) }));
  });
  const others = [...received.pairs.keys()].filter((name) => name !== "timestamp");
  const rest: Finding[] =
    others.length > 0 ? [{ code: "sent_not_signed", certainty: "possible", fields: others }] : [];
  return [
    ...(lost.length > 0 ? [{ code: "signed_not_sent", certainty: "likely", fields: lost } as const] : []),
    ...found,
    ...rest,
  ];
}

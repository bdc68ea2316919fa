// The text that one's own code hashed, as a whole: what is wrong with its form.

import type { Facts, Side } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { jsonPairs, readPairs } from "./pairs-of.ts";

const namesWithAmpersand = ({ pairs }: Side): string[] =>
  [...pairs].flatMap(([name, value]) => (value.includes("&") ? [name] : []));

const certain = (code: Finding["code"], detail?: string): Finding => ({
  code,
  certainty: "certain",
  ...(detail !== undefined && { detail }),
});

/** Ways to join pieces that are not Cloudinary's, with their words. */
const JOINTS: readonly (readonly [RegExp, string])[] = [
  [/^\?/, "it begins with `?`"],
  [/&$/, "it ends with `&`"],
  [/&&/, "it has two `&` in a row"],
  [/& (?=[a-z_]+=)/, "spaces stand beside `&`"],
  [/[,;|\n]\s*(?=[a-z_]+=)/, "its pieces are joined with something else than `&`"],
  [/(?:^|&)[a-z_]+:/, "names and values are joined with `:`"],
  [/^(?!.*=)/s, "it has no names, or values without `=`"],
];

function formOf({ text, pairs }: Side, received: string): Finding[] {
  if (jsonPairs(text) !== undefined) return [certain("json_signed")];
  const joint = JOINTS.find(([pattern]) => pattern.test(text) && !pattern.test(received));
  if (joint !== undefined) return [certain("separator", joint[1])];
  // They are told apart by the other side's names.
  const isWithoutJoint = pairs.size > 1 && !text.includes("&");
  return isWithoutJoint ? [certain("separator", "no `&` stands between its pieces")] : [];
}

/** The names in the order in which they were signed, where that is not Cloudinary's. */
function orderOf(text: string): Finding[] {
  const names = readPairs(text).map(([name]) => name);
  const sorted = [...names].sort();
  const first = names.findIndex((name, i) => name !== sorted[i]);
  if (first < 0) return [];
  return [
    {
      code: "sorted_otherwise",
      certainty: "certain",
      detail: `\`${names[first]}\` before \`${sorted[first]}\``,
    },
  ];
}

/**
 * Whether both texts are the same but for the `&` inside values, which version 1 leaves as they are, so that a part of a
 * value may look like a field.
 */
export const isOldAmpersand = ({ signed, received }: Facts): boolean =>
  signed !== undefined &&
  received !== undefined &&
  signed.text !== received.text &&
  signed.text.replaceAll("&", "%26") === received.text.replaceAll("&", "%26");

/** What is wrong with the place of the secret, where the text has it. */
const BESIDE: Readonly<Record<NonNullable<Facts["secretPlace"]>, Finding[]>> = {
  after: [],
  before: [certain("secret_first")],
  "after &": [certain("separator", "an `&` stands between it and the secret")],
  "by name": [certain("separator", "the secret has a name in it, where only its value belongs")],
};

/** What is wrong with the text that was signed, in front of what is wrong with its fields. */
export function findInText(facts: Facts): Finding[] {
  const { signed, received, secretPlace } = facts;
  const beside = secretPlace === undefined ? [] : BESIDE[secretPlace];
  if (signed === undefined || !signed.isText || received === undefined || signed.text === received.text)
    return beside;
  if (isOldAmpersand(facts))
    return [
      ...beside,
      { code: "ampersand_escaping", certainty: "certain", fields: namesWithAmpersand(received) },
    ];
  const form = formOf(signed, received.text);
  return [...beside, ...(form.length > 0 ? form : orderOf(signed.text))];
}

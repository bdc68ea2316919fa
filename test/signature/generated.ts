// Generated parameter sets, made to hit what goes wrong in signatures.

import fc from "fast-check";
import type { SignableParams, SignableValue } from "../../src/signature/string-to-sign.ts";
import { anyText } from "../support/any-text.ts";

const name = fc
  .tuple(
    fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
    fc.array(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz__"), { maxLength: 12 }),
  )
  .map(([first, rest]) => first + rest.join(""));

/** Texts of what signatures get wrong. */
export const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "&",
        "%26",
        "=",
        ",",
        "|",
        "\\",
        "\n",
        " ",
        "+",
        "%",
        "ä",
        "猫",
        "🐈",
        "e\u0301",
        "&amp;",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
      anyText(4),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e21, 1e-7, 0.1 + 0.2),
);

const scalar = fc.oneof(texts, number, fc.boolean());

const value: fc.Arbitrary<SignableValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, "", []) },
);

/** A set of parameters; the same name never twice. */
export const paramSets: fc.Arbitrary<SignableParams> = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 10 })
  .map((pairs) => Object.fromEntries(pairs));

/** Secrets as accounts have them. */
export const secrets = fc.string({ unit: fc.constantFrom(..."ABCxyz019_-"), minLength: 1, maxLength: 27 });

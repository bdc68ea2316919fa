// What options of several access methods have in common.

import * as v from "valibot";

export const PositiveInteger = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);

const Text = v.pipe(v.string(), v.nonEmpty("is empty"));
export const Texts = v.pipe(v.array(Text), v.minLength(1, "is empty: list at least one"));
export const OneOrMore = v.union([Text, Texts]);

export const HeaderName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, "is not the name of a header"));
export const CookieName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.-]{1,64}$/, "is not the name of a cookie"),
);
export const ClaimName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "is not the name of a claim"),
);

/** Secrets are written as names of bindings; a literal one would stand in a file. */
export const BindingName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    "must be the name of a secret binding in capitals, such as JWT_SECRET, and never the secret itself",
  ),
);

/** One value as a list of one. */
export const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

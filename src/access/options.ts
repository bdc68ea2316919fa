// What options of several access methods have in common.

import * as v from "valibot";

export const PositiveInteger = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);

const Text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
export const Texts = v.pipe(v.array(Text), v.minLength(1, "list at least one: it is empty"));
export const OneOrMore = v.union([Text, Texts]);

/** Headers that browsers or the network write, which are nobody's proof; a cookie has rules of its own. */
const TAKEN = /^(cookie|origin|referer|host|cf-connecting-ip|(content|sec-fetch|x-forwarded)-.*)$/i;

export const HeaderName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9-]{1,64}$/, "must be the name of a header"),
  v.check(
    (name) => !TAKEN.test(name),
    "choose a header of your own, or give the name of a cookie as `cookie`: this one is written by browsers or the network",
  ),
);
export const CookieName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be the name of a cookie"),
);
export const ClaimName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must be the name of a claim"),
);

const NAME_OF_SECRET =
  "must be the name of a secret binding in capitals, such as JWT_SECRET, and never the secret itself";

/** Secrets are written as names of bindings; a literal one would stand in a file. */
export const BindingName = v.pipe(
  v.string(),
  v.regex(/^[A-Z][A-Z0-9_]{0,63}$/, NAME_OF_SECRET),
  // Nobody names a binding so, but keys and base32 texts look like it.
  v.check((text) => text.length < 20 || text.includes("_") || !/\d/.test(text), NAME_OF_SECRET),
);

/** One value as a list of one. */
export const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

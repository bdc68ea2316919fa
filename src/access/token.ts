// The access method `token`: bearer tokens of back ends. The configuration holds their SHA-256 hashes; the name of a
// token is the caller's subject.

import * as v from "valibot";
import { failure } from "../failure.ts";
import type { OptionFault } from "../keys/named-secrets.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";
import { type AccessKind, type AccessMethod, accessMethod, bearer, type OpenMethod } from "./method.ts";
import { list } from "./options.ts";

/** Longest token that is hashed, in characters. */
const MAX_TOKEN = 1024;

/** The longest name of a token, and what it may hold: it is a subject. */
const TOKEN_NAME = /^[A-Za-z0-9_-]{1,64}$/;

const Hash = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{64}$/,
    "must be the SHA-256 of a token, 64 lower-case hex digits, and never the token itself",
  ),
);
const Options = v.strictObject({
  tokens: v.record(
    v.string(),
    v.union([Hash, v.pipe(v.array(Hash), v.minLength(1, "list at least one: it is empty"))]),
  ),
});

/** Options of `token`. */
export interface TokenOptions {
  /** By the name of each, the SHA-256 of the token in lower-case hex; several while one replaces another. */
  readonly tokens: Readonly<Record<string, string | readonly string[]>>;
}

/** Names by hash. */
type Names = ReadonlyMap<string, string>;

function readTokens({ tokens }: TokenOptions): Result<Names, OptionFault[]> {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(tokens)) {
    if (!TOKEN_NAME.test(name))
      return err([{ at: "tokens", problem: "the name of a token must be 1 to 64 letters, digits, - and _" }]);
    for (const hash of list(value)) {
      if (names.has(hash))
        return err([{ at: `tokens.${name}`, problem: "make another: it is the same token as another one" }]);
      names.set(hash, name);
    }
  }
  return names.size === 0 ? err([{ at: "tokens", problem: "list at least one: it is empty" }]) : ok(names);
}

function open(names: Names): OpenMethod {
  // The look-up is by the hash of what was sent: its duration tells nothing of the tokens themselves.
  const subjectOf = async (value: string): Promise<string | undefined> =>
    value.length > MAX_TOKEN ? undefined : names.get(await digestHex("sha256", value));
  return {
    hint: "a token as `Authorization: Bearer …`",
    challenge: 'Bearer realm="cloudinary-edge-signer"',
    find: bearer,
    fits: async (value) => {
      if ((await subjectOf(value)) !== undefined) return 3;
      // A JSON Web Token has three parts.
      return value.split(".").length === 3 ? 0 : 1;
    },
    verify: async (value) => {
      const subject = await subjectOf(value);
      if (subject !== undefined) return ok({ subject, claims: { sub: subject } });
      return err(
        value.length > MAX_TOKEN ? failure("too_long", { what: "token" }) : failure("unknown_token"),
      );
    },
  };
}

const KIND: AccessKind<v.InferOutput<typeof Options>, Names> = {
  type: "token",
  anonymous: false,
  backEnd: true,
  schema: Options,
  check: readTokens,
  claims: () => ["sub"],
  place: () => "authorization",
  missingDifference: (one, other) =>
    [...one.keys()].some((hash) => other.has(hash)) ? "list each token in one of them" : undefined,
  open,
};

/**
 * Back ends, by a bearer token each; the name of a token is its subject.
 *
 * @example
 * const jobs = token({ tokens: { nightly: "8978c109f60930da19e998b2e7ea7c82c184e2706a2bdb0a6af9938397a3eaa3" } });
 */
export const token = (options: TokenOptions): AccessMethod => accessMethod(KIND, options);

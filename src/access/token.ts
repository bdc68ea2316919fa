// The way in `token`: bearer tokens of back ends. The configuration holds their SHA-256 hashes; the name of a
// token is the caller's subject.

import type { Way } from "../config/config.ts";
import { failure } from "../problem.ts";
import { digestHex } from "../signature/digest.ts";
import { err, ok } from "../signature/result.ts";
import { bearer, type CredentialWay } from "./way.ts";

/** Longest token that is hashed, in characters. */
const MAX_TOKEN = 1024;

export function tokenWay({ name, hashes }: Way & { type: "token" }): CredentialWay {
  // The look-up is by the hash of what was sent: its duration tells nothing of the tokens themselves.
  const subjectOf = async (value: string): Promise<string | undefined> =>
    value.length > MAX_TOKEN ? undefined : hashes.get(await digestHex("sha256", value));
  return {
    name,
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
      if (subject !== undefined) return ok({ way: name, subject, claims: { sub: subject } });
      const reason = value.length > MAX_TOKEN ? "too_long" : "unknown_token";
      return err(failure("invalid_token", "the token is none of this profile's", reason));
    },
  };
}

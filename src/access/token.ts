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
  return {
    name,
    hint: "a token as `Authorization: Bearer …`",
    challenge: 'Bearer realm="cloudinary-edge-signer"',
    find: bearer,
    // A JSON Web Token has three parts; where ways share the header, it belongs to the other one.
    recognises: (value) => value.split(".").length !== 3,
    verify: async (value) => {
      // The look-up is by the hash of what was sent: its duration tells nothing of the tokens themselves.
      const subject = value.length > MAX_TOKEN ? undefined : hashes.get(await digestHex("sha256", value));
      if (subject === undefined) return err(failure("invalid_token", "the token is none of this profile's"));
      return ok({ way: name, subject, claims: { sub: subject } });
    },
  };
}

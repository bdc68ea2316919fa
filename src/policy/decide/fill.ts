// A caller's claims -> what a profile's templates are filled with, or why they can't be (R10).

import { err, ok, type Result } from "../../result.ts";
import { digestHex } from "../../signature/digest.ts";
import type { Profile } from "../profile.ts";
import { type Fill, placeKey } from "../template.ts";

/** Who asks, as the access method has verified it. */
export interface Caller {
  /** The name of the access method. */
  readonly access: string;
  /** What a token or a binding says of the caller; nothing for callers who are no one in particular. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A claim that stands in a path or a tag as it is. */
const PLAIN_CLAIM = /^[A-Za-z0-9_-]{1,64}$/;
/** Longest claim that is hashed, in characters. */
const MAX_CLAIM = 1024;
/** Hex digits of a hashed claim: 128 bits. */
const HASH_DIGITS = 32;

/** The text of one claim, never stripped, folded or cut to fit. */
async function claimText(access: string, value: unknown, hash: boolean): Promise<string | undefined> {
  if (typeof value !== "string" || value === "" || value.length > MAX_CLAIM || !value.isWellFormed())
    return undefined;
  if (!hash) return PLAIN_CLAIM.test(value) ? value : undefined;
  // The access method is part of it, so that two with the same subject share nothing.
  return (await digestHex("sha256", `${access}\0${value}`)).slice(0, HASH_DIGITS);
}

/** Checks the claims that the profile's templates need. The error is a sentence for the caller. */
export async function fillFor(
  profile: Profile,
  { access, claims }: Caller,
  now: number,
  uuid: string,
): Promise<Result<Fill, string>> {
  const filled = new Map<string, string>();
  for (const { claim, hash, separators } of profile.claims) {
    const key = placeKey(claim, hash);
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (claim === "email" && claims.email_verified !== true) return err("the claim email is not verified");
    const text = await claimText(access, value, hash);
    if (text === undefined) {
      return err(
        hash
          ? `the claim ${claim} must be a text`
          : `the claim ${claim} must be 1 to 64 letters, digits, - and _; a profile that writes {${claim}|hash} takes any text`,
      );
    }
    if (!hash && separators.some((separator) => text.includes(separator))) {
      return err(
        `the claim ${claim} holds ${separators.join(" or ")}, which this profile uses to end it; a profile that writes {${claim}|hash} takes any text`,
      );
    }
    filled.set(key, text);
  }
  return ok({ uuid, now, way: access, claims: filled });
}

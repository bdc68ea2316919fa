// A caller's claims -> what a profile's templates are filled with, or why they can't be (R10).

import { err, ok, type Result } from "../../result.ts";
import { digestHex } from "../../signature/digest.ts";
import type { ClaimUse, Profile } from "../profile.ts";
import type { Reason } from "../tables/reasons.ts";
import { type Fill, placeKey } from "../values/template.ts";

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

/** The text of one claim, never stripped, folded or cut to fit; or why it fills no template. */
async function claimText(
  access: string,
  value: unknown,
  { claim, hash, separators }: ClaimUse,
): Promise<Result<string, Reason>> {
  const wrong = (): Result<never, Reason> => err({ reason: hash ? "not_claim" : "not_plain", claim });
  if (typeof value !== "string" || value === "" || value.length > MAX_CLAIM || !value.isWellFormed())
    return wrong();
  // The access method is part of it, so that two methods with the same subject share nothing.
  if (hash) return ok((await digestHex("sha256", `${access}\0${value}`)).slice(0, HASH_DIGITS));
  if (!PLAIN_CLAIM.test(value)) return wrong();
  return separators.some((separator) => value.includes(separator))
    ? err({ reason: "claim_separator", claim, separators: separators.join(" or ") })
    : ok(value);
}

const NO_CLAIMS: Fill["claims"] = new Map();

/** Checks the claims that the profile's templates need; where they need none, at once. */
export const fillFor = (
  profile: Profile,
  caller: Caller,
  now: number,
  uuid: string,
): Result<Fill, Reason> | Promise<Result<Fill, Reason>> =>
  profile.claims.length === 0
    ? ok({ uuid, now, access: caller.access, claims: NO_CLAIMS })
    : fillWithClaims(profile, caller, now, uuid);

async function fillWithClaims(
  profile: Profile,
  { access, claims }: Caller,
  now: number,
  uuid: string,
): Promise<Result<Fill, Reason>> {
  const filled = new Map<string, string>();
  for (const use of profile.claims) {
    const { claim, hash } = use;
    if (claim === "email" && claims.email_verified !== true) return err({ reason: "email" });
    const text = await claimText(access, Object.hasOwn(claims, claim) ? claims[claim] : undefined, use);
    if (!text.ok) return text;
    filled.set(placeKey(claim, hash), text.value);
  }
  return ok({ uuid, now, access, claims: filled });
}

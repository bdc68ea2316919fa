// What the signer told of profiles, known while the page lives. What judges files by it is describe-profile.ts: whoever
// never asks for a description loads none of it.

import type { ProfileDescription } from "../policy/decide/describe.ts";
import type { SignerAccess } from "./ask-signer.ts";
import { addressOf } from "./signer-address.ts";

/** What is known of a profile, at least whether it has `file`. */
export type Known = Partial<ProfileDescription>;

/** By address. */
const known = new Map<string, Known>();

export const knownProfile = (options: SignerAccess): Known | undefined =>
  known.get(addressOf(options, "sign"));

export function remember(options: SignerAccess, description: Known): void {
  known.set(addressOf(options, "sign"), description);
}

/** Throws where a file breaks limits that are known; put here by what knows them. */
export const limits: { check?: (file: Blob, options: SignerAccess) => void } = {};

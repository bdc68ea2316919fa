// What the signatures of a profile would also be valid for, told from the tables alone: no signature says which method it
// is for. docs/replays.md is the same by the judgement of the official SDK, and a test holds that both agree.

import { isScoped } from "../policy/compile/selectors.ts";
import type { Profile } from "../policy/profile.ts";
import { OTHERS_ASSETS, SELECTIONS } from "../policy/tables/methods.ts";

/** One other method that a signature of the profile is valid for. */
export interface Replay {
  readonly method: string;
  /** By which signed names it is told what to work on; none, where it makes an asset. */
  readonly selectors: readonly string[];
  /** On what is the caller's own alone, or on more, by the risk that was accepted by this name. */
  readonly reach: string;
}

export const OWN = "own";

/** Every other method; the policy refuses profiles that would reach more than their caller's own without an opt-in. */
export function replaysOf({ method, set, accept, optIns }: Profile): Replay[] {
  const isOverOthers = optIns.includes(OTHERS_ASSETS);
  const others = SELECTIONS.filter(
    (selection) =>
      selection.method !== method.name &&
      selection.selectors.every((name) => set.has(name) || accept.has(name)),
  ).map(({ method, selectors, optIn = "" }): Replay => {
    const isOwn = selectors.some((name) => isScoped(name, { set, accept }));
    return { method, selectors, reach: isOwn ? OWN : isOverOthers ? OTHERS_ASSETS : optIn };
  });
  if (method.name === "upload") return others;
  // Beside the file, an upload needs nothing; without a public ID of the profile's, Cloudinary makes one.
  const isNamed = set.has("public_id") || accept.has("public_id");
  const isOwn = !isNamed || isScoped("public_id", { set, accept });
  return [
    { method: "upload", selectors: isNamed ? ["public_id"] : [], reach: isOwn ? OWN : OTHERS_ASSETS },
    ...others,
  ];
}

/** Its rows in words. */
export function replayLines(profile: Profile): [method: string, words: string][] {
  const replays = replaysOf(profile);
  if (replays.length === 0) return [["nothing", "no other method is told by these names what to work on"]];
  return replays.map(({ method, selectors, reach }) => {
    const named = selectors.length === 0 ? "under a random name" : `by ${selectors.join(" and ")}`;
    const by = method === "upload" ? `any file of any format, ${named}` : named;
    return [method, reach === OWN ? `${by}: the caller's own alone` : `${by}: accepted by ${reach}`];
  });
}

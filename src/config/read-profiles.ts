// Profiles as they are written -> profiles after their check, each by itself and then with the others.

import type { CheckedMethod } from "../access/method.ts";
import { sameTokens } from "../access/told-apart.ts";
import type { Fault } from "../fault.ts";
import { compileProfile } from "../policy/compile/compile.ts";
import { sharedNames } from "../policy/compile/namespaces.ts";
import type { Profile, ProfileInput } from "../policy/profile.ts";
import { ruleOf, sentenceOf } from "../policy/tables/reasons.ts";
import { NEVER_SIGNED, SIGNED_METHODS } from "../policy/tables/signed-methods.ts";
import { safeText } from "../policy/values/text.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Effective } from "./environment.ts";

/** A suggestion for a name of a parameter or of an access method that there is not. */
function hintFor(
  at: string,
  { access, method = "upload" }: ProfileInput,
  methods: ReadonlyMap<string, CheckedMethod>,
): string {
  if (at === "access")
    return access.flatMap((name) => (methods.has(name) ? [] : didYouMean(name, methods.keys()))).join("");
  const name = /^(?:set|accept)\.(.*)$/s.exec(at)?.[1];
  const known = SIGNED_METHODS.get(method)!.parameters;
  return name === undefined || known.has(name) || NEVER_SIGNED.has(name)
    ? ""
    : didYouMean(name, known.keys());
}

/** Compiles every profile, and compares those that can be. `isUrlWritten`: there is a `publicUrl`, right or wrong. */
export function readProfiles(
  settings: Effective,
  methods: ReadonlyMap<string, CheckedMethod>,
  binding: string,
  isUrlWritten: boolean,
) {
  const profiles = new Map<string, Profile>();
  const faults: Fault[] = [];
  const fault = (name: string, below: string, problem: string, rule?: Fault["rule"]) =>
    void faults.push({ binding, at: `profiles.${name}.${below}`, problem, ...(rule && { rule }) });
  for (const [name, input] of Object.entries(settings.profiles)) {
    const compiled = compileProfile(name, input, methods);
    if (compiled.ok) profiles.set(name, compiled.value);
    else
      for (const { at, why } of compiled.error)
        fault(name, at, sentenceOf(why) + hintFor(at, input, methods), ruleOf(why));
  }
  for (const { name, access } of profiles.values()) {
    const problem = sameTokens(access.map((one) => methods.get(one)!));
    if (problem !== undefined) fault(name, "access", problem);
  }
  for (const [name, { at, why }] of sharedNames(profiles.values(), methods))
    fault(name, at, sentenceOf(why), ruleOf(why));
  // A wrong one is told by itself.
  const confirming = Object.entries(settings.profiles).flatMap(([name, { file }]) => (file ? name : []));
  if (confirming.length > 0 && settings.publicUrl === undefined && !isUrlWritten)
    faults.push({
      binding,
      at: "publicUrl",
      problem: sentenceOf({ reason: "public_url", profiles: confirming.join(", ") }),
    });
  // It becomes part of what is signed.
  const notifies = Object.values(settings.profiles).some(({ notify }) => notify);
  const address = safeText(settings.publicUrl ?? "");
  if (notifies && !address.ok)
    faults.push({ binding, at: "publicUrl", problem: sentenceOf(address.error), rule: "R9" });
  return { profiles, faults };
}

// The way of every request that is to be signed, by HTTP or by a binding, from cheap to dear:
// profile -> what is shown -> how often (address) -> who asks -> how often (caller).

import type { AdmittedCaller } from "../access/method.ts";
import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import { limiterOnce, type Verdict } from "../limits/limiter.ts";
import { type RequestEvent, subjectHash } from "../observe/event.ts";
import type { Profile } from "../policy/profile.ts";
import { err, ok, type Result } from "../result.ts";

export const DEFAULT_PROFILE = "default";

/** How a request comes in. */
export interface Door {
  /** By what its address is counted; absent, it is not. */
  address?(): string;
  /** What the request shows for this profile, cheaply; the answer verifies it. */
  look(profile: Profile): Result<() => Promise<Result<AdmittedCaller, Failure>>, Failure>;
}

/** A request whose caller was let in. */
export interface Entered {
  readonly profile: Profile;
  readonly caller: AdmittedCaller;
  readonly secret: Secret;
  readonly event: RequestEvent;
  /** Counts the same caller once more: a request for several files is several. */
  readonly count: () => Promise<Failure | undefined>;
}

/** The profile of a name, or why there is none to use. */
export function findProfile(
  { profiles, misconfigured }: Config,
  name: string,
  event: RequestEvent,
): Result<Profile, Failure> {
  const profile = profiles.get(name);
  const faults = misconfigured.get(name);
  if (profile !== undefined || faults !== undefined) event.profile = name;
  if (profile !== undefined) return ok(profile);
  if (faults !== undefined) return err(failure("misconfigured", { faults }));
  return err(failure(profiles.size + misconfigured.size === 0 ? "no_profiles" : "unknown_profile"));
}

/** A caller who is someone, counted. Where the limiter fails, such callers go on. */
async function countCaller(
  config: Config,
  { access, subject }: AdmittedCaller,
  ask: (key: string) => Promise<Verdict>,
  event: RequestEvent,
): Promise<Failure | undefined> {
  if (subject === undefined) return undefined;
  // By who tells the callers apart, and not by the method: else one token in two places would be two callers.
  const identity = config.access.get(access)?.identity ?? access;
  const verdict = await ask(`${identity} ${subject}`);
  if (verdict === "failed") event.limiter = "failed";
  return verdict === "limited" ? failure("rate_limited") : undefined;
}

/** What an address that could not be counted means: for callers who are no one, the limiter is all there is. */
function withoutLimiter(
  config: Config,
  { access }: AdmittedCaller,
  event: RequestEvent,
): Failure | undefined {
  event.limiter = "failed";
  return config.access.get(access)!.anonymous ? failure("limiter_unavailable") : undefined;
}

/** Everything before what is asked for is read: a profile, a caller who may use it, and the secret. */
export async function enter(
  config: Config,
  name: string,
  door: Door,
  now: number,
  event: RequestEvent,
): Promise<Result<Entered, Failure>> {
  const found = findProfile(config, name, event);
  if (!found.ok) return found;
  const profile = found.value;
  const shown = door.look(profile);
  if (!shown.ok) return shown;

  const address = config.limitByIp && door.address?.();
  const [askByIp, askBySubject] = [limiterOnce(config.limitByIp), limiterOnce(config.limitBySubject)];
  const countAddress = async () => (address === undefined ? "pass" : await askByIp(address));
  const byAddress = await countAddress();
  if (byAddress === "limited") return err(failure("rate_limited"));
  const admitted = await shown.value();
  if (!admitted.ok) return admitted;
  const caller = admitted.value;
  event.access = caller.access;
  const secret = await config.apiSecret(now);
  if (!secret.ok) return secret;

  const { access, subject } = caller;
  if (subject !== undefined)
    event.subject = await subjectHash(await secret.value.key("log", config.cloudName), access, subject);
  const afterAddress = async (verdict: Verdict): Promise<Failure | undefined> => {
    const limited = await countCaller(config, caller, askBySubject, event);
    return limited ?? (verdict === "failed" ? withoutLimiter(config, caller, event) : undefined);
  };
  const limited = await afterAddress(byAddress);
  if (limited !== undefined) return err(limited);
  const count = async (): Promise<Failure | undefined> => {
    const again = await countAddress();
    return again === "limited" ? failure("rate_limited") : afterAddress(again);
  };
  return ok({ profile, caller, secret: secret.value, event, count });
}

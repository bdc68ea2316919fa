// Account and settings -> one frozen Config, or every fault, each named as its owner wrote it.

import { compileProfile, type WaysIn } from "../policy/compile.ts";
import type { Profile } from "../policy/profile.ts";
import { Secret } from "../secret.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { type Account, checkAccount, checkUploadPrefix, type Setting } from "./account.ts";
import type { Config, Fault, Way } from "./config.ts";
import { checkSettings, PUBLIC, type SignerSettings } from "./options.ts";

/** What there is to configure, and what each part is called where it was written. */
export interface Source {
  readonly account: Result<Readonly<Record<keyof Account, Setting>>, Fault[]>;
  readonly uploadPrefix: Setting;
  readonly settings: unknown;
  /** The name of `settings`, or `""` where they have none of their own. */
  readonly settingsName: string;
}

const ANYBODY: Way = Object.freeze({ type: "public", name: PUBLIC });

function readWays(settings: SignerSettings): ReadonlyMap<string, Way> {
  const declared = Object.entries(settings.access).map(
    ([name, way]): Way => Object.freeze({ type: way.type, name, origins: new Set(way.origins) }),
  );
  return new Map([ANYBODY, ...declared].map((way) => [way.name, way]));
}

/** Ways in through which anybody can come: neither proves who asks. */
const ANONYMOUS: ReadonlySet<Way["type"]> = new Set(["public", "origin"]);

function readProfiles(settings: SignerSettings, ways: ReadonlyMap<string, Way>, at: string) {
  const traits: WaysIn = new Map(
    [...ways].map(([name, { type }]) => [name, { anonymous: ANONYMOUS.has(type) }]),
  );
  const profiles = new Map<string, Profile>();
  const faults: Fault[] = [];
  for (const [name, input] of Object.entries(settings.profiles)) {
    const compiled = compileProfile(name, input, traits);
    if (compiled.ok) profiles.set(name, Object.freeze(compiled.value));
    else {
      for (const complaint of compiled.error) {
        faults.push({ binding: `${at}profiles.${name}.${complaint.at}`, problem: complaint.problem });
      }
    }
  }
  return { profiles, faults };
}

/** Where the secret's value stands inside a settings object, as a path; a secret has no place there. */
function findSecret(value: unknown, secret: string, path: string): string | undefined {
  if (typeof value === "string") return value.includes(secret) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (key.includes(secret)) return path;
    const found = findSecret(member, secret, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Shorter secrets than this are no real ones, and would be found everywhere by accident. */
const MIN_SEARCHED_SECRET = 8;

/** Checks everything once. */
export function configure(source: Source): Result<Config, Fault[]> {
  const account = source.account.ok ? checkAccount(source.account.value) : source.account;
  const prefix = checkUploadPrefix(source.uploadPrefix);
  const settings = checkSettings(source.settings, source.settingsName);
  const at = source.settingsName === "" ? "" : `${source.settingsName}.`;

  const faults: Fault[] = [account, prefix, settings].flatMap((part) => (part.ok ? [] : part.error));
  if (account.ok && account.value.apiSecret.length >= MIN_SEARCHED_SECRET) {
    const binding = findSecret(source.settings, account.value.apiSecret, source.settingsName);
    if (binding !== undefined) {
      faults.push({
        binding,
        problem: "holds the API secret: remove it, and change the secret, for files are read by many",
      });
    }
  }
  if (!settings.ok) return err(faults);
  const ways = readWays(settings.value);
  const { profiles, faults: profileFaults } = readProfiles(settings.value, ways, at);
  faults.push(...profileFaults);
  if (!account.ok || !prefix.ok || faults.length > 0) return err(faults);

  return ok(
    Object.freeze({
      cloudName: account.value.cloudName,
      apiKey: account.value.apiKey,
      apiSecret: new Secret(account.value.apiSecret),
      uploadPrefix: prefix.value,
      signatureAlgorithm: settings.value.signatureAlgorithm,
      allowedOrigins: new Set(settings.value.allowedOrigins),
      ways,
      profiles,
    }),
  );
}

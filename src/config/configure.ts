// Account and settings -> one frozen Config, or every fault, each named as its owner wrote it.

import type { RateLimiter } from "../access/limit.ts";
import { type Origins, parseOrigins } from "../allowed-origin.ts";
import type { Assets } from "../page-route.ts";
import { compileProfile, type WaysIn } from "../policy/compile.ts";
import { sharedNames } from "../policy/namespaces.ts";
import type { Profile } from "../policy/profile.ts";
import type { Failure } from "../problem.ts";
import { Secret } from "../secret.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { type Account, checkAccount, checkUploadPrefix, type Setting } from "./account.ts";
import { ANONYMOUS, type Config, type Configured, type Fault, misconfigured, type Way } from "./config.ts";
import { deepFreeze } from "./freeze.ts";
import { checkSettings, PUBLIC, type SignerInput, type SignerSettings } from "./options.ts";
import { readOriginWay } from "./origin-way.ts";
import { isStore, storeReader } from "./secret-binding.ts";
import { sameTokens } from "./told-apart.ts";
import { readWay, type Secrets } from "./ways.ts";

/** What there is to configure, and what each part is called where it was written. */
export interface Source {
  readonly account: Result<Readonly<Record<keyof Account, Setting>>, Fault[]>;
  readonly uploadPrefix: Setting;
  readonly settings: unknown;
  /** The name of `settings`, or `""` where they have none of their own. */
  readonly settingsName: string;
  readonly secrets: Secrets;
  /** Rate limiters by the names of their bindings. */
  readonly limiters: Readonly<Record<"LIMIT_BY_IP" | "LIMIT_BY_SUBJECT", unknown>>;
  /** The files of the page. */
  readonly assets?: unknown;
}

const ANYBODY: Way = { type: "public", name: PUBLIC };

function readWays(settings: SignerSettings, source: Source, apiSecret: string | undefined, at: string) {
  const ways = new Map<string, Way>([[PUBLIC, ANYBODY]]);
  const faults: Fault[] = [];
  for (const [name, input] of Object.entries(settings.access)) {
    const way =
      input.type === "origin"
        ? readOriginWay(name, input, settings, at)
        : readWay(name, input, source.secrets, apiSecret);
    if (way.ok) ways.set(name, way.value);
    else
      for (const { at: below, ...complaint } of way.error)
        faults.push({ binding: `${at}access.${name}.${below}`, ...complaint });
  }
  return { ways, faults };
}

/** The claims that callers by a way in have. */
function claimsOf(way: Way): ReadonlySet<string> {
  if (way.type === "jwt") return new Set(way.claims);
  return new Set(way.type === "token" || way.type === "service" ? ["sub"] : []);
}

function readProfiles(settings: SignerSettings, ways: ReadonlyMap<string, Way>, at: string) {
  const traits: WaysIn = new Map(
    [...ways].map(([name, way]) => {
      const input = settings.access[name];
      // Two ways in of one issuer under one source of keys tell the same people apart.
      const identity =
        input?.type === "jwt"
          ? JSON.stringify([input.issuer, input.jwks ?? input.secretBinding])
          : `way ${name}`;
      return [name, { anonymous: ANONYMOUS.has(way.type), claims: claimsOf(way), identity }];
    }),
  );
  const profiles = new Map<string, Profile>();
  const faults: Fault[] = [];
  for (const [name, input] of Object.entries(settings.profiles)) {
    const compiled = compileProfile(name, input, traits);
    if (compiled.ok) profiles.set(name, compiled.value);
    else {
      for (const complaint of compiled.error) {
        faults.push({ binding: `${at}profiles.${name}.${complaint.at}`, problem: complaint.problem });
      }
    }
  }
  for (const { name, access } of profiles.values()) {
    const problem = sameTokens(access.map((way) => ways.get(way)!));
    if (problem !== undefined) faults.push({ binding: `${at}profiles.${name}.access`, problem });
  }
  for (const [name, { at: below, problem }] of sharedNames(profiles.values(), traits)) {
    faults.push({ binding: `${at}profiles.${name}.${below}`, problem });
  }
  return { profiles, faults };
}

/** Each profile and its ways in, as they were written. */
function policyTexts({ profiles, access, signatureAlgorithm }: SignerSettings): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(profiles).map(([name, profile]) => {
      const ways = profile.access.map((way) => (Object.hasOwn(access, way) ? access[way] : way));
      return [name, JSON.stringify([signatureAlgorithm, profile, ways])];
    }),
  );
}

/** A value as JSON in one spelling, whatever the order in which its members were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Where the secret's value stands inside a settings object, as a path that does not hold it. */
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

/** A secret that stands where others read it. It is the only fault then, for any other could repeat it. */
function misplacedSecret(source: Source): Fault | undefined {
  const settings = source.account.ok ? source.account.value : undefined;
  const secret = settings?.apiSecret.value;
  if (settings === undefined || typeof secret !== "string" || secret.trim().length < MIN_SEARCHED_SECRET)
    return undefined;
  const problem = "holds the API secret: remove it, and change the secret, for many read this place";
  for (const { name, value } of [settings.cloudName, settings.apiKey, source.uploadPrefix]) {
    // A value that is the whole secret is told by the check of the account, as swapped or used twice.
    if (typeof value === "string" && value !== secret && value.includes(secret.trim()))
      return { binding: name, problem };
  }
  const binding = findSecret(source.settings, secret.trim(), source.settingsName);
  return binding === undefined ? undefined : { binding, problem };
}

/** The API secret, now or when it is needed. */
function secretOf(settings: Readonly<Record<keyof Account, Setting>>, account: Account): Config["apiSecret"] {
  const { value, name } = settings.apiSecret;
  if (!isStore(value)) {
    const secret = ok(new Secret(account.apiSecret));
    return async () => secret;
  }
  return storeReader(name, value, (text): Result<Secret, Failure> => {
    const checked = checkAccount({ ...settings, apiSecret: { ...settings.apiSecret, value: text } });
    return checked.ok ? ok(new Secret(checked.value.apiSecret)) : err(misconfigured(checked.error));
  });
}

function readLimiters(
  limiters: Source["limiters"],
): Result<Pick<Config, "limitByIp" | "limitBySubject">, Fault[]> {
  const isLimiter = (value: unknown): value is RateLimiter =>
    typeof value === "object" && value !== null && typeof (value as RateLimiter).limit === "function";
  const wrong = Object.entries(limiters).filter(([, value]) => value !== undefined && !isLimiter(value));
  if (wrong.length > 0) {
    return err(
      wrong.map(([binding]) => ({
        binding,
        problem: "is no rate-limit binding: write it under [[ratelimits]] in wrangler.toml",
      })),
    );
  }
  const { LIMIT_BY_IP, LIMIT_BY_SUBJECT } = limiters as Readonly<
    Record<keyof Source["limiters"], RateLimiter | undefined>
  >;
  return ok({
    ...(LIMIT_BY_IP && { limitByIp: LIMIT_BY_IP }),
    ...(LIMIT_BY_SUBJECT && { limitBySubject: LIMIT_BY_SUBJECT }),
  });
}

/** The files of the page, if it is on. */
function readPage(on: boolean, assets: unknown, at: string): Result<Pick<Config, "page">, Fault[]> {
  if (!on) return ok({});
  if (typeof (assets as Assets | undefined)?.fetch === "function") return ok({ page: assets as Assets });
  const problem =
    'needs the page\'s files: write [assets] with binding = "ASSETS" in wrangler.toml, or remove it';
  return err([{ binding: `${at}page`, problem }]);
}

/** The origins of settings that may be wrong elsewhere. */
function knownOrigins(settings: unknown): Origins {
  const checked = checkSettings(
    { allowedOrigins: (settings as SignerInput | undefined)?.allowedOrigins },
    "",
  );
  return parseOrigins(checked.ok ? checked.value.allowedOrigins : []);
}

/** Checks everything once. */
export function configure(source: Source): Configured {
  const checked = check(source);
  return checked.ok ? checked : { ...checked, allowedOrigins: knownOrigins(source.settings) };
}

function check(source: Source): Result<Config, Fault[]> {
  const misplaced = misplacedSecret(source);
  if (misplaced !== undefined) return err([misplaced]);
  const account = source.account.ok ? checkAccount(source.account.value) : source.account;
  const prefix = checkUploadPrefix(source.uploadPrefix);
  const settings = checkSettings(source.settings, source.settingsName);
  const limiters = readLimiters(source.limiters);
  const at = source.settingsName === "" ? "" : `${source.settingsName}.`;

  const faults: Fault[] = [account, prefix, settings, limiters].flatMap((part) =>
    part.ok ? [] : part.error,
  );
  if (!settings.ok) return err(faults);
  const { ways, faults: wayFaults } = readWays(
    settings.value,
    source,
    account.ok ? account.value.apiSecret : undefined,
    at,
  );
  faults.push(...wayFaults);
  const page = readPage(settings.value.page, source.assets, at);
  if (!page.ok) faults.push(...page.error);
  // A profile is checked against its ways in: while one of those is wrong, it would be blamed for it too.
  if (wayFaults.length > 0) return err(faults);
  const { profiles, faults: profileFaults } = readProfiles(settings.value, ways, at);
  faults.push(...profileFaults);
  if (!account.ok || !source.account.ok || !prefix.ok || !limiters.ok || !page.ok || faults.length > 0)
    return err(faults);

  const config: Omit<Config, "page" | "limitByIp" | "limitBySubject"> = {
    cloudName: account.value.cloudName,
    apiKey: account.value.apiKey,
    apiSecret: secretOf(source.account.value, account.value),
    uploadPrefix: prefix.value,
    signatureAlgorithm: settings.value.signatureAlgorithm,
    allowedOrigins: parseOrigins(settings.value.allowedOrigins),
    ways,
    profiles,
    policies: policyTexts(settings.value),
    policy: canonicalJson(settings.value),
  };
  // What the platform gave stays the platform's, and is not ours to freeze.
  return ok(Object.freeze({ ...deepFreeze(config), ...page.value, ...limiters.value }));
}

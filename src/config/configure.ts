// Account and settings -> one frozen Config, or every fault, each named as its owner wrote it.

import { kindOf, type Way } from "../access/method.ts";
import { parseOrigins } from "../access/origins.ts";
import { ANYBODY, PUBLIC } from "../access/public.ts";
import { sameTokens } from "../access/told-apart.ts";
import { type Fault, misconfigured } from "../fault.ts";
import type { Assets } from "../http/page-files.ts";
import { type Account, checkAccount, checkUploadPrefix, type Setting } from "../keys/account.ts";
import { misplacedSecret } from "../keys/misplaced-secret.ts";
import { type ApiSecret, secretOption } from "../keys/named-secrets.ts";
import { Secret } from "../keys/secret.ts";
import { isStore, storeReader } from "../keys/secret-reader.ts";
import type { RateLimiter } from "../limits/limiter.ts";
import { compileProfile } from "../policy/compile/compile.ts";
import { sharedNames } from "../policy/compile/namespaces.ts";
import type { Profile } from "../policy/profile.ts";
import { PARAMETERS } from "../policy/tables/parameters.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import type { Failure } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import type { Config, Configured, ReadableSecret } from "./checked.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type Effective, inEnvironment } from "./environment.ts";
import { deepFreeze } from "./freeze.ts";
import { readAllowedOrigins } from "./origins-variable.ts";
import {
  checkBy,
  checkDefinition,
  originsOf,
  readDefinition,
  type Settings,
  withoutFaulty,
} from "./schema.ts";
import type { Source } from "./source.ts";

function readWays(settings: Effective, source: Source, api: ApiSecret | undefined) {
  const { definitionName: binding } = source;
  const ways = new Map<string, Way>([[PUBLIC, ANYBODY]]);
  const faults: Fault[] = [];
  const wrong = new Set<string>();
  const secrets: ReadableSecret[] = [];
  const secret = secretOption(source.secrets, api, (one) => void secrets.push(one));
  const { allowedOrigins, page } = settings;
  for (const [name, method] of Object.entries(settings.access)) {
    const root = settings.accessAt(name);
    const kind = kindOf(method)!;
    const { type: _, ...written } = method;
    const options = checkBy(kind.schema, written, binding, root);
    if (!options.ok) {
      faults.push(...options.error);
      wrong.add(name);
      continue;
    }
    const way = kind.check(options.value, { name, secret, allowedOrigins, page });
    if (way.ok) ways.set(name, way.value);
    else {
      wrong.add(name);
      for (const { at, ...complaint } of way.error)
        faults.push({ binding, at: `${root}.${at}`, ...complaint });
    }
  }
  return { ways, secrets, wrong, faults };
}

/** A suggestion for a name of a parameter or of an access method that there is not. */
function hintFor(at: string, access: readonly string[], ways: ReadonlyMap<string, Way>): string {
  if (at === "access")
    return access.flatMap((name) => (ways.has(name) ? [] : didYouMean(name, ways.keys()))).join("");
  const name = /^(?:set|accept)\.(.*)$/s.exec(at)?.[1];
  return name === undefined || PARAMETERS.has(name) ? "" : didYouMean(name, PARAMETERS.keys());
}

function readProfiles(settings: Effective, ways: ReadonlyMap<string, Way>, binding: string) {
  const profiles = new Map<string, Profile>();
  const faults: Fault[] = [];
  const fault = (name: string, below: string, problem: string) =>
    void faults.push({ binding, at: `profiles.${name}.${below}`, problem });
  for (const [name, input] of Object.entries(settings.profiles)) {
    const compiled = compileProfile(name, input, ways);
    if (compiled.ok) profiles.set(name, compiled.value);
    else
      for (const { at, why } of compiled.error)
        fault(name, at, sentenceOf(why) + hintFor(at, input.access, ways));
  }
  for (const { name, access } of profiles.values()) {
    const problem = sameTokens(access.map((way) => ways.get(way)!));
    if (problem !== undefined) fault(name, "access", problem);
  }
  for (const [name, { at, why }] of sharedNames(profiles.values(), ways)) fault(name, at, sentenceOf(why));
  return { profiles, faults };
}

/** Each profile and its access methods, as they were written. */
function policyTexts({ profiles, access, signatureAlgorithm }: Effective): ReadonlyMap<string, string> {
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

/** The API secret, now or when it is needed. */
function secretOf(settings: Readonly<Record<keyof Account, Setting>>, account: Account): ApiSecret {
  const { value, name: binding } = settings.apiSecret;
  if (!isStore(value)) {
    const secret = ok(new Secret(account.apiSecret));
    return { binding, text: account.apiSecret, read: async () => secret };
  }
  const read = storeReader(binding, value, (text): Result<Secret, Failure> => {
    const checked = checkAccount({ ...settings, apiSecret: { ...settings.apiSecret, value: text } });
    return checked.ok ? ok(new Secret(checked.value.apiSecret)) : err(misconfigured(checked.error));
  });
  return { binding, read };
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
function readPage(on: boolean, assets: unknown, binding: string): Result<Pick<Config, "page">, Fault[]> {
  if (!on) return ok({});
  if (typeof (assets as Assets | undefined)?.fetch === "function") return ok({ page: assets as Assets });
  const problem =
    'needs the page\'s files: write [assets] with binding = "ASSETS" in wrangler.toml, or remove it';
  return err([{ binding, at: "page", problem }]);
}

/** Checks everything once. */
export function configure(given: Source): Configured {
  const definition = readDefinition(given.definition, given.definitionName);
  const source = { ...given, definition: definition.ok ? definition.value : {} };
  const checked = definition.ok ? check(source) : definition;
  if (checked.ok) return Object.freeze(checked);
  const more = readAllowedOrigins(source.allowedOrigins);
  return deepFreeze({
    ...checked,
    allowedOrigins: parseOrigins([
      ...originsOf(source.definition, source.environment.value),
      ...(more.ok ? more.value : []),
    ]),
  });
}

/** What is in force, of the parts whose form is right. */
function soundSettings(
  { definition, definitionName, environment }: Source,
  form: Result<Settings, Fault[]>,
): Result<Effective, Fault[]> {
  const sound = form.ok ? form : checkDefinition(withoutFaulty(definition, form.error), definitionName);
  if (!sound.ok) return err([]);
  const settings = inEnvironment(sound.value, environment.value, environment.name, definitionName);
  // An environment may be missing because its form is wrong.
  return settings.ok || form.ok ? settings : err([]);
}

function check(source: Source): Result<Config, Fault[]> {
  const misplaced = misplacedSecret(source);
  if (misplaced !== undefined) return err([misplaced]);
  const { definitionName: binding } = source;
  const account = source.account.ok ? checkAccount(source.account.value) : source.account;
  const prefix = checkUploadPrefix(source.uploadPrefix);
  const limiters = readLimiters(source.limiters);
  const origins = readAllowedOrigins(source.allowedOrigins);
  const form = checkDefinition(source.definition, binding);
  const settings = soundSettings(source, form);

  const parts: readonly Result<unknown, Fault[]>[] = [account, prefix, limiters, origins, form];
  const faults = parts.flatMap((part) => (part.ok ? [] : part.error));
  if (!settings.ok) return err([...faults, ...settings.error]);
  const allowedOrigins = [...settings.value.allowedOrigins, ...(origins.ok ? origins.value : [])];
  const api = account.ok && source.account.ok ? secretOf(source.account.value, account.value) : undefined;
  const read = readWays({ ...settings.value, allowedOrigins }, source, api);
  const { ways, secrets, wrong, faults: wayFaults } = read;
  faults.push(...wayFaults);
  const page = readPage(settings.value.page, source.assets, binding);
  if (!page.ok) faults.push(...page.error);
  // A profile is checked against its access methods: while one of those is wrong, it would be blamed for it too.
  const isReady = ({ access }: { access: readonly string[] }) => access.every((name) => !wrong.has(name));
  const ready = Object.entries(settings.value.profiles).filter(([, profile]) => isReady(profile));
  const { profiles, faults: profileFaults } = readProfiles(
    { ...settings.value, profiles: Object.fromEntries(ready) },
    ways,
    binding,
  );
  faults.push(...profileFaults);
  if (!account.ok || api === undefined || !prefix.ok || !limiters.ok || !page.ok || faults.length > 0)
    return err(faults);

  const { signatureAlgorithm, publicUrl, access, log } = settings.value;
  const config: Omit<Config, "page" | "limitByIp" | "limitBySubject"> = {
    cloudName: account.value.cloudName,
    apiKey: account.value.apiKey,
    apiSecret: api.read,
    secrets: [{ binding: api.binding, read: (now) => api.read(now) }, ...secrets],
    uploadPrefix: prefix.value,
    signatureAlgorithm,
    allowedOrigins: parseOrigins(allowedOrigins),
    ways,
    profiles,
    policies: policyTexts(settings.value),
    policy: canonicalJson({
      signatureAlgorithm,
      allowedOrigins: settings.value.allowedOrigins,
      page: settings.value.page,
      access,
      profiles: settings.value.profiles,
    }),
    ...(publicUrl !== undefined && { publicUrl }),
    log,
  };
  // What the platform gave stays the platform's, and is not ours to freeze.
  return ok(Object.freeze({ ...deepFreeze(config), ...page.value, ...limiters.value }));
}

// Account and settings -> one frozen Config, or every fault, each named as its owner wrote it.

import { parseOrigins } from "../access/origins.ts";
import type { Fault } from "../fault.ts";
import { checkAccount, checkUploadPrefix } from "../keys/account.ts";
import { type ApiSecret, apiSecretOf } from "../keys/api-secret.ts";
import { misplacedSecret } from "../keys/misplaced-secret.ts";
import type { ReadableSecret } from "../keys/named-secrets.ts";
import { previousSecret } from "../keys/previous-secret.ts";
import type { VerifyingSecret } from "../keys/secret.ts";
import { err, ok, type Result } from "../result.ts";
import type { Hooks } from "./application.ts";
import type { Config, Configured } from "./checked.ts";
import { type Effective, inEnvironment } from "./environment.ts";
import { deepFreeze } from "./freeze.ts";
import { readAllowedOrigins } from "./origins-variable.ts";
import { readAnalytics, readLimiters, readPage } from "./platform-bindings.ts";
import { policyText, policyTexts } from "./policy-text.ts";
import { readMethods } from "./read-methods.ts";
import { readProfiles } from "./read-profiles.ts";
import { checkDefinition, originsOf, readDefinition, type Settings } from "./schema.ts";
import type { Source } from "./source.ts";
import { soundForm } from "./without-faulty.ts";

/** Checks everything once. */
export function configure(given: Source): Configured {
  const definition = readDefinition(given.definition, given.definitionName);
  const source = { ...given, definition: definition.ok ? definition.value : {} };
  const checked = definition.ok ? check(source) : definition;
  return checked.ok ? Object.freeze(checked) : misconfigured(source, checked.error);
}

/** What others gave, which stays theirs. */
type Given = "limitByIp" | "limitBySubject" | "analytics" | keyof Hooks;

/** The name of the environment that is in force, where the definition has it: any other text may be anything. */
function environmentName({ definition, environment: { value } }: Source): string {
  const { environments } = definition as Partial<Settings>;
  return typeof value === "string" && environments && Object.hasOwn(environments, value) ? value : "";
}

/** What is there beside the faults, for those who may read them. */
function misconfigured(source: Source, error: Fault[]): Configured {
  const { definition, environment, assets, definitionName } = source;
  const more = readAllowedOrigins(source.allowedOrigins);
  const settings = soundSettings(source, checkDefinition(definition, definitionName));
  const page = readPage(settings.ok && settings.value.page, assets, definitionName);
  const written = [...originsOf(definition, environment.value), ...(more.ok ? more.value : [])];
  const told = deepFreeze({ ok: false as const, error, allowedOrigins: parseOrigins(written) });
  const analytics = readAnalytics(source.analytics, environmentName(source));
  return Object.freeze({ ...told, ...(page.ok && page.value), ...(analytics.ok && analytics.value) });
}

/** What is in force, of the parts whose form is right. */
function soundSettings(
  { definition, definitionName, environment }: Source,
  form: Result<Settings, Fault[]>,
): Result<Effective, Fault[]> {
  const sound = soundForm(definition, form, definitionName);
  if (!sound.ok) return err([]);
  const settings = inEnvironment(sound.value, environment.value, environment.name, definitionName);
  // An environment may be missing because its form is wrong.
  return settings.ok || form.ok ? settings : err([]);
}

/** Whether a `publicUrl` stands anywhere where it counts. */
function isUrlWritten({ definition, environment }: Source): boolean {
  const { publicUrl, environments } = definition as Partial<Settings>;
  const own = environments?.[String(environment.value)];
  return publicUrl !== undefined || own?.publicUrl !== undefined;
}

/** Access methods and profiles. */
function readPolicy(
  settings: Effective,
  source: Source,
  api: ApiSecret | undefined,
  previous: string | undefined,
) {
  const { access, secrets, faults, secretFaults } = readMethods(settings, source, api, previous);
  // A profile is checked against its access methods: while one of those is wrong, it would be blamed for it too.
  const isReady = (names: readonly string[]) => !names.some((name) => faults.has(name));
  const ready = Object.entries(settings.profiles).filter(([, profile]) => isReady(profile.access));
  const read = readProfiles(
    { ...settings, profiles: Object.fromEntries(ready) },
    access,
    source.definitionName,
    isUrlWritten(source),
  );
  // A wrong secret keeps the profiles that need it from signing, and no others. All were compared before.
  const profiles = new Map(read.profiles);
  const misconfigured = new Map<string, readonly Fault[]>();
  for (const [name, profile] of read.profiles) {
    const wrong = profile.access.flatMap((method) => secretFaults.get(method) ?? []);
    if (wrong.length === 0) continue;
    profiles.delete(name);
    misconfigured.set(name, wrong);
  }
  return {
    access,
    secrets,
    profiles,
    misconfigured,
    secretFaults: [...secretFaults.values()].flat(),
    faults: [...[...faults.values()].flat(), ...read.faults],
  };
}

/** What the platform and the application gave. */
function readGiven(source: Source): Result<Pick<Config, Given>, Fault[]> {
  const { hooks } = source;
  const limiters = readLimiters(source.limiters);
  const analytics = readAnalytics(source.analytics, environmentName(source));
  if (limiters.ok && analytics.ok && hooks.ok)
    return ok({ ...limiters.value, ...analytics.value, ...hooks.value });
  return err([limiters, analytics, hooks].flatMap((part) => (part.ok ? [] : part.error)));
}

/** The account, and the secrets of its key pairs. */
function readAccount(source: Source) {
  const account = source.account.ok ? checkAccount(source.account.value) : source.account;
  const api = account.ok && source.account.ok ? apiSecretOf(source.account.value, account.value) : undefined;
  const given = previousSecret(source.previous, account.ok ? account.value.cloudName : undefined);
  // Both are the same when a rotation begins, and when it is taken back: that is no fault, and one is enough.
  const isSame = given?.text !== undefined && given.text === api?.text;
  return { account, api, previous: isSame ? undefined : given };
}

/** A secret without its text, which no configuration holds. */
const readable = ({
  binding,
  read,
}: Pick<ApiSecret<VerifyingSecret>, "binding" | "read">): ReadableSecret[] => [
  { binding, read: (now) => read(now) },
];

function check(source: Source): Result<Config, Fault[]> {
  const { account, api, previous } = readAccount(source);
  const misplaced = misplacedSecret(source, previous?.text);
  if (misplaced !== undefined) return err([misplaced]);
  const { definitionName: binding } = source;
  const prefix = checkUploadPrefix(source.uploadPrefix);
  const given = readGiven(source);
  const origins = readAllowedOrigins(source.allowedOrigins);
  const form = checkDefinition(source.definition, binding);
  const settings = soundSettings(source, form);

  const parts: readonly Result<unknown, Fault[]>[] = [account, prefix, given, origins, form];
  const faults = parts.flatMap((part) => (part.ok ? [] : part.error));
  if (!settings.ok) return err([...faults, ...settings.error]);
  const allowedOrigins = [...settings.value.allowedOrigins, ...(origins.ok ? origins.value : [])];
  const policy = readPolicy({ ...settings.value, allowedOrigins }, source, api, previous?.text);
  const secretFaults = [...policy.secretFaults, ...(previous?.faults ?? [])];
  const page = readPage(settings.value.page, source.assets, binding);
  faults.push(...policy.faults, ...(page.ok ? [] : page.error));
  if (!account.ok || api === undefined || !prefix.ok || !given.ok || !page.ok || faults.length > 0)
    // All at once, so that they can be fixed at once.
    return err([...faults, ...secretFaults]);

  const { signatureAlgorithm, publicUrl, log } = settings.value;
  const { access, profiles, misconfigured, secrets } = policy;
  const config: Omit<Config, "page" | Given> = {
    cloudName: account.value.cloudName,
    apiKey: account.value.apiKey,
    apiSecret: api.read,
    ...(previous && { previous: previous.read }),
    secrets: [...readable(api), ...(previous?.faults.length === 0 ? readable(previous) : []), ...secrets],
    uploadPrefix: prefix.value,
    signature: { algorithm: signatureAlgorithm },
    allowedOrigins: parseOrigins(allowedOrigins),
    access,
    profiles,
    misconfigured,
    faults: secretFaults,
    policies: policyTexts(settings.value),
    policy: policyText(settings.value),
    ...(publicUrl !== undefined && { publicUrl }),
    log,
  };
  // What the platform gave stays the platform's, and is not ours to freeze.
  return ok(Object.freeze({ ...deepFreeze(config), ...page.value, ...given.value }));
}

// What an owner should know of a configuration that is right.

import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";
import type { Profile } from "../policy/profile.ts";
import { methodOf } from "./access-methods.ts";
import { PREVIOUS } from "./binding-names.ts";
import { fileWarnings } from "./file-words.ts";
import { patternWarning } from "./public-suffix.ts";
import { bindingsOf, type WranglerConfig } from "./wrangler-toml.ts";

/** Profiles that anybody can use, as often as anybody likes. */
function unlimited(config: Config): string[] {
  const isOpen = (names: readonly string[]) => names.some((name) => config.access.get(name)!.anonymous);
  const open = [...config.profiles.values()].filter((profile) => isOpen(profile.access));
  if (open.length === 0 || config.limitByIp !== undefined) return [];
  const names = open.map(({ name }) => name).join(", ");
  return [`profiles ${names}: bind LIMIT_BY_IP under [[ratelimits]]: anybody can use them without limit`];
}

/** Access methods that admit nobody yet. */
const closed = (config: Config, settings: Effective): string[] =>
  Object.keys(settings.access).flatMap((name) => {
    const reason = methodOf(name, settings).closed(config);
    return reason === undefined ? [] : [`access.${name}: ${reason}`];
  });

/**
 * Formats that hold for tickets of one profile, while the same callers get tickets of another method: those are valid for
 * uploads too, and bind no format.
 */
function unboundFormats({ profiles, access }: Config): string[] {
  const identitiesOf = ({ access: names }: Profile) => names.map((name) => access.get(name)!.identity);
  const others = [...profiles.values()].filter(({ method }) => method.name !== "upload");
  return [...profiles.values()].flatMap((profile) => {
    if (profile.method.name !== "upload" || !profile.set.has("allowed_formats")) return [];
    const callers = identitiesOf(profile);
    const names = others.filter((other) => identitiesOf(other).some((one) => callers.includes(one)));
    if (names.length === 0) return [];
    return [
      `profiles.${profile.name}: allowed_formats holds for its own tickets alone: with those of ${names.map(({ name }) => name).join(", ")} the same callers can also upload any file of any format, under their own names`,
    ];
  });
}

/** Environments of the definition and of wrangler.toml that do not find each other. */
export function environmentWarnings(
  name: string | undefined,
  [{ vars }, ...others]: readonly [WranglerConfig, ...WranglerConfig[]],
  written: readonly string[],
): string[] {
  if (name === undefined) {
    const chosen = [vars, ...others.map((other) => other.vars)].map(({ SIGNER_ENV }) => SIGNER_ENV);
    return written
      .filter((one) => !chosen.includes(one))
      .map(
        (one) =>
          `environments.${one}: write SIGNER_ENV = "${one}" where it is meant, or remove it: it is not checked, for no SIGNER_ENV in wrangler.toml chooses it`,
      );
  }
  return vars.SIGNER_ENV === undefined && written.includes(name)
    ? [
        `SIGNER_ENV: write SIGNER_ENV = "${name}" under [env.${name}.vars]: without it, \`environments.${name}\` of the definition is not in force`,
      ]
    : [];
}

/** A rotation that is under way, as far as a file tells. */
function rotating(file: WranglerConfig): string[] {
  const isBound = bindingsOf(file).has(PREVIOUS) || file.secrets?.required?.includes(PREVIOUS);
  return isBound
    ? [`${PREVIOUS}: remove it when the rotation is over: whoever has that key pair makes links and receipts`]
    : [];
}

export const warningsOf = (config: Config, settings: Effective, file: WranglerConfig): string[] => [
  ...settings.allowedOrigins.flatMap((text) => patternWarning(text) ?? []),
  ...unlimited(config),
  ...closed(config, settings),
  ...unboundFormats(config),
  ...rotating(file),
  ...[...config.profiles.values()].flatMap(fileWarnings),
  ...(config.page && file.assets?.run_worker_first !== true
    ? [
        "page: write run_worker_first = true under [assets]: without it, static assets answer before the signer",
      ]
    : []),
];

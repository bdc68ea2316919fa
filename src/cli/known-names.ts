// Names in wrangler.toml that are nearly ones that are read, or that stand where nothing reads them.

import leven from "leven";
import { didYouMean } from "../config/did-you-mean.ts";
import type { Fault } from "../fault.ts";
import { ALONE, BINDINGS, SECRETS, TABLE_OF, VARIABLES } from "./binding-names.ts";
import { bindingsOf, heading, type Raw, type WranglerConfig } from "./wrangler-toml.ts";

/** Where the older form of the configuration stood. */
const MOVED = "SIGNER";

/** Tables of wrangler's that a signer has a use for. */
const TABLES = [
  "vars",
  "env",
  "ratelimits",
  "secrets",
  "assets",
  "build",
  "services",
  "queues",
  "observability",
  "analytics_engine_datasets",
  "secrets_store_secrets",
  "routes",
];
/** Its other names, near which nothing is misspelled. */
const OTHERS = ["route", "alias", "rules", "limits", "define", "main", "name", "site", "dev", "logpush"];

/** Whether a name is near enough to be a mistake: short ones are near to many, and a longer one has a part of its own. */
function isNear(name: string, known: string): boolean {
  if (name.length < 5 || name.startsWith(`${known}_`) || name.endsWith(`_${known}`)) return false;
  return leven(name, known) <= (known.length < 8 ? 1 : 2);
}

const fixName = (name: string, known: readonly string[]): string | undefined =>
  known.includes(name)
    ? undefined
    : didYouMean(
        name,
        known.filter((one) => isNear(name, one)),
      ) || undefined;

/** What is wrong with names of one environment. */
export function nameFaults(file: WranglerConfig, env: string | undefined): Fault[] {
  const variables = Object.keys(file.vars).flatMap((binding): Fault[] => {
    const place = heading("vars", env);
    if (binding === MOVED)
      return [
        {
          binding,
          problem: `write it into signer.config.ts, and remove ${place.slice(0, -1)}.SIGNER]: it is not read any more`,
        },
      ];
    if (ALONE.includes(binding))
      return [
        {
          binding,
          problem: `write it under ${heading(TABLE_OF.get(binding)!, env)}: it is not a variable`,
        },
      ];
    const meant = fixName(binding, [...VARIABLES, ...SECRETS]);
    return meant === undefined
      ? []
      : [
          {
            binding,
            problem: `correct its name in ${place}${meant}, or remove it: the signer reads no such variable`,
          },
        ];
  });
  const bound = [...bindingsOf(file)].flatMap(([binding, table]): Fault[] => {
    const meant = fixName(binding, [...BINDINGS, ...SECRETS]);
    if (meant !== undefined)
      return [
        {
          binding,
          problem: `correct its name under ${heading(table, env)}${meant}: the signer reads no such binding`,
        },
      ];
    const own = TABLE_OF.get(binding) ?? table;
    return own === table || !ALONE.includes(binding)
      ? []
      : [
          {
            binding,
            problem: `write it under ${heading(own, env)}: it is under ${heading(table, env)}`,
          },
        ];
  });
  return [...variables, ...bound];
}

/** Tables of one environment that are misspelled, and settings that stand beside `vars` and not in it. */
export function tableFaults(raw: Raw, env: string | undefined): Fault[] {
  const table = env === undefined ? raw : ((raw.env as Readonly<Record<string, Raw>>)[env] ?? {});
  const at = (name: string) => (env === undefined ? `[${name}]` : `[env.${env}.${name}]`);
  return Object.keys(table).flatMap((name): Fault[] => {
    if ([...VARIABLES, ...SECRETS, ...BINDINGS, MOVED].includes(name)) {
      const where = SECRETS.includes(name)
        ? `remove it, and run \`npx wrangler secret put ${name}\``
        : `write it under ${heading(TABLE_OF.get(name) ?? "vars", env)}`;
      return [
        {
          binding: name,
          problem: `${where}: nothing reads it where it is`,
        },
      ];
    }
    const meant = OTHERS.includes(name) ? undefined : fixName(name, TABLES);
    return meant === undefined
      ? []
      : [{ binding: at(name), problem: `correct its name${meant}: wrangler reads no such table` }];
  });
}

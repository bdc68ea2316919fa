// A profile while it is checked: its values are read, and no rule has looked at it as a whole.

import type { Result } from "../../result.ts";
import {
  type AcceptParam,
  type Accepts,
  type AccessMethods,
  type NoDropIn,
  type ProfileInput,
  type SetParam,
  type Sets,
  SIGNATURE_LIFE,
} from "../profile.ts";
import type { LimitsInput } from "../tables/limits.ts";
import type { Reason } from "../tables/reasons.ts";
import { isRandom, type Template } from "../values/template.ts";
import { compileAccept, compileSet } from "./parts.ts";

/** What is wrong with a profile. */
export interface ProfileFault {
  /** Where it stands, below the profile: `set.folder`. */
  readonly at: string;
  readonly why: Reason;
}

/** What the rules look at. */
export interface Draft {
  readonly access: readonly string[];
  /** Every access method that the configuration knows. */
  readonly methods: AccessMethods;
  /** Whether some callers are no one in particular. */
  readonly anonymous: boolean;
  readonly ttl: number;
  readonly dropIn: boolean;
  /** The risks that the owner accepts by name. */
  readonly allow: readonly string[];
  readonly set: Sets;
  readonly accept: Accepts;
  /** Every template, and where it stands. */
  readonly templates: readonly (readonly [at: string, template: Template])[];
  readonly noDropIn: NoDropIn | undefined;
}

/** For callers who are no one in particular, the name is the server's and nothing is overwritten. */
const RANDOM_NAME = { public_id: "{uuid}", overwrite: false };

/** What the Upload Widget adds to everything it asks to sign; it chooses nothing. */
const WIDGET_SOURCE: Readonly<Record<string, LimitsInput>> = { source: { enum: ["uw"] } };

/** Reads each value; those that are wrong are left out, and told in `faults`. */
function readEach<In, Out>(
  part: "set" | "accept",
  written: Readonly<Record<string, In>>,
  read: (name: string, value: In) => Result<Out, Reason>,
  faults: ProfileFault[],
): Map<string, Out> {
  const values = new Map<string, Out>();
  for (const [name, value] of Object.entries(written)) {
    const compiled = read(name, value);
    if (compiled.ok) values.set(name, compiled.value);
    else faults.push({ at: `${part}.${name}`, why: compiled.error });
  }
  return values;
}

function templatesOf(set: Sets, accept: Accepts): [at: string, template: Template][] {
  const sets = [...set].flatMap(([name, { items }]) =>
    items.map((item): [string, Template] => [`set.${name}`, item]),
  );
  const prefixes = [...accept].flatMap(([name, { limits }]): [string, Template][] =>
    limits.prefix === undefined ? [] : [[`accept.${name}`, limits.prefix]],
  );
  return [...sets, ...prefixes];
}

function whyNoDropIn(ttl: number, dropIn: boolean, set: Sets): NoDropIn | undefined {
  const param = [...set].find(([, { template }]) => isRandom(template))?.[0];
  if (param !== undefined) return { param, why: { reason: "random", param } };
  if (ttl >= SIGNATURE_LIFE || dropIn) return undefined;
  return { param: "timestamp", why: { reason: "short", life: ttl, full: SIGNATURE_LIFE } };
}

/** Reads a profile's values, with what it has without writing it. */
export function draftOf(input: ProfileInput, methods: AccessMethods): [Draft, ProfileFault[]] {
  const faults: ProfileFault[] = [];
  const { access, ttl = SIGNATURE_LIFE, dropIn = false, allow = [] } = input;
  const anonymous = access.some((name) => methods.get(name)?.anonymous ?? true);
  const acceptsName = Object.hasOwn(input.accept ?? {}, "public_id");
  const written = { ...(anonymous && !dropIn && !acceptsName && RANDOM_NAME), ...input.set };
  const set = readEach<unknown, SetParam>("set", written, compileSet, faults);
  const accepted = { ...(dropIn && !set.has("source") && WIDGET_SOURCE), ...input.accept };
  const accept = readEach<LimitsInput, AcceptParam>("accept", accepted, compileAccept, faults);
  const draft = {
    ...{ access, methods, anonymous, ttl, dropIn, allow, set, accept },
    templates: templatesOf(set, accept),
    noDropIn: whyNoDropIn(ttl, dropIn, set),
  };
  return [draft, faults];
}

// A profile while it is checked: its values are read, and no rule has looked at it as a whole.

import type { Result } from "../../result.ts";
import {
  type AcceptParam,
  type Accepts,
  type AccessMethods,
  type FileInput,
  type NoDropIn,
  type ProfileInput,
  type ResourceType,
  type SetParam,
  type Sets,
  SIGNATURE_LIFE,
} from "../profile.ts";
import type { LimitsInput } from "../tables/limits.ts";
import type { Reason } from "../tables/reasons.ts";
import { METHOD_NAMES, SIGNED_METHODS, type SignedMethod } from "../tables/signed-methods.ts";
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
  readonly method: SignedMethod;
  /** As it is written; absent, an upload's is `auto`. */
  readonly resourceType: ResourceType | undefined;
  readonly access: readonly string[];
  /** Every access method that the configuration knows. */
  readonly methods: AccessMethods;
  /** Whether some callers are no one in particular. */
  readonly anonymous: boolean;
  readonly ttl: number;
  /** The limits on what arrives, as they are written. */
  readonly file: FileInput | undefined;
  readonly notify: boolean;
  readonly dropIn: boolean;
  /** The risks that the owner accepts by name. */
  readonly allow: readonly string[];
  readonly set: Sets;
  readonly accept: Accepts;
  /** The names that the owner wrote under `set`. */
  readonly owners: ReadonlySet<string>;
  /** Every name in either of them, right or wrong. */
  readonly written: ReadonlySet<string>;
  /** Every template, and where it stands. */
  readonly templates: readonly (readonly [at: string, template: Template])[];
  readonly noDropIn: NoDropIn | undefined;
}

/** For callers who are no one in particular, the name is the server's and nothing is overwritten. */
const RANDOM_NAME = { public_id: "{uuid}", overwrite: false };

/** What `file` adds to what the server sets: Cloudinary itself holds these. */
const setByFile = (file: FileInput | undefined): Readonly<Record<string, unknown>> => ({
  ...(file?.formats?.length && { allowed_formats: file.formats }),
  ...(file?.quarantine && { type: "authenticated" }),
});

/** What the Upload Widget adds to everything it asks to sign; it chooses nothing. */
const WIDGET_SOURCE: Readonly<Record<string, LimitsInput>> = { source: { enum: ["uw"] } };

/** Why a name is none of this method's, where it is one of another's. */
function ofAnother(name: string, { name: method, parameters }: SignedMethod): Reason | undefined {
  const other = METHOD_NAMES.find((one) => SIGNED_METHODS.get(one)!.parameters.has(name));
  return other === undefined || parameters.has(name) ? undefined : { reason: "of_another", method, other };
}

/** Reads each value; those that are wrong are left out, and told in `faults`. */
function readEach<In, Out>(
  part: "set" | "accept",
  method: SignedMethod,
  written: Readonly<Record<string, In>>,
  read: (name: string, value: In, method: SignedMethod) => Result<Out, Reason>,
  faults: ProfileFault[],
): Map<string, Out> {
  const values = new Map<string, Out>();
  for (const [name, value] of Object.entries(written)) {
    const compiled = read(name, value, method);
    if (compiled.ok) values.set(name, compiled.value);
    else faults.push({ at: `${part}.${name}`, why: ofAnother(name, method) ?? compiled.error });
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

function whyNoDropIn(
  { name }: SignedMethod,
  { ttl = SIGNATURE_LIFE, dropIn = false, file }: ProfileInput,
  set: Sets,
): NoDropIn | undefined {
  if (name !== "upload") return { param: "timestamp", why: { reason: "uploads_alone", method: name } };
  if (file !== undefined) return { param: "file", why: { reason: "unconfirmed" } };
  const param = [...set].find(([, { template }]) => isRandom(template))?.[0];
  if (param !== undefined) return { param, why: { reason: "random", param } };
  if (ttl > SIGNATURE_LIFE)
    return { param: "timestamp", why: { reason: "renewed", life: ttl, full: SIGNATURE_LIFE } };
  if (ttl === SIGNATURE_LIFE || dropIn) return undefined;
  return { param: "timestamp", why: { reason: "short", life: ttl, full: SIGNATURE_LIFE } };
}

/** Reads a profile's values, with what it has without writing it. */
export function draftOf(input: ProfileInput, methods: AccessMethods): [Draft, ProfileFault[]] {
  const faults: ProfileFault[] = [];
  const { access, ttl = SIGNATURE_LIFE, file, notify = false, dropIn = false } = input;
  const { allow = [], resourceType } = input;
  const method = SIGNED_METHODS.get(input.method ?? "upload")!;
  const isUpload = method.name === "upload";
  const anonymous = access.some((name) => methods.get(name)?.anonymous ?? true);
  const acceptsName = Object.hasOwn(input.accept ?? {}, "public_id");
  const random = isUpload && anonymous && !dropIn && !acceptsName && RANDOM_NAME;
  const fixed = { ...random, ...(isUpload && setByFile(file)), ...input.set };
  const set = readEach<unknown, SetParam>("set", method, fixed, compileSet, faults);
  const accepted = { ...(isUpload && dropIn && !set.has("source") && WIDGET_SOURCE), ...input.accept };
  const accept = readEach<LimitsInput, AcceptParam>("accept", method, accepted, compileAccept, faults);
  const draft = {
    ...{ method, resourceType, access, methods, anonymous, ttl, file, notify, dropIn, allow, set, accept },
    owners: new Set(Object.keys(input.set ?? {})),
    written: new Set([...Object.keys(fixed), ...Object.keys(accepted)]),
    templates: templatesOf(set, accept),
    noDropIn: whyNoDropIn(method, input, set),
  };
  return [draft, faults];
}

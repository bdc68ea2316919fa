// A profile as written -> a profile checked by meaning, or every complaint about it.

import { err, ok, type Result } from "../signature/result.ts";
import { compileLimits, type LimitsInput } from "./limits.ts";
import { PARAMETERS, type Parameter, UNSIGNED_NAMES } from "./parameters.ts";
import {
  type AcceptParam,
  type Complaint,
  MIN_TTL,
  type Profile,
  type ProfileInput,
  type SetParam,
  SIGNATURE_LIFE,
} from "./profile.ts";
import { unscopedSelectors } from "./selectors.ts";
import { isRandom, readTemplate } from "./template.ts";
import { isEmpty, readValue } from "./value.ts";

/** What a profile needs to know of the ways in it names. */
export interface WayTraits {
  /** Whether anybody can come in this way, so that a caller is no one in particular. */
  readonly anonymous: boolean;
}

/** Ways in by name. */
export type WaysIn = ReadonlyMap<string, WayTraits>;

/** For callers who are no one in particular, the name is the server's and nothing is overwritten. */
const RANDOM_NAME = { public_id: "{uuid}", overwrite: false };

/** Why a name can't stand in `set` or `accept`, or the parameter it is. */
function findParameter(name: string): Result<Parameter, string> {
  if (UNSIGNED_NAMES.has(name)) return err("it travels beside the signed parameters and is never signed");
  if (name === "timestamp") return err("it is the server's own: write `ttl` for a shorter life");
  const parameter = PARAMETERS.get(name);
  return parameter
    ? ok(parameter)
    : err("no upload parameter has this name; names are written as in Cloudinary's docs");
}

function compileSet(name: string, raw: unknown): Result<SetParam, string> {
  const found = findParameter(name);
  if (!found.ok) return found;
  const parameter = found.value;
  if (isEmpty(raw)) return err("it is empty, so it would not be signed: remove it");
  const value = readValue(name, parameter, raw, "profile");
  if (!value.ok) return err(value.error);
  if (value.value.text === "") return err("it is empty, so it would not be signed: remove it");
  const template = readTemplate(parameter, value.value.text);
  if (!template.ok) return err(template.error);
  const { keys } = value.value;
  return ok({ parameter, template: template.value, ...(keys && { keys: new Set(keys) }) });
}

function compileAccept(name: string, limits: LimitsInput): Result<AcceptParam, string> {
  const found = findParameter(name);
  if (!found.ok) return found;
  const parameter = found.value;
  if (parameter.client === "never")
    return err("no client may choose it: give it a value under `set`, or remove it");
  const compiled = compileLimits(name, parameter, limits);
  return compiled.ok ? ok({ parameter, limits: compiled.value }) : compiled;
}

/** `context` and `metadata` may be shared between server and client, key by key (R12). */
function sharedKey(set: SetParam, accept: AcceptParam): string | undefined {
  const folded = new Set([...(set.keys ?? [])].map((key) => key.toLowerCase()));
  return [...(accept.limits.keys ?? [])].find((key) => folded.has(key.toLowerCase()));
}

function whyNoDropIn(ttl: number, dropIn: boolean, set: ReadonlyMap<string, SetParam>): Profile["noDropIn"] {
  for (const [param, { template }] of set) {
    if (isRandom(template))
      return { param, reason: `it sets ${param} to a random value, which a client can't know` };
  }
  if (ttl >= SIGNATURE_LIFE || dropIn) return undefined;
  const reason = `its signatures live ${ttl} s, but one over a client's own timestamp lives ${SIGNATURE_LIFE} s`;
  return { param: "timestamp", reason };
}

/** Checks one profile by meaning. `ways` holds every way in that the configuration knows. */
export function compileProfile(
  name: string,
  input: ProfileInput,
  ways: WaysIn,
): Result<Profile, Complaint[]> {
  const complaints: Complaint[] = [];
  const complain = (at: string, problem: string) => void complaints.push({ at, problem });

  if (input.access.length === 0) complain("access", 'names no way in: write ["public"] to let anybody in');
  for (const way of input.access) {
    if (!ways.has(way))
      complain("access", `no way in has the name ${way}; known: ${[...ways.keys()].join(", ")}`);
  }
  const anonymous = input.access.some((way) => ways.get(way)?.anonymous ?? true);

  const ttl = input.ttl ?? SIGNATURE_LIFE;
  if (!Number.isInteger(ttl) || ttl < MIN_TTL || ttl > SIGNATURE_LIFE) {
    complain("ttl", `must be whole seconds from ${MIN_TTL} to ${SIGNATURE_LIFE}`);
  }

  const dropIn = input.dropIn ?? false;
  const acceptsName = Object.hasOwn(input.accept ?? {}, "public_id");
  const defaults = anonymous && !dropIn && !acceptsName ? RANDOM_NAME : {};
  const set = new Map<string, SetParam>();
  for (const [param, raw] of Object.entries({ ...defaults, ...input.set })) {
    const compiled = compileSet(param, raw);
    if (compiled.ok) set.set(param, compiled.value);
    else complain(`set.${param}`, compiled.error);
  }
  const accept = new Map<string, AcceptParam>();
  for (const [param, limits] of Object.entries(input.accept ?? {})) {
    const compiled = compileAccept(param, limits);
    if (compiled.ok) accept.set(param, compiled.value);
    else complain(`accept.${param}`, compiled.error);
  }

  for (const [param, accepted] of accept) {
    const fixed = set.get(param);
    if (fixed === undefined) continue;
    if (accepted.parameter.kind !== "pipe-context") {
      complain(`accept.${param}`, "is set by the server too: it can only be one of the two");
    } else {
      const key = sharedKey(fixed, accepted);
      if (key !== undefined) complain(`accept.${param}`, `the key ${key} is set by the server too`);
    }
  }
  if (set.size === 0 && complaints.length === 0) {
    complain(
      "set",
      "is empty, and a signature over nothing but a time is no upload: set overwrite = false at least",
    );
  }
  if (dropIn && (set.has("public_id") || accept.has("public_id"))) {
    complain(
      set.has("public_id") ? "set.public_id" : "accept.public_id",
      "a drop-in profile signs no public_id",
    );
  }
  const noDropIn = whyNoDropIn(ttl, dropIn, set);
  if (dropIn && noDropIn !== undefined && !set.has("public_id")) {
    complain("dropIn", `can't be true: ${noDropIn.reason}`);
  }
  for (const found of unscopedSelectors(set, accept, input.allow ?? [], anonymous))
    complain(found.at, found.problem);

  if (complaints.length > 0) return err(complaints);
  return ok({
    name,
    resourceType: input.resourceType ?? "auto",
    access: [...input.access],
    ttl,
    set,
    accept,
    dropIn,
    ...(noDropIn !== undefined && { noDropIn }),
  });
}

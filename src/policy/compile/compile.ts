// A profile as written -> a profile checked by meaning, or every complaint about it.

import { err, ok, type Result } from "../../result.ts";
import {
  type AcceptParam,
  type ClaimUse,
  type Complaint,
  MIN_TTL,
  type Profile,
  type ProfileInput,
  type SetParam,
  SIGNATURE_LIFE,
} from "../profile.ts";
import { compileLimits, foldKey, type LimitsInput } from "../tables/limits.ts";
import { SHARED_FILE_NAMES } from "../tables/methods.ts";
import { PARAMETERS, type Parameter, UNSIGNED_NAMES } from "../tables/parameters.ts";
import {
  ambiguity,
  claimsOf,
  isRandom,
  namesWay,
  placeKey,
  readTemplate,
  separators,
  type Template,
} from "../template.ts";
import { isEmpty, readValue } from "../value.ts";
import { fileNameComplaints, isSharedByFile } from "./file-name.ts";
import { checkScope, eachItem } from "./selectors.ts";

/** What a profile needs to know of the ways in it names. */
export interface WayTraits {
  /** Whether anybody can come in this way, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** The claims that callers by this way have, and that templates may take. */
  readonly claims: ReadonlySet<string>;
  /** Who tells the callers apart: two ways in of one party mean the same person by the same claim. */
  readonly identity?: string;
}

/** Ways in by name. */
export type WaysIn = ReadonlyMap<string, WayTraits>;

/** For callers who are no one in particular, the name is the server's and nothing is overwritten. */
const RANDOM_NAME = { public_id: "{uuid}", overwrite: false };

/** What the Upload Widget adds to everything it asks to sign; it chooses nothing. */
const WIDGET_SOURCE: Readonly<Record<string, LimitsInput>> = { source: { enum: ["uw"] } };

/** Why a name can't stand in `set` or `accept`, or the parameter it is. */
function findParameter(name: string): Result<Parameter, string> {
  if (UNSIGNED_NAMES.has(name)) return err("it travels beside the signed parameters and is never signed");
  if (name === "timestamp") return err("it is the server's own: write `ttl` for a shorter life");
  const parameter = PARAMETERS.get(name);
  return parameter
    ? ok(parameter)
    : err("no upload parameter has this name (R1); names are written as in Cloudinary's docs");
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
  for (const item of eachItem(template.value, parameter.kind === "csv")) {
    const ambiguous = ambiguity(item, "whole", parameter);
    if (ambiguous !== undefined) return err(ambiguous);
  }
  const { keys } = value.value;
  if (keys?.some((key) => /[{}]/.test(key)))
    return err("a key holds a brace, but nothing is filled in in keys");
  return ok({ parameter, template: template.value, ...(keys && { keys: new Set(keys) }) });
}

function compileAccept(name: string, limits: LimitsInput): Result<AcceptParam, string> {
  const found = findParameter(name);
  if (!found.ok) return found;
  const parameter = found.value;
  if (parameter.client === "never")
    return err("no client may choose it (R5): give it a value under `set`, or remove it");
  const compiled = compileLimits(name, parameter, limits);
  if (!compiled.ok) return compiled;
  const { prefix = [] } = compiled.value;
  if (isRandom(prefix)) return err("`prefix` holds {uuid}, which no client can know");
  const ambiguous = ambiguity(prefix, "prefix", parameter);
  return ambiguous === undefined ? ok({ parameter, limits: compiled.value }) : err(ambiguous);
}

/** `context` and `metadata` may be shared between server and client, key by key (R12). */
function sharesKey(set: SetParam, accept: AcceptParam): boolean {
  const folded = new Set([...(set.keys ?? [])].map(foldKey));
  return [...(accept.limits.keys ?? [])].some((key) => folded.has(foldKey(key)));
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

type Sets = ReadonlyMap<string, SetParam>;
type Accepts = ReadonlyMap<string, AcceptParam>;

/** Every template of a profile, and where it stands. */
function templatesOf(set: Sets, accept: Accepts): [at: string, template: Template][] {
  const sets = [...set].flatMap(([name, { parameter, template }]) =>
    eachItem(template, parameter.kind === "csv").map((item): [string, Template] => [`set.${name}`, item]),
  );
  const prefixes = [...accept].flatMap(([name, { limits }]): [string, Template][] =>
    limits.prefix === undefined ? [] : [[`accept.${name}`, limits.prefix]],
  );
  return [...sets, ...prefixes];
}

/** A claim means something only in the way in that gave it (R10, R11). */
function claimComplaints(
  access: readonly string[],
  ways: WaysIn,
  templates: [string, Template][],
): Complaint[] {
  const complaints: Complaint[] = [];
  for (const [at, template] of templates) {
    const claims = claimsOf(template);
    if (claims.length === 0) continue;
    for (const { claim } of claims) {
      // A way in that is not declared has a complaint of its own.
      const without = access.find((way) => ways.get(way)?.claims.has(claim) === false);
      if (without === undefined) continue;
      const known = [...(ways.get(without)?.claims ?? [])].join(", ") || "none";
      complaints.push({
        at,
        problem: `callers by the way in ${without} have no claim ${claim} (theirs: ${known}): list it in that way's \`claims\`, or take that way out of \`access\` (R10)`,
      });
    }
    const identities = new Set(access.map((way) => ways.get(way)?.identity ?? way));
    // A hash holds the way in, and ways in of one issuer mean the same person by the same claim.
    if (identities.size > 1 && !namesWay(template) && claims.some(({ hash }) => !hash)) {
      complaints.push({
        at,
        problem:
          "a claim of one way in could equal that of another: put {way} beside it, or name one way in alone (R11)",
      });
    }
  }
  return complaints;
}

function claimUses(templates: [string, Template][]): ClaimUse[] {
  const uses = new Map<string, ClaimUse & { separators: string[] }>();
  for (const [, template] of templates) {
    for (const { claim, hash } of claimsOf(template)) {
      const key = placeKey(claim, hash);
      if (!uses.has(key)) uses.set(key, { claim, hash, separators: [] });
    }
    for (const [place, separator] of separators(template)) uses.get(place)?.separators.push(separator);
  }
  return [...uses.values()];
}

/** Names of ways in are claims of the server's own, and end at their separator too. */
function wayNameComplaints(access: readonly string[], templates: [string, Template][]): Complaint[] {
  return templates.flatMap(([at, template]) =>
    separators(template)
      .filter(([place, separator]) => place === "way" && access.some((way) => way.includes(separator)))
      .map(([, separator]) => ({
        at,
        problem: `{way} ends at ${separator}, which stands in the name of a way in: use another separator`,
      })),
  );
}

/** Names that would come before a public ID that a client chooses, or may not: other methods could ignore them. */
const FOLDERS = ["folder", "asset_folder", "public_id_prefix"];

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
      complain(
        "access",
        `names a way in that is not declared; known: ${[...ways.keys()].join(", ")}; others are declared in \`access\``,
      );
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
  const added = dropIn && !set.has("source") ? WIDGET_SOURCE : {};
  for (const [param, limits] of Object.entries({ ...added, ...input.accept })) {
    const compiled = compileAccept(param, limits);
    if (compiled.ok) accept.set(param, compiled.value);
    else complain(`accept.${param}`, compiled.error);
  }

  for (const [param, accepted] of accept) {
    const fixed = set.get(param);
    if (fixed === undefined) continue;
    if (accepted.parameter.kind !== "pipe-context") {
      complain(`accept.${param}`, "is set by the server too: it can only be one of the two (R12)");
    } else {
      if (sharesKey(fixed, accepted))
        complain(
          `accept.${param}`,
          "one of its keys is set by the server too, whatever the case of its letters (R12)",
        );
    }
  }
  if (dropIn && (set.has("public_id") || accept.has("public_id"))) {
    complain(
      set.has("public_id") ? "set.public_id" : "accept.public_id",
      "a drop-in profile signs no public_id",
    );
  }
  const folder = FOLDERS.find((param) => set.has(param) || accept.has(param));
  if (accept.has("public_id") && folder !== undefined) {
    complain(
      "accept.public_id",
      `other methods may ignore ${folder}: put the folder into the prefix of public_id, and remove ${folder} (R3)`,
    );
  }
  const fixedName = set.get("public_id");
  const isRandomName = fixedName !== undefined && isRandom(fixedName.template);
  if (fixedName !== undefined && !isRandomName && folder !== undefined) {
    complain(
      "set.public_id",
      `accounts may make one name of ${folder} and the public ID, and others not: put the folder into public_id, and remove ${folder} (R3)`,
    );
  }
  const folderLimits = accept.get("folder")?.limits;
  if (folderLimits !== undefined && folderLimits.enum === undefined && folderLimits.prefix === undefined) {
    complain(
      "accept.folder",
      "a client could choose the folder of anybody: list folders in `enum`, or give a `prefix`",
    );
  }
  const noDropIn = whyNoDropIn(ttl, dropIn, set);
  if (dropIn && noDropIn !== undefined && !set.has("public_id")) {
    complain("dropIn", `can't be true: ${noDropIn.reason}`);
  }
  const templates = templatesOf(set, accept);
  complaints.push(
    ...claimComplaints(input.access, ways, templates),
    ...wayNameComplaints(input.access, templates),
  );
  complaints.push(...fileNameComplaints(set, input.allow ?? []));
  const scope = checkScope({ set, accept, allow: input.allow ?? [], anonymous });
  complaints.push(...scope.complaints);

  // All that is set is signed, whatever a client leaves out: one parameter, and the time.
  if (set.size === 0 && complaints.length === 0) {
    complain(
      "set",
      "is empty, and a signature over nothing but a time is no upload (R1): set overwrite: false at least",
    );
  }
  if (complaints.length > 0) return err(complaints);
  return ok({
    name,
    resourceType: input.resourceType ?? "auto",
    access: [...input.access],
    ttl,
    set,
    accept,
    claims: claimUses(templates),
    optIns: isSharedByFile(set) ? [...scope.optIns, SHARED_FILE_NAMES] : scope.optIns,
    dropIn,
    ...(noDropIn !== undefined && { noDropIn }),
  });
}

// What a profile may sign, told from the profile as it is written: a second and simpler reading of the rules,
// which shares no code with src/policy. Complaints are sentences; none means that the signature is fine.

import { createHash } from "node:crypto";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import type { LimitsInput } from "../../src/policy/tables/limits.ts";
import evidence from "../vectors/upload-params.json" with { type: "json" };

/** What is made anew for each signature. */
export interface Moment {
  readonly uuid: string;
  /** Unix seconds. */
  readonly now: number;
}

/** One signature: who asked, by which profile, and the parameters that were signed. */
export interface Signed {
  readonly profile: ProfileInput;
  readonly asker: Caller;
  readonly form: "ticket" | "drop-in";
  readonly params: Readonly<Record<string, string>>;
  readonly at: Moment;
}

/** Kinds by name, from the evidence. */
export const KINDS: ReadonlyMap<string, string> = new Map(
  evidence.params.map(({ name, kind }) => [name, kind]),
);

/** R10: where places are filled in. */
const TEMPLATED = [
  "public_id",
  "public_id_prefix",
  "folder",
  "asset_folder",
  "tags",
  "context",
  "metadata",
] as const;
const isTemplated = (name: string): boolean => (TEMPLATED as readonly string[]).includes(name);

/** A template with its places filled for one caller. */
export function filled(template: string, { access, claims }: Caller, { uuid, now }: Moment): string {
  return template.replace(/\{([^{}]*)\}/g, (_, place: string) => {
    if (place === "uuid") return uuid;
    if (place === "access") return access;
    if (place === "date") return new Date(now * 1000).toISOString().split("T")[0]!;
    const [claim = "", hash] = place.split("|");
    const text = String(claims[claim]);
    return hash === undefined
      ? text
      : createHash("sha256").update(`${access}\0${text}`).digest("hex").slice(0, 32);
  });
}

const escaped = (text: unknown): string => String(text).replaceAll("=", "\\=").replaceAll("|", "\\|");

/** What a profile's value of one parameter is as text, its places not filled. */
export function written(name: string, value: unknown): string {
  const kind = KINDS.get(name);
  if (kind === "boolean" || (kind === "boolean|json" && typeof value !== "object"))
    return String([true, 1, "1", "true"].includes(value as never));
  if (kind === "pipe-context" && typeof value === "object") {
    const pair = ([key, member]: [string, unknown]) =>
      `${key}=${Array.isArray(member) ? `[${member.map((item) => `"${escaped(item)}"`).join(",")}]` : escaped(member)}`;
    return Object.entries(value as object)
      .map(pair)
      .join("|");
  }
  if (kind === "json-array" && typeof value === "object")
    return JSON.stringify(Array.isArray(value) ? value : [value]);
  if (Array.isArray(value)) return value.join(kind === "csv" || kind === "double-array" ? "," : "|");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The text that one caller gets of what the profile sets. Places are filled before a context is escaped. */
export function fixedText(profile: ProfileInput, name: string, asker: Caller, at: Moment): string {
  const value = profile.set![name];
  const fill = (text: string) => (isTemplated(name) ? filled(text, asker, at) : text);
  if (KINDS.get(name) !== "pipe-context" || typeof value !== "object") return fill(written(name, value));
  const fillMember = (member: unknown): unknown =>
    Array.isArray(member) ? member.map(fillMember) : typeof member === "string" ? fill(member) : member;
  const members = Object.entries(value as object).map(([key, member]) => [key, fillMember(member)]);
  return written(name, Object.fromEntries(members));
}

/** `key=value|…` as pairs, escapes undone. */
function pairsOf(text: string): [key: string, value: string][] {
  return text.split(/(?<!\\)\|/).map((pair) => {
    const end = pair.search(/(?<!\\)=/);
    const plain = (part: string) => part.replace(/\\([=|])/g, "$1");
    return [plain(pair.slice(0, end)), plain(pair.slice(end + 1))];
  });
}

/** A text by its meaning, for spellings that mean the same. */
function meaning(name: string, text: string): string {
  const kind = KINDS.get(name);
  if (kind === "boolean") return String(text === "1" || text === "true");
  if (kind === "integer" || kind === "float") return String(Number(text));
  if (kind === "double-array") return text.replace(/[^,|]+/g, (number) => String(Number(number)));
  if (kind === "pipe-context") return JSON.stringify(pairsOf(text).sort());
  return text;
}

/** A profile with what it has without being written: documented, so it is repeated here. */
export function withDefaults(profile: ProfileInput, anonymous: boolean): ProfileInput {
  const has = (part: "set" | "accept", name: string) => Object.hasOwn(profile[part] ?? {}, name);
  if (profile.dropIn === true) {
    const isGiven = has("set", "source") || has("accept", "source");
    return isGiven ? profile : { ...profile, accept: { source: { enum: ["uw"] }, ...profile.accept } };
  }
  if (!anonymous || has("accept", "public_id")) return profile;
  return { ...profile, set: { public_id: "{uuid}", overwrite: false, ...profile.set } };
}

/** Why one text of a client breaks limits, or nothing. */
function brokenText(text: string, limits: LimitsInput, prefix: string): string | undefined {
  if (text.length > (limits.maxLength ?? 255)) return "is too long";
  if (!text.startsWith(prefix)) return `does not begin with ${prefix}`;
  if (limits.charset === undefined) return undefined;
  return new RegExp(`^[${limits.charset}]*$`, "u").test(text.slice(prefix.length))
    ? undefined
    : "holds a character that is not allowed";
}

function brokenNumbers(text: string, { min, max }: LimitsInput): string | undefined {
  for (const part of text.split(/[,|]/)) {
    const number = Number(part);
    if (!/^-?\d+(\.\d+)?$/.test(part) || !Number.isFinite(number)) return "is no number";
    if (number < (min ?? -Infinity) || number > (max ?? Infinity)) return "lies outside of min and max";
  }
  return undefined;
}

/** Why a client's pairs break limits, or nothing. `text` holds no pair of the server's. */
function brokenPairs(pairs: [string, string][], limits: LimitsInput): string | undefined {
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) return "has a key twice";
  for (const [key, value] of pairs) {
    if (!limits.keys?.includes(key)) return `has the key ${key}`;
    if (value.includes("\\")) return "has a value with a backslash";
    const isList = value.startsWith('["') && value.endsWith('"]');
    const items = isList ? value.slice(2, -2).split('","') : [value];
    if (items.length > (limits.maxItems ?? 20)) return "has a list that is too long";
    for (const item of items) {
      const broken = item === "" ? "is empty" : brokenText(item, limits, "");
      if (broken !== undefined) return `has a value that ${broken}`;
    }
  }
  return undefined;
}

/** Why a client's value, as it was signed, breaks the limits of its profile; or nothing. */
function brokenLimit(name: string, text: string, limits: LimitsInput, prefix: string): string | undefined {
  const kind = KINDS.get(name);
  const allowed = limits.enum?.map((item) => meaning(name, String(item)));
  if (kind === "csv") {
    const items = text.split(",");
    if (items.length > (limits.maxItems ?? 20)) return "has too many items";
    if (items.includes("")) return "has an empty item";
    const outside = allowed && items.find((item) => !allowed.some((one) => one.split(",").includes(item)));
    if (outside !== undefined) return `has the item ${outside}`;
    return items.map((item) => brokenText(item, limits, prefix)).find((broken) => broken !== undefined);
  }
  if (kind === "pipe-context") return brokenPairs(pairsOf(text), limits);
  if (allowed !== undefined && !allowed.includes(meaning(name, text))) return "is not in enum";
  if (kind === "double-array") {
    const boxes = text.split("|");
    if (boxes.length > (limits.maxItems ?? 20)) return "has too many boxes";
    if (boxes.some((box) => box.split(",").length !== 4)) return "is no box";
    return brokenNumbers(text, limits);
  }
  if (kind === "integer" || kind === "float") return brokenNumbers(text, limits);
  if (kind === "boolean") return /^(true|false|1|0)$/.test(text) ? undefined : "is no boolean";
  return brokenText(text, limits, prefix);
}

/** Names that no client may choose, and those of which it may choose whole values alone (R5, R6). */
const NEVER =
  /^(use_filename|unique_filename|filename_override|public_id_prefix|asset_folder|use_asset_folder_as_public_id_prefix|return_delete_token|manifest_.*|template.*|eval|on_success|callback|notification_url|eager_notification_url|proxy|headers|type|access_mode|access_control|overwrite|invalidate|upload_preset|backup|async)$/;
const WHOLE =
  /^(eager|transformation|responsive_breakpoints|raw_convert|ocr|detection|categorization|auto_tagging|moderation|background_removal|similarity_search|visual_search|auto_transcription|auto_chaptering|quality_analysis|accessibility_analysis)$/;

/** The part of a context that the client chose, and whether the server's part is as it is set. */
function clientPairs({ profile, asker, at, params }: Signed, name: string): [string, string][] | undefined {
  const fixed = pairsOf(fixedText(profile, name, asker, at));
  const pairs = pairsOf(params[name]!);
  const isFixed = ([key, value]: [string, string]) =>
    fixed.some(([fixedKey, fixedValue]) => fixedKey === key && fixedValue === value);
  return pairs.filter(isFixed).length === fixed.length ? pairs.filter((pair) => !isFixed(pair)) : undefined;
}

/** The client can only narrow: what the server sets is there unchanged, and all else is within its limits. */
export function narrowingComplaints(signed: Signed): string[] {
  const { profile, asker, form, params, at } = signed;
  const complaints: string[] = [];
  for (const [name, text] of Object.entries(params)) {
    const isSet = profile.set !== undefined && Object.hasOwn(profile.set, name);
    const limits =
      profile.accept !== undefined && Object.hasOwn(profile.accept, name) ? profile.accept[name] : undefined;
    if (name === "timestamp") continue;
    if (isSet && KINDS.get(name) === "pipe-context") {
      const free = clientPairs(signed, name);
      if (free === undefined) complaints.push(`${name} is not as the server sets it`);
      else if (free.length > 0) {
        const server = pairsOf(fixedText(profile, name, asker, at)).map(([key]) => key.toLowerCase());
        if (free.some(([key]) => server.includes(key.toLowerCase())))
          complaints.push(`${name} has a key of the server's`);
        const broken = limits === undefined ? "is not accepted" : brokenPairs(free, limits);
        if (broken !== undefined) complaints.push(`${name} ${broken}`);
      }
    } else if (isSet) {
      const fixed = fixedText(profile, name, asker, at);
      const same = form === "ticket" ? text === fixed : meaning(name, text) === meaning(name, fixed);
      if (!same) complaints.push(`${name} is not as the server sets it`);
    } else if (limits === undefined) complaints.push(`${name} is neither set nor accepted`);
    else {
      if (NEVER.test(name)) complaints.push(`${name} was chosen by a client (R5)`);
      if (WHOLE.test(name) && limits.enum === undefined) complaints.push(`${name} is no whole value (R6)`);
      const prefix = isTemplated(name) ? filled(limits.prefix ?? "", asker, at) : (limits.prefix ?? "");
      const broken = brokenLimit(name, text, limits, prefix);
      if (broken !== undefined) complaints.push(`${name} ${broken}`);
    }
  }
  for (const name of Object.keys(profile.set ?? {}))
    if (!Object.hasOwn(params, name)) complaints.push(`${name} is set and was not signed`);
  return complaints;
}

/** R1, R2 and R9: what holds for every signature. */
export function formComplaints({ profile, form, params, at }: Signed): string[] {
  const complaints: string[] = [];
  const entries = Object.entries(params);
  if (entries.length < 2) complaints.push("R1: fewer than two parameters");
  for (const [name, text] of entries) {
    if (!/^[a-z][a-z_]*$/.test(name) || !KINDS.has(name)) complaints.push(`R1: ${name} is not in the table`);
    if (typeof text !== "string" || text === "") complaints.push(`R9: ${name} is no text, or empty`);
    if (text.includes("%26")) complaints.push(`R9: ${name} holds %26`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
    if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) complaints.push(`R9: ${name} holds a control character`);
    if (!text.isWellFormed()) complaints.push(`R9: ${name} holds half of a surrogate pair`);
    if (text.includes("&") && name !== "context" && name !== "metadata")
      complaints.push(`R9: ${name} holds &`);
    // What the server sets and what a client adds are bounded each.
    if (text.length > 2 * 4096 + 1) complaints.push(`R9: ${name} is too long`);
  }
  const { timestamp = "" } = params;
  if (form === "ticket" && timestamp !== String(at.now - 3600 + (profile.ttl ?? 3600)))
    complaints.push("R2: the timestamp is not the server's");
  if (!/^\d+$/.test(timestamp) || Number(timestamp) > at.now + 60 || Number(timestamp) < at.now - 3600)
    complaints.push("R2: the timestamp is out of range");
  if (form === "drop-in" && Number(timestamp) < at.now - 600) complaints.push("R2: the timestamp is too old");
  return complaints;
}

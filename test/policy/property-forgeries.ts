// What a signature would also be. Twice: as texts, by the names that other methods are told by what to work on;
// and as hashes, by the official SDK, which builds or verifies each forgery (src/testing/audit).

import { v2 as cloudinary } from "cloudinary";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { FORGERIES } from "../../src/testing/audit/forgeries.ts";
import { isProven } from "../../src/testing/audit/proofs.ts";
import { type Account, searchUrl, signedUrl, utils, withSettings } from "../../src/testing/audit/sdk.ts";
import { filled, type Moment, valuesOf, written } from "./property-texts.ts";
import type { Signed } from "./property-trial.ts";

/** What tells each method on what to work, written from the evidence by hand; any row is enough. */
export const SELECTORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  destroy: [["public_id"]],
  explicit: [["public_id"]],
  download: [["public_id"]],
  explode: [["public_id", "transformation"]],
  generate_archive: [["tags"], ["public_ids"], ["fully_qualified_public_ids"], ["prefixes"]],
  rename: [["from_public_id", "to_public_id"]],
  tags: [["command", "public_ids"]],
  context: [["command", "public_ids"]],
  metadata: [["public_ids"]],
  text: [["text"]],
  sprite: [["tag"], ["urls"]],
  multi: [["tag"], ["urls"]],
  download_tag_zip: [["tag"]],
  download_backup: [["asset_id", "version_id"]],
  "asset/destroy": [["asset_id"]],
  "asset/download": [["asset_id"]],
  "video/concat": [["urls"]],
  create_slideshow: [["manifest_json"], ["manifest_transformation"]],
  create_collage: [["manifest_json"]],
  eval: [["eval"]],
  console_login: [["cloud_name", "username"]],
};

/** What `allow` must name, for each method that can be opted in to, or for one of its selectors. */
export const OPT_INS: Readonly<Record<string, string>> = {
  "create_slideshow manifest_json": "slideshow-by-manifest",
  "create_slideshow manifest_transformation": "slideshow-by-transformation",
  create_collage: "collage-by-manifest",
  eval: "eval-by-script",
  destroy: "destroy-by-public-id",
  explicit: "explicit-by-public-id",
  download: "download-by-public-id",
  explode: "explode-by-public-id",
  generate_archive: "archive-by-tag",
};

/** What is a caller's own of one selector: whole values that the server sets, and the start of those it leaves. */
export interface Own {
  readonly whole: readonly string[];
  readonly prefix?: string;
}

/** A place that only one caller's names hold; `{access}`, `{date}` and fixed text are shared. */
const HAS_CLAIM = /\{(?!uuid\}|access\}|date\})[^{}]+\}/;

/** What is this caller's own by the profile as it is written. */
export function ownOf(profile: ProfileInput, name: string, asker: Caller, at: Moment): Own {
  const set = profile.set?.[name];
  const items = set === undefined ? [] : valuesOf(name, written(set));
  const prefix = profile.accept?.[name]?.prefix;
  return {
    whole: items
      .filter((item) => /\{uuid\}/.test(item) || HAS_CLAIM.test(item))
      .map((item) => filled(item, asker, at)),
    ...(prefix !== undefined && HAS_CLAIM.test(prefix) && { prefix: filled(prefix, asker, at) }),
  };
}

const isOwn = (value: string, { whole, prefix }: Own): boolean =>
  whole.includes(value) || (prefix !== undefined && value.startsWith(prefix));

/** Whether the profile's owner accepted by name that whoever comes in gets signatures over this value. */
export function isGivenUp(
  { profile, asker, at }: Signed,
  name: "public_id" | "tags",
  value: string,
): boolean {
  const risk = name === "tags" ? "by-tag" : "by-public-id";
  if (!profile.allow?.some((optIn) => optIn.endsWith(risk))) return false;
  const set = profile.set?.[name];
  const fixed = set === undefined ? [] : valuesOf(name, written(set)).filter((item) => !HAS_CLAIM.test(item));
  const chosen = profile.accept?.[name];
  const isFree = chosen !== undefined && !HAS_CLAIM.test(chosen.prefix ?? "");
  return isFree || fixed.some((item) => filled(item, asker, at) === value);
}

/** The selectors of other methods in what was signed that are not the caller's own, unless opted in to. */
export function scopeComplaints(signed: Signed, isAnonymous: boolean): string[] {
  const { profile, asker, params, at } = signed;
  const isScoped = (name: string) =>
    valuesOf(name, params[name]).every((value) => isOwn(value, ownOf(profile, name, asker, at)));
  return Object.entries(SELECTORS).flatMap(([method, rows]) =>
    rows
      .filter((row) => row.every((name) => Object.hasOwn(params, name)) && !row.some(isScoped))
      .filter((row) => {
        const isChosen = row.some((name) => profile.set?.[name] === undefined);
        const optIn = OPT_INS[`${method} ${row[0]}`] ?? OPT_INS[method] ?? "";
        return !profile.allow?.includes(optIn) || (isAnonymous && isChosen);
      })
      .map((row) => `valid for ${method}: ${row.map((name) => `${name}=${params[name]}`).join(" ")}`),
  );
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What the signed text would be where Cloudinary itself signs: answers, notifications, delivery URLs. */
export function textComplaints(text: string): string[] {
  const complaints: string[] = [];
  const digits = /\d*$/.exec(text)![0].length;
  for (let cut = 1; cut <= digits; cut += 1)
    if (isJson(text.slice(0, -cut))) complaints.push("a notification whose body is JSON");
  if (/^public_id=[^&]*&version=\d+$/.test(text)) complaints.push("the answer to an upload");
  if (/^\d+[\w+/-]*={0,2}$/.test(text)) complaints.push("a signed search URL");
  if (!text.includes("&")) complaints.push("a delivery URL whose public ID holds no &");
  return complaints;
}

/** Hex as the part of a delivery URL: the SDK's own form. */
const deliveryPart = (signature: string, { algorithm }: Account): string =>
  Buffer.from(signature, "hex")
    .toString("base64url")
    .slice(0, algorithm === "sha256" ? 32 : 8);

/** What the official SDK would build or verify of this signature against names of a victim. */
export function provenForgeries(
  { params, at }: Pick<Signed, "params" | "at">,
  signature: string,
  account: Account,
  victims: readonly string[],
): string[] {
  const found: string[] = [];
  const { timestamp } = params;
  for (const victim of victims) {
    for (const { id, proof } of FORGERIES) {
      for (const base of [{}, params]) {
        const claim = { signature, account, victim, now: at.now, signed: { timestamp }, base };
        if (isProven(proof, claim)) found.push(`${id} of ${victim}`);
      }
    }
    const isResponse = () => utils.verify_api_response_signature(victim, at.now, signature);
    if (withSettings(account, isResponse)) found.push(`response of ${victim}`);
    for (const ttl of [300, 3600]) {
      const url = searchUrl(`public_id:${victim}`, ttl, account);
      if (url.includes(`/search/${signature}/`)) found.push(`search of ${victim}`);
    }
    for (const transformation of ["", "w_100", "l_text:Arial_10:a"]) {
      const url = signedUrl(victim, transformation, account);
      if (url.includes(`/s--${deliveryPart(signature, account)}--/`)) found.push(`delivery of ${victim}`);
    }
  }
  return found;
}

/** The bodies that the SDK takes for a notification's, told by `text`, which was signed. */
export function notificationBodies(text: string, signature: string, account: Account): string[] {
  const verify = cloudinary.utils.verifyNotificationSignature as (
    body: string,
    timestamp: number,
    signature: string,
    validFor: number,
  ) => boolean;
  const digits = /\d*$/.exec(text)![0].length;
  return Array.from({ length: digits }, (_, i) => text.length - 1 - i)
    .map((end) => [text.slice(0, end), text.slice(end)] as const)
    .filter(([body, time]) =>
      withSettings(account, () =>
        verify(body, time as unknown as number, signature, Number.POSITIVE_INFINITY),
      ),
    )
    .map(([body]) => body);
}

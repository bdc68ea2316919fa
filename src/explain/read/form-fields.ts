// Forms: fields out of values, out of a body as it was sent, and what a request with such a body says.

import type { Evidence, Fields, Sent } from "../evidence.ts";
import { isSecretName } from "./hidden-secrets.ts";
import { isLiterals, type Literal, readLiteral, UNKNOWN } from "./literal.ts";

type Field = readonly [name: string, value: string];

function textOf(value: Literal): string | undefined {
  if (value === null || value === undefined || value === UNKNOWN) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A list as an SDK signs it, or as a form sends it. */
function listOf(name: string, items: readonly Literal[], side: "signed" | "sent"): readonly Field[] {
  const texts = items.map(textOf).filter((text) => text !== undefined);
  if (side === "signed") return [[name, texts.join(",")]];
  return texts.map((text) => [name.endsWith("[]") ? name : `${name}[]`, text]);
}

/** One of a list of fields: a pair, as `[...formData]` prints it, or an object that names both. */
function pairOf(item: Literal): readonly [string, Literal] | undefined {
  const [name, value]: readonly Literal[] = Array.isArray(item)
    ? item
    : isLiterals(item)
      ? [item.name ?? item.key, item.value]
      : [];
  return typeof name === "string" ? [name, value] : undefined;
}

function pairsOf(value: Literal): readonly (readonly [string, Literal])[] | undefined {
  if (isLiterals(value)) return Object.entries(value);
  if (!Array.isArray(value)) return undefined;
  const pairs = value.map(pairOf).filter((pair) => pair !== undefined);
  return pairs.length === value.length ? pairs : undefined;
}

/** The fields of an object or a list of pairs. What has no known value is left out. */
export function fieldsOf(value: Literal, side: "signed" | "sent"): Fields | undefined {
  return pairsOf(value)?.flatMap(([name, item]): readonly Field[] => {
    if (isSecretName(name)) return side === "sent" ? [[name, ""]] : [];
    if (Array.isArray(item)) return listOf(name, item, side);
    const text = textOf(item);
    return text === undefined ? [] : [[name, text]];
  });
}

/** A form without its file; of a secret only the name. */
export function sentForm(fields: Fields, isWhole: boolean, url?: string): Sent {
  const hasFile = fields.some(([name]) => name === "file");
  return {
    ...(url !== undefined && { url }),
    fields: fields
      .filter(([name]) => name !== "file")
      .map(([name, value]) => [name, isSecretName(name) ? "" : value]),
    ...((hasFile || isWhole) && { hasFile }),
  };
}

export const urlEncoded = (body: string): Fields => [...new URLSearchParams(body)];

const PART_NAME = /;\s{0,9}name="([^"\r\n]{0,1000})"|;\s{0,9}name=([^\s;"]{1,1000})/i;
/** How browsers write these three in a name. */
const NAME_ESCAPES = /%(?:22|0D|0A)/g;

/** The parts of a multipart body whose first boundary is at `at`. Nothing where none ends. */
export function multipart(
  text: string,
  at: number,
): { readonly fields: Fields; readonly isWhole: boolean; readonly end: number } | undefined {
  const lineEnd = text.indexOf("\n", at);
  if (lineEnd < 0) return undefined;
  const boundary = `\n${text.slice(at, lineEnd).trimEnd()}`;
  const fields: Field[] = [];
  let from = lineEnd + 1;
  for (let next = text.indexOf(boundary, from - 1); next >= 0; next = text.indexOf(boundary, from)) {
    const part = text.slice(from, next).replace(/\r$/, "");
    const blank = /\r?\n\r?\n/.exec(part);
    const head = blank ? part.slice(0, blank.index) : part;
    const name = PART_NAME.exec(head);
    const value = blank ? part.slice(blank.index + blank[0].length) : "";
    const isFile = /;\s{0,9}filename\*?=/i.test(head);
    const plain = (name?.[1] ?? name?.[2])?.replace(NAME_ESCAPES, decodeURIComponent);
    if (plain !== undefined && (plain === "file" || !isFile)) fields.push([plain, isFile ? "" : value]);
    from = next + boundary.length;
    if (text.startsWith("--", from)) return { fields, isWhole: true, end: from + 2 };
    from += /^\r?\n?/.exec(text.slice(from, from + 2))![0].length;
  }
  return fields.length > 0 ? { fields, isWhole: false, end: from } : undefined;
}

/** An address of Cloudinary's API, or of what stands in for it. */
export const isUploadAddress = (url: string): boolean => /\/v1_1\//.test(url);

/** An address without who asks, and without its query, which holds fields. */
export function plainAddress(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!;
  return path.replace(/^(https?:\/\/)[^/@]{1,1000}@/i, "$1");
}

/** Names that only a form for Cloudinary has. */
const TELLING = new Set(["signature", "api_key", "upload_preset"]);

/** What a form says that was sent: nothing, where it was for something else than Cloudinary. */
export function formEvidence(url: string | undefined, fields: Fields, isWhole = true): Evidence {
  const query = url?.includes("?") ? urlEncoded(url.slice(url.indexOf("?") + 1).split("#", 1)[0]!) : [];
  const all = [...query, ...fields];
  const isUpload = url !== undefined && isUploadAddress(url);
  if (!isUpload && !all.some(([name]) => TELLING.has(name))) return {};
  return { sent: sentForm(all, isWhole, url === undefined ? undefined : plainAddress(url)) };
}

/** The same of a body of JSON, which may also be what a component asked a signer for. */
function jsonEvidence(url: string | undefined, body: Literal): Evidence {
  const asked = isLiterals(body) ? fieldsOf(body.paramsToSign, "signed") : undefined;
  return asked ? { signed: { fields: asked } } : formEvidence(url, fieldsOf(body, "sent") ?? []);
}

/** The body of a request, read by what it looks like. */
export function bodyEvidence(url: string | undefined, body: string): Evidence {
  const start = body.length - body.trimStart().length;
  if (body.startsWith("--", start)) {
    const form = multipart(body, start);
    return formEvidence(url, form?.fields ?? [], form?.isWhole ?? false);
  }
  if (body.startsWith("{", start)) return jsonEvidence(url, readLiteral(body, start).value);
  return formEvidence(url, urlEncoded(body));
}

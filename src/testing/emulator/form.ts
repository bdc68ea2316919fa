// Request body -> fields, lists and file. The platform's own parser reads it: it took what curl, FormData and the
// official SDK send, all but one thing: a quote or a line break in a file name that is not written as %22 or
// %0A, as the SDK and curl before 7.81 do, is refused as malformed.

import { err, ok, type Result } from "../../result.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** What a request carries. */
export interface UploadForm {
  /** Every field but `file`; a list `name[]` is here as `name`, joined with commas, as it is signed. */
  readonly fields: ReadonlyMap<string, string>;
  /** The items of each list that came as `name[]`. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly file: File | string | undefined;
}

const FORM_TYPES = ["multipart/form-data", "application/x-www-form-urlencoded"];

/** Reads a form, or JSON. Of a repeated field the last value wins (assumed). */
export async function readForm(request: Request): Promise<Result<UploadForm, Refusal>> {
  const mediaType = (request.headers.get("Content-Type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  const isJson = mediaType === "application/json";
  if (!isJson && !FORM_TYPES.includes(mediaType)) return err(REFUSALS.notAForm());

  try {
    return isJson ? formOfJson(await request.json()) : formOf(await (await parsable(request)).formData());
  } catch {
    return err(REFUSALS.malformed(`the body does not parse as ${isJson ? "JSON" : "a form"}`));
  }
}

/** A boundary that no file holds by accident. */
const LONG_BOUNDARY = "a-boundary-that-no-file-holds-by-accident";

/**
 * The platform's parser looks for a boundary in a file's bytes without the line break and the dashes before it. The
 * official SDK draws boundaries at random, of few letters sometimes, which a large file does hold: such a one is replaced.
 */
async function parsable(request: Request): Promise<Request | Response> {
  const type = request.headers.get("Content-Type") ?? "";
  const boundary = /^multipart\/form-data; *boundary=([a-z0-9]{1,20})$/i.exec(type)?.[1];
  if (boundary === undefined) return request;
  const sent = Buffer.from(await request.arrayBuffer());
  const delimiter = `\r\n--${boundary}`;
  const parts: Uint8Array[] = [];
  let from = 0;
  // The first delimiter has no line before it.
  if (sent.subarray(0, delimiter.length - 2).equals(Buffer.from(delimiter.slice(2)))) {
    parts.push(Buffer.from(`--${LONG_BOUNDARY}`));
    from = delimiter.length - 2;
  }
  for (let at = sent.indexOf(delimiter, from); at !== -1; at = sent.indexOf(delimiter, from)) {
    parts.push(sent.subarray(from, at), Buffer.from(`\r\n--${LONG_BOUNDARY}`));
    from = at + delimiter.length;
  }
  parts.push(sent.subarray(from));
  return new Response(new Blob(parts as BlobPart[]), {
    headers: { "Content-Type": `multipart/form-data; boundary=${LONG_BOUNDARY}` },
  });
}

/**
 * A JSON object as a form, which public code sends with an address or a `data:` URI as `file`. Assumed is all of it: lists
 * count as `name[]`, numbers and booleans as their texts, and `null` as not sent.
 */
function formOfJson(body: unknown): Result<UploadForm, Refusal> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return err(REFUSALS.malformed("the body is not a JSON object"));
  const sent: [string, string][] = [];
  for (const [name, value] of Object.entries(body)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (items.some((item) => typeof item === "object" && item !== null))
      return err(REFUSALS.malformed(`${name} holds an object`));
    // No form can hold it, and no address.
    if (![name, ...items].every((text) => String(text).isWellFormed()))
      return err(REFUSALS.malformed("half a character"));
    const key = Array.isArray(value) && !name.endsWith("[]") ? `${name}[]` : name;
    for (const item of items) if (item !== null) sent.push([key, String(item)]);
  }
  return formOf(sent);
}

/** The names and values of a form, or of an address's query, which never has a file. */
export function formOf(sent: Iterable<[string, File | string]>): Result<UploadForm, Refusal> {
  const scalars = new Map<string, string>();
  const lists = new Map<string, string[]>();
  let file: File | string | undefined;
  for (const [name, value] of sent) {
    if (name === "file") file = value;
    else if (typeof value !== "string") return err(REFUSALS.malformed(`${name} is a file`));
    else if (name.endsWith("[]")) appendTo(lists, name.slice(0, -2), value);
    else scalars.set(name, value);
  }

  const fields = new Map(scalars);
  for (const [name, items] of lists) {
    if (scalars.has(name)) return err(REFUSALS.malformed(`${name} is sent as a list and as a string`));
    fields.set(name, items.join(","));
  }
  return ok({ fields, lists, file });
}

/**
 * A list's items, which may hold commas: of `name[]=a&name[]=b` as they came, of `name=a,b` between the commas. Both have
 * one string to sign. That Cloudinary takes the second form is known from its SDK for Go, which sends the `public_ids` of
 * `context`, and of archives prefixes, tags and qualified IDs so; of `tags`, `metadata` and archives' `public_ids`, which
 * it sends otherwise, it is assumed.
 */
export function itemsOf(
  { fields, lists }: Pick<UploadForm, "fields" | "lists">,
  name: string,
): readonly string[] {
  return lists.get(name)?.filter((item) => item !== "") ?? split(fields.get(name));
}

/** `a, b` -> `["a", "b"]` */
export function split(list: string | undefined): string[] {
  return (list ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** A boolean field as the SDKs (`1`, `0`) and the Upload Widget (`true`, `false`) write it. */
export function flag(value: string | undefined): boolean | undefined {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  return undefined;
}

function appendTo(lists: Map<string, string[]>, name: string, value: string): void {
  const items = lists.get(name);
  if (items) items.push(value);
  else lists.set(name, [value]);
}

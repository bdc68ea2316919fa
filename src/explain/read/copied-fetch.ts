// A call of `fetch` as a browser copies it or a person writes it, and the lines of code that fill a form.

import type { Evidence, Fields } from "../evidence.ts";
import { bodyEvidence, formEvidence, isUploadAddress } from "./form-fields.ts";
import { isLiterals, type Read, readLiteral } from "./literal.ts";

/** The call whose arguments begin at `at`, after the bracket. */
export function readFetch(text: string, at: number): Read<Evidence> {
  const address = readLiteral(text, skipSpace(text, at));
  const url = typeof address.value === "string" ? address.value : undefined;
  if (url === undefined) return { end: address.end };
  const comma = skipSpace(text, address.end);
  if (text[comma] !== ",") return { end: comma };
  const options = readLiteral(text, skipSpace(text, comma + 1));
  const body = isLiterals(options.value) ? options.value.body : undefined;
  if (typeof body === "string") return { value: bodyEvidence(url, body), end: options.end };
  // The form stands elsewhere: in lines that fill it, or not at all.
  if (!isUploadAddress(url)) return { end: options.end };
  return { value: formEvidence(url, [], false), end: options.end };
}

const SPACE = /\s*/y;

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

/** A form's names look like this, a header's don't. */
const FIELD_NAME = /^[a-z][a-z0-9_]{0,60}(\[\])?$/;

/** The field of `form.append("name", "value")`, from after the bracket; none where the value is an expression. */
export function readAppend(text: string, at: number): Read<Fields[number]> {
  const name = readLiteral(text, skipSpace(text, at));
  if (typeof name.value !== "string" || !FIELD_NAME.test(name.value)) return { end: name.end };
  const comma = skipSpace(text, name.end);
  if (text[comma] !== ",") return { end: comma };
  if (name.value === "file") return { value: ["file", ""], end: comma };
  const value = readLiteral(text, skipSpace(text, comma + 1));
  if (!["string", "number", "boolean"].includes(typeof value.value)) return { end: value.end };
  return { value: [name.value, String(value.value)], end: value.end };
}

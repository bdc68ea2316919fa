// What somebody pasted of a refused request, from a file, a pipe or the keyboard.

import { readFile } from "node:fs/promises";
import type { Evidence, Fields } from "../explain/evidence.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";

/** Longest text that is read, in characters. */
const MAX_LENGTH = 256 * 1024;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, item]) =>
        [item].flat().map((one) => [name, typeof one === "string" ? one : JSON.stringify(one)] as const),
      )
    : undefined;

/** `{ "message", "fields" }`: Cloudinary's words, and the form that was sent. */
function fromJson(text: string): Evidence | undefined {
  try {
    const { message, fields } = JSON.parse(text);
    const sent = fieldsOf(fields);
    if (typeof message !== "string" && sent === undefined) return undefined;
    return { ...(typeof message === "string" && { message }), ...(sent && { sent: { fields: sent } }) };
  } catch {
    return undefined;
  }
}

/** The text of a file; `-`, or none, is what is piped or typed. */
async function textOf(file: string | undefined, { stdin, err }: Io): Promise<string> {
  if (file !== undefined && file !== "-")
    return readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
      throw new Fixable(code === "ENOENT" ? `${file} is not there` : `${file} can't be read (${code})`);
    });
  if (stdin === undefined) throw new Fixable("name a file, or pipe the text into it");
  if (stdin.isTerminal) err("Paste Cloudinary's answer, and what was sent; then press Ctrl-D:");
  return stdin.read(MAX_LENGTH + 1);
}

export async function readEvidence(file: string | undefined, io: Io): Promise<Evidence> {
  const text = await textOf(file, io);
  if (text.length > MAX_LENGTH)
    throw new Fixable("paste less: the message, the form and the code are enough");
  if (text.trim() === "") throw new Fixable("paste what Cloudinary answered, such as `Invalid Signature …`");
  return fromJson(text) ?? { message: text, code: text };
}

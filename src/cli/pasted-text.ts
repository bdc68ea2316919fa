// What somebody pasted of a refused request, from a file, a pipe or the keyboard.

import { createReadStream } from "node:fs";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { plain } from "./terminal.ts";

/** Longest text that is read, in characters. */
const MAX_LENGTH = 256 * 1024;

/** As PowerShell writes a file. */
const UTF16_MARK = "fffe";

/** A file's text, or the beginning of one that may have no end. */
async function fileText(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  // A character has four bytes at most.
  for await (const chunk of createReadStream(file, { end: 4 * MAX_LENGTH })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const isUtf16 = bytes.toString("hex", 0, 2) === UTF16_MARK;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

const FAULTS: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `name a file that is there: ${file} is not`,
  EISDIR: (file) => `name a file: ${file} is a folder`,
};

/** The text of a file; `-`, or none, is what is piped or typed. */
async function textOf(file: string | undefined, { stdin, err }: Io): Promise<string> {
  if (file !== undefined && file !== "-")
    return fileText(file).catch(({ code = "" }: NodeJS.ErrnoException) => {
      const shown = plain(file);
      throw new Fixable(FAULTS[code]?.(shown) ?? `make it readable: ${shown} can't be read (${code})`);
    });
  if (stdin === undefined) throw new Fixable("name a file, or pipe the text into it");
  if (stdin.isTerminal) err("Paste Cloudinary's answer, and what was sent; then press Ctrl-D:");
  return stdin.read(MAX_LENGTH + 1);
}

/** The text, if it is one; whether it tells of a refusal is for its reader. */
export async function pastedText(file: string | undefined, io: Io): Promise<string> {
  const text = await textOf(file, io);
  if (text.length > MAX_LENGTH)
    throw new Fixable("paste less: the message, the form and the code are enough");
  if (text.trim() === "") throw new Fixable("paste what Cloudinary answered, such as `Invalid Signature …`");
  return text;
}

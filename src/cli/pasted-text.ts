// What somebody pasted of a refused request: from a file, a pipe or the keyboard, or in quotes in the place of a file.

import { readFile } from "node:fs/promises";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";

/** Longest text that is read, in characters. */
const MAX_LENGTH = 256 * 1024;

/** Of a path that leads to nothing; a text is too long for one, or has a file in the place of a folder. */
const NO_FILE = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

/** The text of a file, or the text itself where there is no such file; `-`, or none, is what is piped or typed. */
async function textOf(file: string | undefined, { stdin, err }: Io): Promise<string> {
  if (file !== undefined && file !== "-")
    return readFile(file, "utf8").catch(({ code = "" }: NodeJS.ErrnoException) => {
      const isThere = !NO_FILE.includes(code);
      if (!isThere && file.includes(" ")) return file;
      throw new Fixable(
        isThere
          ? `${file} can't be read (${code}): make it readable`
          : `No such file: ${file}. Name one that is there, or paste the text itself between quotes.`,
      );
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

// What somebody pasted of a refused request, from a file, a pipe or the keyboard.

import { readFile } from "node:fs/promises";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";

/** Longest text that is read, in characters. */
const MAX_LENGTH = 256 * 1024;

/** The text of a file; `-`, or none, is what is piped or typed. */
async function textOf(file: string | undefined, { stdin, err }: Io): Promise<string> {
  if (file !== undefined && file !== "-")
    return readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
      throw new Fixable(
        code === "ENOENT"
          ? `name a file that is there: ${file} is not`
          : `make it readable: ${file} can't be read (${code})`,
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

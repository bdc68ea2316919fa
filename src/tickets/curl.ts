// A ticket as the command a person would type, quoted for any POSIX shell.

import { isWebAddress } from "../web-address.ts";
import type { Ticket } from "./ticket.ts";

/** Longest file path, in characters; POSIX systems take 4096 bytes at most. */
export const MAX_PATH_LENGTH = 4096;

/** One word of a POSIX shell. Inside single quotes nothing has a meaning but the single quote itself. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The `file` field of curl's `--form`. curl reads `;` and `,` after a bare file name as settings, so the name
 * is quoted for curl too; `./` keeps `-` from meaning standard input.
 */
function fileField(path: string): string {
  const named = path.startsWith("-") ? `./${path}` : path;
  return `file=@"${named.replace(/["\\]/g, "\\$&")}"`;
}

/** A file that is its own address. */
const DATA = /^data:/i;

/** Whether a file is named by an address, which Cloudinary fetches itself, or is one. */
export const isAddress = (file: string): boolean => DATA.test(file) || /^[a-z][a-z0-9+.-]*:\/\//i.test(file);

/** What is wrong with the name of a file, if something is. An address goes to Cloudinary as it stands. */
export function fileFault(file: string): "unfit_path" | "unfit_address" | undefined {
  if (file.includes("\0") || file.length > MAX_PATH_LENGTH) return "unfit_path";
  return isAddress(file) && !((DATA.test(file) || isWebAddress(file)) && /^[\x21-\x7e]+$/.test(file))
    ? "unfit_address"
    : undefined;
}

/**
 * The command that sends these fields, and `file` with them where the method takes one: a path, or an address of the web.
 * `--form-string` sends a value as it stands, where `--form` would read `@` and `<` as files; `--fail-with-body` (curl
 * 7.76, of 2021) fails and still prints what Cloudinary says.
 */
export function curlCommand({ url, fields }: Pick<Ticket, "url" | "fields">, file?: string): string {
  const asText = ([name, value]: readonly [string, string]) =>
    `--form-string ${shellQuote(`${name}=${value}`)}`;
  const options = Object.entries(fields).map(asText);
  if (file !== undefined)
    options.push(isAddress(file) ? asText(["file", file]) : `--form ${shellQuote(fileField(file))}`);
  return `${[`curl -sS --fail-with-body ${shellQuote(url)}`, ...options].join(" \\\n  ")}\n`;
}

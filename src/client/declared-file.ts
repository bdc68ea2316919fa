// A file as the signer hears of it before it is sent.

import type { DeclaredFile } from "../policy/decide/judge-file.ts";

/** The name of a file; a Blob has none. */
export function nameOf({ name }: Blob & { readonly name?: unknown }): string | undefined {
  return typeof name === "string" ? name : undefined;
}

/** Its size and its type; of its name the ending alone, by which the signer judges what has no type. */
export function declaredOf(file: Blob): DeclaredFile {
  const ending = /\.[A-Za-z0-9]{1,16}$/.exec(nameOf(file) ?? "")?.[0];
  return { size: file.size, ...(file.type && { type: file.type }), ...(ending && { name: ending }) };
}

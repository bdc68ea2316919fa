// The files of one request, as a client describes them: their form. What they may be is the policy's to say.

import { type Failure, failure } from "../failure.ts";
import type { DeclaredFile } from "../policy/decide/judge-file.ts";
import { MAX_FILES } from "../policy/profile.ts";
import { err, ok, type Result } from "../result.ts";

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (problem: string): Result<never, Failure> => err(failure("files_malformed", { problem }));

const isText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";
const isSize = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);

const EXAMPLE = '{ "name": "a.jpg", "size": 81234, "type": "image/jpeg" }';
const MEMBERS: readonly string[] = ["name", "size", "type"] satisfies (keyof DeclaredFile)[];

/** Reads `files`. */
export function readDeclared(files: unknown): Result<readonly DeclaredFile[], Failure> {
  if (!Array.isArray(files) || files.length === 0)
    return wrong(`send a list as \`files\`, such as [${EXAMPLE}]`);
  if (files.length > MAX_FILES) return wrong(`send at most ${MAX_FILES} files at once`);
  const read: DeclaredFile[] = [];
  for (const [index, file] of files.entries()) {
    const at = `files[${index}]`;
    if (!isTable(file) || Object.keys(file).some((name) => !MEMBERS.includes(name)))
      return wrong(`send ${EXAMPLE} as \`${at}\`, each of them optional, and nothing beside them`);
    const { name, size, type } = file;
    if (!isText(name) || !isText(type)) return wrong(`send texts as \`name\` and \`type\` of \`${at}\``);
    if (!isSize(size)) return wrong(`send whole bytes as \`size\` of \`${at}\``);
    read.push({
      ...(name !== undefined && { name }),
      ...(size !== undefined && { size }),
      ...(type !== undefined && { type }),
    });
  }
  return ok(read);
}

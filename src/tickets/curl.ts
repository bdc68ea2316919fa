// A ticket as the command a person would type, quoted for any POSIX shell.

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

/**
 * The command that uploads `file` with these fields. `--form-string` sends a value as it stands, where
 * `--form` would read `@` and `<` as files; `--fail-with-body` (curl 7.76, of 2021) fails and still prints what
 * Cloudinary says.
 */
export function curlCommand(url: string, fields: Readonly<Record<string, string>>, file: string): string {
  const options = Object.entries(fields).map(
    ([name, value]) => `  --form-string ${shellQuote(`${name}=${value}`)} \\`,
  );
  return [
    `curl -sS --fail-with-body ${shellQuote(url)} \\`,
    ...options,
    `  --form ${shellQuote(fileField(file))}`,
    "",
  ].join("\n");
}

// Texts that are secrets wherever they stand: in a value, or in a line of a file, comments included.

import type { Fault } from "../fault.ts";

// Every repetition has a bound, so that a long text takes a time that grows with its length alone.
const SECRETS = [
  // cloudinary://key:secret@cloud, and the like of other services
  /[a-z0-9+.-]:\/\/[^/\s:@"'`]{1,200}:([^/\s@"'`]{1,500})@/gi,
  /-----BEGIN ([A-Z ]{0,20})PRIVATE KEY-----/g,
  // A JSON Web Token
  /\b(eyJ[\w-]{8,500}\.[\w-]{8})/g,
];

/** What instructions write in the place of a secret. */
const PLACEHOLDER = /^(<.*>|\$?\{.*\}|\*+|…|\.{3}|x+|(your[_-]?)?(api[_-]?)?(secret|password)|s|pass)$/i;

export const isSecretText = (text: string): boolean =>
  SECRETS.some((pattern) => [...text.matchAll(pattern)].some(([, part = ""]) => !PLACEHOLDER.test(part)));

/** Lines of a file that hold one. */
export function secretLines(name: string, text: string): Fault[] {
  return text.split("\n").flatMap((line, i): Fault[] =>
    isSecretText(line)
      ? [
          {
            binding: `${name}, line ${i + 1}`,
            problem: "remove the secret, and change it where it was made: whoever can read the file knows it",
          },
        ]
      : [],
  );
}

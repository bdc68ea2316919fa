// What goes wrong when a name, a key or a secret is copied from somewhere. Pure: the configuration and the library
// both ask here.

/** What is wrong with a copied text, and what to do where it stands; never the text. */
export interface Miscopied {
  readonly problem: string;
  readonly fix: string;
}

const ROWS: readonly (readonly [isWrong: (text: string) => boolean, problem: string, fix: string])[] = [
  [(text) => text.trim() === "", "is empty", "give the value of your account"],
  [
    (text) => /[<>]|^your[_-]/i.test(text),
    "is still the placeholder of the instructions",
    "give the value of your account",
  ],
  [
    (text) => text.trim() !== text,
    "begins or ends with white space",
    "remove the white space, such as by .trim()",
  ],
  [
    (text) => /^(["'`]).*\1$/s.test(text),
    "is wrapped in quotes, which became part of the value",
    "remove the quotes",
  ],
  [(text) => /["'`]/.test(text), "holds a quote", "remove the quote"],
  [(text) => /\s/.test(text), "holds white space", "remove the white space"],
  [(text) => /^[A-Z_]+=/.test(text), "holds the whole line, its name too", "give the value alone"],
  [
    (text) => text.includes("**"),
    "is the masked text of the console, not the value behind it",
    "reveal the value there, and copy that",
  ],
  [
    (text) => /[^\x21-\x7e]/.test(text),
    "holds a character that is not printable ASCII",
    "copy the value once more",
  ],
];

/** The first thing that is wrong with a text that was copied from somewhere. */
export function miscopied(text: string): Miscopied | undefined {
  const row = ROWS.find(([isWrong]) => isWrong(text));
  return row && { problem: row[1], fix: row[2] };
}

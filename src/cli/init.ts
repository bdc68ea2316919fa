// `cloudinary-edge-signer init [folder]`: the files of a new deployment, from four questions or from flags alone. It
// overwrites nothing.

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { readAllowedOrigins } from "../config/allowed-origins.ts";
import { Fixable } from "./fixable.ts";
import { ACCESS, type Answers, filesOf, TYPES } from "./init-files.ts";
import type { Io } from "./io.ts";

export type InitOptions = { readonly [Answer in keyof Answers]?: string } & { readonly yes?: boolean };

/** Asks a person, who answers with a line. */
export type Ask = (question: string) => Promise<string>;

interface Question {
  readonly name: keyof Answers;
  readonly text: string;
  readonly otherwise: string;
  /** What is wrong with an answer. */
  complaint(answer: string): string | undefined;
}

const oneOf =
  (known: readonly string[]) =>
  (answer: string): string | undefined =>
    known.includes(answer) ? undefined : `is one of ${known.join(", ")}`;

const nameComplaint = (answer: string): string | undefined =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(answer)
    ? undefined
    : "is made of lower-case letters, digits and -, at most 63";

const originComplaint = (answer: string): string | undefined =>
  readAllowedOrigins({ value: answer, name: "", mend: "" }).ok
    ? undefined
    : "is an origin such as https://www.example.com, several with commas between";

function questions(folder: string): readonly Question[] {
  const own = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-");
  return [
    {
      name: "name",
      text: "What is the Worker called?",
      otherwise: nameComplaint(own) === undefined ? own : "my-signer",
      complaint: nameComplaint,
    },
    {
      name: "origin",
      text: "Which origin are your pages of? (https://www.example.com; empty: nobody may upload yet)",
      otherwise: "",
      complaint: originComplaint,
    },
    {
      name: "access",
      text: `Who may upload? (${ACCESS.join(", ")}: your pages, who holds a token, anybody)`,
      otherwise: ACCESS[0],
      complaint: oneOf(ACCESS),
    },
    {
      name: "type",
      text: `What may be uploaded? (${TYPES.join(", ")})`,
      otherwise: TYPES[0],
      complaint: oneOf(TYPES),
    },
  ];
}

async function answer(question: Question, options: InitOptions, ask: Ask | undefined): Promise<string> {
  const { name, text, otherwise, complaint } = question;
  const given = options[name];
  if (given !== undefined) {
    const wrong = complaint(given);
    if (wrong !== undefined) throw new Fixable(`--${name} ${wrong}`);
    return given;
  }
  if (ask === undefined) return otherwise;
  for (let hint = ""; ; ) {
    const typed =
      (await ask(`${hint}${text}${otherwise === "" ? "" : ` [${otherwise}]`} `)).trim() || otherwise;
    const wrong = complaint(typed);
    if (wrong === undefined) return typed;
    hint = `It ${wrong}. `;
  }
}

/** The terminal's own way to ask; none where nobody sits at one. */
function terminal(): { ask: Ask; close(): void } | undefined {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  return { ask: (question) => lines.question(question), close: () => lines.close() };
}

async function answersOf(folder: string, options: InitOptions, ask: Ask | undefined): Promise<Answers> {
  const asked: Record<string, string> = {};
  for (const question of questions(folder)) asked[question.name] = await answer(question, options, ask);
  return asked as unknown as Answers;
}

/** Exit 0 if the files are written. `ask` is how a person is asked; by default on the terminal. */
export async function init(folder: string, options: InitOptions, io: Io, ask?: Ask): Promise<number> {
  const shell = options.yes || ask !== undefined ? undefined : terminal();
  if (!options.yes && ask === undefined && shell === undefined)
    throw new Fixable(
      "nobody can be asked here: give --yes, and --name, --origin, --access, --type as you like",
    );
  let answers: Answers;
  try {
    answers = await answersOf(folder, options, options.yes ? undefined : (ask ?? shell?.ask));
  } finally {
    shell?.close();
  }
  const files = await filesOf(answers);
  const there = Object.keys(files).filter((path) => existsSync(join(folder, path)));
  if (there.length > 0)
    throw new Fixable(`nothing is overwritten: move away what is there already: ${there.join(", ")}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    io.out(`✓ ${join(folder, path)}`);
  }
  const enter = relative(process.cwd(), resolve(folder));
  io.out(`\nNext: ${enter === "" ? "" : `cd ${enter} && `}npm install && npm start`);
  return 0;
}

// `cloudinary-edge-signer init [folder]`: the files of a new deployment, from four questions or from flags alone. It
// overwrites nothing; a package.json that is there gets what it lacks.

import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { readAllowedOrigins } from "../config/origins-variable.ts";
import { Fixable } from "./fixable.ts";
import { ACCESS, type Answers, filesOf, ownVersion, PATHS, TYPES } from "./init-files.ts";
import type { Io } from "./io.ts";
import { completedManifest, ownSpec, readManifest } from "./manifest.ts";

const MANIFEST = "package.json";
/** Its script `start`. */
const START = "cloudinary-edge-signer start";

export type InitOptions = { readonly [Answer in keyof Answers]?: string } & { readonly yes?: boolean };

/** Asks a person, who answers with a line. */
export type Ask = (question: string) => Promise<string>;

interface Question {
  readonly name: keyof Answers;
  readonly text: string;
  readonly otherwise: string;
  /** An answer as it is meant; default as it was given. */
  readonly read?: (answer: string) => string;
  /** What an answer must be, where it is something else. */
  advice(answer: string): string | undefined;
}

const oneOf =
  (known: readonly string[]) =>
  (answer: string): string | undefined =>
    known.includes(answer) ? undefined : `must be one of ${known.join(", ")}`;

const nameAdvice = (answer: string): string | undefined =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(answer)
    ? undefined
    : "must be at most 63 lower-case letters, digits and -, with no - at either end";

/** Origins as they are meant: an address is copied with a slash at its end. */
const readOrigins = (answer: string): string =>
  answer
    .split(",")
    .map((text) => text.trim().replace(/\/$/, ""))
    .filter((text) => text !== "")
    .join(", ");

/** How an origin that won't do is written. */
function originProposal(text: string): string | undefined {
  const isWhole = /^https?:\/\//i.test(text);
  const address = isWhole ? text : `https://${text}`;
  if (!URL.canParse(address) || /[*@]/.test(text) || (!isWhole && text.includes("://"))) return undefined;
  const { origin, hostname, pathname, search, hash } = new URL(address);
  if (!isWhole) {
    const here = hostname === "localhost" || hostname === "127.0.0.1";
    return here
      ? `with http:// before it: ${origin.replace("https:", "http:")}`
      : `with https:// before it: ${origin}`;
  }
  return pathname + search + hash === "/" ? `as browsers send it: ${origin}` : `without the path: ${origin}`;
}

function originAdvice(answer: string): string | undefined {
  const wrong = answer.split(", ").find((value) => !readAllowedOrigins({ value, name: "", howTo: "" }).ok);
  if (wrong === undefined) return undefined;
  const proposal = originProposal(wrong);
  return proposal === undefined
    ? "must be an origin such as https://www.example.com; separate several with commas"
    : `must be written ${proposal}`;
}

function questions(folder: string): readonly Question[] {
  const own = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-");
  return [
    {
      name: "name",
      text: "What is the Worker called?",
      otherwise: nameAdvice(own) === undefined ? own : "my-signer",
      advice: nameAdvice,
    },
    {
      name: "origin",
      text: "Which origin are your pages served from? (such as https://www.example.com; empty: no page may upload yet)",
      otherwise: "",
      read: readOrigins,
      advice: originAdvice,
    },
    {
      name: "access",
      text: "Who may upload? (origin: your pages; jwt: holders of your tokens; public: anybody)",
      otherwise: ACCESS[0],
      advice: oneOf(ACCESS),
    },
    {
      name: "type",
      text: `What may be uploaded? (${TYPES.join(", ")})`,
      otherwise: TYPES[0],
      advice: oneOf(TYPES),
    },
  ];
}

async function answer(question: Question, options: InitOptions, ask: Ask | undefined): Promise<string> {
  const { name, text, otherwise, read = (answer) => answer, advice } = question;
  const flag = options[name];
  if (flag !== undefined) {
    const given = read(flag);
    const wrong = advice(given);
    if (wrong !== undefined) throw new Fixable(`--${name} ${wrong}`);
    return given;
  }
  if (ask === undefined) return otherwise;
  for (let hint = ""; ; ) {
    const line = await ask(`${hint}${text}${otherwise === "" ? "" : ` [${otherwise}]`} `);
    const typed = read(line.trim() || otherwise);
    const wrong = advice(typed);
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

/** What is there of a package.json; where anything else is, nothing is asked and nothing written. */
async function lookAt(folder: string): Promise<string | undefined> {
  const there = PATHS.filter((path) => path !== MANIFEST && existsSync(join(folder, path)));
  if (there.length > 0)
    throw new Fixable(`move these files away, for nothing is overwritten: ${there.join(", ")}`);
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  const text = await readFile(path, "utf8");
  readManifest(text, path);
  return text;
}

/** Exit 0 if the files are written. `ask` is how a person is asked; by default on the terminal. */
export async function init(folder: string, options: InitOptions, io: Io, ask?: Ask): Promise<number> {
  const manifest = await lookAt(folder);
  const shell = options.yes || ask !== undefined ? undefined : terminal();
  if (!options.yes && ask === undefined && shell === undefined)
    throw new Fixable(
      "give --yes, and --name, --origin, --access and --type as you like: there is no terminal to ask on",
    );
  let answers: Answers;
  try {
    answers = await answersOf(folder, options, options.yes ? undefined : (ask ?? shell?.ask));
  } finally {
    shell?.close();
  }
  await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {
    ...(await filesOf(answers, await ownSpec(await realpath(folder), await ownVersion()))),
  };
  if (manifest !== undefined)
    files[MANIFEST] = completedManifest(manifest, files[MANIFEST]!, join(folder, MANIFEST));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    const isCompleted = path === MANIFEST && manifest !== undefined;
    io.out(`✓ ${join(folder, path)}${isCompleted ? " (it was there: what it lacked was added)" : ""}`);
  }
  const enter = relative(process.cwd(), resolve(folder));
  const { scripts } = JSON.parse(files[MANIFEST]!);
  const start = scripts.start === START ? "npm start" : `npx ${START}`;
  io.out(`\nNext: ${enter === "" ? "" : `cd ${enter} && `}npm install && ${start}`);
  return 0;
}

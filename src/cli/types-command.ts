// `cloudinary-edge-signer types`: the profiles as a front end may know them, in a file that imports nothing, for
// `createUploader<Config>` where signer.config.ts is out of reach. Exit 0; with --check 1 where the file is out of step.

import { readFile, writeFile } from "node:fs/promises";
import { faultsOf } from "../config/checked.ts";
import { faultPlace } from "../fault.ts";
import type { ProfileInput } from "../policy/profile.ts";
import { SIGNED_METHODS } from "../policy/tables/signed-methods.ts";
import { checkProject, DEFINITION_FILE } from "./environments.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";

export interface TypesOptions {
  /** The wrangler.toml. */
  readonly config: string;
  /** The file; absent, it is printed. */
  readonly out?: string;
  /** Writes nothing, and tells whether the file is in step. */
  readonly check?: boolean;
}

/** Data of which a type is written; `undefined` is of no type that is told. */
type Plain = undefined | string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * What a front end may know of a profile, and needs for its types: as `GET /sign/{profile}` tells it, no list of folders or
 * names, and nothing that the server sets but which names of what a method works on.
 */
function describedProfile({ method = "upload", file, set = {}, accept = {} }: ProfileInput): Plain {
  const { parameters, needs } = SIGNED_METHODS.get(method)!;
  const needed = new Set(needs.flat());
  const chosen = Object.entries(accept).map(([name, limits]) => {
    const isName = parameters.get(name)?.names === "path";
    const listed = limits.enum !== undefined && !isName ? { enum: limits.enum } : {};
    return [name, { ...listed, ...(limits.keys && { keys: limits.keys }) }] as const;
  });
  const own = Object.keys(set).filter((name) => needed.has(name));
  return {
    ...(method !== "upload" && { method }),
    ...(file && { file: {} }),
    ...(own.length > 0 && { set: Object.fromEntries(own.map((name) => [name, undefined])) }),
    ...(chosen.length > 0 && { accept: Object.fromEntries(chosen) }),
  };
}

const nameText = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

/** Longest object that stands in one line, in characters. */
const MAX_INLINE = 70;
/** Each profile begins a line. */
const PROFILE_INDENT = 4;

/** Data as the type of itself. */
function typeText(value: Plain, indent = ""): string {
  if (value === undefined) return "unknown";
  if (Array.isArray(value)) return `readonly [${value.map((one) => typeText(one)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const deeper = `${indent}  `;
  const members = Object.entries(value).map(
    ([name, member]) => `readonly ${nameText(name)}: ${typeText(member, deeper)}`,
  );
  if (members.length === 0) return "object";
  const inline = `{ ${members.join("; ")} }`;
  const hasLines = inline.includes("\n") || indent.length < PROFILE_INDENT || inline.length > MAX_INLINE;
  return hasLines ? `{\n${members.map((member) => `${deeper}${member};\n`).join("")}${indent}}` : inline;
}

/** The file for profiles as they are written. */
export function typesText(profiles: Readonly<Record<string, ProfileInput>>): string {
  const described = Object.entries(profiles).map(
    ([name, profile]) => [name, describedProfile(profile)] as const,
  );
  const config = typeText({ profiles: Object.fromEntries(described) });
  return `// Written by \`cloudinary-edge-signer types\` from ${DEFINITION_FILE}: run it again after a change there.

export type Config = ${config};
`;
}

async function profilesOf(path: string): Promise<Readonly<Record<string, ProfileInput>>> {
  const environments = await checkProject(path);
  // Profiles are the same in every environment.
  const right = environments.find(({ config }) => config.ok);
  if (right?.settings !== undefined) return right.settings.profiles;
  const [fault] = environments.flatMap(({ config }) => faultsOf(config));
  const first = fault === undefined ? "" : `: ${faultPlace(fault)}: ${fault.problem}`;
  throw new Fixable(`fix what \`cloudinary-edge-signer check\` finds first${first}`);
}

/** The file's text, with line ends as they are written here; nothing where there is no file. */
const writtenText = (file: string): Promise<string | undefined> =>
  readFile(file, "utf8").then(
    (text) => text.replaceAll("\r\n", "\n"),
    () => undefined,
  );

export async function types({ config, out, check = false }: TypesOptions, io: Io): Promise<number> {
  if (check && out === undefined) throw new Fixable("give the file that is checked: --out <file>");
  const text = typesText(await profilesOf(config));
  if (out === undefined) {
    io.out(text.trimEnd());
    return 0;
  }
  if ((await writtenText(out)) === text) {
    io.out(`✓ ${out} is in step with ${DEFINITION_FILE}`);
    return 0;
  }
  if (check) {
    io.err(
      `✗ run \`cloudinary-edge-signer types --out ${out}\`: the file is not in step with ${DEFINITION_FILE}`,
    );
    return 1;
  }
  await writeFile(out, text).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Fixable(`give --out a file in a folder that there is: ${out} can't be written (${code})`);
  });
  io.out(`✓ wrote ${out}`);
  return 0;
}

// docs/commands.md and the help name the same commands and options, and every example of the help is one that is taken.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { runHere } from "../support/command.ts";

const helpOf = async (...args: string[]) => (await runHere(main, [...args, "--help"])).stdout;
const listed = [...(await helpOf()).matchAll(/^ {2}(\w+)(?: <| \[| {2})/gm)].map(([, name]) => name!);
const COMMANDS = listed.filter((name) => name !== "help");
const DOCUMENT = await readFile(join(PROJECT, "docs/commands.md"), "utf8");

/** Words of a line as a shell splits them. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, three]) => one ?? two ?? three ?? "");

describe("the commands", () => {
  it("are those of docs/commands.md", () => {
    const told = [...DOCUMENT.matchAll(/^\| `(\w+)[^`]*` \|/gm)].map(([, name]) => name);
    expect(COMMANDS.length).toBeGreaterThan(7);
    expect(told).toEqual(COMMANDS);
  });

  it.each(COMMANDS)("%s has a line, options, and examples with options that it knows", async (name) => {
    const help = await helpOf(name);
    const known = new Set(help.match(/(?<=^ {2}.*)--[a-z-]+/gm));
    const examples = [...help.matchAll(/^ {2}\$ cloudinary-edge-signer (\w+)(.*)$/gm)];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, command, rest = ""] of examples) {
      expect(command).toBe(name);
      for (const word of wordsOf(rest)) if (word.startsWith("--")) expect(known).toContain(word);
    }
    expect(
      Math.max(
        ...help
          .split("\n")
          .filter((line) => !line.includes("$ "))
          .map((line) => line.length),
      ),
    ).toBeLessThan(100);
  });

  it.each(COMMANDS)(
    "%s is a script of this repository's, where Node may be too old for its sources",
    async (name) => {
      const { scripts } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
      expect(scripts[name]).toContain(`node src/cli/cli.ts ${name}`);
      expect(DOCUMENT).not.toContain("node src/cli");
    },
  );

  it("its examples name options that there are", async () => {
    const lines = [...DOCUMENT.matchAll(/^npx cloudinary-edge-signer (\w+)(.*)$/gm)];
    expect(lines.length).toBeGreaterThan(2);
    for (const [, name = "", rest = ""] of lines) {
      const help = await helpOf(name);
      for (const word of wordsOf(rest)) if (word.startsWith("--")) expect(help).toContain(`${word} `);
    }
  });

  it("the nearest is suggested for one that there is not", async () => {
    const { code, stderr } = await runHere(main, ["docter"]);
    expect([code, stderr]).toEqual([2, "error: unknown command 'docter'\n(Did you mean doctor?)\n"]);
  });
});

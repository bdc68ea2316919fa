// `explain`, as a person uses it: from a file, a pipe or the keyboard; exit codes, and what is never repeated.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { runHere, runProcess } from "../support/command.ts";
import { startPty } from "../support/pty.ts";
import { expectWords } from "../support/words.ts";

const SIGNATURE = "bfd09f95f331f558cbd1320e67aa8d488770583e";
const REFUSED = `Invalid Signature ${SIGNATURE}. String to sign - 'source=uw&timestamp=1315060510'.`;
const SOURCE = "source_not_signed";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "explain-command-"));
  await writeFile(join(folder, "refused.txt"), `Error: ${REFUSED}\n`);
  await writeFile(join(folder, "utf16.txt"), `\ufeffError: ${REFUSED}\n`, "utf16le");
});
afterAll(() => rm(folder, { recursive: true }));

describe("explain", () => {
  it.each([
    ["a file", () => [join(folder, "refused.txt")], undefined],
    ["a file that PowerShell wrote", () => [join(folder, "utf16.txt")], undefined],
    ["a pipe", () => [], `{"error":{"message":"${REFUSED}"}}`],
    ["a pipe by its name", () => ["-"], REFUSED],
    ["JSON", () => [], JSON.stringify({ message: REFUSED })],
  ])("reads %s", async (_, args, piped) => {
    const { code, stdout, stderr } = await runHere(main, ["explain", ...args()], {}, piped);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(`(${SOURCE})`);
    expect(stdout).toContain("For a surer answer, paste also:");
  });

  it("compares what was sent with what Cloudinary signed, for machines too", async () => {
    const piped = JSON.stringify({
      message: REFUSED,
      fields: { timestamp: 1315060510, source: "uw", signature: SIGNATURE, api_key: "1" },
    });
    const machine = await runHere(main, ["explain", "--json"], {}, piped);
    const { causes } = JSON.parse(machine.stdout);
    expect([machine.code, machine.stderr]).toEqual([1, ""]);
    expect(causes[0]).toMatchObject({
      code: expect.any(String),
      sentence: expect.any(String),
      fix: expect.any(String),
    });
  });

  it("finds nothing where nothing is wrong", async () => {
    const fields = {
      folder: "a",
      timestamp: Math.floor(Date.now() / 1000),
      api_key: "123456789012345",
      signature: SIGNATURE,
    };
    const { code, stdout } = await runHere(main, ["explain"], {}, JSON.stringify({ fields }));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^✓ Nothing is wrong/)]);
  });

  it("obeys no escape codes of what was pasted", async () => {
    const piped = `Invalid Signature ${SIGNATURE}. String to sign - 'folder=\x1b[31m\u202ea&timestamp=1315060510'.`;
    const { stdout } = await runHere(main, ["explain"], {}, piped);
    for (const one of ["\x1b", "\u202e"]) expect(stdout).not.toContain(one);
  });

  it.each([
    ["no such file", ["none.txt"], undefined, "name a file that is there: none.txt is not"],
    ["a text about something else", [], "All is well.", "paste Cloudinary's answer, and what was sent"],
    ["nothing", [], " \n", "paste what Cloudinary answered"],
    ["a folder", ["."], undefined, "name a file: . is a folder"],
    ["a name that a terminal obeys", ["a\u001b[31mb"], undefined, "a\ufffd[31mb is not"],
    ["a file without an end", ["/dev/zero"], undefined, "paste less"],
    ["too much", [], "x".repeat(300_000), "paste less"],
    ["nobody who could paste", [], undefined, "name a file, or pipe the text into it"],
  ])("%s is 2", async (_, args, piped, words) => {
    const { code, stdout, stderr } = await runHere(main, ["explain", ...args], {}, piped);
    expectWords(stderr, words);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("is a process", async () => {
    const { code, stdout } = await runProcess("cli.ts", ["explain", join(folder, "refused.txt")]);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`(${SOURCE})`)]);
  });

  it("reads what is pasted into a terminal, to Ctrl-D", async () => {
    const run = startPty(["explain"]);
    await run.until(/then press Ctrl-D:/);
    run.write(`${REFUSED}\r\x04`);
    const { code, screen } = await run.ended();
    expect([code, screen.join("\n")]).toEqual([1, expect.stringContaining(`(${SOURCE})`)]);
  });
});

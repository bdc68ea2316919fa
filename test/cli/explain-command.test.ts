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
    ["a text in the place of a file's name", () => [REFUSED], undefined],
    ["a long text in its place", () => [`${"Error: it failed. ".repeat(300)}${REFUSED}`], undefined],
    [
      "a text with an address",
      () => [`POST https://api.cloudinary.com/v1_1/a/image/upload ${REFUSED}`],
      undefined,
    ],
    ["JSON", () => [], JSON.stringify({ message: REFUSED })],
  ])("reads %s", async (_, args, piped) => {
    const { code, stdout, stderr } = await runHere(main, ["explain", ...args()], {}, piped);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(`(${SOURCE})`);
    expect(stdout).toContain("For a more certain answer, also paste:");
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

  describe("what is likely", () => {
    const told = async (text: string, ...args: string[]) =>
      (await runHere(main, ["explain", ...args], {}, text)).stdout;
    const signedToo = `${REFUSED}\nsigned: timestamp=1315060510`;
    const bare = REFUSED.replace("source=uw&", "");
    const guesses = (text: string) => text.match(/^\? /gm)?.length;

    it("is marked as a guess, and three are shown", async () => {
      const text = await told(REFUSED);
      expect(text).toMatch(/^It is probably this:\n\? .*source=uw/);
      expect(text).toMatch(/^If it is not that, it may be:\n\? /m);
      expect(text).not.toContain("✗");
      expect(guesses(text)).toBe(3);
      expect(text).toMatch(/^\d+ more are less likely: --all shows them$/m);
      expect(await told(bare)).toMatch(/^It may be:\n\? /);
    });

    it("is all shown with --all, and to machines", async () => {
      const text = await told(REFUSED, "--all");
      const { causes } = JSON.parse(await told(REFUSED, "--json"));
      expect(causes.length).toBeGreaterThan(8);
      expect(guesses(text)).toBe(causes.length);
      expect(text).not.toContain("less likely");
    });

    it("has another mark than what is certain", async () => {
      const text = await told(signedToo);
      expect(text).toMatch(/^✗ /);
      expect(text).not.toContain("It is probably this:");
    });
  });

  it.each([
    ["the moment of pasting", [], 0, undefined],
    ["--now in seconds", ["--now", "1700000100"], 0, undefined],
    ["--now too late", ["--now", "1700004321"], 1, "stale"],
    ["--now as a date", ["--now", "2023-11-16T10:11:12Z"], 1, "stale"],
  ])("an old request is judged by %s", async (_, args, wanted, cause) => {
    const fields = {
      folder: "a",
      timestamp: 1_700_000_000,
      api_key: "123456789012345",
      signature: SIGNATURE,
    };
    const ran = await runHere(main, ["explain", "--json", ...args], {}, JSON.stringify({ fields }));
    expect([ran.code, JSON.parse(ran.stdout).causes[0]?.code]).toEqual([wanted, cause]);
  });

  it("says where a browser has the message", async () => {
    const status = "POST https://api.cloudinary.com/v1_1/my-cloud/image/upload 401 (Unauthorized)";
    const { code, stderr } = await runHere(main, ["explain"], {}, status);
    expect(code).toBe(2);
    for (const words of ["Network tab", "X-Cld-Error"]) expectWords(stderr, words);
    const fields = { folder: "a", timestamp: 1_700_000_000, signature: SIGNATURE };
    const form = await runHere(main, ["explain"], {}, JSON.stringify({ fields }));
    expectWords(form.stdout, "Network tab");
    expect((await runHere(main, ["explain"], {}, REFUSED)).stdout).not.toContain("Network tab");
  });

  it("obeys no escape codes of what was pasted", async () => {
    const piped = `Invalid Signature ${SIGNATURE}. String to sign - 'folder=\x1b[31m\u202ea&timestamp=1315060510'.`;
    const { stdout } = await runHere(main, ["explain"], {}, piped);
    for (const one of ["\x1b", "\u202e"]) expect(stdout).not.toContain(one);
  });

  it.each([
    ["no such file", ["none.txt"], undefined, "No such file: none.txt. Name one that is there"],
    [
      "a text about something else",
      [],
      "All is well.",
      "This text has nothing of Cloudinary's answer or of what was sent: paste either",
    ],
    ["no moment", ["--now", "yesterday"], REFUSED, "write --now as Unix seconds or as a date"],
    ["nothing", [], " \n", "paste what Cloudinary answered"],
    ["a folder", ["."], undefined, ". is a folder: name a file"],
    ["a name that a terminal obeys", ["a\u001b[31mb"], undefined, "No such file: a\ufffd[31mb"],
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

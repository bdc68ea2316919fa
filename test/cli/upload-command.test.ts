// `upload`, over a real signer and the emulator: files and folders, what is refused, and what is printed in their place. A large
// file and parameters are sent in pty.test.ts.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { runHere } from "../support/command.ts";
import { freePort } from "../support/ports.ts";
import { HAS_CURL } from "../support/programs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectWords } from "../support/words.ts";

const SIGNER = {
  allowedOrigins: ["https://www.example.com"],
  access: { site: { type: "origin" } },
  profiles: {
    default: { access: ["public"], accept: { context: { keys: ["alt"] } } },
    images: { access: ["public"], set: { allowed_formats: ["png"] } },
    site: { access: ["site"] },
  },
};

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack(SIGNER);
  folder = await mkdtemp(join(tmpdir(), "upload-command-"));
  await mkdir(join(folder, "photos/more/.hidden"), { recursive: true });
  const files = {
    "a.txt": "one",
    "photos/b c.txt": "two",
    "photos/more/d'é.txt": "three",
    "photos/.secret": "hidden",
    "photos/more/.hidden/e.txt": "hidden",
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  await symlink(join(folder, "a.txt"), join(folder, "photos/link.txt"));
  await mkdir(join(folder, "empty/.git"), { recursive: true });
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

const at = (...paths: string[]) => paths.map((path) => join(folder, path));
/** Uploads with the emulator's signer; file names are told without their folder. */
async function upload(...args: string[]) {
  const { code, stdout, stderr } = await runHere(main, ["upload", "--signer", stack.signer, ...args]);
  const without = (text: string) => text.replaceAll(`${folder}/`, "");
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(stdout + stderr).not.toContain("\x1b");
  return { code, stdout: without(stdout), stderr: without(stderr) };
}
const newest = (count: number) =>
  stack.emulator
    .uploads()
    .slice(-count)
    .map(({ original_filename, bytes }) => `${original_filename} ${bytes}`)
    .sort();

describe("upload", () => {
  it("takes files and folders, without hidden files and links, each once", async () => {
    const before = stack.emulator.uploads().length;
    const { code, stdout, stderr } = await upload(...at("a.txt", "photos", "photos/../a.txt"));
    expect(code, stderr).toBe(0);
    expect(stack.emulator.uploads().length).toBe(before + 3);
    expect(newest(3)).toEqual(["a 3", "b c 3", "d'é 5"]);
    expect(stdout.split("\n").sort().slice(1)).toEqual(
      ["a.txt", "photos/b c.txt", "photos/more/d'é.txt"].map((file) =>
        expect.stringMatching(`^✓ ${file}  \\d B  http://127.0.0.1:\\d+/suite-cloud/raw/upload/v`),
      ),
    );
    expect(stderr).toBe("3 of 3 uploaded\n");
  });

  it("tells a refusal of Cloudinary's, and goes on", async () => {
    const { code, stdout, stderr } = await upload("--profile", "images", ...at("a.txt"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^✗ a\.txt: Raw file format .*not allowed\n$/);
  });

  it.each([
    [["--profile", "nope"], "✗ a.txt: ", "choose another one: --profile"],
    [["--profile", "site"], "✗ a.txt: ", "name the page's origin: --header 'Origin: https://…'"],
    [["--params", '{"folder":"x"}'], "✗ a.txt: folder: ", "this profile accepts: context"],
  ])("%j is refused by the signer", async (args, words, fix) => {
    const { code, stderr } = await upload(...args, ...at("a.txt"));
    expect(code).toBe(1);
    expectWords(stderr, words);
    expectWords(stderr, fix);
  });

  it("sends headers to the signer", async () => {
    const args = ["--profile", "site", "--header", "Origin: https://www.example.com", ...at("a.txt")];
    expect((await upload(...args)).code).toBe(0);
  });

  it("prints a line of JSON for each file", async () => {
    const { code, stdout, stderr } = await upload("--json", ...at("a.txt", "photos/b c.txt"));
    const told = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect([code, stderr]).toEqual([0, ""]);
    expect(told.map(({ file }) => file).sort()).toEqual(["a.txt", "photos/b c.txt"]);
    expect(told[0]).toMatchObject({ state: "uploaded", asset: { bytes: 3, resource_type: "raw" } });
    const refused = await upload("--json", "--params", '{"folder":"x"}', ...at("a.txt"));
    expect([refused.code, refused.stderr]).toEqual([1, ""]);
    const mistyped = await upload("--json", "--no-such-option", ...at("a.txt"));
    expect([mistyped.code, mistyped.stderr]).toEqual([2, ""]);
    expect(JSON.parse(mistyped.stdout)).toEqual({
      ok: false,
      error: expect.stringContaining("unknown option"),
    });
    expect(JSON.parse(refused.stdout)).toMatchObject({
      file: "a.txt",
      state: "refused",
      code: "params_refused",
      errors: [{ param: "folder" }],
    });
  });

  it("prints the command for a remote file, and sends none itself", async () => {
    const address = "https://www.example.com/it's.jpg?a=b";
    const printed = await upload("--print", address);
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    expect(printed.stdout).toContain(`--form-string 'file=https://www.example.com/it'\\''s.jpg?a=b'`);
    expect(printed.stdout).not.toContain("--form 'file");
    for (const [args, words] of [
      [[address], "add --print"],
      [["--print", "ftp://www.example.com/a.jpg"], "correct the address ftp://"],
      [["--print", "https://me:pass@example.com/a.jpg"], "without user and password"],
    ] as const) {
      const refused = await upload(...args);
      expect([refused.code, refused.stdout]).toEqual([2, ""]);
      expectWords(refused.stderr, words);
    }
  });

  it.skipIf(!HAS_CURL)("prints commands that upload, and uploads nothing itself", async () => {
    const before = stack.emulator.uploads().length;
    const { code, stdout } = await runHere(main, [
      ...["upload", "--signer", stack.signer, "--print"],
      ...at("photos/more"),
    ]);
    expect([code, stack.emulator.uploads().length]).toEqual([0, before]);
    await promisify(execFile)("sh", ["-c", stdout]);
    expect(newest(1)).toEqual(["d'é 5"]);
  });

  it.each([
    ["no such file", () => at("none.jpg"), "No such file or folder: none.jpg"],
    ["nothing in a folder", () => at("empty"), "There are no files in empty"],
    ["a device", () => ["/dev/null"], "/dev/null is neither a file nor a folder: write it into a file first"],
    ["no JSON", () => ["--params", "{a:1}", ...at("a.txt")], "write --params as a JSON object"],
    ["no address", () => ["--signer", "here", ...at("a.txt")], "write the whole address"],
    ["no file", () => [], "missing required argument 'file'"],
  ])("%s is 2", async (_, args, words) => {
    const { code, stderr } = await upload(...args());
    expectWords(stderr, words);
    expect(code).toBe(2);
  });

  it("says what to do where nobody answers", async () => {
    const port = await freePort();
    const { code, stderr } = await runHere(main, ["upload", ...at("a.txt")], { PORT: String(port) });
    expect(code).toBe(2);
    expect(stderr).toContain(
      `run \`cloudinary-edge-signer start\`, or name your signer by --signer: http://localhost:${port} can't be reached (ECONNREFUSED)`,
    );
  });
});

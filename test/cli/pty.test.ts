// The commands in a pseudo-terminal, whose screen xterm keeps: what is drawn is erased, Ctrl-C leaves a clean line,
// colors are for terminals, and `--json` has no escape codes anywhere.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { runProcess } from "../support/command.ts";
import { sampled } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";
import { startPty } from "../support/pty.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { type Server, serveLocally } from "../testing/audit/naive.ts";
import { deployment, RIGHT } from "./deployment.ts";

const ESC = "\x1b";
const COLOR = new RegExp(`${ESC}\\[3[0-9]m`);
const SIGNER: Plain = {
  profiles: { default: { access: ["public"], accept: { context: { keys: ["alt"], maxLength: 100 } } } },
};
/** One part and a little more. */
const LARGE = 21 * 1024 * 1024;

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack(SIGNER);
  folder = await mkdtemp(join(tmpdir(), "pty-"));
  await writeFile(join(folder, "large.bin"), Buffer.alloc(LARGE, "x"));
  for (const name of ["a.txt", "b.txt"]) await writeFile(join(folder, name), name);
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

/** A signer whose tickets lead to a server that never answers; what it is asked for by `quick.txt` it stores. */
async function stalled(): Promise<{ url: string; asked: Promise<void> }> {
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const server: Server = await serveLocally(async (request) => {
    const { pathname, origin } = new URL(request.url);
    if (pathname === "/health") return Response.json({ status: "ok" });
    if (pathname.startsWith("/sign")) return Response.json({ url: `${origin}/upload`, fields: { a: "1" } });
    const file = (await request.formData()).get("file") as File;
    if (file.name === "a.txt")
      return Response.json({ public_id: "a", bytes: file.size, secure_url: "https://res.example.com/a.txt" });
    isAsked();
    return new Promise<Response>(() => {});
  });
  onTestFinished(server.close);
  return { url: new URL(server.url).origin, asked };
}

describe("upload", () => {
  it("sends a large file in parts, and parameters with it; draws its progress, part by part, and erases it", async () => {
    const params = ["--params", '{"context":{"alt":"large"}}'];
    const run = startPty(["upload", "--signer", stack.signer, ...params, "large.bin", "a.txt"], {
      cwd: folder,
      columns: 200,
    });
    await run.until(/large\.bin {2}21\.0 MB of 22\.0 MB/);
    const { code, screen, column } = await run.ended();
    expect(code).toBe(0);
    expect(screen.map((line) => line.replace(/http.*$/, "URL")).sort()).toEqual([
      "2 of 2 uploaded",
      "✓ a.txt  5 B  URL",
      "✓ large.bin  22.0 MB  URL",
    ]);
    expect(column).toBe(0);
    expect(run.output()).toMatch(COLOR);
    const stored = { bytes: LARGE, context: { custom: { alt: "large" } } };
    expect(stack.emulator.uploads()).toContainEqual(expect.objectContaining(stored));
  });

  it("draws no line that wraps", async () => {
    const run = startPty(["upload", "--signer", stack.signer, "a.txt"], { cwd: folder, columns: 12 });
    await run.until(/…/);
    const { code, screen } = await run.ended();
    expect([code, screen[0]]).toEqual([0, expect.stringMatching(/^✓ a\.txt/)]);
  });

  it("is stopped by Ctrl-C: what runs is aborted, what was uploaded is listed, the line is restored", async () => {
    const { url, asked } = await stalled();
    const run = startPty(["upload", "--signer", url, "a.txt", "b.txt"], { cwd: folder });
    await Promise.all([asked, run.until(/✓.* a\.txt/), run.until(/1 of 2/)]);
    run.interrupt();
    const { code, screen, column } = await run.ended();
    expect(code).toBe(130);
    expect(screen.map((line) => line.replace(/^\^C/, ""))).toEqual([
      "✓ a.txt  5 B  https://res.example.com/a.txt",
      "· b.txt: stopped; it may arrive all the same",
      "stopped: 1 of 2 uploaded",
    ]);
    expect(column).toBe(0);
  });

  it("is stopped by Ctrl-C for machines too", async () => {
    const { url, asked } = await stalled();
    const run = startPty(["upload", "--json", "--signer", url, "a.txt", "b.txt"], { cwd: folder });
    await Promise.all([asked, run.until(/"file":"a\.txt"/)]);
    run.interrupt();
    const { code } = await run.ended();
    expect([code, run.output().includes(ESC)]).toEqual([130, false]);
    const told = run
      .output()
      .replace("^C", "")
      .trim()
      .split("\r\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ file, state }) => `${file} ${state}`)).toEqual(["a.txt uploaded", "b.txt stopped"]);
  });
});

it("doctor draws what it looks at, and erases it", async () => {
  const run = startPty(["doctor", stack.signer]);
  await run.until(/ {2}health …/);
  const { code, screen, column } = await run.ended();
  expect([code, column]).toEqual([0, 0]);
  expect(screen.map((line) => line.slice(0, 10))).toEqual([
    "✓ health: ",
    "· CORS: na",
    "✓ ticket: ",
    "✓ notifica",
  ]);
});

describe("colors", () => {
  const files = ["upload", "--signer"];
  it.each([
    ["are not there where NO_COLOR says so", { NO_COLOR: "1" }],
    ["are not there on a dumb terminal", { TERM: "dumb" }],
  ])("%s", async (_, env) => {
    const run = startPty([...files, stack.signer, "a.txt"], { cwd: folder, env });
    expect((await run.ended()).code).toBe(0);
    expect(run.output()).not.toMatch(COLOR);
  });

  it.each([
    ["are not there when piped", { NO_COLOR: undefined, FORCE_COLOR: undefined }, false],
    ["are there where FORCE_COLOR says so", { NO_COLOR: undefined, FORCE_COLOR: "1" }, true],
  ])("%s", async (_, env, isThere) => {
    const { code, stdout, stderr } = await runProcess("cli.ts", [...files, stack.signer, "a.txt", "b.txt"], {
      cwd: folder,
      env,
    });
    expect([code, stderr]).toEqual([0, "2 of 2 uploaded\n"]);
    expect(COLOR.test(stdout)).toBe(isThere);
  });

  it("are those of the help too, which is as wide as the terminal", async () => {
    const run = startPty(["--help"], { columns: 60 });
    const { code, screen } = await run.ended();
    expect(code).toBe(0);
    expect(run.output()).toContain(`${ESC}[1mUsage:`);
    expect(Math.max(...screen.map((line) => line.length))).toBeLessThanOrEqual(60);
    const plain = startPty(["--help"], { env: { NO_COLOR: "1" } });
    await plain.ended();
    expect(plain.output()).not.toContain(ESC);
  });
});

describe("--json has no escape codes on a terminal, whatever FORCE_COLOR says", () => {
  const project = async () => {
    const { folder, config, remove } = await deployment(RIGHT);
    onTestFinished(remove);
    return { folder, config };
  };
  const COMMANDS: readonly (readonly [name: string, args: () => Promise<string[]>])[] = [
    ["check", async () => ["check", "--config", (await project()).config]],
    ["try", async () => ["try", "avatars", '{"sub":"42"}', "--config", (await project()).config]],
    ["doctor URL", async () => ["doctor", stack.signer]],
    ["doctor", async () => ["doctor", "--config", (await project()).config]],
    ["audit", async () => ["audit", `${stack.signer}/sign`]],
    ["upload", async () => ["upload", "--signer", stack.signer, join(folder, "a.txt")]],
    ["a mistake", async () => ["upload", join(folder, "none.txt")]],
    ["upload --print", async () => ["upload", "--print", "--signer", stack.signer, join(folder, "a.txt")]],
    ["explain", async () => ["explain", join(folder, "a.txt")]],
  ];
  it.each(sampled(COMMANDS, 4, 2))("%s", async (_, args) => {
    const env = { FORCE_COLOR: "1", CLOUDINARY_UPLOAD_PREFIX: stack.emulator.url };
    const run = startPty([...(await args()), "--json"], { env });
    await run.ended();
    expect(run.output()).not.toContain(ESC);
    expect(() => JSON.parse(run.output())).not.toThrow();
  });
});

// The printed command, run by a real shell and a real curl, whatever a file name or a value holds.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curlCommand } from "../../src/tickets/curl.ts";
import { unseen } from "../support/account.ts";
import { sampled } from "../support/counts.ts";
import { HAS_CURL, SHELLS } from "../support/programs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { post } from "../support/targets.ts";

const run = promisify(execFile);

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

const TOKEN = "a-token-of-a-back-end-of-this-suite";

const FILE_NAMES = [
  "plain.png",
  "two words.png",
  "it's.png",
  'say "hi".png',
  "$HOME.png",
  "$(touch pwned).png",
  "`touch pwned`.png",
  "new\nline.png",
  "carriage\rreturn.png",
  "tab\there.png",
  "@at.png",
  "<less.png",
  "-dash.png",
  "--help",
  "semi;colon.png",
  "type;type=text/html.png",
  "comma,name.png",
  "back\\slash.png",
  "two\\\\slashes.png",
  'quote"; filename="x.png',
  "[1-3].png",
  "{a,b}.png",
  "*.png",
  "~.png",
  "#hash.png",
  "%41.png",
  "a&b=c.png",
  "!!.png",
  "ünïcode-猫-🐈.png",
  "' ; touch pwned ; '.png",
  "a/b c/d'e.png",
];

const VALUES = [
  "A cat",
  "it's",
  'say "hi"',
  "$HOME $(touch pwned) `touch pwned`",
  "@/etc/passwd",
  "</etc/passwd",
  "a;type=text/html",
  "a=b|c",
  "Salt & pepper",
  "--form x=y",
  "' ; touch pwned ; '",
  "%41 \u00a0 猫 🐈",
  "#!/bin/sh",
  "*",
];

let stack: Stack;
let folder: string;
let remote: Server;

beforeAll(async () => {
  stack = await startStack({
    access: { robots: { type: "token", tokens: { ci: createHash("sha256").update(TOKEN).digest("hex") } } },
    profiles: {
      default: { access: ["public"], accept: { context: { keys: ["alt"] } } },
      own: { access: ["robots"], resourceType: "image", set: { public_id: "users/{sub}/cat" } },
      captions: {
        method: "explicit",
        access: ["robots"],
        resourceType: "image",
        set: { type: "upload" },
        accept: { public_id: { prefix: "users/{sub}/" }, context: { keys: ["alt"] } },
      },
    },
  });
  remote = createServer((_, response) => response.end(PNG));
  await new Promise<void>((listening) => remote.listen(0, "127.0.0.1", listening));
  folder = await mkdtemp(join(tmpdir(), "edge-signer-curl-"));
  for (const name of FILE_NAMES) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), PNG);
  }
});
afterAll(async () => {
  remote.close();
  await stack.close();
  await rm(folder, { recursive: true, force: true });
});

/** A file, and what is said of it. */
type Sent = readonly [file: string, alt: string];

/** The command to upload a file. */
async function commandFor([file, alt]: Sent): Promise<string> {
  const query = new URLSearchParams({ format: "curl", file });
  const response = await fetch(`${stack.signer}/sign?${query}`, post({ params: { context: { alt } } }));
  const command = unseen(await response.text());
  expect(response.status, command).toBe(200);
  return command;
}

/**
 * Asks for commands and runs them as `curl … | sh` would: one after the other in one shell, so that one that leaves a
 * quote open spoils the next as well.
 */
async function uploadByShell(all: readonly Sent[], shell: string): Promise<Record<string, unknown>[]> {
  const commands = await Promise.all(all.map(commandFor));
  const [program = "", ...args] = shell.split(" ");
  const { stdout } = await run(program, [...args, "-c", commands.join("\necho ---\n")], { cwd: folder });
  // Where one failed, nothing stands in its place.
  return stdout.split("---\n").map((text) => JSON.parse(text || "{}"));
}

async function expectStored(answer: Record<string, unknown>): Promise<void> {
  const stored = await fetch(String(answer.secure_url));
  expect(Buffer.from(await stored.arrayBuffer()).equals(PNG)).toBe(true);
}

describe.skipIf(!HAS_CURL).each(SHELLS)("through %s", (shell) => {
  /** All through the first, and some through the others, where all were not asked for. */
  const some = (all: readonly string[]): readonly string[] => (shell === SHELLS[0] ? all : sampled(all, 3));

  const files = some(FILE_NAMES);
  const values = some(VALUES);
  let answers: Record<string, unknown>[];
  beforeAll(async () => {
    const absolute = join(folder, "it's.png");
    answers = await uploadByShell(
      [
        ...[...files, absolute].map((file): Sent => [file, "A cat"]),
        ...values.map((alt): Sent => ["plain.png", alt]),
      ],
      shell,
    );
  });

  it.each([...files, "an absolute path"].map((name, i) => [JSON.stringify(name), i]))(
    "the file %s",
    async (_, i) => {
      await expectStored(answers[i]!);
    },
  );

  it.each(values.map((alt, i) => [alt, i] as const))("the value %s", async (alt, i) => {
    const answer = answers[files.length + 1 + i]!;
    expect(answer.context).toEqual({ custom: { alt } });
    await expectStored(answer);
  });

  it("each command answers once", () => {
    expect(answers).toHaveLength(files.length + 1 + values.length);
  });
});

describe.skipIf(!HAS_CURL)("a remote file and other methods", () => {
  /** What the command for a profile answers. */
  async function runFor(profile: string, query: string, params: object): Promise<Record<string, unknown>> {
    const init = post({ params });
    const response = await fetch(`${stack.signer}/sign/${profile}?format=curl${query}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${TOKEN}` },
    });
    const command = unseen(await response.text());
    expect(response.status, command).toBe(200);
    const { stdout } = await run("sh", ["-c", command], { cwd: folder });
    return JSON.parse(stdout);
  }
  const at = (path: string): string =>
    `&file=${encodeURIComponent(`http://127.0.0.1:${(remote.address() as AddressInfo).port}/${path}`)}`;

  it.each(["a.png", "it's.png", "$(touch%20pwned).png?a=b&c=d;type=text/html", "`touch%20pwned`.png"])(
    "Cloudinary fetches %s",
    async (path) => {
      await expectStored(await runFor("own", at(path), {}));
    },
  );

  it("a file that is its own address is stored", async () => {
    const file = encodeURIComponent(`data:image/png;base64,${PNG.toString("base64")}`);
    await expectStored(await runFor("own", `&file=${file}`, {}));
  });

  it("a method that takes no file is sent its fields alone", async () => {
    await runFor("own", at("a.png"), {});
    const params = { public_id: "users/ci/cat", context: { alt: "it's; a cat" } };
    expect(await runFor("captions", "", params)).toMatchObject({ public_id: "users/ci/cat", type: "upload" });
  });

  it("a file for a method that takes none is refused", async () => {
    const init = post({ params: { public_id: "users/ci/cat" } });
    const headers = { ...init.headers, authorization: `Bearer ${TOKEN}` };
    const response = await fetch(`${stack.signer}/sign/captions?format=curl&file=a.png`, {
      ...init,
      headers,
    });
    expect([response.status, await response.text()]).toEqual([400, "echo 'malformed_request' >&2; exit 1\n"]);
  });
});

it("none of them ran a command of its own", async () => {
  await expect(run("ls", [join(folder, "pwned")])).rejects.toThrow();
});

it.skipIf(!HAS_CURL)("curl sends values that begin with @ or < as they stand", async () => {
  // By hand, for no parameter may begin so: the values of a ticket are the signer's own.
  const command = curlCommand(
    {
      url: `${stack.emulator.url}/v1_1/nowhere/image/upload`,
      fields: { a: "@/etc/hostname", b: "</etc/hostname" },
    },
    "plain.png",
  );
  expect(command).toContain("--form-string 'a=@/etc/hostname'");
  const failed = await run("sh", ["-c", command], { cwd: folder }).catch((error) => error);
  expect(String(failed.stderr)).toContain("curl: (22)");
});

describe.skipIf(!HAS_CURL)("an upload that Cloudinary refuses fails, and prints its words", () => {
  it.each([
    [
      "a signature of other fields",
      /signature=[0-9a-f]+/,
      `signature=${"0".repeat(64)}`,
      "Invalid Signature 0",
    ],
    [
      "a field that was not signed",
      /--form-string/,
      "--form-string 'tags=a' --form-string",
      "tags=a&timestamp=",
    ],
    ["a key of nobody's", /api_key=\d+/, "api_key=1", "Unknown API key 1"],
  ])("%s", async (_, found, put, words) => {
    const response = await fetch(`${stack.signer}/sign?format=curl&file=plain.png`, post({ params: {} }));
    const command = (await response.text()).replace(found, put);
    expect(command).toContain(put);
    const failed = await run("sh", ["-c", command], { cwd: folder }).catch((error) => error);
    expect(failed.code).toBe(22);
    expect(JSON.parse(unseen(failed.stdout)).error.message).toContain(words);
    expect(failed.stderr).toContain("curl: (22)");
  });
});

it("a refusal, piped to sh, ends with its code and runs nothing", async () => {
  const response = await fetch(
    `${stack.signer}/sign?format=curl`,
    post({ params: { "'; touch pwned #": 1 } }),
  );
  const failed = await run("sh", ["-c", await response.text()], { cwd: folder }).catch((error) => error);
  expect([failed.code, failed.stderr, failed.stdout]).toEqual([1, "params_refused\n", ""]);
});

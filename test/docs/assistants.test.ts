// AGENTS.md and llms.txt tell the truth: their commands, files and names are there, and the deployment of llms.txt is
// checked, type-checked and played through, from the page to the row of a database.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programOf } from "../../src/cli/cli.ts";
import { checkProject } from "../../src/cli/environments.ts";
import * as client from "../../src/client/client.ts";
import { readBindings } from "../../src/config/bindings.ts";
import { createApp } from "../../src/http/app.ts";
import * as library from "../../src/library/library.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { JWKS_URL, type Key, KeyServer, makeKey, sign } from "../access/identity.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { apart } from "../support/tsc.ts";

const read = (path: string): string => readFileSync(join(PROJECT, path), "utf8");
const AGENTS = read("AGENTS.md");
const LLMS = read("llms.txt");
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(read("package.json")).scripts;

const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );

describe.each([
  ["AGENTS.md", AGENTS],
  ["llms.txt", LLMS],
])("%s", (_, text) => {
  it("leads to pages that are there", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  it("names commands that there are", () => {
    const program = programOf({ env: {}, out: () => {}, err: () => {} }, "", false, () => {});
    const lines = blocks(text, "sh").flatMap((block) => block.trim().split("\n"));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const [command = ""] = line.split(/ {2,}#/);
      const own = /^npx cloudinary-edge-signer (\w+)(.*)$/.exec(command);
      const script = /^npm (?:run )?(\w+)(?: |$)/.exec(command)?.[1];
      if (own === null)
        expect(["ci", "npx", ...Object.keys(SCRIPTS)], line).toContain(script ?? command.split(" ")[0]);
      else {
        const known = program.commands.find((one) => one.name() === own[1])!;
        const options = own[2]!.match(/--[a-z-]+/g) ?? [];
        for (const option of options)
          expect(
            known.options.map(({ long }) => long),
            line,
          ).toContain(option);
      }
    }
    const inProse = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(inProse.filter((name) => !Object.hasOwn(SCRIPTS, name!))).toEqual([]);
  });
});

describe("AGENTS.md", () => {
  it("names files and folders that there are", () => {
    const paths = [...AGENTS.matchAll(/\b(?:src|test|docs)\/[\w./-]+/g)].map(([path]) =>
      path.replace(/\.$/, ""),
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  it("is short", () => expect(AGENTS.split("\n").length).toBeLessThan(70));
});

/** The names in backticks of the line of llms.txt that begins so. */
const namesOf = (start: string): string[] =>
  [
    ...LLMS.split("\n")
      .find((line) => line.startsWith(`- ${start}`))!
      .matchAll(/`"?(\w+)"?`/g),
  ].map(([, name]) => name!);

describe("llms.txt", () => {
  it("has the form of llmstxt.org: a title, a summary, prose without headings, and lists of links", () => {
    const [title, summary] = LLMS.split("\n\n");
    expect(title).toBe("# cloudinary-edge-signer");
    expect(summary).toMatch(/^> /);
    const prose = LLMS.replaceAll(/^```[\s\S]*?^```$/gm, "");
    const [, ...sections] = prose.split(/^## /m);
    expect(prose.match(/^#+ /gm)).toEqual(["# ", "## ", "## "]);
    for (const section of sections)
      for (const line of section.trim().split("\n").slice(2)) expect(line).toMatch(/^- \[.+\]\(.+\).*: /);
  });

  it.each([
    ["a definition:", "## Settings"],
    ["a profile:", "## Settings of a profile"],
    ["its `file`:", "### `file`"],
    ["limits in `accept`:", "## Limits of `accept`"],
  ])("names all that there is of %s", (start, heading) => {
    const reference = read("docs/reference.md");
    const [section = ""] = reference
      .slice(reference.indexOf(`\n${heading}\n`) + 1 + heading.length)
      .split(/^#/m);
    const known = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
    expect(known.length).toBeGreaterThan(3);
    // The name of a whole stands in its own line too.
    const named = namesOf(start).filter((name) => !start.includes(`\`${name}\``));
    expect(named.sort()).toEqual(known.sort());
  });

  it("names every access method", async () => {
    const { defineSigner: _, ...methods } = await import("../../src/config.ts");
    expect(
      namesOf("access methods:")
        .filter((name) => name !== "public")
        .sort(),
    ).toEqual([...Object.keys(methods), "jwt"].sort());
  });
});

describe("the deployment of llms.txt", async () => {
  const files = new Map(
    ["ts", "toml"].flatMap((language) =>
      blocks(LLMS, language).map((text) => [/^(?:\/\/|#) (\S+)\n/.exec(text)![1]!, text] as const),
    ),
  );
  const folder = await newOwnerFolder();
  let emulator: Emulator;
  let key: Key;
  beforeAll(async () => {
    for (const [path, text] of files) await folder.write(path, text);
    emulator = await startEmulator(OPTIONS);
    key = await makeKey("k1");
  });
  afterAll(async () => {
    await emulator?.close();
    await folder.close();
  });

  it("is three files, a page and a server", () => {
    expect([...files.keys()].sort()).toEqual(
      ["page.ts", "server.ts", "signer.config.ts", "src/index.ts", "wrangler.toml"].sort(),
    );
  });

  it("has the main file of createWorker's example, which runs in workerd", () => {
    const [, example = ""] = /@example\n([\s\S]*?)\n \*\//.exec(read("src/worker.ts"))!;
    const lines = [
      'import { createWorker } from "cloudinary-edge-signer/worker";',
      example.replaceAll(/^ \* ?/gm, ""),
    ];
    expect(files.get("src/index.ts")).toBe(`// src/index.ts\n${lines.join("\n")}\n`);
  });

  it("passes the check, without a warning", async () => {
    const [only, ...others] = await checkProject(join(folder.path, "wrangler.toml"));
    expect([only!.faults, only!.warnings, others]).toEqual([[], [], []]);
  });

  it("is right in strict TypeScript, and mistakes in it are seen", async () => {
    const mistakes = [
      ["signer.config.ts", "maxBytes", "maxSize"],
      ["page.ts", "onProgress:", "onProgres:"],
      ["server.ts", "asset.secure_url", "asset.secureUrl"],
    ] as const;
    for (const [path, from, to] of mistakes)
      await folder.write(`mistaken/${path}`, files.get(path)!.replace(from, to));
    const right = mistakes.map(([path]) => path);
    const said = await folder.tsc([...right, ...right.map((path) => `mistaken/${path}`)]);
    const { about, others } = apart(said, "mistaken/");
    expect(others).toBe("");
    for (const [path, , to] of mistakes)
      expect(about).toMatch(new RegExp(`mistaken/${path}.*'${/\w+(?=:?$)/.exec(to)![0]}'`));
  });

  /** What a file exports, with what it imports given to it. */
  async function exported(
    path: string,
    given: object,
  ): Promise<Record<string, (...args: unknown[]) => unknown>> {
    const { code } = await transform(files.get(path)!.replaceAll(/^import .*$/gm, ""), { loader: "ts" });
    const [, name = ""] = /^export (?:async )?function (\w+)/m.exec(code)!;
    const body = `${code.replaceAll(/^export (?!async|function)[\s\S]*?;$/gm, "").replaceAll("export ", "")}\nreturn { ${name} };`;
    return new Function(...Object.keys(given), body)(...Object.values(given));
  }

  it("signs, uploads, confirms, and ends as a row; a file that is too large ends as a sentence", async () => {
    const keys = new KeyServer([key]);
    const definition = await folder.load(files.get("signer.config.ts")!);
    const original = globalThis.fetch;
    const outside: typeof fetch = (input, init) => {
      const url = String(input);
      if (url.startsWith("https://id.example.com/")) return keys.fetch(JWKS_URL, init);
      return original(url.replace("https://api.cloudinary.com", emulator.url), init);
    };
    const app = createApp(readBindings(definition, ACCOUNT), { fetch: outside, log: unseen });
    globalThis.fetch = async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      return url.startsWith("https://uploads.example.com")
        ? app.fetch(new Request(url, init))
        : outside(url, init);
    };
    try {
      const told: unknown[][] = [];
      const { send } = await exported("page.ts", {
        ...client,
        console: { log: (...said: unknown[]) => told.push(said) },
      });
      const { store } = await exported("server.ts", library);
      const token = () => sign(key, { iss: "https://id.example.com/", aud: "uploads" });
      const picture = new File([readFileSync(join(PROJECT, "src/testing/sample.jpg"))], "cat.jpg", {
        type: "image/jpeg",
      });
      const receipt = await send!(picture, token);
      expect(new Set(told.map(([phase]) => phase))).toEqual(new Set(["signing", "sending", "confirming"]));
      const public_id = expect.stringMatching(/^users\/42\/[0-9a-f-]{36}$/);
      expect(await store!(receipt)).toMatchObject({ status: 200, row: { owner: "42", public_id } });
      expect(await store!("forged")).toEqual({ status: 422, error: "malformed" });
      const large = new File([new Uint8Array(5_000_001)], "cat.jpg", { type: "image/jpeg" });
      expect(await send!(large, token)).toBeUndefined();
      expect(told.at(-1)).toEqual(["file_refused", expect.stringContaining("5 MB")]);
    } finally {
      globalThis.fetch = original;
    }
  });
});

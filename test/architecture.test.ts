// What keeps the house in order: who imports whom, what the pure parts may not touch, who sees the secret, and that one
// name is one thing.

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { KINDS } from "../src/policy/tables/kinds.ts";
import { PROJECT } from "../src/testing/local-worker.ts";

const SRC = join(PROJECT, "src");

/** The floors of the house, from the roof down. A folder imports from floors below its own, and from itself. */
const FLOORS: readonly (readonly string[])[] = [
  ["index.ts", "cli"],
  ["worker.ts", "hono.ts"],
  ["signers.ts", "upload-ticket.ts", "config.ts", "page", "react"],
  ["http", "client", "testing"],
  ["binding", "http/routes", "testing/audit"],
  ["http/wire", "testing/emulator", "library"],
  ["notifications"],
  ["uploads"],
  ["tickets"],
  ["config"],
  ["access"],
  ["observe", "limits"],
  ["keys"],
  ["failure.ts"],
  ["problem.ts", "fault.ts"],
  ["explain/read"],
  ["explain"],
  ["policy/compile", "policy/decide"],
  ["policy"],
  ["policy/tables"],
  ["policy/values"],
  ["signature"],
  ["platform.ts", "within.ts", "read-bounded.ts", "web-address.ts", "copied-text.ts", "reject-upload.ts"],
  ["result.ts"],
];

const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), "utf8") }));

const paths = new Set(sources.map(({ path }) => path));

/** Comments hold words that code may not. */
const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

const importsOf = (text: string): string[] =>
  [...code(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]!);

/** A file's imports, those inside src as paths from src. */
const resolved = ({ path, text }: { path: string; text: string }): string[] =>
  importsOf(text).map((name) =>
    name.startsWith(".") ? relative(SRC, resolve(SRC, dirname(path), name)) : name,
  );

/** A file's room: its folder, or itself where it stands alone. */
const roomOf = (path: string): string => (path.includes("/") ? dirname(path) : path);
const floorOf = (path: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

/** Imports of a file that do not lead down. */
const upward = (source: { path: string; text: string }): string[] =>
  resolved(source).filter(
    (name) =>
      paths.has(name) &&
      roomOf(name) !== roomOf(source.path) &&
      !(floorOf(source.path) >= 0 && floorOf(name) > floorOf(source.path)),
  );

describe("imports lead downward, from folder to folder", () => {
  it.each(sources)("$path", (source) => {
    expect(floorOf(source.path), "the floors name its folder").toBeGreaterThanOrEqual(0);
    expect(upward(source)).toEqual([]);
  });

  it.each([
    ["keys/x.ts", 'import type { Config } from "../config/checked.ts";'],
    ["nowhere/x.ts", 'import { ok } from "../signature/digest.ts";'],
    ["access/x.ts", 'import { schema } from "../config/schema.ts";'],
    ["binding/x.ts", 'import { createApp } from "../http/app.ts";'],
    ["http/wire/x.ts", 'import { answerSign } from "../routes/signing.ts";'],
    ["client/x.ts", 'const page = await import("../page/mount.tsx");'],
    ["observe/x.ts", 'import { askLimiter } from "../limits/limiter.ts";'],
  ])("the check sees %s: %s", (path, text) => {
    expect(upward({ path, text })).not.toEqual([]);
  });

  it("no file is imported by one that it imports", () => {
    const graph = new Map(sources.map((source) => [source.path, resolved(source)]));
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" > "));
      else if (!done.has(path)) for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });
});

describe("the picture in CONTRIBUTING.md", () => {
  const text = readFileSync(join(PROJECT, "CONTRIBUTING.md"), "utf8");
  const picture = /```mermaid\n([\s\S]*?)```/.exec(text)![1]!;

  it.each([...new Set(sources.map(({ path }) => roomOf(path)).filter((room) => !room.includes(".ts")))])(
    "has the folder %s",
    (folder) => {
      // The folders of what stands beside the Worker are one each.
      const name = /^(testing|client|react|page|library|cli)\b/.exec(folder)?.[0] ?? folder;
      expect(picture).toMatch(new RegExp(`["\\s]${name}[:,"\\s]`));
    },
  );

  it("has no arrow that leads up", () => {
    const arrows = [...picture.matchAll(/^ {2}(\w+)(?:\[[^\]]*\])? --> ([\w &]+)$/gm)];
    expect(arrows.length).toBeGreaterThan(8);
    const floor = (name: string): number => FLOORS.findIndex((rooms) => rooms.includes(name));
    for (const [, from = "", to = ""] of arrows)
      for (const one of to.split(" & "))
        if (floor(from) >= 0 && floor(one) >= 0)
          expect(floor(one), `${from} --> ${one}`).toBeGreaterThan(floor(from));
  });
});

describe("one name is one thing", () => {
  it("no two files of src are called alike", () => {
    const stems = sources.map(({ path }) => basename(path).replace(/\.tsx?$/, ""));
    expect(stems.filter((stem, i) => stems.indexOf(stem) !== i)).toEqual([]);
  });
});

/** Longest file, in lines; tables are longer, for a row each is what they are made of. */
const MAX_LINES = 250;
const TABLES = ["failure.ts", "policy/tables/", "explain/causes.ts", "page/texts.ts"];

it("no file is longer than it can be read, but tables", () => {
  const long = sources.filter(({ text }) => text.split("\n").length > MAX_LINES + 1).map(({ path }) => path);
  expect(long.filter((path) => !TABLES.some((table) => path.startsWith(table)))).toEqual([]);
});

/** What a pure part may import. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  "signature/": ["signature/", "result.ts"],
  "policy/": ["policy/", "signature/", "result.ts"],
  "explain/": ["explain/", "policy/tables/", "signature/", "result.ts"],
  "web-address.ts": ["result.ts"],
  "copied-text.ts": [],
};

/** What needs a runtime, an environment, a network or a clock. */
const IMPURE =
  /\b(fetch|process|performance|setTimeout|setInterval|require|Request|Response|Headers|localStorage|globalThis|env)\b|console\.|Date\.now|new Date\(\)|Math\.random|randomUUID|getRandomValues|import\.meta/;

function impurities(path: string, text: string): string[] {
  const folder = Object.keys(PURE).find((start) => path.startsWith(start));
  if (folder === undefined) return [];
  const foreign = resolved({ path, text }).filter(
    (name) => !PURE[folder]!.some((start) => name.startsWith(start)),
  );
  // What stands in texts is not run, but for what templates compute.
  const words = code(text).replace(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, (literal) =>
    (literal.match(/\$\{[^}]*\}/g) ?? []).join(""),
  );
  return [...foreign, ...(words.match(IMPURE) ?? []).slice(0, 1)];
}

describe("signature, policy, explain and the checks of addresses and copied texts are pure", () => {
  const pure = sources.filter(({ path }) => Object.keys(PURE).some((start) => path.startsWith(start)));

  it("there are such files", () => {
    expect(pure.length).toBeGreaterThan(10);
  });

  it.each(pure)("$path", ({ path, text }) => {
    expect(impurities(path, text)).toEqual([]);
  });

  it.each([
    ["policy/x.ts", 'import { Hono } from "hono";'],
    ["policy/x.ts", 'import { Secret } from "../keys/secret.ts";'],
    ["signature/x.ts", 'import { ok } from "../policy/profile.ts";'],
    ["signature/x.ts", 'const a = await import("node:crypto");'],
    ["policy/x.ts", "const now = Date.now();"],
    ["policy/x.ts", `const now = \`\${Date.now()}\`;`],
    ["explain/read/x.ts", 'const answer = await fetch("https://api.cloudinary.com");'],
    ["explain/x.ts", 'import { Secret } from "../keys/secret.ts";'],
    ["policy/x.ts", "await fetch(url);"],
    ["policy/x.ts", "const { SECRET } = env;"],
    ["policy/x.ts", "const id = crypto.randomUUID();"],
  ])("the check sees %s: %s", (path, text) => {
    expect(impurities(path, text)).not.toEqual([]);
  });
});

describe("uploads, tickets and what lies below know nothing of Hono", () => {
  const below = FLOORS.slice(FLOORS.findIndex((rooms) => rooms.includes("uploads"))).flat();
  it.each(sources.filter(({ path }) => below.includes(roomOf(path))))("$path", (source) => {
    // Its functions for base64 are no more than that.
    expect(resolved(source).filter((name) => /^hono(?!\/utils\/encode)/.test(name))).toEqual([]);
  });
});

describe("the browser client", () => {
  it("imports nothing but itself, the check of addresses, what a ticket says of itself, the limits on files, and answers and parameters as types", () => {
    const client = sources.filter(({ path }) => path.startsWith("client/"));
    expect(client.length).toBeGreaterThan(4);
    const foreign = client.flatMap((source) =>
      [...code(source.text).matchAll(/^(import|export) (type )?[^;]*? from "(\.\.[^"]*|[^."][^"]*)";/gm)].map(
        ([, , type, name]) => `${type ?? "value "}${name}`,
      ),
    );
    expect(new Set(foreign)).toEqual(
      new Set([
        "type ../policy/decide/describe.ts",
        "type ../policy/decide/judge-file.ts",
        "type ../policy/decide/refusal.ts",
        "type ../policy/tables/kinds.ts",
        "type ../policy/tables/parameters.ts",
        "type ../policy/tables/signed-methods.ts",
        "type ../problem.ts",
        "type ../tickets/ticket.ts",
        "type ../uploads/confirm.ts",
        "value ../policy/decide/judge-file.ts",
        "value ../policy/profile.ts",
        "value ../tickets/ticket.ts",
        "value ../web-address.ts",
      ]),
    );
  });
});

describe("React's part", () => {
  it("imports React, the client by its entry, so that a page has that once, the names of formats, and types", () => {
    const values = sources
      .filter(({ path }) => path.startsWith("react/"))
      .map(({ path, text }) => ({ path, text: text.replace(/^import type [^;]*;$/gm, "") }))
      .flatMap(resolved)
      .filter((name) => !name.startsWith("react/"));
    expect(new Set(values)).toEqual(new Set(["client/client.ts", "policy/tables/formats.ts", "react"]));
  });
});

describe("the library", () => {
  it("imports nothing but itself, the signatures, the tables, the checks of addresses and copied texts, and the ticket as a type; of receipts, jose and the keys", () => {
    const library = sources.filter(({ path }) => path.startsWith("library/"));
    expect(library.length).toBeGreaterThan(4);
    const foreign = (files: typeof sources) =>
      new Set(files.flatMap(resolved).filter((name) => !/^(library|signature)\//.test(name)));
    const isOfReceipts = ({ path }: { path: string }) => path === "library/verify-receipt.ts";
    expect(foreign(library.filter((source) => !isOfReceipts(source)))).toEqual(
      new Set([
        "config/application.ts",
        "copied-text.ts",
        "policy/tables/parameters.ts",
        "policy/tables/signed-methods.ts",
        "policy/values/value.ts",
        "reject-upload.ts",
        "result.ts",
        "tickets/ticket.ts",
        "web-address.ts",
      ]),
    );
    expect(foreign(library.filter(isOfReceipts))).toEqual(
      new Set([
        "access/key-set.ts",
        "config/application.ts",
        "jose",
        "keys/receipt-key.ts",
        "result.ts",
        "web-address.ts",
      ]),
    );
  });
});

describe("the Worker", () => {
  const isWorker = (path: string) => !/^(testing|cli|client|react|library|page)\//.test(path);

  it("imports nothing of Node, of the tests' tools or of the SDK", () => {
    for (const source of sources.filter(({ path }) => isWorker(path))) {
      for (const name of resolved(source)) {
        expect(name, source.path).not.toMatch(
          /^(node:|testing\/|cli\/|client\/|page\/|p?react|cloudinary|wrangler|miniflare)/,
        );
      }
    }
  });

  it("reads its environment in one file", () => {
    const readers = sources.filter(
      ({ path, text }) => isWorker(path) && /bindings\[|bindings\.[A-Z]/.test(code(text)),
    );
    expect(readers.map(({ path }) => path)).toEqual(["config/bindings.ts"]);
  });

  it("keeps the secret in one file, in a private field that never leaves it", () => {
    const seers = sources.filter(({ text }) => /#value/.test(code(text)));
    expect(seers.map(({ path }) => path)).toEqual(["keys/secret.ts"]);
    const uses = code(seers[0]!.text).match(/this\.#value[^,;)]*/g);
    expect(uses).toEqual([
      "this.#value = value",
      ...["this.#value", "this.#value", "this.#value]", "this.#value] }", "this.#value"],
    ]);
    // It goes into the four functions that turn it into something else and one comparison, and nowhere else.
    expect(code(seers[0]!.text)).toMatch(/signParams\(params, this\.#value, scheme\)/);
    expect(code(seers[0]!.text)).toMatch(/importKey\("raw", encoder\.encode\(this\.#value\), "HKDF", false/);
    expect(code(seers[0]!.text)).toMatch(/readNotification\(\{ \.\.\.signed, secrets: \[this\.#value\] \}\)/);
    expect(code(seers[0]!.text)).toMatch(/isResponseSigned\(response, \[this\.#value\]\)/);
    expect(code(seers[0]!.text)).toMatch(/return holdsSecret\(text, this\.#value\);/);
  });

  it("makes it of its text in keys/ alone", () => {
    const makers = sources.filter(({ text }) => /new Secret\(/.test(code(text)));
    expect(makers.map(({ path }) => path)).toEqual(["keys/api-secret.ts"]);
  });
});

it("a kind of value is asked for by its row, and never by its name", () => {
  const names = Object.keys(KINDS).map((name) => name.replace("|", "\\|"));
  const asks = new RegExp(`\\bkind\\s*[!=]==?\\s*["'](${names.join("|")})["']`);
  expect('kind === "csv"').toMatch(asks);
  for (const { path, text } of sources.filter(({ path }) => /^(policy|config|http)\//.test(path))) {
    expect(code(text), path).not.toMatch(asks);
    expect(code(text), path).not.toMatch(/switch \(\w*\.?kind\)/);
  }
});

describe("no code reads a sentence", () => {
  it.each(sources.filter(({ path }) => !/^(testing|page|client)\//.test(path)))("$path", ({ text }) => {
    // What a failure, a fault or a refusal says is written at the edge, and looked at by people.
    expect(code(text)).not.toMatch(
      /\.(detail|problem)\.(startsWith|endsWith|includes|match|slice|replace|split)\(/,
    );
  });
});

/** Longest function, in lines: what is longer than a screen is two. */
const MAX_FUNCTION_LINES = 60;

/** Functions that begin a line of their own and are too long, each by its first line. */
function longFunctions(text: string): number[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const start = /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\b|const \w+ = .*=> \{$)/.exec(line);
    if (start === null) return [];
    const end = lines.findIndex((other, i) => i > at && new RegExp(`^${start[1]}\\}`).test(other));
    return end - at >= MAX_FUNCTION_LINES ? [at + 1] : [];
  });
}

it("no function is longer than a screen", () => {
  const body = (lines: number) => `export function f() {\n${"  a();\n".repeat(lines - 2)}}\n`;
  expect([body(60), body(61)].map(longFunctions)).toEqual([[], [1]]);
  const long = sources.flatMap(({ path, text }) => longFunctions(text).map((line) => `${path}:${line}`));
  expect(long).toEqual([]);
});

// What keeps the house in order: who imports whom, what the pure parts may not touch, and who sees the secret.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { KINDS } from "../src/policy/tables/kinds.ts";
import { PROJECT } from "../src/testing/local-worker.ts";

const SRC = join(PROJECT, "src");

const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), "utf8") }));

/** Comments hold words that code may not. */
const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

const importsOf = (text: string): string[] =>
  [...code(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]!);

/** A file's imports, those inside src as paths from src. */
function resolved({ path, text }: { path: string; text: string }): string[] {
  return importsOf(text).map((name) =>
    name.startsWith(".") ? relative(SRC, resolve(SRC, dirname(path), name)) : name,
  );
}

/** What a pure part may import. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  "signature/": ["signature/", "result.ts"],
  "policy/": ["policy/", "signature/", "result.ts"],
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
  return [...foreign, ...(code(text).match(IMPURE) ?? []).slice(0, 1)];
}

describe("signature, policy and the checks of addresses and copied texts are pure", () => {
  const pure = sources.filter(({ path }) => Object.keys(PURE).some((start) => path.startsWith(start)));

  it("there are such files", () => {
    expect(pure.length).toBeGreaterThan(10);
  });

  it.each(pure)("$path", ({ path, text }) => {
    expect(impurities(path, text)).toEqual([]);
  });

  it.each([
    ["policy/x.ts", 'import { Hono } from "hono";'],
    ["policy/x.ts", 'import { Secret } from "../secret.ts";'],
    ["signature/x.ts", 'import { ok } from "../policy/ticket.ts";'],
    ["signature/x.ts", 'const a = await import("node:crypto");'],
    ["policy/x.ts", "const now = Date.now();"],
    ["policy/x.ts", "await fetch(url);"],
    ["policy/x.ts", "const { SECRET } = env;"],
    ["policy/x.ts", "const id = crypto.randomUUID();"],
  ])("the check sees %s: %s", (path, text) => {
    expect(impurities(path, text)).not.toEqual([]);
  });
});

describe("the policy", () => {
  const policy = sources.filter(({ path }) => path.startsWith("policy/"));

  it("has folders that import in one direction alone", () => {
    const order = ["policy/values", "policy/tables", "policy", "policy/compile", "policy/decide"];
    const rank = (path: string) => order.indexOf(dirname(path));
    for (const source of policy)
      for (const name of resolved(source).filter((path) => path.startsWith("policy/"))) {
        expect(rank(name), `${source.path} > ${name}`).toBeGreaterThanOrEqual(0);
        expect(rank(name), `${source.path} > ${name}`).toBeLessThanOrEqual(rank(source.path));
      }
    for (const source of policy.filter(({ path }) => path.startsWith("policy/decide/")))
      expect(resolved(source).filter((path) => path.startsWith("policy/compile/"))).toEqual([]);
  });

  it("asks for a kind of value by its row, and never by its name", () => {
    const names = Object.keys(KINDS).map((name) => name.replace("|", "\\|"));
    const asks = new RegExp(`\\bkind\\s*[!=]==?\\s*["'](${names.join("|")})["']`);
    expect('kind === "csv"').toMatch(asks);
    for (const { path, text } of sources.filter(({ path }) => /^(policy|config|http)\//.test(path))) {
      expect(code(text), path).not.toMatch(asks);
      expect(code(text), path).not.toMatch(/switch \(\w*\.?kind\)/);
    }
  });
});

describe("the browser client", () => {
  it("imports nothing but itself, the one check of addresses, and the shapes of the answers as types", () => {
    const client = sources.filter(({ path }) => path.startsWith("client/"));
    expect(client.length).toBeGreaterThan(4);
    const foreign = client.flatMap((source) =>
      [...code(source.text).matchAll(/^(import|export) (type )?[^;]*? from "(\.\.[^"]*|[^."][^"]*)";/gm)].map(
        ([, , type, name]) => `${type ?? "value "}${name}`,
      ),
    );
    expect(new Set(foreign)).toEqual(
      new Set(["type ../problem.ts", "type ../tickets/ticket.ts", "value ../web-address.ts"]),
    );
  });
});

describe("the library", () => {
  it("imports nothing but itself, the signatures, the checks of addresses and copied texts, and the ticket as a type", () => {
    const library = sources.filter(({ path }) => path.startsWith("library/"));
    expect(library.length).toBeGreaterThan(4);
    const foreign = library.flatMap(resolved).filter((name) => !/^(library|signature)\//.test(name));
    expect(new Set(foreign)).toEqual(
      new Set(["copied-text.ts", "result.ts", "tickets/ticket.ts", "web-address.ts"]),
    );
  });
});

describe("the Worker", () => {
  const isWorker = (path: string) => !/^(testing|cli|client|library|page)\//.test(path);

  it("imports nothing of Node, of the tests' tools or of the SDK", () => {
    for (const source of sources.filter(({ path }) => isWorker(path))) {
      for (const name of resolved(source)) {
        expect(name, source.path).not.toMatch(
          /^(node:|testing\/|cli\/|client\/|page\/|preact|cloudinary|wrangler|miniflare)/,
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
    expect(uses).toEqual(["this.#value = value", "this.#value", "this.#value", "this.#value"]);
    // It goes into the two functions that turn it into something else and one comparison, and nowhere else.
    expect(code(seers[0]!.text)).toMatch(/signParams\(params, this\.#value, algorithm\)/);
    expect(code(seers[0]!.text)).toMatch(/importKey\("raw", encoder\.encode\(this\.#value\), "HKDF", false/);
    expect(code(seers[0]!.text)).toMatch(/return text === this\.#value;/);
  });

  it("has no cycle of imports", () => {
    const graph = new Map(
      sources.map((source) => [source.path, resolved(source).filter((name) => name.endsWith(".ts"))]),
    );
    const cycles: string[] = [];
    const visit = (path: string, way: string[]): void => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(" > "));
      else for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(new Set(cycles)).toEqual(new Set());
  });
});

// What the page says stands in one table, src/page/texts.ts: no words elsewhere, and none in it that nobody shows.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseAst } from "vitest/node";
import { numberText, percentText, plural, sizeText } from "../../src/page/format.ts";
import { TEXTS } from "../../src/page/texts.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";

const FOLDER = join(PROJECT, "src/page");
const TABLE = "texts.ts";
/** Code for one's own page: of its literals, only comments and what stands for a value are words. */
const CODE = "snippets.ts";

const sources = readdirSync(FOLDER)
  .filter((path) => /\.tsx?$/.test(path) && path !== TABLE)
  .map((path) => ({ path, text: readFileSync(join(FOLDER, path), "utf8") }));

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

const SENTENCE = /\p{L} \p{L}/u;
const WORD = /\p{L}/u;
const ENTITY = /&\w+;/g;
const COMMENT_OR_STAND_IN = /(\/\/ |<)\p{L}/u;

/** Attributes that people read or hear. */
const SAID = [
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "aria-valuetext",
  "title",
  "placeholder",
  "alt",
  "label",
];
/** Attributes that only the browser and Preact read. */
const UNSAID = ["class", "key"];

const nameOf = (node: unknown): unknown => (node as { name?: unknown } | undefined)?.name;

/** The text of a literal; `value` stands for each value in it. */
function textOf(node: Node, value: string): string | undefined {
  if (node.type === "JSXText") return (node.value as string).replaceAll(ENTITY, "");
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type !== "TemplateLiteral") return undefined;
  const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.map((quasi) => quasi.value.cooked).join(value);
}

/** Literals that are words for people: below JSX any, elsewhere sentences. */
function words(path: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: Node, wanted: RegExp): void => {
    if (node.type === "JSXAttribute" && UNSAID.includes(nameOf(node.name) as string)) return;
    // A name and a word are a sentence; in code a value is nothing to read.
    const text = textOf(node, path === CODE ? "$" : "name");
    if (text !== undefined && wanted.test(text)) found.push(text.trim());
    const below = patternBelow(path, node, wanted);
    // What is compared is a name, not a text.
    const isComparison = node.type === "BinaryExpression" && /^[!=]==$/.test(node.operator as string);
    for (const child of isComparison ? [] : Object.values(node).flat())
      if (isNode(child)) visit(child, below);
  };
  visit(parseAst(source, { lang: "tsx" }) as unknown as Node, path === CODE ? COMMENT_OR_STAND_IN : SENTENCE);
  return found;
}

/** What a literal below a node must not match. */
function patternBelow(path: string, node: Node, above: RegExp): RegExp {
  if (path === CODE) return above;
  if (node.type === "JSXElement" || node.type === "JSXFragment") return WORD;
  if (node.type === "JSXOpeningElement") return SENTENCE;
  if (node.type === "JSXAttribute") return SAID.includes(nameOf(node.name) as string) ? WORD : SENTENCE;
  return above;
}

describe("no words stand outside the table", () => {
  it.each(sources)("$path", ({ path, text }) => {
    expect(words(path, text)).toEqual([]);
  });

  it.each([
    ["x.tsx", "<p>Retry</p>"],
    ["x.tsx", '<p>{over ? "was" : "is"}</p>'],
    ["x.tsx", '<button aria-label="Retry" />'],
    ["x.tsx", `<button title={\`Retry \${name}\`} />`],
    ["x.tsx", '<Notice text="Try again" />'],
    ["x.ts", 'say("Try again");'],
    ["x.ts", `say(\`\${name} uploaded\`);`],
    ["snippets.ts", '["throw error; // a refusal"]'],
    ["snippets.ts", '["Bearer <the token>"]'],
  ])("the check sees %s: %s", (path, text) => {
    expect(words(path, text)).not.toEqual([]);
  });

  it.each([
    ["x.tsx", `<p class="button small" key={\`a \${b}\`}>{stage === "done" && TEXTS.done} &amp;</p>`],
    ["x.ts", 'document.querySelector("input[type=file]"); // a comment'],
    ["x.ts", 'new URL("health", "https://a.example/b");'],
    ["snippets.ts", '["const asset = await upload(file);"]'],
  ])("the check passes over %s: %s", (path, text) => {
    expect(words(path, text)).toEqual([]);
  });
});

it.each(Object.keys(TEXTS))("%s is shown somewhere", (name) => {
  const used = new RegExp(`\\bTEXTS\\.${name}\\b`);
  expect(sources.filter(({ text }) => used.test(text)).length).toBeGreaterThan(0);
});

describe("numbers are written as the page's language does", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ["en", ["1,234", "53%", "1 byte", "12 bytes", "3.4 kB", "240 MB"]],
    ["de", ["1.234", "53 %", "1 Byte", "12 Byte", "3,4 kB", "240 MB"]],
  ])("%s", (lang, texts) => {
    vi.stubGlobal("document", { documentElement: { lang } });
    const sizes = [1, 12, 3400, 240_000_000].map(sizeText);
    const written = [numberText(1234), percentText(53), ...sizes].map((text) =>
      text.replaceAll("\u00a0", " "),
    );
    expect(written).toEqual(texts);
  });

  it.each([
    ["en", ["other", "one", "other", "other"]],
    ["fr", ["one", "one", "other", "other"]],
    ["pl", ["many", "one", "few", "many"]],
    ["ja", ["other", "other", "other", "other"]],
  ])("the forms of %s", (lang, forms) => {
    vi.stubGlobal("document", { documentElement: { lang } });
    const all = { one: "one", few: "few", many: "many", other: "other" };
    expect([0, 1, 2, 5].map((count) => plural(count, all))).toEqual(forms);
    expect(plural(1, { other: "x" })).toBe("x");
  });
});

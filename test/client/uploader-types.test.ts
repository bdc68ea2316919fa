// The compiler over uploader-types.ts, by the configurations' own types and by those that `types` writes, and over a
// front end for every recipe of the cookbook: what is expected to be an error is one, and nothing else is.

import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { newOwnerFolder, type OwnerFolder } from "../support/owner.ts";
import { BARE_SOURCES, EXPECTED, RIGHT_SOURCES, uploaderSources } from "../support/typed-uploader.ts";

/** By profile of the cookbook: a right call, and wrong ones. */
const RECIPES: Readonly<Record<string, readonly [right: string, ...wrong: string[]]>> = {
  avatars: [
    'upload("avatars", file)',
    'upload("avatars", file, { params: { public_id: "a" } })',
    'act("avatars")',
  ],
  "delete-avatar": [
    'act("delete-avatar")',
    'act("delete-avatar", { public_id: "a" })',
    'upload("delete-avatar", file)',
  ],
  gallery: [
    'upload("gallery", file, { params: { tags: ["u-42-cat"], context: { alt: "A cat" } } })',
    'upload("gallery", file, { params: { tags: [1] } })',
    'upload("gallery", file, { params: { context: { title: "A cat" } } })',
  ],
  pictures: [
    'upload("pictures", file, { params: { context: { caption: "A cat" } } })',
    'upload("pictures", file, { params: { tags: "a" } })',
  ],
  captions: [
    'act("captions", { public_ids: ["a"], context: { alt: "A cat" } })',
    'act("captions", { context: { alt: "A cat" } })',
    'act("captions", { public_id: "a", context: { alt: "A cat" } })',
  ],
  "rename-picture": [
    'act("rename-picture", { from_public_id: "a", to_public_id: "b" })',
    'act("rename-picture", { to_public_id: "b" })',
  ],
  "delete-picture": ['act("delete-picture", { public_id: "a" })', 'act("delete-picture", {})'],
  documents: [
    'upload("documents", file, { params: { context: { title: "Tax" } } })',
    'upload("documents", file, { params: { context: { alt: "Tax" } } })',
  ],
  videos: ['upload("videos", file)', 'upload("videos", file, { params: { eager: "w_1" } })'],
  contact: ['upload("contact", file)', 'upload("contact", file).then(({ receipt }) => receipt)'],
  widget: [
    'upload("widget", file, { params: { custom_coordinates: [0, 0, 1, 1] } })',
    'upload("widget", file, { params: { folder: "widget" } })',
  ],
  "member-widget": [
    'upload("member-widget", file, { params: { tags: "u-42-a" } })',
    'upload("member-widget", file, { params: { context: { alt: "a" } } })',
  ],
  imports: [
    'upload("imports", file, { params: { public_id: "imports/a/b" } })',
    'upload("imports", file, { params: { public_id: 7 } })',
  ],
  "support-delete": ['act("support-delete", { public_id: "users/42/a" })', 'act("support-delete")'],
  intranet: [
    'upload("intranet", file, { params: { context: { title: "a" } } })',
    'upload("intranet", file, { params: { context: { titel: "a" } } })',
  ],
  "auth0-pictures": ['upload("auth0-pictures", file, { params: { tags: [] } })', 'upload("auth0", file)'],
  "clerk-pictures": [
    'upload("clerk-pictures", file)',
    'upload("clerk-pictures", file, { params: { tags: [] } })',
  ],
  "clerk-cookie-pictures": ['describe("clerk-cookie-pictures")', 'describe("clerk-pictures")'],
  "supabase-pictures": ['upload("supabase-pictures", file)', 'upload("supabase-pictures")'],
  "firebase-pictures": ['upload("firebase-pictures", file)', 'upload("firebase-pictures", "a.jpg")'],
};

let folder: OwnerFolder;
/** What the compiler says, by file. */
const said = new Map<string, string>();
let recipes: string[];

/** A front end over one recipe: right calls, then wrong ones, each in a line of its own. */
function frontEnd(recipe: string, index: number): string {
  const names = Object.keys(RECIPES).filter((name) => new RegExp(`^ {4}"?${name}"?: \\{$`, "m").test(recipe));
  const calls = names.flatMap((name) =>
    RECIPES[name]!.map((call, i) => `uploader.${call}; // ${i === 0 ? "right" : "wrong"}: ${name}`),
  );
  return `import { createUploader } from "cloudinary-edge-signer/client";
import type config from "./recipe-${index}.js";
declare const file: File;
const uploader = createUploader<typeof config>({ signer: "/api" });
${calls.join("\n")}
`;
}

beforeAll(async () => {
  folder = await newOwnerFolder();
  await symlink(
    join(PROJECT, "test/node_modules/expect-type"),
    join(folder.path, "node_modules/expect-type"),
  );
  const cookbook = await readFile(join(PROJECT, "docs/cookbook.md"), "utf8");
  recipes = [...cookbook.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  const sources = {
    ...(await uploaderSources()),
    ...Object.fromEntries(recipes.map((text, i) => [`recipe-${i}`, text])),
    ...Object.fromEntries(recipes.map((text, i) => [`front-end-${i}`, frontEnd(text, i)])),
  };
  for (const [name, text] of Object.entries(sources)) await folder.write(`${name}.ts`, text);
  const lines = (await folder.tsc(Object.keys(sources).map((name) => `${name}.ts`))).split(/^(?=\S)/m);
  for (const line of lines) {
    const name = line.split(".ts(")[0]!;
    said.set(name, (said.get(name) ?? "") + line);
  }
}, 120_000);
afterAll(() => folder.close());

const linesOf = (name: string): number[] =>
  [
    ...new Set([...(said.get(name) ?? "").matchAll(/^[\w-]+\.ts\((\d+)/gm)].map(([, line]) => Number(line))),
  ].sort((a, b) => a - b);

describe("uploader-types.ts", () => {
  it("has more than forty mistakes", () => {
    expect(EXPECTED.match(/^\/\/ @ts-expect-error/gm)!.length).toBeGreaterThan(40);
  });

  it.each(RIGHT_SOURCES)("%s is right", (name) => {
    expect(said.get(name) ?? "").toBe("");
  });

  it.each(BARE_SOURCES)("%s: each mistake is an error", (name) => {
    expect(linesOf(name)).toHaveLength(EXPECTED.match(/^\/\/ @ts-expect-error/gm)!.length);
  });

  it.each([
    [
      `"avatar"' is not assignable to parameter of type '"avatars" | "bare" | "default" | "member-widget" | "members" | "widget"'`,
    ],
    [
      `'{}' is not assignable to parameter of type '{ readonly public_id: string; }'`,
      "Property 'public_id' is missing in type '{}'",
    ],
    [`'"ux"' is not assignable to type '"uw"'`],
    ["Property 'receipt' does not exist on type 'Stored'"],
  ])("its messages are short: %s", (...oneOf) => {
    expect(oneOf.some((text) => said.get("bare")!.includes(text))).toBe(true);
    // No table of parameters, and no configuration that is printed whole.
    const longest = Math.max(
      ...said
        .get("bare")!
        .split("\n")
        .map((line) => line.length),
    );
    expect(longest).toBeLessThan(500);
  });
});

describe("the cookbook", () => {
  it("has a call for every profile", () => {
    const names = recipes.flatMap((text) =>
      [...text.slice(text.indexOf("  profiles:")).matchAll(/^ {4}"?([\w-]+)"?: \{/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(names.sort()).toEqual(Object.keys(RECIPES).sort());
  });

  it("right calls compile, and each wrong one does not", () => {
    expect(recipes.length).toBeGreaterThan(10);
    for (const [i, text] of recipes.entries()) {
      const wrong = frontEnd(text, i)
        .split("\n")
        .flatMap((line, at) => (line.includes("; // wrong") ? [at + 1] : []));
      expect([linesOf(`recipe-${i}`), linesOf(`front-end-${i}`)], said.get(`front-end-${i}`)).toEqual([
        [],
        wrong,
      ]);
    }
  });
});

// React's part of the package as `npm pack` makes it, in an empty project with the oldest React that it fits, and with the
// newest: what its types say, what a server renders, and that the examples of its docstrings and of the docs are right.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { pack } from "../support/packed.ts";
import { tsc } from "../support/tsc.ts";
import { uploaderConfigs } from "../support/typed-uploader.ts";

const run = promisify(execFile);
const at = (path: string): string => join(PROJECT, path);

/** Each version, and where its packages are: copied, for a link would lead to the other version. */
const VERSIONS = [
  ["18.0.0", "test/react-18/node_modules", "test/node_modules/types-react-18"],
  ["19.3.1", "test/node_modules", "node_modules/@types/react"],
] as const;

const EXPECTED = await readFile(at("test/react/react-types.tsx"), "utf8");
const TYPED = EXPECTED.replace(/"[./]+\/src\/(react|client)\/\w+\.ts"/g, '"cloudinary-edge-signer/$1"')
  .replace(/"[./]+\/demo\/signer\.config\.ts"/, '"./demo-config.js"')
  .replace(/"[^"]+\/every-kind\/signer\.config\.ts"/, '"./policy-config.js"')
  .replace('"vitest"', '"expect-type"');
/** Each mistake, and none is expected. */
const BARE = TYPED.replaceAll("@ts-expect-error", "");
const MISTAKES = EXPECTED.match(/@ts-expect-error/g)!.length;

const DOCS = await readFile(at("docs/own-code.md"), "utf8");
/** A block of the docs, whose configuration is the demo's. */
const block = (start: string): string =>
  new RegExp(`^${start}\\n([\\s\\S]*?)^(\`\`\`|</script>)$`, "m")
    .exec(DOCS)![1]!
    .replace("../signer.config.ts", "./demo-config.js");

/** The names that the package exports, and the example in the docstring of each. */
const EXAMPLES = await Promise.all(
  [
    ["Dropzone", "dropzone"],
    ["UploadButton", "upload-button"],
    ["useUploads", "uploads-hook"],
  ].map(async ([name = "", file]) => {
    const text = await readFile(at(`src/react/${file}.ts`), "utf8");
    const [, example = ""] =
      new RegExp(`@example\\n((?: \\* .*\\n)+) \\*/\\nexport function ${name}\\b`).exec(text) ?? [];
    return [name, example.replaceAll(/^ \* /gm, "")] as const;
  }),
);
const EXAMPLE_PAGE = `
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import * as react from "cloudinary-edge-signer/react";
import { Dropzone, UploadButton, useUploads } from "cloudinary-edge-signer/react";
import type config from "./demo-config.js";
const token = "a" as string | undefined;
const options = { signer: "https://signer.example.com", profile: "avatars" } as const;
const examples = {${EXAMPLES.map(
  ([name, example]) => `
  ${name}() {
    ${name === "useUploads" ? "" : "const uploads = useUploads<typeof config>(options);"}
    ${example}
  },`,
).join("")}
};
const rendered = Object.values(examples).map((example) => renderToString(createElement(example as never)));
console.log(JSON.stringify({ rendered, exported: Object.keys(react) }));
`;
/** What is used of Vue, which is not installed here, and of React's server. */
const SHIMS = `
declare module "vue" {
  export function shallowRef<T>(value: T): { value: T };
  export function onScopeDispose(end: () => void): void;
}
declare module "react-dom/server" {
  export function renderToString(element: unknown): string;
}
`;

/** A server's rendering: of a hook whose signer is a path, and of a store that is not empty. */
const RENDER = `
import { createElement, StrictMode, version } from "react";
import { renderToString } from "react-dom/server";
import { createUploads } from "cloudinary-edge-signer/client";
import { Dropzone, UploadButton, useUploads } from "cloudinary-edge-signer/react";
const store = createUploads({ signer: "http://127.0.0.1:1" });
await store.add([new File([], "empty.txt")]);
const App = () => {
  const uploads = useUploads({ signer: "/api/uploads", profile: "avatars" });
  return [
    createElement(UploadButton, { key: 1, uploads, className: "b", folder: true, disabled: true }),
    createElement(UploadButton, { key: 2, uploads, children: ({ status, items }) => status + " " + items.length }),
    createElement(Dropzone, { key: 3, uploads: store, id: "drop", classNames: { button: "c", announcement: "d" } }, "Drop"),
  ];
};
const html = renderToString(createElement(StrictMode, null, createElement(App)));
const wrong = [undefined, {}, { signer: "ftp://a" }, { signer: "https://a.example", concurrency: 0 }].map((options) => {
  try {
    return renderToString(createElement(() => String(useUploads(options))));
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify({ version, html, wrong, left: store.getSnapshot().items.length }));
`;

const HTML = [
  '<button class="b" data-status="disabled" type="button" disabled="">Choose files</button>',
  '<input type="file" hidden="" disabled="" multiple="" webkitdirectory=""/>',
  '<button data-status="idle" type="button">idle 0</button>',
  '<input type="file" hidden="" multiple=""/>',
  '<div role="group" id="drop" data-status="idle">',
  '<button class="c" data-status="idle" type="button">Drop</button>',
  '<input type="file" hidden="" multiple=""/>',
  '<p role="status" class="d"></p></div>',
].join("");

describe.each(VERSIONS)("with React %s", (version, modules, types) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "edge-signer-react-"));
    const { tarball } = await pack();
    const own = join(folder, "node_modules/cloudinary-edge-signer");
    await mkdir(own, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
    for (const name of ["react", "react-dom", "scheduler"])
      await cp(at(`${modules}/${name}`), join(folder, "node_modules", name), { recursive: true });
    await cp(at(types), join(folder, "node_modules/@types/react"), { recursive: true });
    for (const name of ["csstype", "hono", "jose", "valibot", "leven"])
      await symlink(at(`node_modules/${name}`), join(folder, "node_modules", name));
    for (const name of ["expect-type", "@types/prop-types", "svelte"])
      await symlink(at(`test/node_modules/${name}`), join(folder, "node_modules", name));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("a server renders what a browser renders first, and nobody warns", async () => {
    await writeFile(join(folder, "render.js"), RENDER);
    const { stdout, stderr } = await run(process.execPath, ["render.js"], { cwd: folder });
    const told = JSON.parse(stdout);
    expect(told).toEqual({
      ...{ version: expect.stringMatching(`^${version}`), html: HTML, left: 1 },
      wrong: [
        expect.stringContaining("useUploads wants options"),
        expect.stringContaining("signer must be an address"),
        expect.stringContaining("signer must be an address"),
        "concurrency must be at least 1",
      ],
    });
    expect(stderr).toBe("");
  });

  it("the examples of its docstrings render", async () => {
    const { code } = await transform(EXAMPLE_PAGE, { loader: "tsx", jsx: "automatic", format: "esm" });
    await writeFile(join(folder, "examples.js"), code);
    const { stdout, stderr } = await run(process.execPath, ["examples.js"], { cwd: folder });
    const input = '<input type="file" hidden="" multiple=""/>';
    const { rendered, exported } = JSON.parse(stdout);
    expect([rendered, stderr]).toEqual([
      [
        `<div role="group" class="drop" data-status="idle"><button class="button" data-status="idle" type="button">Drop pictures, or choose them</button>${input}<p role="status"></p></div>`,
        `<button class="button" data-status="idle" type="button">Choose files</button>${input}`,
        "",
      ],
      "",
    ]);
    expect(exported).toEqual(EXAMPLES.map(([name]) => name));
  });

  it("its types know the profiles, and see each mistake", async () => {
    const { demo, policy } = await uploaderConfigs();
    const sources = {
      "typed.tsx": TYPED,
      "bare.tsx": BARE,
      "docs.tsx": block("```tsx"),
      "in-vue.ts": block('```vue\n<script setup lang="ts">'),
      "in-svelte.ts": block('```svelte\n<script lang="ts">'),
      "examples.tsx": EXAMPLE_PAGE,
      "shims.d.ts": SHIMS,
      "demo-config.ts": demo,
      "policy-config.ts": policy,
    };
    for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
    const options = ["--jsx react-jsx --strict --noEmit --exactOptionalPropertyTypes --lib es2022,dom"];
    const resolution = "--target es2022 --module esnext --moduleResolution bundler";
    const words = [...options, resolution].join(" ").split(" ");
    const said = (await tsc([...words, ...Object.keys(sources)], folder)).split(/^(?=\S)/m);
    const isBare = (line: string) => line.startsWith("bare.tsx(");
    expect(said.filter((line) => !isBare(line)).join("")).toBe("");
    const lines = said.filter(isBare).map((line) => /\d+/.exec(line)![0]);
    expect(new Set(lines).size, said.join("")).toBe(MISTAKES);
    // A misspelt profile is told with the names that there are.
    const misspelt = said.filter((line) => isBare(line) && line.includes(`'"avatar"'`));
    expect(misspelt.length).toBeGreaterThan(3);
    expect(misspelt.filter((line) => !line.includes('type \'"avatars" | '))).toEqual([]);
  });
});

it("its server's part is for the browser, and has the store of the client", async () => {
  const { tarball } = await pack();
  const { stdout } = await run("tar", ["-xzOf", tarball, "package/dist/package/react.js"]);
  expect(stdout.split("\n")[0]).toBe('"use client";');
  const from = [...stdout.matchAll(/\bfrom "([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(from)).toEqual(new Set(["react", "./client.js"]));
});

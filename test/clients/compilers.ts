// Components of Vue and Svelte, compiled by the frameworks' own compilers; these are installed with the clients alone.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Without types: `npm run check` has them not installed. */
const required = createRequire(import.meta.url);

/** Vue's single-file components, whose properties may be types of other packages. */
export const vue: Plugin = {
  name: "vue",
  setup({ onLoad }) {
    const { compileScript, parse, registerTS } = required("vue/compiler-sfc");
    registerTS(() => required("typescript"));
    onLoad({ filter: /\.vue$/ }, async ({ path: filename }) => {
      const { descriptor } = parse(await readFile(filename, "utf8"), { filename });
      const { content } = compileScript(descriptor, { id: filename, inlineTemplate: true });
      return { contents: content, loader: "ts" };
    });
  },
};

/** Svelte's components. */
export const svelte: Plugin = {
  name: "svelte",
  setup({ onLoad }) {
    const { compile } = required("svelte/compiler");
    onLoad({ filter: /\.svelte$/ }, async ({ path: filename }) => {
      const { js } = compile(await readFile(filename, "utf8"), { filename, generate: "client" });
      return { contents: js.code, loader: "js" };
    });
  },
};

/** Modules that only exist inside of a framework, by their names. */
export const standIns = (modules: Readonly<Record<string, string>>): Plugin => ({
  name: "stand-ins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path }) =>
      Object.hasOwn(modules, path) ? { path, namespace: "stand-in" } : undefined,
    );
    onLoad({ filter: /./, namespace: "stand-in" }, ({ path }) => ({
      contents: modules[path]!,
      loader: "jsx",
      resolveDir: import.meta.dirname,
    }));
  },
});

// The page of a browser's client: its script bundled with the packages as they are installed, and with the snippets of
// docs/clients.md as modules.

import { build, type Loader, type Plugin } from "esbuild";
import type { Snippet } from "./snippets.ts";

export interface PageSource {
  /** What drives the snippet, as a module: it may import `snippet`, `snippet/1`, and packages. */
  readonly script: string;
  /** Default `jsx`, with React. */
  readonly loader?: Loader;
  /** What the body has before the script. Default `<main></main><p id="refusal"></p>`. */
  readonly body?: string;
  /** Changes the snippets, as to ask for what is refused. */
  readonly edit?: (code: string) => string;
  readonly plugins?: readonly Plugin[];
  readonly define?: Readonly<Record<string, string>>;
  /** Conditions of packages' exports, beside the browser's. */
  readonly conditions?: readonly string[];
}

const HERE = import.meta.dirname;

const asModules = (snippets: readonly Snippet[], edit: (code: string) => string): Plugin => ({
  name: "snippets",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^snippet(\/\d+)?$/ }, ({ path }) => ({
      path: path.split("/")[1] ?? "0",
      namespace: "snippet",
    }));
    onLoad({ filter: /./, namespace: "snippet" }, ({ path }) => {
      const { language, text } = snippets[Number(path)]!;
      const loader = language === "js" ? "jsx" : (language as Loader);
      return { contents: edit(text), loader, resolveDir: HERE };
    });
  },
});

/** The script, and the page that loads it from `address`. */
export async function bundlePage(
  {
    script,
    loader = "jsx",
    body = '<main></main><p id="refusal"></p>',
    edit,
    plugins = [],
    define,
    conditions = [],
  }: PageSource,
  snippets: readonly Snippet[],
  address: string,
): Promise<[script: string, html: string]> {
  const { outputFiles } = await build({
    stdin: { contents: script, loader, resolveDir: HERE, sourcefile: "page.js" },
    bundle: true,
    format: "iife",
    platform: "browser",
    outdir: "/",
    conditions: ["module", ...conditions],
    resolveExtensions: [".tsx", ".ts", ".jsx", ".js", ".mjs", ".css", ".json"],
    // In the place of the tests' own, whose JSX is Preact's.
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "react" } },
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "globalThis", ...define },
    loader: { ".css": "empty", ".svg": "empty" },
    plugins: [asModules(snippets, edit ?? ((code) => code)), ...plugins],
    logLevel: "error",
    write: false,
  });
  const head =
    '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Upload</title>';
  return [outputFiles[0]!.text, `${head}<body>${body}<script src="${address}"></script>`];
}

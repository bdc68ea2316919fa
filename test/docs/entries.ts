// What the package exports, by its name in package.json, and the source of each: `client` is `src/client/client.ts`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

export interface Entry {
  /** As it is imported: `cloudinary-edge-signer/client`. */
  readonly specifier: string;
  /** Its page in docs/api, without the ending. */
  readonly page: string;
  /** Inside `src`. */
  readonly source: string;
}

const { name, exports } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly types: string }>>;
};

export const ENTRIES: readonly Entry[] = Object.entries(exports).map(([path, { types }]) => ({
  specifier: path.replace(/^\./, name),
  page: path === "." ? "library" : path.slice(2),
  source: types.replace(/^\.\/dist\/package\/(types|modules)\//, "").replace(/\.d\.ts$/, ".ts"),
}));

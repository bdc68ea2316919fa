// Where a function of the bundle stands in the sources.

import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import type { Bundle } from "../bundles.ts";
import { MODULE } from "../workerd.ts";
import type { Place } from "./functions.ts";
import type { CallFrame } from "./inspector.ts";

/** Reads the source map beside a bundle. */
export async function locator({ file }: Bundle): Promise<(frame: CallFrame) => Place> {
  const map = new SourceMap(JSON.parse(await readFile(`${file}.map`, "utf8")));
  return ({ url, lineNumber, columnNumber }) => {
    if (url === "") return {};
    if (url !== MODULE) return { module: url };
    const found = map.findEntry(lineNumber, columnNumber);
    if (!("originalSource" in found)) return { module: url, line: lineNumber + 1 };
    const path = relative(PROJECT, resolve(dirname(file), found.originalSource));
    return { module: path.split(sep).join("/"), line: found.originalLine + 1 };
  };
}

// The packages that some commands need, and that not every project with this one has.

import { createRequire } from "node:module";
import { wranglerScript } from "../testing/tools.ts";
import { Fixable } from "./fixable.ts";

/** Whether something is found, or throws because it is not there. */
function isThere(find: () => unknown): boolean {
  try {
    find();
    return true;
  } catch {
    return false;
  }
}

const FIND = {
  cloudinary: () => createRequire(import.meta.url).resolve("cloudinary"),
  wrangler: (file: string) => wranglerScript(file),
} as const;

/** Fails with a clear message where one is missing: all of them at once. `file` is the wrangler.toml. */
export function needPackages(
  command: string,
  names: readonly (keyof typeof FIND)[],
  file = "wrangler.toml",
): void {
  const missing = names.filter((name) => !isThere(() => FIND[name](file)));
  if (missing.length === 0) return;
  const packages = `${missing.length > 1 ? "packages" : "package"} ${missing.join(" and ")}`;
  throw new Fixable(`run \`npm install --save-dev ${missing.join(" ")}\`: ${command} needs the ${packages}`);
}

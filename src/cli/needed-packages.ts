// The packages that `start` alone needs, and that not every project with this one has.

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

/** Fails with a clear message where one is missing: all of them at once. `file` is the wrangler.toml. */
export function needPackages(file: string): void {
  const missing = [
    ...(isThere(() => createRequire(import.meta.url).resolve("cloudinary")) ? [] : ["cloudinary"]),
    ...(isThere(() => wranglerScript(file)) ? [] : ["wrangler"]),
  ];
  if (missing.length === 0) return;
  const packages = `${missing.length > 1 ? "packages" : "package"} ${missing.join(" and ")}`;
  throw new Fixable(`run \`npm install --save-dev ${missing.join(" ")}\`: start needs the ${packages}`);
}

// wrangler and miniflare of the deployment's own folder, or else those beside this code: they are loaded where they are
// needed, so that whoever only signs installs neither.

import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** The package.json of the wrangler that a wrangler.toml is deployed by. */
function findWrangler(config: string): string {
  for (const from of [resolve(config), import.meta.url]) {
    try {
      return createRequire(from).resolve("wrangler/package.json");
    } catch {
      // The next one, then.
    }
  }
  throw new MissingTool("install wrangler first: npm install --save-dev wrangler");
}

/** A tool that is not installed. */
export class MissingTool extends Error {}

// Required and not imported: Node would read these large files twice, to find out what each is and exports.
const load = async <T>(from: string, name: string): Promise<T> => createRequire(from)(name);

/** wrangler's command line, to be run by Node. */
export const wranglerScript = (config: string): string =>
  join(dirname(findWrangler(config)), "bin/wrangler.js");

export const loadWrangler = (config: string): Promise<typeof import("wrangler")> =>
  load(findWrangler(config), "wrangler");

export const loadMiniflare = (config: string): Promise<typeof import("miniflare")> =>
  load(findWrangler(config), "miniflare");

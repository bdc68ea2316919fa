// `npm run check`: a wrangler.toml with everything on that the root's has in comments is bundled as a deploy would.

import { join } from "node:path";
import { buildWorker, newBuild, PROJECT, removeBuild } from "../testing/local-worker.ts";

const CONFIG = "test/everything/wrangler.toml";

const build = await newBuild();
try {
  await buildWorker(build, { config: join(PROJECT, CONFIG) });
  console.log(`✓ ${CONFIG}: could be deployed`);
} finally {
  await removeBuild(build);
}

// Part of `npm run release:version`: the template installs the version that package.json has now.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";
import { OWN_SPEC, ownVersion } from "./init-files.ts";

const path = join(PROJECT, "template/package.json");
const text = await readFile(path, "utf8");
const version = await ownVersion();
await writeFile(path, text.replace(OWN_SPEC, `"cloudinary-edge-signer": "^${version}"`));
console.log(`✓ template/package.json: ^${version}`);

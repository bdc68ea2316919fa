// `npm run docs`: docs/openapi.json.

import { writeFile } from "node:fs/promises";
import { isStarted, PROCESS } from "../../src/cli/io.ts";
import { DOCUMENT, openApiText } from "./openapi/document.ts";

if (isStarted(import.meta)) {
  await writeFile(DOCUMENT, await openApiText());
  PROCESS.out(`wrote ${DOCUMENT}`);
}

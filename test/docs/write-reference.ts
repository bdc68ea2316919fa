// `npm run docs`: docs/openapi.json and docs/reference.md.

import { writeFile } from "node:fs/promises";
import { isStarted, PROCESS } from "../../src/cli/io.ts";
import { DOCUMENT, openApiText } from "./openapi/document.ts";
import { REFERENCE, referenceText } from "./reference.ts";

if (isStarted(import.meta)) {
  await writeFile(DOCUMENT, await openApiText());
  await writeFile(REFERENCE, referenceText());
  PROCESS.out(`wrote ${DOCUMENT} and ${REFERENCE}`);
}

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DOCUMENT, withCauses } from "../../src/cli/write-troubleshooting.ts";

it("docs/troubleshooting.md has the causes of today: `npm run docs` writes them", () => {
  const document = readFileSync(DOCUMENT, "utf8");
  expect(document).toBe(withCauses(document));
});

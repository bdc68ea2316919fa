// The table of other methods in docs/profiles.md says what the tables of the policy say.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SIGNED_METHODS } from "../src/policy/tables/signed-methods.ts";
import { PROJECT } from "../src/testing/local-worker.ts";

const TEXT = await readFile(join(PROJECT, "docs/profiles.md"), "utf8");
/** From the heading of its table on, up to the line behind it. */
const TABLE = TEXT.slice(TEXT.indexOf("| method | what it does |")).split("\n\n", 1)[0]!;
const ROWS = [...TABLE.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, name = "", rest = ""]) => ({
  name,
  cells: rest.split("|").map((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, one]) => one)),
}));

it("has a row for each, with what it needs and who may choose which parameter", () => {
  const methods = [...SIGNED_METHODS.values()].filter(({ name }) => name !== "upload");
  expect(ROWS).toEqual(
    methods.map(({ name, needs, parameters }) => {
      const chosen = (by: string) =>
        [...parameters]
          .filter(([one, { client }]) => client === by && one !== "timestamp")
          .map(([one]) => one);
      return { name, cells: [[], needs.flat(), chosen("limits"), chosen("enum"), chosen("never")] };
    }),
  );
});

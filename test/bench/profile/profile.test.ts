// A profile made by hand, and what must come of it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import { functionsOf, type Place } from "./functions.ts";
import type { CallFrame, CallNode } from "./inspector.ts";
import { isFunction, keyOf, type Part, partOf, shares } from "./shares.ts";
import { locator } from "./source-map.ts";

const node = (id: number, functionName: string, url = "", children: number[] = []): CallNode => ({
  id,
  callFrame: { functionName, url, lineNumber: url === "" ? -1 : 6, columnNumber: 4 },
  children,
});

/** Here a URL is the module already. */
const locate = ({ url, lineNumber }: CallFrame): Place =>
  url === "" ? {} : { module: url, line: lineNumber + 1 };

const APP = "src/http/app.ts";
const TICKET = "src/policy/decide/ticket-params.ts";
const VALUE = "src/policy/values/value.ts";

const NODES: readonly CallNode[] = [
  node(1, "(root)", "", [2, 3, 4, 5, 6, 7]),
  node(2, "(program)"),
  node(3, "(idle)"),
  node(4, "(garbage collector)"),
  node(5, ""),
  // A function that goes on after a promise is called by nobody.
  node(6, "ticketParams", TICKET),
  node(7, "dispatch", "node_modules/hono/dist/compose.js", [8]),
  node(8, "", APP, [9, 11, 12, 13]),
  node(9, "log", APP, [10]),
  node(10, "", "", [14]),
  node(11, ""),
  node(12, "ticketParams", TICKET, [15]),
  node(13, "verify", "node_modules/.pnpm/@scope+jwt@1/node_modules/@scope/jwt/index.js", [16]),
  node(14, "formatLog", "node-internal:internal_inspect"),
  node(15, "readValue", VALUE),
  node(16, "digest"),
];

/** Of 40 samples, one is 2.5%. */
const SAMPLES = Object.entries({
  2: 3,
  3: 2,
  4: 4,
  5: 5,
  6: 1,
  7: 2,
  8: 4,
  10: 6,
  11: 1,
  12: 3,
  13: 2,
  14: 1,
  15: 4,
  16: 2,
});

const profile = {
  nodes: NODES,
  samples: SAMPLES.flatMap(([id, times]) => Array<number>(times).fill(Number(id))),
  timeDeltas: [],
};
const functions = functionsOf(profile, locate);

describe("functions", () => {
  it("are told by name and place, the ways by which they are reached together", () => {
    expect(functions.filter(({ name }) => name === "ticketParams")).toEqual([
      { name: "ticketParams", module: TICKET, line: 7, samples: 4 },
    ]);
  });

  it("without name and module are told by who called them", () => {
    const callers = functions.flatMap(({ caller, samples }) =>
      caller === undefined ? [] : [[caller, samples]],
    );
    expect(callers).toEqual([
      ["log", 6],
      ["", 5],
      ["src/http/app.ts:7", 1],
    ]);
  });

  it("have as many samples as there were, most first", () => {
    const samples = functions.map((one) => one.samples);
    expect(samples.reduce((a, b) => a + b)).toBe(40);
    expect(samples).toEqual([...samples].sort((a, b) => b - a));
  });

  it("are not V8's own entries", () => {
    expect(functions.filter((one) => !isFunction(one)).map(({ name }) => name)).toEqual([
      "(garbage collector)",
      "(program)",
      "(idle)",
    ]);
    expect(isFunction({ name: "(idle)", module: APP, samples: 1 })).toBe(true);
  });
});

it.each([
  [{ group: "ours" }, 0.3],
  [{ group: "ours", title: "`http/`" }, 0.1],
  [{ group: "ours", title: "`policy/`" }, 0.2],
  [{ group: "packages" }, 0.1],
  [{ group: "packages", title: "hono" }, 0.05],
  [{ group: "packages", title: "@scope/jwt" }, 0.05],
  [{ group: "runtime" }, 0.375],
  [{ group: "runtime", title: "nameless, called by the server" }, 0.125],
  [{ group: "runtime", title: "nameless, called by `log`" }, 0.15],
  [{ group: "runtime", title: "nameless, called by `src/http/app.ts:7`" }, 0.025],
  [{ group: "runtime", title: "modules of its own" }, 0.025],
  [{ group: "runtime", title: "`digest`" }, 0.05],
  [{ group: "collector" }, 0.1],
  [{ group: "native" }, 0.125],
] satisfies [Part, number][])("%j: %d", (part, share) => {
  expect(shares(functions).get(keyOf(part))).toBeCloseTo(share, 10);
});

it("every part is in a group", () => {
  const all = shares(functions);
  const groups = new Set(functions.map((one) => keyOf({ group: partOf(one).group })));
  expect([...groups].reduce((sum, key) => sum + all.get(key)!, 0)).toBeCloseTo(1, 10);
});

describe("the place of a function", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bench-profile-"));
    // Its third line, first column, is from the fifth line of the source.
    const map = { version: 3, sources: [join(PROJECT, APP)], names: [], mappings: ";;AAIA" };
    await writeFile(join(folder, "index.js.map"), JSON.stringify(map));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ["in the bundle", { url: "index.js", lineNumber: 2, columnNumber: 3 }, { module: APP, line: 5 }],
    [
      "in what the bundler added",
      { url: "index.js", lineNumber: 0, columnNumber: 0 },
      { module: "index.js", line: 1 },
    ],
    [
      "in the runtime",
      { url: "node-internal:x", lineNumber: 2, columnNumber: 0 },
      { module: "node-internal:x" },
    ],
    ["nowhere", { url: "", lineNumber: -1, columnNumber: -1 }, {}],
  ])("%s", async (_, frame, place) => {
    const bundle = { folder, file: join(folder, "index.js"), compatibilityDate: "", flags: [] };
    expect((await locator(bundle))({ functionName: "f", ...frame })).toEqual(place);
  });
});

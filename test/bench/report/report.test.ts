// The report of made-up figures, and what becomes of a contender that failed.

import { describe, expect, it } from "vitest";
import type { AllKept } from "../parts.ts";
import { charts } from "./charts.ts";
import { goals } from "./goals.ts";
import { report } from "./report.ts";
import { MACHINE, measured, SAMPLE } from "./sample.ts";
import { failures } from "./verdict.ts";

const lines = (kept: AllKept) => report(kept).split("\n");

it.each([
  "| SHA-1, 5 parameters: ours | 5.00 (3.00–6.00) | 1.50× (1.25×–2.00×) | 0.50× (0.50×–0.50×) |",
  "| SHA-1, 5 parameters: the digest | 3.00 (2.00–4.00) | 1 | 0.33× (0.25×–0.40×) |",
  "| the bare | 20,000 (10,000–30,000) | 1 | 0.40× (0.33×–0.45×) | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 50.0 (33.3–100) | 1.00 (1.00–1.00) |",
  "| the least | 16,000 (9,500–27,000) | 0.90× (0.80×–0.95×) | 0.47× (0.37×–0.50×) | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 62.5 (37.0–105) | 1.00 (1.00–1.00) |",
  "| the public | 16,000 (9,000–30,000) | 0.90× (0.80×–1.00×) | 0.50× (0.33×–0.50×) | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 62.5 (33.3–111) | 1.00 (1.00–1.00) |",
  "| the HS256-warm | 16,000 (8,000–24,000) | 0.80× (0.80×–0.80×) | 0.50× (0.25×–0.50×) | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 62.5 (41.7–125) | 1.00 (1.00–1.00) |",
  "| the careful | 8,000 (4,500–10,000) | 0.40× (0.33×–0.45×) | 1 | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 125 (100–222) | 1.00 (1.00–1.00) |",
  "| the limited | 2,000 (2,000–2,000) | 0.50× (0.50×–0.50×) | 3.00 (2.00–4.00) | 30.0 (20.0–40.0) | 500 (500–500) | 1.00 (1.00–1.00) |",
  "| **our code** | 25.0% | 40.0% |",
  "| `signature/` | 25.0% | 40.0% |",
  "| jose | 0.0% | 60.0% |",
  "| nameless, called by the server | 50.0% | 0.0% |",
  "| 2 more | 0.5% | 0.0% |",
  "| **native code of the server, outside JavaScript** | 24.5% | 0.0% |",
  "| nameless, called by the server, of the runtime | 50.0% |",
  "| `signParams`, src/signature/sign.ts:12 | 25.0% |",
  "| `verify`, node_modules/jose/dist/jws.js:3 | 60.0% |",
  "| ours | 64.0 | 32.0 | 26.0 (22.0–44.0) | 1.10× (1.10×–1.30×) | 0.50× (0.50×–0.65×) |",
  "| 1,000 | 12,500 (10,000–20,000) | 1.25× (1.00×–2.00×) | 80.0 (50.0–100) | 20.0 (20.0–20.0) |",
  "| 1,024 | 20,000 (20,000–20,000) | 10,000 (10,000–10,000) | 50.0 (50.0–50.0) | 0.50× (0.50×–0.50×) |",
  "| 1 file: before | 300 (200–400) | 1 | 300 (200–400) | 1 |",
  "| 1 file: now | 100 (100–150) | 0.50× (0.25×–0.50×) | 100 (100–150) | 0.50× (0.25×–0.50×) |",
  "| 50 files: now | 200 (200–200) | 0.50× (0.50×–0.50×) | 2,000 (1,000–3,000) | 0.50× (0.25×–0.75×) |",
  "| the console | 20,000 (20,000–20,000) | 2.00× (2.00×–2.00×) | 50.0 (50.0–50.0) | 1 | 0 | 0 |",
  "| memory, MiB | 101 (100–104) |",
])("%s", (line) => {
  expect(lines(SAMPLE)).toContain(line);
});

it("the goals, each met or not", () => {
  expect(goals(SAMPLE).map(({ measured, isMet }) => [measured, isMet])).toEqual([
    ["1.50× (1.25×–2.00×)", false],
    ["0.50× (0.50×–0.50×)", true],
    ["0.50× (0.33×–0.50×)", true],
    ["0.50× (0.25×–0.50×)", true],
    ["1.00× (0.95×–1.11×)", true],
    ["0.80× (0.60×–1.00×)", true],
    ["16.0 KiB", true],
    ["32.0 KiB", true],
    ["1.10× (1.10×–1.30×)", true],
    ["0.50× (0.50×–0.65×)", true],
    ["1.25× (1.00×–2.00×)", false],
    ["1.04×", true],
    ["none", true],
  ]);
});

it("a goal whose limit lies within the spread of the rounds is told so", () => {
  const [toBare, toSdk] = goals({ size: SAMPLE.size }).slice(2);
  expect([toBare!.isClose, toSdk!.isClose]).toEqual([true, undefined]);
  const line =
    "| Start, to the bare Worker's: at most 1.20× | 1.10× (1.10×–1.30×) | yes, within the spread |";
  expect(report({ size: SAMPLE.size })).toContain(line);
});

describe("two runs of the same code", () => {
  const start = (ours: readonly number[]) => ({
    ...SAMPLE.size,
    rows: SAMPLE.size.rows.map((row) => (row.name === "public" ? { ...row, start: ours } : row)),
  });
  const goalLines = (kept: AllKept, before?: AllKept) =>
    report(kept, before)
      .split("\n")
      .filter((line) => line.startsWith("| Start, to the bare"));

  it("stand side by side, and what they disagree about is not decided", () => {
    expect(goalLines({ size: SAMPLE.size }, { size: start([30, 60, 30]) })).toEqual([
      "| Start, to the bare Worker's: at most 1.20× | 1.10× (1.10×–1.30×) | 1.50× (1.50×–1.50×) | **in one run of two** |",
    ]);
    expect(goalLines({ size: SAMPLE.size }, { size: start([20, 40, 20]) })).toEqual([
      "| Start, to the bare Worker's: at most 1.20× | 1.10× (1.10×–1.30×) | 1.00× (1.00×–1.00×) | yes, within the spread |",
    ]);
  });

  it("a part that was measured once shows one", () => {
    const line =
      "| Start, to the bare Worker's: at most 1.20× | 1.10× (1.10×–1.30×) | — | yes, within the spread |";
    expect(goalLines({ size: SAMPLE.size }, { signing: SAMPLE.signing })).toEqual([line]);
    expect(goalLines({ size: SAMPLE.size })).toEqual([line.replace(" | — |", " |")]);
  });

  it("only the last run has sections", () => {
    expect(report({ size: SAMPLE.size }, SAMPLE)).not.toContain("## Whole requests");
  });
});

it("figures that were kept before a row was added have no goal of it", () => {
  const rows = SAMPLE.requests.rows.filter(({ name }) => !/careful|sampled/.test(name));
  const size = SAMPLE.size.rows.filter(({ name }) => name !== "smallest");
  const kept = { requests: { machine: MACHINE, rows }, size: { machine: MACHINE, rows: size } };
  expect(goals(kept).filter(({ measured }) => measured === "not measured")).toHaveLength(4);
  expect(report(kept)).toContain("| the public | 16,000 (9,000–30,000) | 0.90× (0.80×–1.00×) | — |");
});

it("a part that was not run has no section, no goal and no chart", () => {
  const { size } = SAMPLE;
  expect(report({ size })).not.toContain("## Whole requests");
  expect(goals({ size })).toHaveLength(4);
  expect([...charts({ size }).keys()]).toEqual(["size"]);
});

it("says that a machine was busy", () => {
  const size = { ...SAMPLE.size, machine: { ...MACHINE, busy: 0.6 } };
  expect(report(SAMPLE)).not.toContain("read these figures as noise");
  expect(report({ size })).toContain("**Other work had 60 % of the cores: read these figures as noise.**");
});

it("says where the system tells no processor time", () => {
  const rows = SAMPLE.requests.rows.map((row) => ({ ...row, cpuMicros: [] }));
  const line = report({ requests: { machine: MACHINE, rows } })
    .split("\n")
    .find((text) => text.startsWith("| the public"));
  expect(line).toContain("| not measured | not measured |");
});

it("says how much of the time a profile tells of", () => {
  expect(report(SAMPLE)).toContain("That is 50.0% (the public) and an unknown part (the warm) of the time");
});

it("a profile with an answer that failed is not told", () => {
  const rows = SAMPLE.profile.rows.map((row) => (row.name === "public" ? { ...row, bad: 1 } : row));
  const kept = { profile: { machine: MACHINE, rows } };
  expect(failures(kept)).toEqual(["the profile of the public: 1 of 6001 answers failed"]);
  expect(lines(kept)).toContain("| `signature/` | 40.0% |");
});

describe("a contender with one answer that failed", () => {
  const broken = (name: string) => ({
    ...SAMPLE,
    requests: {
      ...SAMPLE.requests,
      rows: SAMPLE.requests.rows.map((row) => (row.name === name ? { ...row, bad: 1 } : row)),
    },
  });

  it("has no figures", () => {
    expect(lines(broken("public"))).toContain(
      "| the public | **failed: 1 of 1001 answers failed** | — | — | — | — | — | — |",
    );
    expect(failures(broken("public"))).toEqual(["the public: 1 of 1001 answers failed"]);
  });

  it("meets no goal", () => {
    const missed = goals(broken("public")).filter(({ measured }) => measured === "not measured");
    expect(missed.map(({ isMet }) => isMet)).toEqual([false, false]);
  });

  it("has no bar", () => {
    const chart = charts(broken("public")).get("requests") ?? "";
    expect(chart).toContain("failed: 1 of 1001 answers failed");
    // It is drawn twice: by its processor time, and by its requests a second.
    const bars = charts(SAMPLE).get("requests")?.match(/<rect/g)?.length ?? 0;
    expect(chart.match(/<rect/g)).toHaveLength(bars - 2);
  });

  it("is nothing to compare with", () => {
    expect(lines(broken("bare")).find((line) => line.startsWith("| the public |"))).toContain("| — |");
  });

  it("fails the million too", () => {
    const { million } = { million: { ...SAMPLE.million, bad: 2 } };
    expect(goals({ million }).at(-1)).toMatchObject({ measured: "2 of 150002 answers failed", isMet: false });
  });
});

describe("a chart", () => {
  const size = charts(SAMPLE).get("size") ?? "";

  it("has bars to the median and whiskers to both ends, on one scale", () => {
    // Of 64 KiB, the longest, 32 are half of 340 pixels; of 88 ms, 24 are 92.7, 22 are 85 and 44 are 170.
    expect(size).toMatch(/<rect class="bar ours" x="300" y="\d+" width="170"/);
    expect(size).toMatch(/<rect class="bar ours" x="300" y="\d+" width="92.7"/);
    expect(size).toMatch(/d="M385 \d+H470M/);
  });

  it("tells whose each bar is, and has a line at the goal of each of ours that has one", () => {
    const requests = charts(SAMPLE).get("requests") ?? "";
    expect(requests).toMatch(/<rect class="bar (peer|limit|other|ours)"/);
    // Of the first panel, whose longest whisker is 222 µs: 0.58 of the recipe's median, 125 µs, are 110.9 of 340 pixels.
    expect(requests).toContain('<path class="goal" d="M410.9 ');
    for (const role of ["ours", "the careful recipe", "the limit", "others", "the goal"])
      expect(requests).toContain(`>${role}</text>`);
    expect(charts(SAMPLE).get("growth")).not.toContain(">the careful recipe</text>");
  });

  it("is read in light and dark", () => {
    for (const [, svg] of charts(SAMPLE)) expect(svg).toContain("prefers-color-scheme: dark");
  });

  it("of memory begins at 0, and ends at a round number", () => {
    // Of 104 MiB the scale goes to 200 MiB, 216 pixels high: 100 are in its middle, 104 are 4.3 pixels higher.
    const million = charts(SAMPLE).get("million") ?? "";
    expect(million).toMatch(/<path class="curve" d="M70 152L286\.7 152L503\.3 149\.8L720 147\.7"/);
    expect(million.match(/text-anchor="end">\d+</g)?.map((text) => text.slice(18, -1))).toEqual([
      ..."0 50 100 150 200".split(" "),
    ]);
  });

  it("holds labels as they are", () => {
    const rows = [measured("bare", [1], { title: 'a < b & "c"' })];
    expect(charts({ requests: { machine: MACHINE, rows } }).get("requests")).toContain(
      "a &lt; b &amp; &quot;c&quot;",
    );
  });
});

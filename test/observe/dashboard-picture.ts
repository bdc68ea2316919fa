// The answers to the dashboard's queries as a picture, without a library; read in light and dark. Pure.

import type { Row } from "./data-points.ts";

const WIDTH = 1120;
const MARGIN = 16;
const HALF = (WIDTH - 3 * MARGIN) / 2;
const HEAD = 46;
const ROW = 26;
const TOP = 64;

/** Verdicts in the order in which they stand on each other, and their classes. */
const VERDICTS = [
  "signed",
  "linked",
  "confirmed",
  "taken",
  "delivered",
  "answered",
  "refused",
  "failed",
] as const;

const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .title { font-size: 20px; font-weight: 600; }
    .head { font-size: 14px; font-weight: 600; }
    .dim { fill: #59636e; }
    .card { fill: #ffffff; stroke: #d1d9e0; }
    .ground { fill: #f6f8fa; }
    .grid { stroke: #d1d9e0; stroke-width: 1; }
    .signed { fill: #0969da; } .linked { fill: #54aeff; } .confirmed { fill: #1a7f37; } .taken { fill: #4ac26b; }
    .delivered { fill: #6fdd8b; } .answered { fill: #afb8c1; } .refused { fill: #d4a72c; } .failed { fill: #cf222e; }
    .p50 { fill: #54aeff; } .p95 { fill: #0969da; } .p99 { fill: #0a3069; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .dim { fill: #9198a1; }
      .card { fill: #0d1117; stroke: #3d444d; }
      .ground { fill: #010409; }
      .grid { stroke: #3d444d; }
      .signed { fill: #4493f8; } .linked { fill: #79c0ff; } .confirmed { fill: #3fb950; } .taken { fill: #7ee787; }
      .delivered { fill: #aff5b4; } .answered { fill: #656c76; } .refused { fill: #d29922; } .failed { fill: #f85149; }
      .p50 { fill: #79c0ff; } .p95 { fill: #4493f8; } .p99 { fill: #cae8ff; }
    }
  `;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const px = (value: number): string => String(Math.round(value * 10) / 10);
const text = (x: number, y: number, content: string, more = ""): string =>
  `<text x="${px(x)}" y="${px(y)}"${more}>${escaped(content)}</text>`;
const rect = (kind: string, x: number, y: number, width: number, height: number): string =>
  `<rect class="${kind}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="2"/>`;
const num = (row: Row, name: string): number => Number(row[name]);
/** The first of these columns that says something. */
const word = (row: Row, ...names: string[]): string =>
  names.map((name) => String(row[name])).find((one) => one !== "") ?? "";
const total = (rows: readonly Row[], name: string): number =>
  rows.reduce((sum, row) => sum + num(row, name), 0);

/** Parts of a bar, one behind the other. */
interface Bar {
  readonly label: string;
  readonly parts: readonly (readonly [kind: string, value: number])[];
  readonly end: string;
}

interface Panel {
  readonly title: string;
  readonly height: number;
  draw(x: number, y: number, width: number): string[];
}

const LABEL = 210;
const END = 92;

function bars(title: string, all: readonly Bar[]): Panel {
  const sum = ({ parts }: Bar) => parts.reduce((so, [, value]) => so + value, 0);
  const most = Math.max(...all.map(sum), Number.MIN_VALUE);
  return {
    title,
    height: all.length * ROW,
    draw: (x, y, width) =>
      all.flatMap((bar, i) => {
        const scale = (width - LABEL - END) / most;
        const at = y + i * ROW;
        let left = x + LABEL;
        const drawn = bar.parts.map(([kind, value]) => {
          const part = rect(kind, left, at + 5, Math.max(value * scale, value > 0 ? 1.5 : 0), ROW - 10);
          left += value * scale;
          return part;
        });
        return [
          text(x + LABEL - 10, at + 18, bar.label, ' text-anchor="end"'),
          ...drawn,
          text(left + 8, at + 18, bar.end, ' class="dim"'),
        ];
      }),
  };
}

/** Columns of the verdicts over time. */
function overTime(title: string, rows: readonly Row[], step: number): Panel {
  const height = 210;
  const at = (row: Row) => Date.parse(`${row.time}Z`) / 1000 / step;
  const first = Math.min(...rows.map(at));
  const steps = Math.max(...rows.map(at)) - first + 1;
  const heights = Array.from({ length: steps }, (_, i) =>
    total(
      rows.filter((row) => at(row) - first === i),
      "requests",
    ),
  );
  const most = Math.ceil(Math.max(...heights) / 20) * 20;
  return {
    title,
    height: height + 34,
    draw: (x, y, width) => {
      const left = x + 40;
      const column = (width - 40) / steps;
      const scale = height / most;
      const grid = [0, 0.5, 1].flatMap((part) => {
        const line = y + height - part * height;
        return [
          `<path class="grid" d="M${px(left)} ${px(line)}H${px(x + width)}"/>`,
          text(left - 8, line + 4, String(part * most), ' text-anchor="end" class="dim"'),
        ];
      });
      const drawn = heights.flatMap((_, i) => {
        let bottom = y + height;
        return VERDICTS.flatMap((verdict) => {
          const value = total(
            rows.filter((row) => at(row) - first === i && row.verdict === verdict),
            "requests",
          );
          if (value === 0) return [];
          bottom -= value * scale;
          return rect(verdict, left + i * column + 1, bottom, Math.max(column - 2, 1), value * scale);
        });
      });
      const times = [0, 0.25, 0.5, 0.75, 1].map((part) =>
        text(
          left + part * (width - 40),
          y + height + 20,
          `${Math.round(part * steps * step)} s`,
          ` text-anchor="${part === 1 ? "end" : "middle"}" class="dim"`,
        ),
      );
      return [...grid, ...drawn, ...times];
    },
  };
}

function byProfile(rows: readonly Row[]): Bar[] {
  const names = [...new Set(rows.map((row) => String(row.profile)))];
  const of = (name: string) => rows.filter(({ profile }) => profile === name);
  return names
    .map((name) => ({
      label: name === "" ? "(no profile)" : name,
      parts: VERDICTS.map(
        (verdict) =>
          [
            verdict,
            total(
              of(name).filter((row) => row.verdict === verdict),
              "requests",
            ),
          ] as const,
      ),
      end: String(total(of(name), "requests")),
    }))
    .toSorted((a, b) => Number(b.end) - Number(a.end));
}

const counted = (
  rows: readonly Row[],
  count: string,
  label: (row: Row) => string,
  kind: (row: Row) => string,
) =>
  rows.map((row): Bar => {
    const part = (100 * num(row, count)) / total(rows, count);
    return {
      label: label(row),
      parts: [[kind(row), num(row, count)]],
      end: `${row[count]} (${part.toFixed(part < 10 ? 1 : 0)} %)`,
    };
  });

const latency = (rows: readonly Row[]): Bar[] =>
  rows.map((row) => ({
    label: String(row.route),
    parts: [
      ["p50", num(row, "p50")],
      ["p95", num(row, "p95") - num(row, "p50")],
      ["p99", num(row, "p99") - num(row, "p95")],
    ],
    end: `${row.p50} / ${row.p95} / ${row.p99}`,
  }));

/** What each panel shows, by the beginning of its query's title. */
function panels(answers: ReadonlyMap<string, readonly Row[]>, step: number): Panel[] {
  const of = (start: string) => [...answers].find(([title]) => title.startsWith(start))![1];
  const verdict = (row: Row) => String(row.verdict);
  return [
    overTime(`Requests in ${step} s, by verdict`, of("requests over time"), step),
    bars("Requests by profile and verdict", byProfile(of("requests by profile"))),
    bars(
      "Confirmations: done, refused and failed",
      counted(of("confirmations"), "confirmations", (row) => word(row, "reason", "code", "verdict"), verdict),
    ),
    bars(
      "Refusals by reason",
      counted(
        of("refusals"),
        "requests",
        (row) => word(row, "reason", "code"),
        () => "refused",
      ),
    ),
    bars(
      "Notifications by outcome",
      counted(
        of("notifications"),
        "notifications",
        (row) => word(row, "enforced", "reason", "code", "verdict"),
        verdict,
      ),
    ),
    bars("Latency by route, ms: half / 95 % / 99 % are quicker", latency(of("latency"))),
  ];
}

/** The whole picture: one panel over all, and the others in two columns. */
export function dashboardPicture(answers: ReadonlyMap<string, readonly Row[]>, step: number): string {
  const [first, ...others] = panels(answers, step);
  const lines: string[] = [];
  const card = ({ title, height, draw }: Panel, x: number, y: number, width: number): number => {
    const tall = HEAD + height + MARGIN;
    lines.push(
      `<rect class="card" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(tall)}" rx="8"/>`,
    );
    lines.push(text(x + MARGIN, y + 28, title, ' class="head"'));
    lines.push(...draw(x + MARGIN, y + HEAD, width - 2 * MARGIN));
    return y + tall + MARGIN;
  };
  const below = card(first!, MARGIN, TOP, WIDTH - 2 * MARGIN);
  const columns = [below, below];
  for (const panel of others) {
    const side = columns[0]! <= columns[1]! ? 0 : 1;
    columns[side] = card(panel, MARGIN + side * (HALF + MARGIN), columns[side]!, HALF);
  }
  const shown = VERDICTS.filter((verdict) =>
    [...answers.values()].flat().some((row) => row.verdict === verdict),
  );
  const wide = (verdict: string) => 40 + verdict.length * 7;
  let x = WIDTH - shown.reduce((sum, verdict) => sum + wide(verdict), 0);
  const legend = shown.flatMap((verdict) => {
    const drawn = [rect(verdict, x, 26, 14, 14), text(x + 20, 38, verdict)];
    x += wide(verdict);
    return drawn;
  });
  const height = Math.max(...columns);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>The dashboard: what the queries of docs/production.md answer</title>
  <style>${STYLE}</style>
  <rect class="ground" width="${WIDTH}" height="${height}"/>
  ${[text(MARGIN, 40, "signer", ' class="title"'), ...legend, ...lines].join("\n  ")}
</svg>
`;
}

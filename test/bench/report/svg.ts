// Charts as SVG, without a library: they stand in the repository, and are read in light and dark. Pure.

import type { Spread } from "../statistics.ts";

/** Whose a bar is, which its colour tells: the limits are what nothing of our kind can pass. */
export type Role = "ours" | "peer" | "limit" | "other";

export interface Bar {
  readonly label: string;
  readonly value: Spread;
  readonly of: Role;
  /** What it is to reach: a line across it. */
  readonly goal?: number | undefined;
  /** Why there is no bar. */
  readonly failure?: string | undefined;
}

/** Bars that share one scale. */
export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LABEL = 300;
/** Pixels of the longest whisker; the figure stands behind it. */
const SCALE = 340;
const ROW = 24;
const PANEL_HEAD = 34;
const MARGIN = 12;

const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .head { font-weight: 600; }
    .bar { fill: #8c959f; }
    .ours { fill: #0969da; }
    .peer { fill: #bc4c00; }
    .limit { fill: none; stroke: #8c959f; stroke-dasharray: 4 3; }
    .goal { stroke: #1a7f37; stroke-width: 3; }
    .line { stroke: #1f2328; fill: none; }
    .grid { stroke: #d1d9e0; }
    .curve { stroke: #0969da; stroke-width: 2; fill: none; }
    .failed { fill: #cf222e; font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .bar { fill: #6e7681; }
      .ours { fill: #4493f8; }
      .peer { fill: #db6d28; }
      .limit { fill: none; stroke: #6e7681; }
      .goal { stroke: #3fb950; }
      .line { stroke: #e6edf3; }
      .grid { stroke: #3d444d; }
      .curve { stroke: #4493f8; }
      .failed { fill: #ff7b72; }
    }
  `;

const LEGEND: Readonly<Record<Role, string>> = {
  ours: "ours",
  peer: "the careful recipe",
  limit: "the limit",
  other: "others",
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("`", "");

function picture(title: string, height: number, content: readonly string[]): string {
  const lines = [`<title>${escaped(title)}</title>`, `<style>${STYLE}</style>`, ...content];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
${lines.map((line) => `  ${line}`).join("\n")}
</svg>
`;
}

/** Tenths of a pixel are enough. */
const px = (value: number): string => String(Math.round(value * 10) / 10);

function barLines(
  { label, value, of, goal, failure }: Bar,
  y: number,
  most: number,
  write: (v: number) => string,
) {
  const middle = y + ROW / 2;
  const name = `<text x="${LABEL - 10}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`;
  if (failure !== undefined || !Number.isFinite(value.median)) {
    const why = failure === undefined ? "not measured" : `failed: ${failure}`;
    return [name, `<text class="failed" x="${LABEL}" y="${middle + 4}">${escaped(why)}</text>`];
  }
  const at = (amount: number) => LABEL + (amount / most) * SCALE;
  const bar = `<rect class="bar ${of}" x="${LABEL}" y="${y + 4}" width="${px(at(value.median) - LABEL)}" height="${ROW - 8}" rx="2"/>`;
  const [low, high] = [px(at(value.low)), px(at(value.high))];
  const whisker = `<path class="line" d="M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8"/>`;
  const end = px(at(Math.max(value.high, goal ?? 0)) + 8);
  const line = goal === undefined ? [] : [`<path class="goal" d="M${px(at(goal))} ${y + 1}v${ROW - 2}"/>`];
  return [
    name,
    bar,
    whisker,
    ...line,
    `<text x="${end}" y="${middle + 4}">${escaped(write(value.median))}</text>`,
  ];
}

/** What the colours mean, where they tell more than which bars are ours. */
function legend(panels: readonly Panel[], y: number): string[] {
  const bars = panels.flatMap((panel) => panel.bars);
  const shown = (["ours", "peer", "limit", "other"] as const).filter((role) =>
    bars.some(({ of }) => of === role),
  );
  const items: { mark: (x: number) => string; text: string }[] = shown.map((role) => ({
    mark: (x) => `<path class="bar ${role}" d="M${x} ${y}h14v10h-14z"/>`,
    text: LEGEND[role],
  }));
  if (bars.some(({ goal }) => goal !== undefined))
    items.push({ mark: (x) => `<path class="goal" d="M${x + 7} ${y - 3}v16"/>`, text: "the goal" });
  if (items.length === 1) return [];
  const step = (WIDTH - 2 * MARGIN) / 5;
  return items.flatMap(({ mark, text }, i) => {
    const x = Math.round(MARGIN + i * step);
    return [mark(x), `<text x="${x + 20}" y="${y + 10}">${text}</text>`];
  });
}

/** Horizontal bars to the median, with a whisker from the least to the most. */
export function barChart(title: string, panels: readonly Panel[], write: (value: number) => string): string {
  const lines = legend(panels, MARGIN);
  let y = MARGIN + ROW;
  for (const panel of panels) {
    lines.push(`<text class="head" x="${MARGIN}" y="${y + 18}">${escaped(panel.title)}</text>`);
    y += PANEL_HEAD;
    const shown = panel.bars.filter(
      ({ failure, value }) => failure === undefined && Number.isFinite(value.high),
    );
    const most = Math.max(
      ...shown.map(({ value, goal = 0 }) => Math.max(value.high, goal)),
      Number.MIN_VALUE,
    );
    for (const bar of panel.bars) {
      lines.push(...barLines(bar, y, most, write));
      y += ROW;
    }
    y += MARGIN;
  }
  return picture(title, y, lines);
}

/** The smallest round number that is no smaller: 1, 2, 2.5 or 5 with zeros. */
function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5].find((step) => step * magnitude >= value) ?? 10) * magnitude;
}

/** A curve over a scale that begins at 0. */
export function curveChart(
  title: string,
  points: readonly (readonly [x: number, y: number])[],
  write: { readonly x: (value: number) => string; readonly y: (value: number) => string },
): string {
  const [left, right, top, bottom] = [70, WIDTH - 40, 44, 260];
  const mostX = Math.max(...points.map(([x]) => x), 1);
  const mostY = 4 * roundUp(Math.max(...points.map(([, y]) => y), 1) / 4);
  const atX = (x: number) => px(left + (x / mostX) * (right - left));
  const atY = (y: number) => px(bottom - (y / mostY) * (bottom - top));
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  return picture(title, 300, [
    `<text class="head" x="${MARGIN}" y="26">${escaped(title)}</text>`,
    ...quarters.map((part) => `<path class="grid" d="M${left} ${atY(part * mostY)}H${right}"/>`),
    ...quarters.map(
      (part) =>
        `<text x="${left - 8}" y="${Number(atY(part * mostY)) + 4}" text-anchor="end">${escaped(write.y(part * mostY))}</text>`,
    ),
    ...quarters.map(
      (part) =>
        `<text x="${atX(part * mostX)}" y="${bottom + 22}" text-anchor="middle">${escaped(write.x(part * mostX))}</text>`,
    ),
    `<path class="curve" d="M${points.map(([x, y]) => `${atX(x)} ${atY(y)}`).join("L")}"/>`,
  ]);
}

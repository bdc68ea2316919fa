// The queries of docs/production.md over rows, by SQLite: what of Analytics Engine's dialect they may use, and what each
// of it is there. https://developers.cloudflare.com/analytics/analytics-engine/sql-reference/

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Row } from "./data-points.ts";

export interface Query {
  /** Its first line, a comment. */
  readonly title: string;
  readonly sql: string;
}

/** Each block of SQL on the page. */
export async function queriesOf(page = join(PROJECT, "docs/production.md")): Promise<Query[]> {
  const text = await readFile(page, "utf8");
  return [...text.matchAll(/^```sql\n-- (.*)\n([\s\S]*?)^```$/gm)].map(([, title = "", sql = ""]) => ({
    title,
    sql: sql.trim(),
  }));
}

/** Words of the dialect, as its reference lists them, that SQLite means the same by, or that are translated below. */
const WORDS = new Set(
  "select as from where group by having order limit desc asc and or not in like interval minute hour day".split(
    " ",
  ),
);
const FUNCTIONS = new Set("sum sumif quantileexactweighted tostartofinterval now".split(" "));
const COLUMN = /^(timestamp|_sample_interval|dataset|index1|(?:blob|double)(?:[1-9]|1\d|20))$/;

/** What of a query is not in Analytics Engine's dialect, as far as it is used here; nothing, where all is. */
export function foreignWords(sql: string, dataset: string): string[] {
  const code = sql.replace(/'[^']*'/g, " ");
  const aliases = new Set([...code.matchAll(/\bAS (\w+)/g)].map(([, name]) => name!));
  const words = [...code.matchAll(/[A-Za-z_]\w*(\s*\()?/g)].map(([text, call]) => [text, call] as const);
  const isKnown = ([text, call]: readonly [string, string | undefined]) => {
    const name = text.replace(/\s*\($/, "");
    const word = name.toLowerCase();
    if (call !== undefined && FUNCTIONS.has(word)) return true;
    return WORDS.has(word) || name === dataset || COLUMN.test(name) || aliases.has(name);
  };
  const signs = code.replace(/[\w\s(),.*=<>!+/-]/g, "");
  return [...words.filter((one) => !isKnown(one)).map(([text]) => text), ...signs];
}

const SECONDS = { MINUTE: 60, HOUR: 3600, DAY: 86_400, SECOND: 1 } as const;
const seconds = (count: string, unit: string): number =>
  Number(count) * SECONDS[unit.toUpperCase() as keyof typeof SECONDS];

/** A query as SQLite reads it: intervals in seconds, times as texts, and quantiles as a function of three. */
const translated = (sql: string): string =>
  sql
    .replace(
      /\bNOW\(\) - INTERVAL '(\d+)' (\w+)/gi,
      (_, n, unit) => `datetime('now', '-${seconds(n, unit)} seconds')`,
    )
    .replace(/\bINTERVAL '(\d+)' (\w+)/gi, (_, n, unit) => String(seconds(n, unit)))
    .replace(/quantileExactWeighted\(([\d.]+)\)\(/gi, "quantile($1, ");

/** The smallest value that at least this part of the weight does not exceed. */
function quantile(part: number, values: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = values.toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let passed = 0;
  for (const [value, weight] of sorted) {
    passed += weight;
    if (passed >= part * total) return value;
  }
  return 0;
}

/** A dataset of that name. */
export function openDataset(name: string, rows: readonly Row[]) {
  const db = new DatabaseSync(":memory:");
  const columns = Object.keys(rows[0] ?? { timestamp: "" });
  db.exec(`CREATE TABLE ${name} (${columns.join(", ")})`);
  const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => "?").join(", ")})`);
  for (const row of rows) insert.run(...columns.map((column) => row[column]!));
  db.function("toStartOfInterval", (time, length) => {
    const at = Date.parse(`${time}Z`) / 1000;
    return new Date((at - (at % Number(length))) * 1000).toISOString().slice(0, 19).replace("T", " ");
  });
  db.aggregate("sumIf", {
    start: 0,
    step: (sum: number, value: unknown, counts: unknown) => (counts ? sum + Number(value) : sum),
  });
  // Its types want what is handed from step to step to be a value of SQLite's: hence a text.
  db.aggregate("quantile", {
    start: "",
    step: (seen, part, value, weight) => `${seen}${part},${value},${weight};`,
    result: (seen) => {
      const told = String(seen)
        .split(";")
        .slice(0, -1)
        .map((one) => one.split(",").map(Number));
      return quantile(
        told[0]?.[0] ?? 0,
        told.map(([, value = 0, weight = 0]) => [value, weight] as const),
      );
    },
  });
  return {
    ask: (sql: string) => db.prepare(translated(sql)).all() as Row[],
    close: () => db.close(),
  };
}

// Where the time of a request goes, as a section. Pure.

import type { AllKept } from "../parts.ts";
import type { ProfiledFunction } from "../profile/functions.ts";
import type { Profiled } from "../profile/profile.ts";
import { GROUPS, type Group, isFunction, keyOf, nativeName, partOf, shares } from "../profile/shares.ts";
import { section } from "./cells.ts";
import { machineText } from "./machine-text.ts";
import { count, table } from "./markdown.ts";
import { failureOf } from "./verdict.ts";

/** Parts with less in every profile are told together. */
const LEAST = 0.005;
/** Functions that are told one by one. */
const MOST_FUNCTIONS = 12;

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

const total = ({ functions }: Profiled): number => functions.reduce((sum, { samples }) => sum + samples, 0);

/** Groups, and their parts beneath them; those with most in the first profile first. */
function partsTable(rows: readonly Profiled[]): string {
  const found = rows.map(({ functions }) => shares(functions));
  const sharesOf = (key: string) => found.map((one) => one.get(key) ?? 0);
  const lines = (Object.keys(GROUPS) as Group[]).flatMap((group) => {
    const titles = rows.flatMap(({ functions }) =>
      functions.flatMap((one) => {
        const part = partOf(one);
        return part.group === group && part.title !== undefined ? [part.title] : [];
      }),
    );
    const parts = [...new Set(titles)]
      .map((title) => ({ title, values: sharesOf(keyOf({ group, title })) }))
      .sort((a, b) => b.values[0]! - a.values[0]!);
    const large = parts.filter(({ values }) => values.some((value) => value >= LEAST));
    const small = parts.filter((part) => !large.includes(part));
    const rest = rows.map((_, i) => small.reduce((sum, { values }) => sum + values[i]!, 0));
    return [
      { title: `**${GROUPS[group]}**`, values: sharesOf(keyOf({ group })) },
      ...large,
      ...(small.length > 0 ? [{ title: `${small.length} more`, values: rest }] : []),
    ];
  });
  return table([
    ["", ...rows.map(({ title }) => title)],
    ...lines.map(({ title, values }) => [title, ...values.map(percent)]),
  ]);
}

function functionName(one: ProfiledFunction): string {
  const { name, module, line } = one;
  if (module === undefined) return `${nativeName(one)}, of the runtime`;
  return `${name === "" ? "nameless" : `\`${name}\``}, ${module}${line === undefined ? "" : `:${line}`}`;
}

function functionsTable(row: Profiled): string {
  const all = total(row);
  const most = row.functions.filter(isFunction).slice(0, MOST_FUNCTIONS);
  return table([[row.title, "share"], ...most.map((one) => [functionName(one), percent(one.samples / all)])]);
}

/** How much of what the thread computed the samples tell of. */
const covered = (row: Profiled): string =>
  row.threadSeconds === undefined
    ? "an unknown part"
    : percent((total(row) * row.interval) / 1e6 / row.threadSeconds);

export function profileSection({ rows, machine }: NonNullable<AllKept["profile"]>): string {
  const sound = rows.filter((row) => failureOf(row) === undefined);
  const each = (write: (row: Profiled) => string) =>
    sound.map((row) => `${write(row)} (${row.title})`).join(" and ");
  if (sound.length === 0)
    return section("Where the time goes", machineText(machine), "Every profile failed.");
  return section(
    "Where the time goes",
    machineText(machine),
    `Shares of the samples that V8's profiler took of the Worker under load, each counted for the function that ran and not for its callers; what is built into V8, such as \`JSON.stringify\`, counts as its caller's. Under inspection the Worker is slower than it is, ${each(({ perSecond }) => `${count(Math.round(perSecond))} requests/s`)}: these are shares, and no times. The bundle is the deployed one, but not minified, so that functions have names.`,
    `V8 samples a thread while it holds the isolate. That is ${each(covered)} of the time that the thread computed; the rest is the server's reading and writing of connections without it, and the profiler's own work. Functions of the runtime that have no name are told by their caller: what our \`log\` calls is \`console.log\`, and what the server calls takes the finished answer and sends it.`,
    partsTable(sound),
    "The functions that ran most:",
    ...sound.map(functionsTable),
  );
}

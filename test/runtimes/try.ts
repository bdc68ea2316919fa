// One runtime after the other: brought, started, tried. None that was not tried counts as passed.

import { err, type Result } from "../../src/result.ts";
import type { Counts } from "./count-reporter.ts";
import { GROUP_NAMES } from "./groups.ts";
import { forgetInstalled, install } from "./install.ts";
import { cell } from "./report.ts";
import type { Runtime } from "./runtimes.ts";
import { runSuite } from "./suite.ts";

/** What became of a runtime. */
export interface Tried {
  readonly title: string;
  readonly version: string;
  /** The counts, or why it was not run. */
  readonly result: Result<Counts, string>;
}

/** Failed tests of one group that are shown. */
const SHOWN = 20;

export interface TrialOptions {
  /** The folder of the bundles. */
  readonly build: string;
  /** Narrows the suite to these files; absent, all run. */
  readonly files?: readonly string[];
  /** Takes the progress, in parts of lines. */
  readonly say: (text: string) => void;
}

/** Does a step, in one line that ends with its seconds. */
async function step<T>(
  say: TrialOptions["say"],
  what: string,
  work: () => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  say(`  ${what} … `);
  const start = performance.now();
  const result = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`${result.ok ? "✓" : `✗ ${result.error},`} ${seconds} s\n`);
  return result;
}

async function tryOne(runtime: Runtime, { build, files, say }: TrialOptions): Promise<Tried["result"]> {
  const { name, title, version } = runtime;
  const home = await step(say, `${name}: install`, () => install(runtime));
  if (!home.ok) return home;
  const started = await step(say, `${name}: start`, () => runtime.start(home.value, build));
  if (!started.ok) {
    // What was installed may be damaged.
    await forgetInstalled(home.value);
    return started;
  }
  const { url, version: said, stop } = started.value;
  const kill = () => void stop();
  process.once("exit", kill);
  try {
    // Another one's results would stand under this one's name.
    if (said !== version) return err(`it says that it is ${said}`);
    const asked = { title: `${title} ${version}`, url };
    return await step(say, `${name}: the suite`, () => runSuite(asked, files));
  } finally {
    process.off("exit", kill);
    await stop();
  }
}

function show(counts: Counts, say: TrialOptions["say"]): void {
  for (const group of GROUP_NAMES) {
    say(`    ${group}: ${cell(counts[group])}\n`);
    for (const failure of counts[group].failed.slice(0, SHOWN)) say(`      ✗ ${failure}\n`);
  }
}

/** Tries them all. */
export async function tryRuntimes(runtimes: readonly Runtime[], options: TrialOptions): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const runtime of runtimes) {
    const result = await tryOne(runtime, options);
    if (result.ok) show(result.value, options.say);
    tried.push({ title: runtime.title, version: runtime.version, result });
  }
  return tried;
}

/** Whether all that was asked for was tried and passed. */
export const allPassed = (tried: readonly Tried[]): boolean =>
  tried.length > 0 &&
  tried.every(
    ({ result }) =>
      result.ok &&
      GROUP_NAMES.every((group) => result.value[group].passed > 0 && result.value[group].failed.length === 0),
  );

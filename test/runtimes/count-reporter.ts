// Counts the tests of each group into the file that the environment names. Those that passed without asking the
// runtime anything are not counted; whatever failed is.

import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { GROUP_NAMES, GROUPS, type Group, NOT_OURS } from "./groups.ts";

export interface GroupCount {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Answers of the runtime that were judged. */
  readonly asked: number;
}

export type Counts = Readonly<Record<Group, GroupCount>>;

function countGroup(modules: readonly TestModule[]): GroupCount {
  const failed: string[] = [];
  let passed = 0;
  let asked = 0;
  for (const module of modules) {
    for (const error of module.errors()) failed.push(`${module.relativeModuleId}: ${error.message}`);
    for (const suite of module.children.allSuites())
      for (const error of suite.errors()) failed.push(`${suite.fullName}: ${error.message}`);
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result();
      const answers = test.meta().asked ?? 0;
      asked += answers;
      if (state === "passed") passed += answers > 0 ? 1 : 0;
      else if (state === "failed" || NOT_OURS.test(test.fullName))
        failed.push(`${test.fullName}: ${errors?.[0]?.message ?? "did not run"}`);
    }
  }
  return { passed, failed, asked };
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    const output = process.env.TEST_RUNTIME_COUNTS;
    if (output === undefined) return;
    const of = (group: Group): GroupCount => {
      const files: readonly string[] = GROUPS[group];
      const wanted = modules.filter(({ moduleId }) => files.includes(relative(process.cwd(), moduleId)));
      const count = countGroup(wanted);
      // Nobody knows whose an error outside of tests is.
      return { ...count, failed: [...count.failed, ...errors.map(({ message }) => message)] };
    };
    const counts = Object.fromEntries(GROUP_NAMES.map((group) => [group, of(group)]));
    writeFileSync(output, JSON.stringify(counts));
  }
}

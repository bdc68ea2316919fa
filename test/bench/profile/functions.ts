// A CPU profile -> its functions, with the samples that each has of its own. Pure.

import type { CallFrame, CpuProfile } from "./inspector.ts";

/** A function, or an entry of V8's own such as `(garbage collector)`. */
export interface ProfiledFunction {
  /** Empty where it has none. */
  readonly name: string;
  /** The module that it stands in: a path in the project, or the runtime's name of it. Native code has none. */
  readonly module?: string;
  /** Its line in the module, from 1. */
  readonly line?: number;
  /** Who called it, where it has neither name nor module: a name or a place; empty, the server did. */
  readonly caller?: string;
  /**
   * How often it was found running, not counting what it called. Samples are counted, and not the time between
   * them: while the thread waits, or works without the isolate, none is taken, and that time is not the next one's.
   */
  readonly samples: number;
}

/** Where a function stands. */
export type Place = Pick<ProfiledFunction, "module" | "line">;

/** The root of the tree of calls. */
const ROOT = "(root)";

function callerName(frame: CallFrame, locate: (frame: CallFrame) => Place): string {
  if (frame.functionName === ROOT) return "";
  if (frame.functionName !== "") return frame.functionName;
  const { module = "native code", line } = locate(frame);
  return line === undefined ? module : `${module}:${line}`;
}

/** All functions of a profile, those with the most samples first. */
export function functionsOf(
  { nodes, samples }: CpuProfile,
  locate: (frame: CallFrame) => Place,
): ProfiledFunction[] {
  const callers = new Map(
    nodes.flatMap(({ callFrame, children = [] }) =>
      children.map((child) => [child, callerName(callFrame, locate)] as const),
    ),
  );
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);

  // One function has a node for each way by which it is reached.
  const functions = new Map<string, ProfiledFunction>();
  for (const { id, callFrame } of nodes) {
    const place = locate(callFrame);
    const name = callFrame.functionName;
    const isUnknown = name === "" && place.module === undefined;
    const one = { name, ...place, ...(isUnknown && { caller: callers.get(id) ?? "" }) };
    const key = JSON.stringify(one);
    const before = functions.get(key)?.samples ?? 0;
    const found = before + (counts.get(id) ?? 0);
    if (found > 0) functions.set(key, { ...one, samples: found });
  }
  return [...functions.values()].sort((a, b) => b.samples - a.samples);
}

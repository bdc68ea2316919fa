// A definition as data. It is read once, so that what is checked is what is used, whatever a getter would answer later;
// and it ends, whatever holds itself.

import { accessMethod, kindOf } from "../access/method.ts";

/** Deeper than any setting. */
const MAX_DEPTH = 32;

/** The schema would pass over these in silence. */
const INHERITED = new Set(["__proto__", "constructor", "prototype"]);

/** Objects that only hold members; every realm has an `Object.prototype` of its own. */
function isTable(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

type Wrong = (at: string, problem: string) => unknown;

function copy(value: unknown, path: string, depth: number, wrong: Wrong): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  if (depth > MAX_DEPTH) return wrong(path, "make it flatter: it is nested too deeply, or holds itself");
  if (!isList && !isTable(value)) return wrong(path, "must be a plain object");
  const entries = Object.entries(value).map(([key, member]) => {
    const here = path === "" ? key : `${path}.${key}`;
    if (INHERITED.has(key)) wrong(here, "choose another name: every object has this one");
    return [key, copy(member, here, depth + 1, wrong)] as const;
  });
  if (isList) return entries.map(([, member]) => member);
  const kind = kindOf(value);
  const table = Object.fromEntries(entries);
  return kind === undefined ? table : accessMethod(kind, table);
}

/** A copy that nobody else holds; or else `wrong` hears of the first thing in it that is not data. */
export function plainCopy(value: unknown, wrong: Wrong): unknown {
  let isTold = false;
  const stop: Wrong = (at, problem) => {
    isTold = true;
    wrong(at, problem);
    throw new Error(problem);
  };
  try {
    return copy(value, "", 0, stop);
  } catch {
    // What a getter throws may hold a value.
    return isTold || wrong("", "write plain values: something in it throws when it is read");
  }
}

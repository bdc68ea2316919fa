// A definition as data. It is read once, so that what is checked is what is used, whatever a getter would answer later;
// and it ends, whatever holds itself.

import { accessMethod, kindOf } from "../access/method.ts";
import { err, ok, type Result } from "../signature/result.ts";

/** Deeper than any setting. */
const MAX_DEPTH = 32;

class NoData extends Error {
  readonly at: string;
  constructor(path: readonly string[], problem: string) {
    super(problem);
    this.at = path.join(".");
  }
}

/** Objects that only hold members; every realm has an `Object.prototype` of its own. */
function isTable(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function copy(value: unknown, path: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (path.length > MAX_DEPTH)
    throw new NoData(path.slice(0, 3), "is nested too deeply, or holds itself: write it out");
  if (Array.isArray(value)) return value.map((item, i) => copy(item, [...path, String(i)]));
  if (!isTable(value))
    throw new NoData(
      path,
      "must be a plain object: a Map, a Promise or an object of a class has no settings",
    );
  const entries: [string, unknown][] = Object.keys(value).map((key) => [
    key,
    copy((value as Readonly<Record<string, unknown>>)[key], [...path, key]),
  ]);
  const kind = kindOf(value);
  // `__proto__` stays a key, which the schema refuses.
  const table = Object.create(Object.prototype);
  for (const [key, member] of entries)
    Object.defineProperty(table, key, {
      value: member,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return kind === undefined ? table : accessMethod(kind as never, table);
}

/** A copy that nobody else holds, or what in it can't be read. */
export function plainCopy(value: unknown): Result<unknown, { at: string; problem: string }> {
  try {
    return ok(copy(value, []));
  } catch (error) {
    // What a getter throws may hold a value.
    if (!(error instanceof NoData)) return err({ at: "", problem: "can't be read: something in it throws" });
    return err({ at: error.at, problem: error.message });
  }
}

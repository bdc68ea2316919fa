// Functions -> shares of the samples, by part of the whole. Pure.

import type { ProfiledFunction } from "./functions.ts";

/** The groups of parts, in the order in which they are told. */
export const GROUPS = {
  ours: "our code",
  packages: "packages",
  runtime: "functions of the runtime",
  collector: "garbage collector",
  native: "native code of the server, outside JavaScript",
} as const;

export type Group = keyof typeof GROUPS;

export interface Part {
  readonly group: Group;
  /** Absent where the group has no parts. */
  readonly title?: string;
}

/** V8's entries that are no functions. */
const ENTRIES: Readonly<Record<string, Group>> = {
  "(garbage collector)": "collector",
  "(program)": "native",
  // Not waiting: a Worker with nothing to do gives no samples at all. The server holds the isolate, and has not
  // entered JavaScript.
  "(idle)": "native",
  "(root)": "native",
};

export const isFunction = ({ name, module }: ProfiledFunction): boolean =>
  module !== undefined || ENTRIES[name] === undefined;

/** What a native function is called. */
export function nativeName({ name, caller }: ProfiledFunction): string {
  if (name !== "") return `\`${name}\``;
  return caller === "" ? "nameless, called by the server" : `nameless, called by \`${caller}\``;
}

/** The part that a function belongs to: its package, our folder or file, or itself. */
export function partOf(one: ProfiledFunction): Part {
  const { name, module } = one;
  if (module === undefined) {
    const group = ENTRIES[name];
    return group === undefined ? { group: "runtime", title: nativeName(one) } : { group };
  }
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
  if (inPackage !== undefined) return { group: "packages", title: inPackage };
  const inSrc = /^src\/([^/]+\/?)/.exec(module)?.[1];
  if (inSrc !== undefined) return { group: "ours", title: `\`${inSrc}\`` };
  return { group: "runtime", title: "modules of its own" };
}

/** The key of a part among the shares. */
export const keyOf = ({ group, title = "" }: Part): string => `${group} ${title}`;

/** The share of each part, and of each group under its own key. */
export function shares(functions: readonly ProfiledFunction[]): Map<string, number> {
  const all = functions.reduce((sum, { samples }) => sum + samples, 0);
  const found = new Map<string, number>();
  for (const one of functions) {
    const part = partOf(one);
    for (const key of new Set([keyOf({ group: part.group }), keyOf(part)])) {
      found.set(key, (found.get(key) ?? 0) + one.samples / all);
    }
  }
  return found;
}

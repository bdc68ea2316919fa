// Values as JSON and back, with what JSON has no words for: `undefined`, -0, NaN, bytes, maps, sets, holes in lists.
// Both ends use it, so it imports nothing and is made of web standards alone.

/** What JSON can carry: scalars stand for themselves, and everything else is a list that begins with its kind. */
export type Wire = string | number | boolean | null | readonly [kind: string, ...parts: unknown[]];

/** A class of the runtime's, and what to make an instance of: instances themselves hold what can't be sent. */
export class Made {
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
  constructor(module: string, name: string, args: readonly unknown[]) {
    this.module = module;
    this.name = name;
    this.args = args;
  }
}

/** A member of a table that a module exports: it holds functions, and stands for itself wherever it arrives. */
export class Constant {
  readonly module: string;
  readonly name: string;
  readonly key: string;
  constructor(module: string, name: string, key: string) {
    this.module = module;
    this.name = name;
    this.key = key;
  }
}

/** Constants by what they are. */
export type Constants = ReadonlyMap<unknown, Constant>;

/** A value as JSON can carry it. Throws where it would arrive as another. */
export function toWire(value: unknown, constants?: Constants): Wire {
  const send = (part: unknown): Wire => toWire(part, constants);
  const constant = value instanceof Constant ? value : constants?.get(value);
  if (constant !== undefined) return ["constant", constant.module, constant.name, constant.key];
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return ["undefined"];
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : ["number", Object.is(value, -0) ? "-0" : String(value)];
  if (value instanceof Made) return ["made", value.module, value.name, ...value.args.map(send)];
  if (value instanceof Uint8Array) return ["bytes", ...value];
  if (value instanceof Map)
    return ["map", ...[...value].map(([key, item]) => [send(key), send(item)] as const)];
  if (value instanceof Set) return ["set", ...[...value].map(send)];
  if (Array.isArray(value))
    return ["list", ...Array.from(value, (item, i) => (i in value ? send(item) : ["hole"]))];
  if (typeof value !== "object") throw new Error(`a ${typeof value} can't be sent`);
  const members = Object.entries(value).map(([name, item]) => [name, send(item)] as const);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype) return ["object", ...members];
  // Generated values inherit from others, as `__proto__` makes them do.
  if (prototype === null || !Object.hasOwn(prototype, "constructor"))
    return ["heir", send(prototype), ...members];
  throw new Error(`an instance of ${prototype.constructor.name} can't be sent`);
}

/** The value again. `make` makes the instances, and finds constants, which stay what they are without it. */
export function fromWire(wire: Wire, make?: (made: Made | Constant) => unknown): unknown {
  if (!Array.isArray(wire)) return wire;
  const read = (part: unknown) => fromWire(part as Wire, make);
  const [kind, ...parts] = wire as [string, ...unknown[]];
  const pairs = (from = 0) =>
    (parts.slice(from) as [Wire, Wire][]).map(([key, item]) => [read(key), read(item)] as const);
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return Number(parts[0]);
    case "bytes":
      return Uint8Array.from(parts as number[]);
    case "map":
      return new Map(pairs());
    case "set":
      return new Set(parts.map(read));
    case "object":
      return Object.fromEntries(pairs());
    case "heir":
      return Object.defineProperties(
        Object.create(read(parts[0]) as object | null),
        Object.getOwnPropertyDescriptors(Object.fromEntries(pairs(1))),
      );
    case "list": {
      const list = new Array<unknown>(parts.length);
      for (const [i, part] of parts.entries())
        if (!(Array.isArray(part) && part[0] === "hole")) list[i] = read(part);
      return list;
    }
    case "constant": {
      const [module, name, key] = parts as [string, string, string];
      const constant = new Constant(module, name, key);
      return make === undefined ? constant : make(constant);
    }
    case "made": {
      const [module, name, ...args] = parts as [string, string, ...unknown[]];
      if (make === undefined) throw new Error(`nobody makes a ${name} here`);
      return make(new Made(module, name, args.map(read)));
    }
    default:
      throw new Error(`no kind of value: ${kind}`);
  }
}

/** What is asked of a runtime. */
export type Question =
  /** Calls a function of a module, named by its path in `src`. */
  | { readonly kind: "call"; readonly module: string; readonly name: string; readonly args: Wire }
  /** Reads what a module exports that is no function. */
  | { readonly kind: "read"; readonly module: string; readonly name: string }
  /** Makes the app over these options of `createSigner`; it answers every request that is no question. */
  | { readonly kind: "mount"; readonly options: Wire }
  /** The lines that the app logged since it was made. */
  | { readonly kind: "logs" };

/** What it answers. */
export interface Reply {
  /** What was returned, or what a promise of it held. */
  readonly returned?: Wire;
  /** What was thrown, or what a promise of it was rejected with. */
  readonly thrown?: { readonly name: string; readonly message: string };
  /** Whether it was a promise. */
  readonly later: boolean;
}

/** The header by which a question is told from a request to the app. */
export const QUESTION_HEADER = "x-runtime-probe";

// The parameters that the signing functions take, by the tables of the policy: names, kinds, and what no text may hold.

import type { Parameter } from "../policy/tables/parameters.ts";
import { isEmpty } from "../policy/values/value.ts";
import { type Scalar, type SignableParams, sentParameters } from "../signature/string-to-sign.ts";

/** Fields of a form that no signature covers, and the time, which is the account's option. */
const UNSIGNED = new Set(["file", "cloud_name", "resource_type", "api_key", "signature", "timestamp"]);

/** An object that only holds members: of a `Map` or a class nothing would be signed, or not what is meant. */
function isTable(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // Every realm (a frame, a test's sandbox) has an `Object.prototype` of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

/** Half of a character can't be sent as it is signed. */
const isWhole = (value: unknown): boolean => typeof value !== "string" || value.isWellFormed();

/** A copy of one value as it may be signed. */
function readValue(name: string, value: unknown): SignableParams[string] {
  if (!isWhole(value)) throw new TypeError(`${name} holds half a character (a lone surrogate): was it cut?`);
  if (value === null || value === undefined || isScalar(value)) return value;
  if (!Array.isArray(value))
    throw new TypeError(
      `${name} must be a string, a finite number, a boolean, or a list of those; context and metadata are strings, such as "alt=A cat|caption=Felix"`,
    );
  // Holes become undefined. Lists are joined with commas, and signed alike whether a comma stood in an item or
  // between two.
  const items: readonly unknown[] = [...value];
  if (!items.every((item) => isScalar(item) && !String(item).includes(",")))
    throw new TypeError(`an item of ${name} must be a string without commas, a finite number or a boolean`);
  // A method could read an empty item as any: a prefix of all names.
  if (items.includes("")) throw new TypeError(`an item of ${name} is empty: leave it out`);
  if (!items.every(isWhole))
    throw new TypeError(`an item of ${name} holds half a character (a lone surrogate): was it cut?`);
  return items as readonly Scalar[];
}

/** What the kinds of the tables that are no text want, by the reason for which they do not read a value. */
const WANTED: Readonly<Record<string, string>> = {
  not_boolean: "true or false",
  not_whole: "a whole number",
  not_number: "a number such as 0.5",
  not_boxes: "x,y,width,height in numbers",
};

/**
 * What a parameter's kind wants in place of a value, if that does not fit. Pairs and lists are Cloudinary's own texts
 * here: what is there already may have names and values that no profile gives.
 */
function wantedInstead({ kind }: Parameter, value: Scalar | readonly Scalar[]): string | undefined {
  const isText = typeof value === "string";
  if (kind.isList) return isText || Array.isArray(value) ? undefined : "a string, or a list";
  if (kind.hasKeys) return isText ? undefined : 'a string, such as "alt=A cat|caption=Felix"';
  const read = kind.read(value, "client");
  return read.ok ? undefined : (WANTED[read.error.reason] ?? "a string");
}

/**
 * What is sent, as texts and exactly as signed. Throws a `TypeError` for what is not an object of parameters, for a name
 * that the method does not have, and for a value that is none to sign, or not of the parameter's kind.
 */
export function fieldsOf(
  params: SignableParams,
  timestamp: number,
  method: string,
  known: ReadonlyMap<string, Parameter>,
): Record<string, string> {
  if (!isTable(params))
    throw new TypeError('the parameters must be a plain object, such as { folder: "avatars" }');
  const read: [string, SignableParams[string]][] = [];
  // Each value is read once: what is checked is what is signed.
  for (const [name, value] of Object.entries(params)) {
    // A name of another form could make the text read as a notification, or as a delivery URL.
    if (!/^[a-z][a-z_]*$/.test(name))
      throw new TypeError(
        `${JSON.stringify(name)} must be the name of a parameter, in lower-case letters and _`,
      );
    if (UNSIGNED.has(name)) throw new TypeError(`leave ${name} out of the parameters: it is not signed`);
    const parameter = known.get(name);
    if (parameter === undefined)
      throw new TypeError(
        `${name} is no parameter of ${method}, which has ${[...known.keys()].filter((one) => !UNSIGNED.has(one)).join(", ")}`,
      );
    const copied = readValue(name, value);
    const wanted = isEmpty(copied) ? undefined : wantedInstead(parameter, copied as Scalar);
    if (wanted !== undefined) throw new TypeError(`${name} must be ${wanted}`);
    read.push([name, copied]);
  }
  return Object.fromEntries([...sentParameters(Object.fromEntries(read)), ["timestamp", String(timestamp)]]);
}

// A configuration that nothing can change any more, to its last table.

function refuse(): never {
  throw new TypeError("the configuration is frozen");
}

/** The methods by which a Map or a Set changes. */
const CHANGERS = ["set", "add", "delete", "clear"] as const;

/**
 * Freezes a value and all that can be reached from it. A Map and a Set keep what they hold outside of their
 * properties, so their own methods that change them are replaced by ones that throw. (Who calls `Map.prototype.set`
 * over one could still change it: nobody outside of this code is handed the configuration.)
 */
export function deepFreeze<T>(value: T, seen = new WeakSet<object>()): T {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value))
    return value;
  seen.add(value);
  const isCollection = value instanceof Map || value instanceof Set;
  if (isCollection)
    for (const name of CHANGERS) if (name in value) Object.defineProperty(value, name, { value: refuse });
  Object.freeze(value);
  const members = isCollection
    ? [...value.entries()].flat()
    : Reflect.ownKeys(value).map((key) => (value as Record<PropertyKey, unknown>)[key]);
  for (const member of members) deepFreeze(member, seen);
  return value;
}

// `context` and `metadata` as Cloudinary's SDKs write them -> keys and values.

/** By external ID; of a field that takes several values, a list. */
export type Metadata = Readonly<Record<string, string | readonly string[]>>;

/** `a=1|b=x\=y` -> `{ a: "1", b: "x=y" }` */
export function contextOf(text: string): Record<string, string> {
  const pairs = text.split(/(?<!\\)\|/).map((pair) => pair.split(/(?<!\\)=(.*)/s));
  return Object.fromEntries(pairs.map(([key = "", value = ""]) => [unescaped(key), unescaped(value)]));
}

/** `a=1|b=["x","y"]` -> `{ a: "1", b: ["x", "y"] }` */
export function metadataOf(text: string): Metadata {
  return Object.fromEntries(
    Object.entries(contextOf(text)).map(([id, value]) => [id, listOf(value) ?? value]),
  );
}

function listOf(value: string): string[] | undefined {
  if (!value.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

const unescaped = (text: string): string => text.replace(/\\([=|])/g, "$1");

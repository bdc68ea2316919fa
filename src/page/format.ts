// Numbers, names and times as people read them.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in bytes: `12 B`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const number = bytes / 1000 ** power;
  return `${number.toFixed(power === 0 || number >= 100 ? 0 : 1)} ${UNITS[power]}`;
}

/** A file's extension in capitals, short enough for an icon; `FILE` where there is none. */
export function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? "FILE";
}

/** A moment, in Unix seconds, as the clock on the wall shows it. */
export function clockText(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** Data as JSON that people read. */
export const prettyJson = (data: unknown): string => JSON.stringify(data, null, 2);

/** The alternative text of what arrived: the context's, else the file's name. */
export function altText(context: unknown, fileName: string): string {
  const { custom } = (context ?? {}) as { custom?: { alt?: unknown } };
  return typeof custom?.alt === "string" && custom.alt !== "" ? custom.alt : fileName;
}

// Sizes as people write them: "5 MB" -> 5000000.

/** kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024. */
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** A size in bytes, from a number or from a text with its unit; `undefined` where it is neither, or no whole bytes. */
export function parseBytes(written: unknown): number | undefined {
  if (typeof written !== "string") return positive(written);
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?) ?([kKMG]?i?B)$/.exec(written) ?? [];
  const factor = unit !== undefined && Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (factor === undefined) return undefined;
  const bytes = Number(number) * factor;
  // 1.1 kB is 1100 bytes, whatever binary fractions make of it; 1.5 B is none.
  return Math.abs(bytes - Math.round(bytes)) < 1e-3 ? positive(Math.round(bytes)) : undefined;
}

const positive = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;

/** A size as people read it: `5 MB`, `1.5 MB`, `512 B`. */
export function bytesText(bytes: number): string {
  const [unit, factor] = Object.entries({ GB: 1e9, MB: 1e6, kB: 1e3 }).find(
    ([, least]) => bytes >= least,
  ) ?? ["B", 1];
  return `${Math.round((bytes / factor) * 100) / 100} ${unit}`;
}

// Numbers, names and times as people read them, in the language of the page.

import type { UploadResponse } from "../client/client.ts";

const language = (): string => document.documentElement.lang;

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export const numberText = (number: number): string => new Intl.NumberFormat(language()).format(number);

/** A share in percent, 0 to 100. */
export const percentText = (percent: number): string =>
  new Intl.NumberFormat(language(), { style: "percent" }).format(percent / 100);

/** A size that was measured, in bytes: `12 bytes`, `3.4 MB`, `1.0 MB`. */
export const sizeText = (bytes: number): string => sizeIn(bytes, 1);

/** A size that somebody chose: `1 MB`, `1.5 MB`. */
export const limitText = (bytes: number): string => sizeIn(bytes, 0);

function sizeIn(bytes: number, least: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const number = bytes / 1000 ** power;
  const digits = power === 0 || number >= 100 ? 0 : 1;
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: UNITS[power]!,
    unitDisplay: power === 0 ? "long" : "short",
    minimumFractionDigits: Math.min(least, digits),
    maximumFractionDigits: digits,
  }).format(number);
}

/** A sentence's forms by number: a language has those that it tells apart, and `other` always. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** The form for so many: the one place that decides between "1 file" and "2 files". */
export const plural = (count: number, forms: Forms): string =>
  forms[new Intl.PluralRules(language()).select(count)] ?? forms.other;

/** A moment, in Unix seconds, as the clock on the wall shows it. */
export function clockText(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(language(), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** A file's extension in capitals, short enough for an icon; nothing where there is none. */
export const extensionOf = (name: string): string | undefined =>
  /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase();

/** Data as JSON that people read. */
export const prettyJson = (data: unknown): string => JSON.stringify(data, null, 2);

/** The alternative text of what arrived: the context's, else the file's name. */
export function altText(context: unknown, fileName: string): string {
  const { custom } = (context ?? {}) as { custom?: { alt?: unknown } };
  return typeof custom?.alt === "string" && custom.alt !== "" ? custom.alt : fileName;
}

/** A share of 1 in whole percent: 100 only when nothing is left. */
export const percentOf = (share: number): number => Math.floor(share * 100);

/** How long something takes, in words that are not more exact than they are true: `40 seconds`, `3 minutes`. */
export function secondsText(seconds: number): string {
  const [number, unit] =
    seconds < 60
      ? [seconds < 10 ? seconds : Math.ceil(seconds / 10) * 10, "second"]
      : seconds < 3600
        ? [Math.ceil(seconds / 60), "minute"]
        : [Math.ceil(seconds / 3600), "hour"];
  return new Intl.NumberFormat(language(), { style: "unit", unit: String(unit), unitDisplay: "long" }).format(
    Number(number),
  );
}

/** Names one after the other: `a, b, and c`. */
export const listText = (names: readonly string[]): string =>
  new Intl.ListFormat(language(), { type: "conjunction" }).format(names);

/** What an asset is, in short: its dimensions where it has some, and its size. */
export function factsText({ width, height, bytes }: UploadResponse): string {
  const has = width !== undefined && height !== undefined;
  return [...(has ? [`${numberText(width)} × ${numberText(height)}`] : []), sizeText(bytes)].join(" · ");
}

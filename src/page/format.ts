// Numbers, names and times as people read them, in the language of the page.

const language = (): string => document.documentElement.lang;

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export const numberText = (number: number): string => new Intl.NumberFormat(language()).format(number);

/** A share in percent, 0 to 100. */
export const percentText = (percent: number): string =>
  new Intl.NumberFormat(language(), { style: "percent" }).format(percent / 100);

/** A size in bytes: `12 bytes`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const number = bytes / 1000 ** power;
  const digits = power === 0 || number >= 100 ? 0 : 1;
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: UNITS[power]!,
    unitDisplay: power === 0 ? "long" : "short",
    minimumFractionDigits: digits,
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

// Dollars as they are written. Pure.

/** `$0`, `$2.42`, `$297`, `$1,309`. */
export function dollars(value: number): string {
  if (value === 0) return "$0";
  const digits = Math.abs(value) < 99.5 ? 2 : 0;
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A cost that is known to lie between two. */
export const between = (least: number, most: number): string =>
  dollars(least) === dollars(most) ? dollars(least) : `${dollars(least)}–${dollars(most)}`;

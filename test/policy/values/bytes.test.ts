// Sizes as people write them, and as they read them.

import { expect, it } from "vitest";
import { bytesText, parseBytes } from "../../../src/policy/values/bytes.ts";

it.each<[written: unknown, bytes: number]>([
  [1, 1],
  [5_000_000, 5_000_000],
  [Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991],
  ["1 B", 1],
  ["500 kB", 500_000],
  ["5 MB", 5_000_000],
  ["5MB", 5_000_000],
  ["0.5 kB", 500],
  // As a float it is a little more.
  ["1.1 MB", 1_100_000],
  ["2 GB", 2_000_000_000],
  ["1 KiB", 1024],
  ["1.5 MiB", 1_572_864],
  ["2 GiB", 2_147_483_648],
])("%j is %i bytes", (written, bytes) => {
  expect(parseBytes(written)).toBe(bytes);
});

it.each([
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null, undefined, true, 5n, ["5 MB"], {}],
  ...["", "5", "MB", "5 M", "5 mb", "5 kb", "5 KB", "5 kiB", "5 iB", "5 TB", "0 MB", "0.0001 kB"],
  ...[" 5 MB", "5 MB ", "5  MB", "-5 MB", "+5 MB", "1e3 B", ".5 MB", "5. MB", "5,5 MB", "0x5 MB", "∞ MB"],
  ...["9999999999 B", "999999999 GB", "5 MB\n", "5 MB 5 MB", "٥ MB", "constructor"],
])("%o is no size", (written) => {
  expect(parseBytes(written)).toBeUndefined();
});

it.each<[bytes: number, text: string]>([
  [1, "1 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [81_234, "81.23 kB"],
  [1_500_000, "1.5 MB"],
  [5_242_880, "5.24 MB"],
  [2_000_000_000, "2 GB"],
])("%i bytes are read as %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

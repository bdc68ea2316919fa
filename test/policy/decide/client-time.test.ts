// A client's timestamp (R2): whole seconds, near the server's own.

import { expect, it } from "vitest";
import { refuseTime } from "../../../src/policy/decide/client-time.ts";

const NOW = 1_795_468_800;

it.each<[unknown, string | undefined]>([
  [NOW, undefined],
  [String(NOW), undefined],
  [NOW - 600, undefined],
  [NOW - 601, "time_range"],
  [NOW + 60, undefined],
  [NOW + 61, "time_range"],
  [0, "time_range"],
  [NOW * 1000, "milliseconds"],
  [`0${NOW}`, "time_digits"],
  [`+${NOW}`, "time_digits"],
  [`${NOW} `, "time_digits"],
  [NOW + 0.5, "time_digits"],
  [`${NOW}e0`, "time_digits"],
  [-1, "time_digits"],
  [true, "time_digits"],
  [[NOW], "time_digits"],
])("%j: %s", (raw, reason) => {
  expect(refuseTime(raw, NOW)?.reason).toBe(reason);
});

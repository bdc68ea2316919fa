// A limit in time: what comes in time, what fails, and what hangs; no timer is left.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { within } from "../src/within.ts";
import { watchOwnTimers } from "./support/own-timers.ts";

let left: () => number;
beforeEach(() => {
  vi.useFakeTimers();
  left = watchOwnTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("what comes in time is brought", async () => {
  expect(await within(1000, Promise.resolve(7))).toBe(7);
  expect(left()).toBe(0);
});

it("what fails in time fails as it did", async () => {
  const error = new Error("down");
  await expect(within(1000, Promise.reject(error))).rejects.toBe(error);
  expect(left()).toBe(0);
});

it.each([
  ["never", () => new Promise<never>(() => {})],
  ["late", () => new Promise((resolve) => setTimeout(() => resolve("late"), 1001))],
  [
    "late, and failing then",
    () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 1001)),
  ],
])("%s: a TimeoutError", async (_, start) => {
  const outcome = within(1000, start()).catch((error: Error) => error.name);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await outcome).toBe("TimeoutError");
  expect(left()).toBe(0);
});

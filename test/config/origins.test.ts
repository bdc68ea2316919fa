// Patterns that deserve a word before they are deployed.

import { expect, it } from "vitest";
import { patternWarning } from "../../src/config/origins.ts";

it.each([
  ["https://*--shop.netlify.app", "netlify.app"],
  ["https://*-shop.vercel.app:8443", "vercel.app"],
  ["https://*.shop.pages.dev", "pages.dev"],
  ["https://pr-*.shop.workers.dev", "workers.dev"],
  ["https://*-x.github.io", "github.io"],
  ["https://shop--*.web.app", "web.app"],
])("%s: anybody gets names under %s", (text, suffix) => {
  expect(patternWarning(text)).toBe(
    `make sure that nobody else can have a name that fits ${text}: anybody gets names under ${suffix}, so only the fixed text keeps others out`,
  );
});

it.each(["https://*.preview.example.com", "https://pr-*.a.notnetlify.app", "https://shop.netlify.app"])(
  "%s: nothing",
  (text) => {
    expect(patternWarning(text)).toBeUndefined();
  },
);

// Patterns that deserve a word before they are deployed.

import { expect, it } from "vitest";
import { patternWarning } from "../../src/cli/public-suffix.ts";

it.each([
  ["https://*--shop.netlify.app", "netlify.app"],
  ["https://*-shop.vercel.app:8443", "vercel.app"],
  ["https://pr-*.pages.dev", "pages.dev"],
  ["https://shop-*.co.uk", "co.uk"],
  ["https://shop*.com.au", "com.au"],
  ["https://app-*.a.run.app", "a.run.app"],
  ["https://x*.azurewebsites.net", "azurewebsites.net"],
  ["https://pr*.trycloudflare.com", "trycloudflare.com"],
  ["https://*-shop.ngrok-free.app", "ngrok-free.app"],
  ["https://*.s3.amazonaws.com", "s3.amazonaws.com"],
  ["https://*-x.github.io", "github.io"],
  ["https://shop--*.web.app", "web.app"],
])("%s: anybody gets names under %s", (text, suffix) => {
  expect(patternWarning(text)).toBe(
    `make sure that nobody else can have a name that fits ${text}: anybody gets names under ${suffix}, so only the fixed text keeps others out`,
  );
});

it.each([
  "https://*.shop.pages.dev",
  "https://pr-*.shop.netlify.app",
  "https://*.preview.example.com",
  "https://pr-*.a.notnetlify.app",
  "https://shop.netlify.app",
])("%s: nothing", (text) => {
  expect(patternWarning(text)).toBeUndefined();
});

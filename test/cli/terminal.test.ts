// What `start` shows of the Worker's log.

import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { refusalLine } from "../../src/cli/terminal.ts";

const shown = (entry: object): string | undefined => {
  const line = refusalLine(JSON.stringify(entry));
  return line && stripVTControlCharacters(line).replace(/^ {2}\d\d:\d\d:\d\d /, "");
};
const refused = { status: 403, code: "origin_not_allowed" };
const HINT = "list the page's origin in allowedOrigins of signer.config.ts, and restart";

describe("a refused origin", () => {
  it.each([
    [{ origin: "http://localhost:5174" }, `http://localhost:5174: ${HINT}`],
    [{ origin: "https://a.example", profile: "widget" }, `widget: https://a.example: ${HINT}`],
    [{ origin: "null" }, "null: serve the page over http: opened as a file it has no origin"],
    [{ origin: "(not an origin)" }, `(not an origin): ${HINT}`],
    [{ origin: "http://a\u001b[31m\u202e" }, `http://a\ufffd[31m\ufffd: ${HINT}`],
    [{}, HINT],
  ])("%j is named, and what to do", (entry, text) => {
    expect(shown({ ...refused, ...entry })).toBe(`✗ refused 403 origin_not_allowed ${text}`);
  });
});

it("a wrong configuration is told whole", () => {
  const detail = "signer.config.ts, profiles.avatars.ttl: must be 60 to 3600";
  expect(shown({ status: 500, code: "misconfigured", detail })).toBe(`✗ refused 500 misconfigured ${detail}`);
});

it("a signature is no refusal", () => {
  expect(shown({ status: 200 })).toBeUndefined();
});

// Templates: what is read as a place, what it is filled with, and what a list's items are.

import { describe, expect, it } from "vitest";
import {
  eachItem,
  fillTemplate,
  isRandom,
  parseTemplate,
  type Template,
  templateText,
} from "../../../src/policy/values/template.ts";

const FILL = {
  uuid: "0-1",
  now: 1_795_468_800,
  access: "members",
  claims: new Map([
    ["sub", "42"],
    ["sub|hash", "ab"],
  ]),
};

function parsed(text: string): Template {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.error.reason);
  return template.value;
}

describe("filled", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ["{uuid}", "0-1"],
    ["inbox/{date}/{uuid}", "inbox/2026-11-23/0-1"],
    ["{access}/{sub}", "members/42"],
    ["u-{sub|hash}-x", "u-ab-x"],
    ["100% {sub}", "100% 42"],
  ])("%s: %s", (text, filled) => {
    expect(fillTemplate(parsed(text), FILL)).toBe(filled);
    expect(templateText(parsed(text))).toBe(text);
  });

  it("a claim that nobody checked is a bug, and not an empty text", () => {
    expect(() => fillTemplate(parsed("{org}"), FILL)).toThrow("not checked");
  });
});

describe("not a template", () => {
  it.each([
    ["{uuid", "unpaired_brace"],
    ["uuid}", "unpaired_brace"],
    ["{{uuid}}", "unpaired_brace"],
    ["{}", "unknown_place"],
    ["{ uuid }", "unknown_place"],
    ["{sub|raw}", "unknown_place"],
    ["{sub.id}", "unknown_place"],
    [`{${"x".repeat(65)}}`, "unknown_place"],
    ["a%{uuid}", "percent"],
    ["a%2{uuid}", "percent"],
  ])("%s: %s", (text, reason) => {
    expect(parseTemplate(text)).toEqual({ ok: false, error: { reason } });
  });
});

it.each([
  ["a,{uuid},b", ["a", "{uuid}", "b"]],
  ["u-{sub},all", ["u-{sub}", "all"]],
  ["{sub}x,{uuid}", ["{sub}x", "{uuid}"]],
  ["one", ["one"]],
])("the items of %s", (text, items) => {
  expect(eachItem(parsed(text), true).map(templateText)).toEqual(items);
  expect(eachItem(parsed(text), undefined).map(templateText)).toEqual([text]);
});

it("only a uuid is random", () => {
  expect(["{uuid}", "{date}", "{sub}", "{access}", "x"].map((text) => isRandom(parsed(text)))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

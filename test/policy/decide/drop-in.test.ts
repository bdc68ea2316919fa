// Drop-in: what a component chose is compared by meaning and signed as it was spelled, so the two must never
// part. Each case is judged by what the official SDK signs of the values as sent.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { dropInParams } from "../../../src/policy/decide/drop-in.ts";
import type { ProfileInput } from "../../../src/policy/profile.ts";
import { refusalCodeOf } from "../../../src/policy/tables/reasons.ts";
import { stringToSign } from "../../../src/signature/string-to-sign.ts";
import { sdkSignature } from "../../support/sdk.ts";

const NOW = 1_795_468_800;
const FILL = { now: NOW, uuid: "u", access: "public", claims: new Map() };

function decide(input: Partial<ProfileInput>, sent: Record<string, unknown>) {
  const compiled = compileProfile(
    "p",
    { access: ["public"], dropIn: true, ...input },
    new Map([["public", { anonymous: true, claims: new Set() }]]),
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return dropInParams(compiled.value, { timestamp: NOW, ...sent }, FILL);
}

describe("a list where the profile sets another kind", () => {
  it.each([
    ["eager", ["w_100,h_100", "w_200"], "w_100,h_100|w_200"],
    ["access_control", [{ access_type: "token" }], '[{"access_type":"token"}]'],
    ["responsive_breakpoints", [{ create_derived: true }], '[{"create_derived":true}]'],
    ["auto_transcription", { translate: ["fr-FR"] }, '{"translate":["fr-FR"]}'],
    ["headers", ["X-Robots-Tag: noindex"], "X-Robots-Tag: noindex"],
  ])("%s", (name, value, text) => {
    const set = { [name]: value };
    const list = decide(
      { set },
      { [name]: Array.isArray(value) && typeof value[0] === "string" ? value : [text] },
    );
    expect(list.ok ? [] : list.error.map(({ param, why }) => [param, refusalCodeOf(why)])).toEqual([
      [name, "different"],
    ]);
    const asText = decide({ set }, { [name]: text });
    expect(asText.ok && asText.value[name]).toBe(text);
  });
});

describe("what is signed is what is sent", () => {
  const input: Partial<ProfileInput> = {
    set: {
      overwrite: false,
      allowed_formats: ["jpg", "png"],
      auto_tagging: 0.5,
      face_coordinates: "1,2,3,4",
    },
    accept: { colors: {}, custom_coordinates: {}, display_name: {} },
  };
  it.each([
    [{ overwrite: 0, allowed_formats: "jpg,png", auto_tagging: "0.5", face_coordinates: [1, 2, 3, 4] }],
    [
      {
        overwrite: "false",
        allowed_formats: ["jpg", "png"],
        auto_tagging: 0.5,
        face_coordinates: "1,2,3,4",
      },
    ],
    [
      {
        overwrite: false,
        allowed_formats: "jpg,png",
        auto_tagging: 0.5,
        face_coordinates: "1,2,3,4",
        colors: 1,
        custom_coordinates: [0, 0, 1, 1],
        display_name: "ü",
      },
    ],
  ])("%j", (sent) => {
    const decided = decide(input, sent);
    expect(decided.ok, JSON.stringify(decided)).toBe(true);
    if (!decided.ok) return;
    expect(stringToSign(decided.value)).not.toBe("");
    expect(sdkSignature(decided.value, "s", "sha256")).toBe(
      sdkSignature({ timestamp: NOW, ...sent }, "s", "sha256"),
    );
  });
});

it("a client's key beside a context that is the server's alone is refused", () => {
  const set = { context: { via: "form" } };
  const refused = decide({ set }, { context: "via=form|alt=x" });
  expect(refused.ok ? [] : refused.error).toEqual([
    { param: "context", why: { reason: "nothing_but", value: "via=form" } },
  ]);
  expect(decide({ set }, { context: "via=form" }).ok).toBe(true);
});

describe("numbers have one spelling", () => {
  const input: Partial<ProfileInput> = {
    set: { auto_tagging: 0.5, overwrite: false },
    accept: { custom_coordinates: {} },
  };
  const fixed = { auto_tagging: 0.5, overwrite: false };
  it.each<[sent: Record<string, unknown>, name: string, plain: Record<string, unknown>]>([
    [{ timestamp: `0${NOW}` }, "timestamp", { timestamp: `${NOW}` }],
    [{ timestamp: `00${NOW}` }, "timestamp", { timestamp: NOW }],
    [{ timestamp: `+${NOW}` }, "timestamp", { timestamp: NOW }],
    [{ timestamp: `${NOW}.0` }, "timestamp", { timestamp: NOW }],
    [{ auto_tagging: "0.50" }, "auto_tagging", { auto_tagging: "0.5" }],
    [{ auto_tagging: "00.5" }, "auto_tagging", { auto_tagging: 0.5 }],
    [{ custom_coordinates: "1,2,3,04" }, "custom_coordinates", { custom_coordinates: "1,2,3,4" }],
    [{ custom_coordinates: "1.0,2,3,4" }, "custom_coordinates", { custom_coordinates: [1, 2, 3, 4] }],
    [{ custom_coordinates: ["1", "2", "3.0", 4] }, "custom_coordinates", { custom_coordinates: "1,2,3,4" }],
  ])("%j is refused, %s as %j signed", (sent, name, plain) => {
    const refused = decide(input, { ...fixed, ...sent });
    expect(refused.ok ? [] : refused.error.map(({ param }) => param)).toEqual([name]);
    expect(decide(input, { ...fixed, ...plain }).ok).toBe(true);
  });
});

describe("refused beside what is signed", () => {
  const input: Partial<ProfileInput> = {
    set: { folder: "a", context: { via: "form" } },
    accept: { context: { keys: ["alt"] } },
  };
  const fixed = { folder: "a", context: "via=form|alt=x" };
  it.each<[sent: Record<string, unknown>, param: string, reason: string]>([
    [{ display_name: "x" }, "display_name", "not_accepted"],
    [{ nonsense: "x" }, "nonsense", "unknown"],
    [{ folder: "b" }, "folder", "different"],
    [{ folder: "" }, "folder", "missing"],
    [{ folder: undefined }, "folder", "missing"],
    [{ context: "via=other|alt=x" }, "context", "different"],
    [{ context: "alt=x" }, "context", "different"],
    [{ context: "via=form|size=x" }, "context", "foreign_key"],
    [{ timestamp: undefined }, "timestamp", "time_missing"],
  ])("%j: %s, %s", (more, param, reason) => {
    const refused = decide(input, { ...fixed, ...more });
    expect(refused.ok ? [] : refused.error.map((one) => [one.param, one.why.reason])).toEqual([
      [param, reason],
    ]);
    expect(decide(input, fixed).ok).toBe(true);
  });
});

it("a profile that sets a random name answers tickets alone, whatever is sent", () => {
  const set = { folder: "{uuid}", overwrite: false };
  const refused = decide({ dropIn: false, set }, { folder: "u", overwrite: false });
  expect(refused.ok ? [] : refused.error.map(({ why }) => why.reason)).toEqual(["random"]);
});

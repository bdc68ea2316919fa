// The methods `tags`, `context` and `metadata` as the official SDK calls them, on assets whose upload set some.

import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it } from "vitest";
import { PICTURE, sdkAccount, seconds } from "./sdk-account.ts";
import { formOf, post, signed } from "./support.ts";

const { uploader } = cloudinary;

/** An account that holds `a`, `b`, a raw `a` and a private `a`, all with labels. */
async function filled() {
  const { emulator, options } = await sdkAccount();
  const labels = { tags: ["x", "y"], context: { alt: "A" }, metadata: { sku: "1", sizes: ["s", "m"] } };
  for (const change of [
    { public_id: "a" },
    { public_id: "b" },
    { public_id: "a", resource_type: "raw" as const },
    { public_id: "a", type: "private" as const },
  ])
    await uploader.upload(PICTURE, { ...options, ...labels, ...change });
  return { emulator, options };
}

type Call = (options: UploadApiOptions) => Promise<object>;
type Held = readonly [a: unknown, b: unknown, raw: unknown, hidden: unknown];

const XY = ["x", "y"];
const ALT = { custom: { alt: "A" } };
const META = { sku: "1", sizes: ["s", "m"] };

describe("tags", () => {
  it.each<[what: string, call: Call, found: string[], tags: Held]>([
    ["adds", (o) => uploader.add_tag("z", ["a"], o), ["a"], [["x", "y", "z"], XY, XY, XY]],
    [
      "adds several, none twice",
      (o) => uploader.add_tag("z,x", ["a", "b"], o),
      ["a", "b"],
      [["x", "y", "z"], ["x", "y", "z"], XY, XY],
    ],
    ["removes", (o) => uploader.remove_tag("x", ["a", "b"], o), ["a", "b"], [["y"], ["y"], XY, XY]],
    ["replaces", (o) => uploader.replace_tag("p,q", ["b"], o), ["b"], [XY, ["p", "q"], XY, XY]],
    ["removes all", (o) => uploader.remove_all_tags(["a"], o), ["a"], [[], XY, XY, XY]],
    [
      "of raw files",
      (o) => uploader.remove_tag("x", ["a"], { ...o, resource_type: "raw" }),
      ["a"],
      [XY, XY, ["y"], XY],
    ],
    [
      "of private ones",
      (o) => uploader.remove_tag("x", ["a"], { ...o, type: "private" }),
      ["a"],
      [XY, XY, XY, ["y"]],
    ],
    [
      "passes over what is not there",
      (o) => uploader.add_tag("z", ["b", "c"], o),
      ["b"],
      [XY, ["x", "y", "z"], XY, XY],
    ],
    ["finds nothing", (o) => uploader.add_tag("z", ["c"], o), [], [XY, XY, XY, XY]],
  ])("%s", async (_, call, public_ids, tags) => {
    const { emulator, options } = await filled();
    expect(await call({ ...options })).toEqual({ public_ids });
    expect(emulator.uploads().map((held) => held.tags)).toEqual(tags);
  });
});

it("gives a tag to some alone", async () => {
  // The SDK's `exclusive` never gets into a request: it looks the option up the wrong way round.
  const { emulator } = await filled();
  const fields = { command: "set_exclusive", tag: "y", public_ids: ["b"], timestamp: seconds() };
  const answer = await post(emulator, formOf(signed(fields)), { method: "tags" });
  expect(answer.body).toEqual({ public_ids: ["b"] });
  expect(emulator.uploads().map(({ tags }) => tags)).toEqual([["x"], XY, XY, XY]);
});

describe("context", () => {
  it.each<[what: string, call: Call, found: string[], context: Held]>([
    [
      "adds",
      (o) => uploader.add_context({ who: "1=2|3" } as never, ["a"], o),
      ["a"],
      [{ custom: { alt: "A", who: "1=2|3" } }, ALT, ALT, ALT],
    ],
    [
      "changes",
      (o) => uploader.add_context({ alt: "B" } as never, ["a", "b"], o),
      ["a", "b"],
      [{ custom: { alt: "B" } }, { custom: { alt: "B" } }, ALT, ALT],
    ],
    ["removes all", (o) => uploader.remove_all_context(["b"], o), ["b"], [ALT, undefined, ALT, ALT]],
    [
      "of private ones",
      (o) => uploader.remove_all_context(["a"], { ...o, type: "private" }),
      ["a"],
      [ALT, ALT, ALT, undefined],
    ],
    ["finds nothing", (o) => uploader.add_context({ alt: "B" } as never, ["c"], o), [], [ALT, ALT, ALT, ALT]],
  ])("%s", async (_, call, public_ids, context) => {
    const { emulator, options } = await filled();
    expect(await call({ ...options })).toEqual({ public_ids });
    expect(emulator.uploads().map((held) => held.context)).toEqual(context);
  });
});

describe("metadata", () => {
  it.each<[what: string, call: Call, found: string[], metadata: Held]>([
    [
      "sets",
      (o) => uploader.update_metadata({ color: "red" }, ["a"], o),
      ["a"],
      [{ ...META, color: "red" }, META, META, META],
    ],
    [
      "a text",
      (o) => uploader.update_metadata("sku=2", ["a", "b"], o),
      ["a", "b"],
      [{ ...META, sku: "2" }, { ...META, sku: "2" }, META, META],
    ],
    [
      "a list",
      (o) => uploader.update_metadata({ sizes: ["l"] } as never, ["b"], o),
      ["b"],
      [META, { ...META, sizes: ["l"] }, META, META],
    ],
    ["finds nothing", (o) => uploader.update_metadata({ sku: "2" }, ["c"], o), [], [META, META, META, META]],
  ])("%s", async (_, call, public_ids, metadata) => {
    const { emulator, options } = await filled();
    expect(await call({ ...options })).toEqual({ public_ids });
    expect(emulator.uploads().map((held) => held.metadata)).toEqual(metadata);
  });
});

it.each<[what: string, call: Call, http_code: number, message: RegExp]>([
  ["no tag", (o) => uploader.add_tag("", ["a"], o), 400, /^Missing required parameter - tag$/],
  ["nothing named", (o) => uploader.add_tag("z", [], o), 400, /^Missing required parameter - public_ids$/],
  ["no context", (o) => uploader.add_context("", ["a"], o), 400, /^Missing required parameter - context$/],
  [
    "no metadata",
    (o) => uploader.update_metadata("", ["a"], o),
    400,
    /^Missing required parameter - metadata$/,
  ],
  [
    "another secret",
    (o) => uploader.add_tag("z", ["a"], { ...o, ...{ api_secret: "another" } }),
    401,
    /^Invalid Signature/,
  ],
])("refuses %s", async (_, call, http_code, message) => {
  const { emulator, options } = await filled();
  const before = emulator.uploads();
  await expect(call({ ...options })).rejects.toMatchObject({
    http_code,
    message: expect.stringMatching(message),
  });
  expect(emulator.uploads()).toEqual(before);
});

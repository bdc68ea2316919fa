// What is said of a file before it is sent, and what Cloudinary says of it afterwards, against the limits of a profile.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import {
  brokenBy,
  type DeclaredFile,
  refuseDeclared,
  type StoredFile,
} from "../../../src/policy/decide/judge-file.ts";
import type { Profile, ProfileInput } from "../../../src/policy/profile.ts";

const METHODS = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["members", { anonymous: false, claims: new Set(["sub"]) }],
]);

function profileOf(input: Partial<ProfileInput>): Profile {
  const compiled = compileProfile("p", { access: ["public"], ...input }, METHODS);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const LIMITS = { maxBytes: 1000, formats: ["jpg", "heic", "mp4"], maxFiles: 3 };
const PROFILES = {
  image: profileOf({ resourceType: "image", file: LIMITS }),
  video: profileOf({ resourceType: "video", file: LIMITS }),
  raw: profileOf({ resourceType: "raw", file: { maxBytes: 1000 } }),
  auto: profileOf({ file: LIMITS }),
  receipt: profileOf({ file: {} }),
  none: profileOf({}),
};
type Name = keyof typeof PROFILES;

describe("as it is stored", () => {
  const JPG: StoredFile = { bytes: 1000, format: "jpg", resource_type: "image" };
  const MP4: StoredFile = { bytes: 1, format: "mp4", resource_type: "video" };
  const RAW: StoredFile = { bytes: 1000, resource_type: "raw" };
  it.each<[name: Name, stored: StoredFile, code: string | undefined]>([
    ["image", JPG, undefined],
    ["image", { ...JPG, bytes: 1001 }, "too_large"],
    ["image", { ...JPG, bytes: 0 }, undefined],
    ["image", { ...JPG, format: "png" }, "format"],
    ["image", { ...JPG, format: "jpeg" }, undefined],
    ["image", { ...JPG, format: "heif" }, undefined],
    ["image", { ...JPG, format: undefined }, "format"],
    ["image", { ...JPG, format: "" }, "format"],
    ["image", MP4, "resource_type"],
    ["image", RAW, "resource_type"],
    // The first of them is told.
    ["image", { bytes: 1001, format: "mp4", resource_type: "video" }, "resource_type"],
    ["image", { ...JPG, bytes: 1001, format: "png" }, "too_large"],
    ["video", MP4, undefined],
    ["video", JPG, "resource_type"],
    ["raw", RAW, undefined],
    ["raw", { ...RAW, format: "zip" }, undefined],
    ["raw", { ...RAW, bytes: 1001 }, "too_large"],
    ["raw", JPG, "resource_type"],
    ["auto", JPG, undefined],
    ["auto", MP4, undefined],
    ["auto", RAW, "format"],
    ["receipt", { ...RAW, bytes: 2 ** 40 }, undefined],
  ])("%s, %j: %s", (name, stored, code) => {
    expect(brokenBy(PROFILES[name], stored)?.code).toBe(code);
  });
});

describe("as it is declared", () => {
  const JPG: DeclaredFile = { name: "a.jpg", size: 1000, type: "image/jpeg" };
  it.each<[name: Name, file: DeclaredFile, code: string | undefined]>([
    ["image", JPG, undefined],
    ["image", {}, undefined],
    ["image", { ...JPG, size: 1001 }, "too_large"],
    ["image", { size: 1001 }, "too_large"],
    ["image", { ...JPG, type: "image/png" }, "format"],
    ["image", { name: "a.png" }, "format"],
    ["image", { name: "a.JPEG" }, undefined],
    ["image", { name: "a.png", type: "image/jpeg" }, undefined],
    ["image", { name: "a" }, undefined],
    ["image", { name: "a.jpg", type: "application/octet-stream" }, undefined],
    ["image", { type: "image/heif" }, undefined],
    ["image", { type: "video/mp4" }, "resource_type"],
    ["image", { type: "VIDEO/MP4" }, "resource_type"],
    ["image", { type: "audio/mpeg" }, "resource_type"],
    // Which type Cloudinary makes of it is not known before.
    ["image", { type: "application/pdf" }, "format"],
    ["image", { type: "constructor/x" }, "format"],
    ["video", { type: "video/mp4" }, undefined],
    ["video", { type: "audio/mp4" }, "format"],
    ["video", JPG, "resource_type"],
    ["raw", JPG, undefined],
    ["raw", { ...JPG, size: 1001 }, "too_large"],
    ["auto", JPG, undefined],
    ["auto", { type: "video/mp4" }, undefined],
    ["auto", { type: "video/webm" }, "format"],
    ["receipt", { name: "a.exe", size: 2 ** 40, type: "application/x-msdownload" }, undefined],
    ["none", { name: "a.exe", size: 2 ** 40 }, undefined],
  ])("%s, %j: %s", (name, file, code) => {
    expect(refuseDeclared(PROFILES[name], [file])[0]?.code).toBe(code);
  });

  it("each of several, by its index and with what is allowed", () => {
    expect(refuseDeclared(PROFILES.image, [{ size: 1001 }, JPG, { name: "a.gif" }])).toEqual([
      { param: "files[0]", code: "too_large", detail: "send at most 1 kB (1000 bytes)" },
      { param: "files[2]", code: "format", detail: "send one of these formats: jpg, heic, mp4" },
    ]);
    expect(refuseDeclared(PROFILES.video, [{ type: "image/png" }])).toMatchObject([
      { detail: "send a video" },
    ]);
    expect(refuseDeclared(PROFILES.image, [{ type: "video/mp4" }])).toMatchObject([
      { detail: "send an image" },
    ]);
  });

  it("ten at most are told", () => {
    const profile = profileOf({ file: { maxBytes: 1 } });
    expect(refuseDeclared(profile, Array(50).fill({ size: 2 }))).toHaveLength(10);
  });

  describe("how many", () => {
    const fixed = { file: {}, set: { public_id: "users/{sub}/a", overwrite: false }, access: ["members"] };
    const chosen = {
      ...{ access: ["members"], set: { tags: ["u-{sub}"] } },
      accept: { public_id: { prefix: "users/{sub}/" } },
    };
    it.each<[what: string, profile: Profile, files: number, param: string | undefined]>([
      ["as many as the profile says", PROFILES.image, 3, undefined],
      ["one more", PROFILES.image, 4, "files[3]"],
      ["as many as anybody may", PROFILES.none, 50, undefined],
      ["one more than that", PROFILES.none, 51, "files[50]"],
      ["one under a fixed name", profileOf(fixed), 1, undefined],
      ["two under a fixed name", profileOf(fixed), 2, "files[1]"],
      ["one under a name of the client's", profileOf(chosen), 1, undefined],
      ["two under a name of the client's", profileOf(chosen), 2, "files[1]"],
      [
        "two under names of Cloudinary's",
        profileOf({ access: ["members"], set: { tags: ["u-{sub}"] } }),
        2,
        undefined,
      ],
    ])("%s", (_, profile, files, param) => {
      const refused = refuseDeclared(profile, Array(files).fill({}));
      expect(refused.map((one) => [one.param, one.code])).toEqual(param ? [[param, "too_many"]] : []);
    });
  });
});

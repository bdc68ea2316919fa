// R7: the name of a file is not signed, so it is judged after the file is stored whether one caller gets another's
// bytes, over the forms in which that was shown. Generated profiles by file are among those of property-owners.test.ts.

import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { isForAnybody } from "./generators.ts";
import { attack, isAccepted } from "./stored-files.ts";

const BY_FILE = { use_filename: true, unique_filename: false, overwrite: false };

const OPT_INS = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"];

const member = (sub: string, method = "members"): Caller => ({
  access: method,
  claims: { sub, org: `o-${sub}`, email: `${sub}@example.com`, email_verified: true },
});
const anybody = (method: string): Caller => ({ access: method, claims: {} });

const SHARED = ["shared-file-names"];
const byFile = (more: Partial<ProfileInput> = {}): ProfileInput => ({
  access: ["partners"],
  allow: SHARED,
  ...more,
  set: { ...BY_FILE, ...more.set },
});
const OWN = { access: ["members"], set: { public_id: "users/{sub}", overwrite: false } };
const HASHED = { access: ["members"], set: { public_id: "avatar-{sub|hash}", overwrite: false } };

type Form = readonly [name: string, by: ProfileInput, victims: ProfileInput, apart: Partial<ProfileInput>];
const USE_PREFIX = { use_asset_folder_as_public_id_prefix: true };
/** Each with what makes its twin an accepted one. */
const FORMS: readonly Form[] = [
  ["a fixed folder", byFile({ set: { folder: "users" } }), OWN, { set: { folder: "gallery" } }],
  [
    "a fixed folder of a profile for anybody",
    byFile({ access: ["site"], dropIn: true, set: { folder: "users" } }),
    OWN,
    { set: { folder: "gallery" } },
  ],
  [
    "a folder that the client chooses of a list",
    byFile({ accept: { folder: { enum: ["users", "gallery"] } } }),
    OWN,
    { set: { unique_filename: true }, accept: { folder: { enum: ["gallery"] } } },
  ],
  [
    "asset_folder as prefix",
    byFile({ set: { asset_folder: "users", ...USE_PREFIX } }),
    OWN,
    { set: { asset_folder: "gallery", unique_filename: true } },
  ],
  [
    "public_id_prefix",
    byFile({ set: { public_id_prefix: "users" } }),
    OWN,
    { set: { public_id_prefix: "gallery", unique_filename: true } },
  ],
  ["no folder, and a hashed name", byFile(), HASHED, { set: { folder: "gallery" } }],
  [
    "a folder that the client may choose under a prefix",
    byFile({ accept: { folder: { prefix: "users" } } }),
    { access: ["members"], set: { public_id: "usersa/{sub}", overwrite: false } },
    { set: { unique_filename: true }, accept: { folder: { prefix: "gallery" } } },
  ],
  [
    "a name that is fixed for all, and opted in to",
    byFile(),
    {
      access: ["members"],
      set: { public_id: "logo", overwrite: false },
      allow: OPT_INS,
    },
    { set: { folder: "gallery" } },
  ],
  [
    "by the access method itself",
    byFile({ set: { folder: "{access}" } }),
    { access: ["members"], set: { public_id: "partners/{sub}", overwrite: false } },
    { set: { folder: "gallery/{access}" } },
  ],
];

describe("whoever picks the name of a file takes nobody's name", () => {
  it.each(FORMS)("%s", async (_, by, victims, apart) => {
    const attacker = { profile: by, caller: isForAnybody(by) ? anybody("site") : member("a", "partners") };
    const victim = { profile: victims, caller: member("victim") };
    // It is an attack, though it was opted in to that callers of the profile share names,
    expect((await attack(attacker, victim)).got).not.toEqual([]);
    // and refused, whichever of the two stands first,
    expect(isAccepted([by, victims])).toBe(false);
    // while the same is accepted where it can do no harm.
    const harmless = { ...by, ...apart, set: { ...by.set, ...apart.set } };
    expect(isAccepted([harmless, victims])).toBe(true);
    const outcome = await attack({ ...attacker, profile: harmless }, victim);
    expect(outcome.got).toEqual([]);
    expect(Math.min(...outcome.stored)).toBeGreaterThan(0);
  });

  it("callers of other access methods, who name their own by file there too", () => {
    const one = byFile({ set: { folder: "gallery" } });
    expect(isAccepted([one, { ...one, access: ["members"] }])).toBe(false);
    expect(isAccepted([one, { ...one, resourceType: "image" }])).toBe(true);
    expect(isAccepted([one, { ...one, access: ["members"], set: { ...one.set, folder: "other" } }])).toBe(
      true,
    );
  });

  it.each<[name: string, by: ProfileInput, beside: ProfileInput, accepted: boolean]>([
    [
      "a public ID of its own, which the file's name does not pick",
      byFile({ set: { public_id: "logos/x", overwrite: true }, allow: OPT_INS }),
      OWN,
      true,
    ],
    [
      "a folder, and a prefix that may count in its place",
      byFile({ set: { folder: "gallery", public_id_prefix: "users" } }),
      OWN,
      false,
    ],
    ["a folder whose name goes on elsewhere", byFile({ set: { folder: "user" } }), OWN, true],
    ["a folder of random names", byFile(), { access: ["members"], set: { folder: "site" } }, true],
    ["random names", byFile(), { access: ["public"], set: { public_id: "inbox/{uuid}" } }, true],
    [
      "random names of a caller's own",
      byFile({ set: { folder: "users" } }),
      { access: ["members"], set: { public_id: "users/{sub}/{uuid}" } },
      true,
    ],
    [
      "random names, where files replace each other in a folder of the caller's own",
      byFile({ access: ["members"], allow: [], set: { folder: "u/{sub}", overwrite: true } }),
      { access: ["members"], set: { public_id: "u/{org}/{sub}/{uuid}" } },
      false,
    ],
  ])("%s", (_, by, beside, accepted) => {
    expect(isAccepted([by, beside])).toBe(accepted);
  });

  it("one's own folder is one's own", async () => {
    const own = byFile({ access: ["members"], set: { folder: "users/{sub}" } });
    expect(isAccepted([own, OWN])).toBe(true);
    const outcome = await attack(
      { profile: own, caller: member("a") },
      { profile: own, caller: member("victim") },
    );
    expect(outcome.got).toEqual([]);
    expect(Math.min(...outcome.stored)).toBeGreaterThan(0);
  });
});

describe("callers of one profile share no names that files give, unless that was opted in to", () => {
  it.each<[string, Partial<ProfileInput>]>([
    ["a fixed folder", { access: ["members"], set: { folder: "photos" } }],
    ["a profile for anybody", { access: ["site"], dropIn: true, set: { folder: "photos" } }],
    ["the folder of an organisation", { access: ["members"], set: { folder: "orgs/{org}" } }],
    ["no folder", { access: ["members"] }],
    ["another prefix", { access: ["members"], set: { folder: "users/{sub}", public_id_prefix: "x" } }],
  ])("%s", async (_, more) => {
    const open = byFile(more);
    const { allow: _opted, ...closed } = open;
    const [a, b] = isForAnybody(open)
      ? [anybody("site"), anybody("site")]
      : [member("a"), { ...member("victim"), claims: { ...member("victim").claims, org: "o-a" } }];
    expect(isAccepted([closed])).toBe(false);
    // Beside a prefix that may count in its place, no folder is one's own.
    expect(isAccepted([open])).toBe(more.set?.public_id_prefix === undefined);
    if (more.set?.public_id_prefix !== undefined) return;
    // What was opted in to, and with names that are made unique nobody has to.
    expect((await attack({ profile: open, caller: a }, { profile: open, caller: b })).got).not.toEqual([]);
    const unique = { ...closed, set: { ...closed.set, unique_filename: true } };
    expect(isAccepted([unique])).toBe(true);
    const outcome = await attack({ profile: unique, caller: a }, { profile: unique, caller: b });
    expect(outcome.got).toEqual([]);
    expect(Math.min(...outcome.stored)).toBeGreaterThan(0);
  });
});

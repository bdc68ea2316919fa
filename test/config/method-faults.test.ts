// Profiles of other methods than upload that are wrong by one thing: one fault each, where it stands, and what to do.

import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";

const ACCESS = {
  members: { type: "jwt", secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" },
  jobs: { type: "token", tokens: { nightly: "0".repeat(64) } },
  backend: { type: "service" },
  site: { type: "origin" },
};
const BINDINGS = { ...ACCOUNT, JWT_SECRET: "a-secret-of-32-bytes-and-a-few-more" };

const faultsOf = (profile: object): string[] => {
  const definition = {
    allowedOrigins: ["https://www.example.com"],
    access: ACCESS,
    profiles: { p: profile },
  };
  const read = readBindings({ SIGNER: definition, ...BINDINGS });
  return read.ok ? [] : read.error.map(({ at, problem, rule = "" }) => `${at} ${rule}: ${problem}`);
};

const OWN = { prefix: "users/{sub}/" };
const RIGHT = {
  destroy: { method: "destroy", access: ["members"], resourceType: "image", accept: { public_id: OWN } },
  rename: {
    ...{ method: "rename", access: ["members"], resourceType: "image" },
    accept: { from_public_id: OWN, to_public_id: OWN },
  },
  explicit: {
    ...{ method: "explicit", access: ["members"], resourceType: "image" },
    ...{ set: { type: "upload" }, accept: { public_id: OWN } },
  },
  tags: {
    ...{ method: "tags", access: ["members"], resourceType: "image" },
    accept: { command: { enum: ["add"] }, public_ids: OWN, tag: { prefix: "u-{sub}-" } },
  },
  generate_archive: {
    ...{ method: "generate_archive", access: ["members"], resourceType: "image" },
    set: { prefixes: "users/{sub}/" },
  },
  support: {
    ...{ method: "destroy", access: ["jobs"], resourceType: "image", allow: ["others-assets"] },
    accept: { public_id: { prefix: "users/" } },
  },
  backend: {
    ...{ method: "destroy", access: ["jobs", "backend"], resourceType: "video", allow: ["others-assets"] },
    accept: { public_id: {} },
  },
};
const METHODS = "upload, destroy, rename, explicit, tags, context, metadata, generate_archive";

/** What is changed in a right one, and the one fault of it. */
const WRONG: readonly [keyof typeof RIGHT, change: object, fault: string][] = [
  ...(
    [
      ["delete", "destroy"],
      ["remove", "destroy"],
      ["DESTROY", "destroy"],
      ["destory", "destroy"],
      ["move", "rename"],
      ["tag", "tags"],
      ["update", "explicit"],
      ["archive", "generate_archive"],
    ] as const
  ).map(
    ([method, meant]) =>
      ["destroy", { method }, `profiles.p.method : must be one of ${METHODS} (did you mean ${meant}?)`] as [
        keyof typeof RIGHT,
        object,
        string,
      ],
  ),
  ...([3, null, ["destroy"], { toString: null }, "constructor", "admin/resources"] as const).map(
    (method) =>
      ["destroy", { method }, `profiles.p.method : must be one of ${METHODS}`] as [
        keyof typeof RIGHT,
        object,
        string,
      ],
  ),
  [
    "destroy",
    { resourceType: undefined },
    "profiles.p.resourceType : write image, video or raw: destroy needs to know which",
  ],
  [
    "destroy",
    { resourceType: "auto" },
    "profiles.p.resourceType : write image, video or raw: destroy needs to know which",
  ],
  ...(["public", "site"] as const).map(
    (name) =>
      [
        "destroy",
        { access: [name] },
        "profiles.p.access R3: name access methods whose callers are someone, such as jwt: destroy works on assets that a caller owns",
      ] as [keyof typeof RIGHT, object, string],
  ),
  [
    "destroy",
    { accept: {} },
    "profiles.p.set : add public_id, here or under `accept`: destroy works on nothing without",
  ],
  [
    "generate_archive",
    { set: {} },
    "profiles.p.set : add public_ids, or prefixes, or tags, here or under `accept`: generate_archive works on nothing without",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "users/" } } },
    "profiles.p.accept.public_id R3: begin with a claim of the caller's own, such as users/{sub}/: destroy could reach what belongs to others",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "users/{sub}" } } },
    "profiles.p.accept.public_id R10: put a separator after {sub}, where a prefix may not end",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "{sub}/" } } },
    "profiles.p.accept.public_id R10: begin with text, such as users/{sub}: a caller could be called like anything there is",
  ],
  [
    "rename",
    { accept: { from_public_id: OWN, to_public_id: { prefix: "trash/" } } },
    "profiles.p.accept.to_public_id R3: begin with a claim of the caller's own, such as users/{sub}/: rename could reach what belongs to others",
  ],
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, tag: { prefix: "u-" } } },
    "profiles.p.accept.tag R3: begin with a claim of the caller's own, such as users/{sub}/: tags could reach what belongs to others",
  ],
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, command: {} } },
    "profiles.p.accept.command R6: list the whole values that are allowed in `enum`",
  ],
  [
    "generate_archive",
    { set: { prefixes: "users/{sub}" } },
    "profiles.p.set.prefixes R9: an item must end with /, or it would name what begins alike",
  ],
  [
    "destroy",
    { set: { tags: ["a"] } },
    "profiles.p.set.tags R1: is not a parameter of destroy: write names as in Cloudinary's docs",
  ],
  [
    "destroy",
    { set: { invalidat: true } },
    "profiles.p.set.invalidat R1: is not a parameter of destroy: write names as in Cloudinary's docs (did you mean invalidate?)",
  ],
  [
    "rename",
    { set: { to_type: "upload" } },
    "profiles.p.set.to_type R1: remove it: no profile signs it, for it could show or reach what is not the caller's own",
  ],
  [
    "generate_archive",
    { set: { prefixes: "users/{sub}/", fully_qualified_public_ids: ["image/upload/users/{sub}/a"] } },
    "profiles.p.set.fully_qualified_public_ids R1: remove it: no profile signs it, for it could show or reach what is not the caller's own",
  ],
  [
    "explicit",
    { set: { type: "authenticated" } },
    "profiles.p.set.type R5: remove it, or write type: upload or private: a profile makes no authenticated assets",
  ],
  [
    "explicit",
    { set: {} },
    "profiles.p.set : add public_id and type, here or under `accept`: explicit works on nothing without",
  ],
  [
    "explicit",
    { set: {}, accept: { public_id: OWN, type: { enum: ["upload"] } } },
    "profiles.p.accept.type R5: write it under `set`, or remove it: no client may choose it",
  ],
  [
    "destroy",
    { dropIn: true },
    "profiles.p.dropIn : can't be true: its method is destroy, and components choose the parameters of uploads alone",
  ],
  [
    "destroy",
    { dropIn: true, set: { public_id: "users/{sub}/a" }, accept: {} },
    "profiles.p.dropIn : can't be true: its method is destroy, and components choose the parameters of uploads alone",
  ],
  [
    "support",
    { allow: [] },
    'profiles.p.accept.public_id R3: begin with a claim such as users/{sub}/, or write allow: ["others-assets"]: destroy could reach what belongs to others',
  ],
  ...([["members"], ["jobs", "members"]] as const).map(
    (access) =>
      [
        "support",
        { access },
        "profiles.p.accept.public_id R3: begin with a claim of the caller's own, such as users/{sub}/: destroy could reach what belongs to others",
      ] as [keyof typeof RIGHT, object, string],
  ),
];

describe("a profile of another method", () => {
  it.each(Object.entries(RIGHT))("is right: %s", (_, profile) => {
    expect(faultsOf(profile)).toEqual([]);
  });

  it.each(WRONG)("is wrong by one thing, in one line: %s with %j", (name, change, fault) => {
    expect(faultsOf({ ...RIGHT[name], ...change })).toEqual([fault]);
  });
});

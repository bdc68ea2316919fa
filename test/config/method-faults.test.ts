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

/** Names of what is there already, drawn by lot. */
const DRAWN: readonly [keyof typeof RIGHT, name: string, set: object, accept: object][] = [
  ["destroy", "public_id", { public_id: "users/{sub}/{uuid}" }, {}],
  ["explicit", "public_id", { public_id: "users/{sub}/{uuid}", type: "upload" }, {}],
  ["rename", "from_public_id", { from_public_id: "users/{sub}/{uuid}" }, { to_public_id: OWN }],
  ["generate_archive", "public_ids", { public_ids: ["users/{sub}/a", "users/{sub}/{uuid}"] }, {}],
  ["generate_archive", "tags", { tags: ["u-{sub}-{uuid}"] }, {}],
];

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
  ["destroy", { accept: {} }, "profiles.p.set : add public_id, which destroy needs, here or under `accept`"],
  [
    "generate_archive",
    { set: {} },
    "profiles.p.set : add public_ids or prefixes or tags, which generate_archive needs, here or under `accept`",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "users/" } } },
    "profiles.p.accept.public_id R3: begin with a claim of the caller's own, such as users/{sub}/: destroy could reach what belongs to others",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "users/{sub}" } } },
    "profiles.p.accept.public_id R10: write users/{sub}/: without a separator after {sub}, it would also fit callers whose {sub} begins alike",
  ],
  [
    "destroy",
    { accept: { public_id: { prefix: "{sub}/" } } },
    "profiles.p.accept.public_id R10: begin with text, such as users/{sub}/: a caller could be called like anything there is",
  ],
  [
    "rename",
    { accept: { from_public_id: OWN, to_public_id: { prefix: "trash/" } } },
    "profiles.p.accept.to_public_id R3: begin with a claim of the caller's own, such as users/{sub}/: rename could reach what belongs to others",
  ],
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, tag: { prefix: "u-" } } },
    "profiles.p.accept.tag R3: begin with a claim of the caller's own, such as u-{sub}-: tags could reach what belongs to others",
  ],
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, tag: { prefix: "u-{sub}" } } },
    "profiles.p.accept.tag R10: write u-{sub}-: without a separator after {sub}, it would also fit callers whose {sub} begins alike",
  ],
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, tag: { prefix: "{sub}-" } } },
    "profiles.p.accept.tag R10: begin with text, such as u-{sub}-: a caller could be called like anything there is",
  ],
  [
    "destroy",
    { set: { public_id: "{sub}/avatar" }, accept: {} },
    "profiles.p.set.public_id R10: begin with text, such as users/{sub}: a caller could be called like anything there is",
  ],
  [
    "generate_archive",
    { set: { prefixes: "{sub}/" } },
    "profiles.p.set.prefixes R10: begin with text, such as users/{sub}/: a caller could be called like anything there is",
  ],
  ...DRAWN.map(([method, name, set, accept]): [keyof typeof RIGHT, object, string] => [
    method,
    { set, accept },
    `profiles.p.set.${name} R3: write a known name, such as users/{sub}/avatar: ${method} finds nothing by a name that is random`,
  ]),
  [
    "tags",
    { accept: { ...RIGHT.tags.accept, command: {} } },
    "profiles.p.accept.command R6: list the whole values that are allowed in `enum`",
  ],
  [
    "generate_archive",
    { set: { prefixes: "users/{sub}" } },
    "profiles.p.set.prefixes R9: an item must end with /: without it, users/4 would also match users/42/…",
  ],
  [
    "destroy",
    { set: { tags: ["a"] } },
    "profiles.p.set.tags R1: remove it: it is a parameter of upload, and destroy takes none of that name",
  ],
  [
    "destroy",
    { set: { allowed_formats: ["jpg"] } },
    "profiles.p.set.allowed_formats R1: remove it: it is a parameter of upload, and destroy takes none of that name",
  ],
  [
    "rename",
    { accept: { ...RIGHT.rename.accept, display_name: {} } },
    "profiles.p.accept.display_name R1: remove it: it is a parameter of upload, and rename takes none of that name",
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
    "profiles.p.set.type R5: remove it, or write type: upload or private: what is authenticated can only be deleted, by destroy",
  ],
  ["explicit", { set: {} }, "profiles.p.set : add type, which explicit needs, here or under `accept`"],
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
        'profiles.p.accept.public_id R3: begin with a claim of the caller\'s own, such as users/{sub}/: allow: ["others-assets"] is for profiles whose access methods are all of type token or service',
      ] as [keyof typeof RIGHT, object, string],
  ),
  [
    "support",
    { access: ["public"] },
    "profiles.p.access R3: name access methods whose callers are someone, such as jwt: destroy works on assets that a caller owns",
  ],
];

describe("a profile of another method", () => {
  it.each(Object.entries(RIGHT))("is right: %s", (_, profile) => {
    expect(faultsOf(profile)).toEqual([]);
  });

  it.each(WRONG)("is wrong by one thing, in one line: %s with %j", (name, change, fault) => {
    expect(faultsOf({ ...RIGHT[name], ...change })).toEqual([fault]);
  });
});

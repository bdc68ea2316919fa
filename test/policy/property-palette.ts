// What generated profiles, callers and requests are made of. `anybody`, `one` and `several` are for profiles
// that let in callers who are no one, by one access method, or by several.

import type { LimitsInput } from "../../src/policy/tables/limits.ts";

export type Audience = "anybody" | "one" | "several";
type Row<T> = Readonly<Record<Audience, readonly T[]>>;
const all = <T>(...values: T[]): Row<T> => ({ anybody: values, one: values, several: values });

/** Claims that are made to collide with each other, with paths, with names of access methods, and with fixed texts. */
export const SUBJECTS: readonly string[] =
  "a b a-b a-b-c a_b A ab users members u x site 2026-11-24 0 00000001-9b1d-4e5f-8a7b-c0ffee15dead".split(
    " ",
  );

/** Claims and values of parameters that no honest caller has. */
export const HOSTILE_VALUES: readonly unknown[] = [
  ...["", "a/b", "../a", "a,b", "a\u0000b", "x".repeat(65), "a%26b", "a&tags=b", "{uuid}", "\ud800"],
  ...["__proto__", "alt=x|via=y", "*", 0, Number.NaN, true, null, [], ["a", "b"], [["a"]], { a: { b: 1 } }],
];

/** What may stand in the middle of a text. */
export const NASTY: readonly string[] = [
  ..."%26 & , \\ = | % {sub} /../".split(" "),
  ..."\n\u0000\u0085\ud800",
];

/** Names that a request is not signed with: of other methods, unsigned, or none at all. */
export const HOSTILE_NAMES: readonly string[] = [
  ..."__proto__ constructor file api_key signature cloud_name username resource_type public_ids".split(" "),
  ..."prefixes from_public_id to_public_id command tag urls text asset_id version_id version".split(" "),
  ..."Public_id public_id&tags tags[] l_text:Arial_10:a eval notification_url type timestamp".split(" "),
  ...["", "public_id ", 'a{"notification_type":"upload","x":"'],
];

/** What profiles set. */
export const SETS: Readonly<Record<string, Row<unknown>>> = {
  public_id: {
    anybody: ["{uuid}", "inbox/{date}/{uuid}", "x-{uuid}-{access}", "logo", "{access}/x", "{date}"],
    one: [
      ...["users/{sub}/avatar", "{uuid}", "users/{sub}", "u/{sub|hash}", "h-{sub|hash}-x", "{sub}/x"],
      ...["o/{org}/{sub}/x", "users/{sub}/{uuid}", "e/{email|hash}", "logo", "u-{sub}", "d/{date}/{sub}"],
    ],
    several: ["{access}/{sub}/x", "{access}/{sub}", "{access}/{sub|hash}", "{uuid}", "users/{sub}/avatar"],
  },
  folder: {
    anybody: ["site", "inbox/{date}", "{access}/x", "../x"],
    one: ["users/{sub}", "o/{org}", "site", "h/{sub|hash}", "{org}/{sub}", "u-{sub}"],
    several: ["{access}/{sub}", "site", "{access}", "users/{sub}"],
  },
  tags: {
    anybody: [["u-{uuid}"], ["site"], ["u-{uuid}", "site"], "d-{date},r-{uuid}"],
    one: [
      ...[["u-{sub}"], ["h-{sub|hash}"], ["u-{sub}-x"], ["o-{org}-{sub}"], ["u:{sub}:x", "v:{sub}"]],
      // Two begin and end alike, so that a comparison can't tell where it is by them.
      ...[["u-{sub}", "r-{uuid}"], ["u-{sub}", "site"], [":{sub}:"], [":org-{sub}:"], ["{org}"], ["site"]],
    ],
    several: [["{access}:{sub}"], ["{access}-{sub}"], ["{access}_{sub|hash}"], ["site"], ["{sub}:x"]],
  },
  context: {
    anybody: [{ via: "form" }, "via=form", { note: "Salt & pepper" }, { day: "{date}", via: "a=b|c" }],
    one: [{ by: "{sub}" }, { via: "form", by: "{sub|hash}" }],
    several: [{ by: "{access}:{sub}" }, { via: "{access}" }],
  },
  metadata: {
    anybody: [{ origin_id: "signer" }, { ids: ["a", "b"] }],
    one: [{ by: "{sub}" }, { ids: ["a", "{sub|hash}"] }],
    several: [{ by: "{access}-{sub|hash}" }],
  },
  asset_folder: all("site", "inbox/{date}"),
  notification_url: all("https://a.example/hook", "https://a.example/?a=1&b=2"),
  type: all("upload", "private"),
  transformation: all("w_1", "l_text:Arial_10:a"),
  manifest_json: all('{"w":1}'),
  eval: all("upload_options.tags = 'a'"),
  use_filename: all(true),
  upload_preset: all("p"),
};

/** Limits of what clients may send. */
export const LIMITS: Readonly<Record<string, Row<LimitsInput>>> = {
  public_id: {
    anybody: [{}, { prefix: "inbox/" }, { prefix: "{uuid}/" }],
    one: [
      ...[{ prefix: "users/{sub}/" }, { prefix: "users/{sub}/", charset: "a-z0-9-" }, { prefix: "{sub}/" }],
      ...[{ prefix: "o/{org}/{sub}/" }, { prefix: "h-{sub|hash}" }, { prefix: "users/{sub}" }],
    ],
    several: [{ prefix: "{access}/{sub}/" }, { prefix: "{access}/{sub|hash}" }, { prefix: "{sub}/" }],
  },
  folder: all<LimitsInput>({}, { prefix: "site/", maxLength: 20 }, { enum: ["a", "b/c"] }),
  tags: {
    anybody: [{}, { prefix: "x-" }, { enum: ["red", "blue"] }],
    one: [
      ...[{ prefix: "u-{sub}-" }, { prefix: "u-{sub}-", charset: "a-z0-9-", maxItems: 2 }],
      ...[{ prefix: "h-{sub|hash}" }, { prefix: "v-{sub}_" }, { prefix: "w:{sub}:" }, { prefix: "x-" }, {}],
    ],
    several: [{ prefix: "{access}:{sub}:" }, { prefix: "{access}_{sub|hash}_" }, { prefix: "u-{sub}-" }],
  },
  context: all<LimitsInput>({ keys: ["alt", "caption"], maxLength: 20 }, { keys: ["alt", "via"] }),
  metadata: all<LimitsInput>({ keys: ["color", "size"], maxItems: 2 }, { keys: ["by"] }),
  display_name: all<LimitsInput>({}, { charset: "A-Za-z0-9 .-" }, { prefix: "p " }),
  allowed_formats: all<LimitsInput>({ enum: ["jpg", "png", "webp"], maxItems: 2 }),
  eager: all<LimitsInput>({ enum: ["w_400,h_300|w_260", "w_100"] }),
  source: all<LimitsInput>({ enum: ["uw"] }, {}),
};

// Generated configurations: several profiles of all methods, most of them sensible. What is refused is left out, profile
// by profile, so that what remains is one that is accepted.

import fc from "fast-check";
import type { ProfileInput } from "../../src/policy/profile.ts";
import type { LimitsInput } from "../../src/policy/tables/limits.ts";
import { METHOD_NAMES, type MethodName } from "../../src/policy/tables/signed-methods.ts";
import { identityOf, type Sent, Tape } from "./generators.ts";
import { isAccepted } from "./stored-files.ts";

const ACCESS =
  "members members members partners users jobs members,cookies members,partners jobs,users public"
    .split(" ")
    .map((names) => names.split(","));
/** Where each party keeps its own, mostly. */
const HOMES: Readonly<Record<string, string>> = {
  ...{ members: "users", cookies: "users", partners: "p", users: "x", jobs: "imports", public: "inbox" },
};
/** Folders that are a subject's name too, or another's home. */
const OTHER_HOMES = ["a", "A", "users", "Users", "p", "user", "users/a", "inbox", "imports"];

/** A folder of nobody's. */
const SHARED = "shared";

/** How a configuration tells callers apart, mostly. */
const CALLERS = ["{sub}", "{sub}", "{sub|hash}", "{org}/{sub}"];
const OWN_PATHS = ["", "/x", "/gallery/y", "/{uuid}"];
const OWN_PREFIXES = ["/", "/", "/gallery/"];
/** What is nobody's own, or somebody else's too. */
const OPEN_PATHS = ["logo", "{uuid}", "{org}", "a/x", "{sub}-x", "x-{sub}", "{date}/{uuid}"];
const OPEN_PREFIXES = ["", "{sub}", "a/", "{org}/", "{sub}-"];
const OWN_TAGS = ["u-{sub}", "u:{sub}:x", "{sub}:", "h-{sub|hash}"];
const OWN_TAG_PREFIXES = ["u:{sub}:", "{sub}:", "u-{sub}-"];
const OPEN_TAGS = ["site", "{org}", "u-", "u-a"];

/** Values for the callers of one profile. */
class Writer {
  readonly #tape: Tape;
  readonly #access: readonly string[];
  /** In how many of a hundred a name is not its caller's own. */
  readonly #open: number;
  readonly set: Sent = {};
  readonly accept: Record<string, LimitsInput> = {};
  readonly #caller: string;
  constructor(tape: Tape, access: readonly string[], open: number, caller: string) {
    this.#tape = tape;
    this.#caller = caller;
    this.#open = open;
    this.#access = access;
  }
  get #isOpen(): boolean {
    return this.#tape.chance(this.#open);
  }
  /** Where several parties come in, their names stand in what they name. */
  #home(): string {
    if (this.#tape.chance(8)) return `${this.#tape.pick(OTHER_HOMES)}/`;
    return new Set(this.#access.map(identityOf)).size > 1 ? "all/{access}/" : `${HOMES[this.#access[0]!]}/`;
  }
  #own(): string {
    return this.#home() + (this.#tape.chance(10) ? this.#tape.pick(CALLERS) : this.#caller);
  }
  path = (): string => {
    if (!this.#isOpen) return this.#own() + this.#tape.pick(OWN_PATHS);
    return this.#tape.chance(60) ? SHARED : this.#home() + this.#tape.pick(OPEN_PATHS);
  };
  prefix = (): string => {
    if (!this.#isOpen) return this.#own() + this.#tape.pick(OWN_PREFIXES);
    return this.#tape.chance(60) ? `${SHARED}/` : this.#home() + this.#tape.pick(OPEN_PREFIXES);
  };
  folder = (): string => (this.#tape.chance(15) ? this.prefix() : `${this.prefix().replace(/\/$/, "")}/`);
  #tagStart(): string {
    return `${HOMES[this.#access[0]!]}:${new Set(this.#access.map(identityOf)).size > 1 ? "{access}:" : ""}`;
  }
  tag = (): string => this.#tagStart() + this.#tape.pick(this.#isOpen ? OPEN_TAGS : OWN_TAGS);
  tagPrefix = (): string => this.#tagStart() + this.#tape.pick(this.#isOpen ? OPEN_TAGS : OWN_TAG_PREFIXES);
  /** Set by the server, or left to the client under a prefix. */
  name(name: string, set: () => string, prefix: () => string, isList = false): void {
    if (this.#tape.chance(60)) this.accept[name] = { prefix: prefix() };
    else this.set[name] = isList && this.#tape.chance(30) ? [set(), set()] : set();
  }
  /** Set to one of the values, or not. */
  perhaps(percent: number, name: string, values: readonly unknown[]): void {
    if (this.#tape.chance(percent)) this.set[name] = this.#tape.pick(values);
  }
  keys(percent: number, name: "context" | "metadata"): void {
    if (this.#tape.chance(percent)) this.accept[name] = { keys: ["alt"] };
  }
  tags(percent: number, name = "tags"): void {
    if (this.#tape.chance(percent)) this.name(name, this.tag, this.tagPrefix, true);
  }
  command(commands: readonly string[]): void {
    if (this.#tape.chance(30)) this.accept.command = { enum: commands };
    else this.set.command = this.#tape.pick(commands);
  }
}

const BY_FILE = { use_filename: true, unique_filename: false, overwrite: false };

/** How an upload is named. */
const UPLOADS: readonly ((writer: Writer) => void)[] = [
  (w) => w.name("public_id", w.path, w.prefix),
  (w) => w.name("public_id", w.path, w.prefix),
  ({ set, path }) => Object.assign(set, { folder: path() }),
  ({ set, path }) => Object.assign(set, { folder: path(), public_id: "{uuid}" }),
  ({ set }) => Object.assign(set, { folder: SHARED, overwrite: false }),
  ({ set, path }) => Object.assign(set, { folder: path(), ...BY_FILE }),
  ({ set }) => Object.assign(set, { folder: SHARED, ...BY_FILE }),
  ({ set, accept, prefix }) =>
    Object.assign(accept, { folder: { prefix: prefix() } }) && Object.assign(set, { source: "uw" }),
  ({ set, path }) => Object.assign(set, { asset_folder: path(), use_asset_folder_as_public_id_prefix: true }),
  ({ set, path }) => Object.assign(set, { public_id_prefix: path() }),
];

/** What a profile of each method says. */
const WRITE: Readonly<Record<MethodName, (writer: Writer, tape: Tape) => void>> = {
  upload: (w, tape) => {
    w.perhaps(70, "overwrite", [false, true]);
    // Seldom: most names beside a preset that decides are refused.
    if (tape.chance(8)) w.set.upload_preset = "p";
    else tape.pick(UPLOADS)(w);
    w.tags(40);
    w.keys(30, "context");
  },
  destroy: (w) => {
    w.name("public_id", w.path, w.prefix);
    w.perhaps(25, "type", ["upload", "private", "authenticated"]);
    w.perhaps(25, "invalidate", [true]);
  },
  rename: (w) => {
    w.name("from_public_id", w.path, w.prefix);
    w.name("to_public_id", w.path, w.prefix);
    w.perhaps(70, "overwrite", [true, true, false]);
    w.perhaps(15, "type", ["upload"]);
    w.keys(20, "context");
  },
  explicit: (w) => {
    w.name("public_id", w.path, w.prefix);
    w.perhaps(95, "type", ["upload", "upload", "upload", "authenticated"]);
    w.tags(50);
    w.keys(40, "context");
  },
  tags: (w) => {
    w.command(["add", "remove", "replace", "remove_all", "set_exclusive"]);
    w.name("public_ids", w.path, w.prefix, true);
    w.tags(90, "tag");
  },
  context: (w) => {
    w.command(["add", "remove_all"]);
    w.name("public_ids", w.path, w.prefix, true);
    w.keys(80, "context");
  },
  metadata: (w) => {
    w.accept.metadata = { keys: ["alt"] };
    w.name("public_ids", w.path, w.prefix, true);
  },
  generate_archive: (w, tape) => {
    tape.pick([
      () => w.name("public_ids", w.path, w.prefix, true),
      () => w.name("prefixes", w.folder, w.prefix, true),
      () => w.tags(100),
    ])();
    if (tape.chance(40)) w.name("target_public_id", w.path, w.prefix);
    w.tags(25, "target_tags");
    w.perhaps(70, "mode", ["create", "download"]);
    w.perhaps(30, "allow_missing", [true]);
  },
};

function profileOf(tape: Tape, method: MethodName, caller: string): ProfileInput {
  const access = tape.pick(ACCESS);
  const isBackEnd = access.every((name) => name === "jobs");
  const isOverOthers = tape.chance(isBackEnd ? 60 : 8);
  const open = access.includes("public") ? 90 : isOverOthers ? 70 : 12;
  const writer = new Writer(tape, access, open, caller);
  WRITE[method](writer, tape);
  const { set, accept } = writer;
  return {
    ...(method !== "upload" && { method }),
    ...(tape.chance(96) && { resourceType: "image" as const }),
    ...{ access, set, accept },
    allow: [
      ...(isOverOthers ? ["others-assets"] : []),
      ...(set.use_filename ? ["shared-file-names"] : []),
      ...(set.upload_preset ? ["preset-decides"] : []),
    ],
    ...((set.upload_preset || (set.use_filename === true && access.includes("public"))) && { dropIn: true }),
  };
}

/** A draw of profiles, and those that a configuration may have, in their order. */
export interface Drawn {
  readonly drawn: readonly ProfileInput[];
  readonly kept: readonly ProfileInput[];
}

function configurationOf(numbers: readonly number[]): Drawn {
  const tape = new Tape(numbers);
  const others = METHOD_NAMES.filter((name) => name !== "upload");
  const methods = [...(["upload", "upload"] as const), ...Array.from({ length: 4 }, () => tape.pick(others))];
  const caller = tape.pick(CALLERS);
  const drawn = methods.map((method) => profileOf(tape, method, caller));
  const kept: ProfileInput[] = [];
  for (const profile of drawn) if (isAccepted([...kept, profile])) kept.push(profile);
  return { drawn, kept };
}

const TAPE = 220;

export const configurations: fc.Arbitrary<Drawn> = fc
  .array(fc.nat(9999), { minLength: TAPE, maxLength: TAPE })
  .map(configurationOf);

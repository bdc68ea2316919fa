// Tickets: what the server sets, what a client adds within limits, the time dated back, and every refusal at once.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { ticketParams } from "../../../src/policy/decide/ticket-params.ts";
import { refusalCodeOf } from "../../../src/policy/tables/reasons.ts";

const NOW = 1_795_468_800;
const FILL = { now: NOW, uuid: "u", access: "members", claims: new Map([["sub", "42"]]) };

const METHODS = new Map([["members", { anonymous: false, claims: new Set(["sub"]) }]]);

const compiled = compileProfile(
  "p",
  {
    access: ["members"],
    ttl: 300,
    set: { folder: "users/{sub}", context: { via: "form" } },
    accept: { tags: { prefix: "u-{sub}-" }, context: { keys: ["alt"] } },
  },
  METHODS,
);
if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
const profile = compiled.value;

describe("signed", () => {
  const fixed = { folder: "users/42", context: "via=form", timestamp: String(NOW - 3300) };
  it.each<[Record<string, unknown>, object]>([
    [{}, fixed],
    [{ tags: "u-42-a" }, { ...fixed, tags: "u-42-a" }],
    [{ tags: null, context: "" }, fixed],
    [{ context: { alt: "a|b" } }, { ...fixed, context: "via=form|alt=a\\|b" }],
  ])("%j", (sent, params) => {
    expect(ticketParams(profile, sent, FILL)).toEqual({ ok: true, value: params });
  });
});

describe("refused", () => {
  it.each<[name: string, raw: unknown, refused: string]>([
    ["folder", "users/42", "set forbidden"],
    ["folder", null, "set forbidden"],
    ["timestamp", NOW, "server_time forbidden"],
    ["signature", "x", "unsigned forbidden"],
    ["nonsense", 1, "unknown forbidden"],
    ["__proto__", 1, "unknown forbidden"],
    ["eval", "x", "never_sent forbidden"],
    ["eager", "w_1", "whole_not_accepted forbidden"],
    ["display_name", "x", "not_accepted forbidden"],
    ["tags", "u-43-a", "not_own invalid"],
    ["context", { via: "x" }, "foreign_key invalid"],
  ])("%s %j: %s", (name, raw, refused) => {
    const decided = ticketParams(profile, Object.fromEntries([[name, raw]]), FILL);
    const told = decided.ok
      ? []
      : decided.error.map(({ param, why }) => [param, `${why.reason} ${refusalCodeOf(why)}`]);
    expect(told).toEqual([[name, refused]]);
  });
});

it("limits on what arrives want a name that it can be looked for by", () => {
  const chosen = {
    ...{ access: ["members"], set: { overwrite: false } },
    accept: { public_id: { prefix: "u/{sub}/" } },
  };
  for (const [file, missing] of [
    [{ maxBytes: 1 }, ["public_id file_name_missing missing"]],
    [undefined, []],
  ] as const) {
    const read = compileProfile("p", { ...chosen, file }, METHODS);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const decided = ticketParams(read.value, {}, FILL);
    const told = decided.ok
      ? []
      : decided.error.map(({ param, why }) => `${param} ${why.reason} ${refusalCodeOf(why)}`);
    expect(told).toEqual(missing);
    expect(ticketParams(read.value, { public_id: "u/42/a" }, FILL).ok).toBe(true);
  }
});

it("an archive that could be told in three ways is asked for by the one that its profile accepts", () => {
  const archive = compileProfile(
    "p",
    {
      ...{ method: "generate_archive", access: ["members"], resourceType: "image" },
      accept: { tags: { prefix: "u-{sub}-" } },
    },
    METHODS,
  );
  if (!archive.ok) throw new Error(JSON.stringify(archive.error));
  const decided = ticketParams(archive.value, {}, FILL);
  const why = { reason: "selector_missing", method: "generate_archive", names: "tags" };
  expect(decided).toEqual({ ok: false, error: [{ param: "tags", why }] });
});

it.each<[string, Record<string, unknown>, string[]]>([
  ["all that it needs", { from_public_id: "u/42/a", to_public_id: "u/42/b" }, []],
  ["one of two", { from_public_id: "u/42/a" }, ["to_public_id selector_missing"]],
  ["one that is empty", { from_public_id: "u/42/a", to_public_id: "" }, ["to_public_id selector_missing"]],
  ["nothing", {}, ["from_public_id selector_missing"]],
  ["what is refused", { from_public_id: "u/43/a" }, ["from_public_id not_own"]],
])("a rename that is asked for with %s", (_, sent, refused) => {
  const own = { prefix: "u/{sub}/" };
  const rename = compileProfile(
    "p",
    {
      ...{ method: "rename", access: ["members"], resourceType: "image" },
      accept: { from_public_id: own, to_public_id: own },
    },
    METHODS,
  );
  if (!rename.ok) throw new Error(JSON.stringify(rename.error));
  const decided = ticketParams(rename.value, sent, FILL);
  expect(decided.ok ? [] : decided.error.map(({ param, why }) => `${param} ${why.reason}`)).toEqual(refused);
});

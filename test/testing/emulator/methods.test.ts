// What all signed methods have in common: who may call them, and in which forms.

import { describe, expect, it, vi } from "vitest";
import { ACCOUNT, type Fields, formOf, NOW, png, post, signed, started, uploaded } from "./support.ts";

/** Requests that change something of `a`, whose owner signs them; by method. */
const REQUESTS: readonly (readonly [method: string, fields: Fields])[] = [
  ["destroy", { public_id: "a" }],
  ["rename", { from_public_id: "a", to_public_id: "b" }],
  ["explicit", { public_id: "a", type: "upload", tags: "y" }],
  ["tags", { command: "add", tag: "y", public_ids: ["a"] }],
  ["context", { command: "add", context: "alt=B", public_ids: ["a"] }],
  ["metadata", { metadata: "sku=2", public_ids: ["a"] }],
  ["generate_archive", { public_ids: ["a"], target_public_id: "z" }],
];

/** What is not to change. */
async function held() {
  const onRefusal = vi.fn();
  const onAct = vi.fn();
  const emulator = await started({ onRefusal, onAct });
  await uploaded(emulator, { public_id: "a", tags: "x", context: "alt=A" });
  return { emulator, onRefusal, onAct, before: JSON.stringify(emulator.uploads()) };
}

const urlencoded = (fields: Fields): URLSearchParams =>
  new URLSearchParams([...formOf(fields)] as [string, string][]);

const joined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));

describe.each(REQUESTS)("%s", (method, fields) => {
  const good = signed(fields);
  const first = Object.keys(fields)[0]!;

  it.each<[what: string, body: () => FormData | URLSearchParams]>([
    ["multipart", () => formOf(good)],
    ["urlencoded", () => urlencoded(good)],
    ["with joined lists", () => formOf(joined(good))],
    ["urlencoded, with joined lists", () => urlencoded(joined(good))],
    ["signed by SHA-1", () => formOf(signed(fields, "sha1"))],
    ["with the API secret beside it", () => formOf({ ...good, api_secret: ACCOUNT.apiSecret })],
  ])("takes a request, %s", async (_, body) => {
    const { emulator, before } = await held();
    const answer = await post(emulator, body(), { method });
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.not.objectContaining({ error: expect.anything() }),
    ]);
    expect(JSON.stringify(emulator.uploads())).not.toBe(before);
    expect(JSON.stringify(answer.body)).not.toContain(ACCOUNT.apiSecret);
  });

  it.each<[what: string, fields: Fields, status: number, message: string]>([
    ["nothing signed", fields, 400, "Missing required parameter - api_key"],
    ["no signature", { ...good, signature: "" }, 400, "Missing required parameter - signature"],
    ["another key", { ...good, api_key: "1" }, 401, "Unknown API key 1"],
    [
      "another signature",
      { ...good, signature: "0".repeat(64) },
      401,
      `Invalid Signature ${"0".repeat(64)}. String to sign - '`,
    ],
    ["an added field", { ...good, notification_url: "https://a.example" }, 401, "Invalid Signature"],
    ["a changed field", { ...good, [first]: `${first}2` }, 401, "Invalid Signature"],
    [
      "another's signature",
      { ...good, signature: signed({ public_id: "b" }).signature! },
      401,
      "Invalid Signature",
    ],
    [
      "an old one",
      signed({ ...fields, timestamp: String(NOW - 3601) }),
      400,
      "Stale request - reported time is",
    ],
    ["the API secret", { ...good, signature: ACCOUNT.apiSecret }, 400, "The request holds the API secret"],
    [
      "a field twice",
      { ...joined(good), public_id: "x", "public_id[]": "y" },
      400,
      "Malformed request - public_id is sent as",
    ],
  ])("refuses %s", async (_, sent, status, message) => {
    const { emulator, onAct, onRefusal, before } = await held();
    const answer = await post(emulator, formOf(sent), { method });
    expect([answer.status, answer.body]).toEqual([
      status,
      { error: { message: expect.stringContaining(message) } },
    ]);
    expect(onRefusal.mock.calls).toEqual([[{ status, message: expect.stringContaining(message), method }]]);
    expect(onAct).not.toHaveBeenCalled();
    expect(JSON.stringify(emulator.uploads())).toBe(before);
    expect(JSON.stringify([answer.body, ...answer.headers])).not.toContain(ACCOUNT.apiSecret);
  });

  it.each([
    ["another cloud", { cloud: "other" }, 401, "Invalid cloud_name"],
    ["another resource type", { resourceType: "constructor" }, 400, "Invalid resource type"],
  ])("refuses %s", async (_, address, status, message) => {
    const { emulator, before } = await held();
    const answer = await post(emulator, formOf(good), { method, ...address });
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)]);
    expect(JSON.stringify(emulator.uploads())).toBe(before);
  });

  it("takes JSON as it takes a form", async () => {
    const { emulator, before } = await held();
    const headers = { "Content-Type": "application/json" };
    const answer = await post(emulator, JSON.stringify(good), { method, headers });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(emulator.uploads())).not.toBe(before);
  });

  it("wants one of both", async () => {
    const { emulator } = await held();
    const headers = { "Content-Type": "text/plain" };
    const answer = await post(emulator, JSON.stringify(good), { method, headers });
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringContaining("Unsupported content type"),
    ]);
  });
});

it.each([
  ["destroy", "public_id"],
  ["rename", "from_public_id"],
  ["rename", "to_public_id"],
  ["explicit", "public_id"],
  ["explicit", "type"],
  ["tags", "command"],
  ["tags", "public_ids"],
  ["tags", "tag"],
  ["context", "command"],
  ["context", "public_ids"],
  ["context", "context"],
  ["metadata", "metadata"],
  ["metadata", "public_ids"],
])("%s needs %s", async (method, name) => {
  const { emulator, before } = await held();
  const { [name]: _, ...fields } = Object.fromEntries(REQUESTS)[method]!;
  const answer = await post(emulator, formOf(signed(fields)), { method });
  expect([answer.status, answer.body.error.message]).toEqual([400, `Missing required parameter - ${name}`]);
  expect(JSON.stringify(emulator.uploads())).toBe(before);
});

it.each([
  ["tags", "add, remove, replace, set_exclusive or remove_all"],
  ["context", "add or remove_all"],
])("%s has its commands", async (method, commands) => {
  const { emulator } = await held();
  const fields = { ...Object.fromEntries(REQUESTS)[method]!, command: "constructor" };
  const answer = await post(emulator, formOf(signed(fields)), { method });
  expect([answer.status, answer.body.error.message]).toEqual([400, `Invalid command - ${commands} expected`]);
});

it("a name with a comma is one item of a list, and two of a joined one", async () => {
  const emulator = await started();
  for (const public_id of ["a", "b", "a,b"]) await uploaded(emulator, { public_id }, png());
  const fields = signed({ command: "add", tag: "y", public_ids: ["a,b"] });
  const one = await post(emulator, formOf(fields), { method: "tags" });
  const two = await post(emulator, formOf(joined(fields)), { method: "tags" });
  expect([one.body, two.body]).toEqual([{ public_ids: ["a,b"] }, { public_ids: ["a", "b"] }]);
});

it.each<[method: string, fields: Fields, told: object]>([
  ["destroy", { public_id: "a" }, { publicIds: ["a"], found: true }],
  ["destroy", { public_id: "b" }, { publicIds: ["b"], found: false }],
  ["rename", { to_public_id: "b", from_public_id: "a" }, { publicIds: ["a", "b"], found: true }],
  ["explicit", { public_id: "a", type: "upload" }, { publicIds: ["a"], found: true }],
  [
    "context",
    { command: "add", context: "alt=B", public_ids: ["a", "b"] },
    { publicIds: ["a"], found: true },
  ],
  ["tags", { command: "add", tag: "y", public_ids: ["b", "c"] }, { publicIds: ["b", "c"], found: false }],
  ["generate_archive", { tags: "x" }, { publicIds: [], found: true }],
])("tells what was done: %s %j", async (method, fields, told) => {
  const { emulator, onAct } = await held();
  expect((await post(emulator, formOf(signed(fields)), { method })).status).toBe(200);
  const done = { method, resourceType: "image", type: "upload", ...told };
  expect(onAct.mock.calls).toEqual([[done]]);
  expect(emulator.acts().slice(1)).toEqual([done]);
});

it("keeps a journal, in order, of what was let pass", async () => {
  const { emulator, onAct } = await held();
  const all: [method: string, fields: Fields, file?: File][] = [
    ["upload", { public_id: "a", overwrite: "false" }, png()],
    ["upload", { public_id: "b", type: "authenticated" }, png()],
    ["explicit", { public_id: "b", type: "authenticated" }],
    ["explicit", { public_id: "none", type: "upload" }],
    ["rename", { from_public_id: "b", to_public_id: "b", type: "authenticated", to_type: "upload" }],
    ["destroy", { public_id: "b" }],
  ];
  for (const [method, fields, file] of all) await post(emulator, formOf(signed(fields), file), { method });
  await post(emulator, formOf({ ...signed({ public_id: "a" }), signature: "x" }), { method: "destroy" });

  const image = { resourceType: "image", found: true };
  expect(emulator.acts()).toEqual([
    { ...image, method: "upload", publicIds: ["a"], type: "upload" },
    { ...image, method: "upload", publicIds: ["a"], type: "upload", found: false },
    { ...image, method: "upload", publicIds: ["b"], type: "authenticated" },
    { ...image, method: "explicit", publicIds: ["b"], type: "authenticated" },
    { ...image, method: "rename", publicIds: ["b", "b"], type: "authenticated", toType: "upload" },
    { ...image, method: "destroy", publicIds: ["b"], type: "upload" },
  ]);
  expect(onAct).toHaveBeenCalledTimes(3);
});

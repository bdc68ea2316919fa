// The access method `service`: another Worker calls `env.SIGNER.sign(…)` over a real service binding in workerd.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { OPTIONS, unseen } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { startTwoWorkers, type TwoWorkers } from "../support/two-workers.ts";

/** A Worker without a secret: it passes on what it is asked, or makes up what JSON can't hold. */
const CALLER = `
  const nested = (levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  const odd = {
    "a BigInt": { claims: { sub: "7" }, params: { context: 1n } },
    "a Map": new Map([["claims", { sub: "7" }]]),
    "nothing": undefined,
    "a list": [],
    "a Date as parameter": { claims: { sub: "7" }, params: new Date(0) },
    "a parameter nested 500 deep": { claims: { sub: "7" }, params: { auto_tagging: nested(500) } },
    "a subject nested 500 deep": { claims: { sub: nested(500) } },
    "a circle": (() => { const o = { claims: { sub: "7" } }; o.params = o; return o; })(),
  };
  export default {
    async fetch(request, env) {
      if (new URL(request.url).pathname !== "/") return env.SIGNER_HTTP.fetch(request);
      const { name, input } = await request.json();
      try {
        return Response.json(await env.SIGNER.sign(name === undefined ? input : odd[name]));
      } catch (error) {
        return Response.json({ thrown: String(error) });
      }
    },
  };`;

/** Profiles of other methods, each over what is the caller's own. */
const own = { access: ["site"], resourceType: "image" };
const ID = { prefix: "own/{sub}/" };
const OTHER_METHODS: Plain["profiles"] = {
  remove: { ...own, method: "destroy", accept: { public_id: ID } },
  move: { ...own, method: "rename", accept: { from_public_id: ID, to_public_id: ID } },
  caption: {
    ...own,
    method: "explicit",
    set: { type: "upload" },
    accept: { public_id: ID, context: { keys: ["alt"] } },
  },
  tag: {
    ...own,
    method: "tags",
    set: { command: "add" },
    accept: { public_ids: ID, tag: { prefix: "u-{sub}-" } },
  },
};

let emulator: Emulator;
let workers: TwoWorkers;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  const profiles: Plain["profiles"] = {
    default: {
      access: ["site"],
      resourceType: "image",
      set: { folder: "users/{sub}", public_id: "{uuid}", overwrite: false },
      accept: { context: { keys: ["alt"], maxLength: 100 } },
    },
    open: { access: ["public"] },
    own: { access: ["site"], resourceType: "image", set: { public_id: "own/{sub}/picture", type: "upload" } },
    ...OTHER_METHODS,
  };
  const limits = { LIMIT_BY_SUBJECT: { namespace_id: "1", simple: { limit: 40, period: 60 } } };
  workers = await startTwoWorkers({
    caller: CALLER,
    SIGNER: { access: { site: { type: "service" } }, profiles },
    uploadPrefix: emulator.url,
    ratelimits: limits,
  });
});
afterAll(async () => {
  await workers?.close();
  await emulator?.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tickets and problems
async function call(body: object): Promise<any> {
  return JSON.parse(
    unseen(await (await fetch(workers.url, { method: "POST", body: JSON.stringify(body) })).text()),
  );
}
const sign = (input: unknown): ReturnType<typeof call> => call({ input });

describe("another Worker", () => {
  it("gets a ticket for whom it names, which uploads", async () => {
    const ticket = await sign({ claims: { sub: "42" }, params: { context: { alt: "A cat" } } });
    expect(ticket.fields).toMatchObject({ folder: "users/42", context: "alt=A cat" });
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
    form.append("file", new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]), "a.jpg");
    const uploaded = await fetch(ticket.url, { method: "POST", body: form });
    expect(uploaded.status).toBe(200);
    expect(emulator.uploads().at(-1)?.fields).toMatchObject({ folder: "users/42", overwrite: "false" });
  });

  it("gets tickets of other methods, which take no file, for what is its caller's own", async () => {
    const claims = { sub: "42" };
    const run = async (profile: string, params: object, file?: Blob) => {
      const ticket = await sign({ profile, claims, params });
      expect(ticket.url).toMatch(/\/v1_1\/[^/]+\/image\/\w+$/);
      const form = new FormData();
      for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
      if (file !== undefined) form.append("file", file, "a.jpg");
      const answer = await fetch(ticket.url, { method: "POST", body: form });
      expect(answer.status).toBe(200);
      return answer.json();
    };
    const sample = new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]);
    const held = () => emulator.uploads().filter(({ public_id }) => public_id.startsWith("own/42/"));
    await run("own", {}, sample);
    await run("caption", { public_id: "own/42/picture", context: { alt: "Me" } });
    await run("tag", { public_ids: ["own/42/picture"], tag: ["u-42-best"] });
    await run("move", { from_public_id: "own/42/picture", to_public_id: "own/42/best" });
    expect(held()).toMatchObject([
      { public_id: "own/42/best", context: { custom: { alt: "Me" } }, tags: ["u-42-best"] },
    ]);
    expect(await run("remove", { public_id: "own/42/best" })).toEqual({ result: "ok" });
    expect(held()).toEqual([]);
  });

  it.each<[string, string, object]>([
    ["remove", "public_id", { public_id: "own/43/picture" }],
    ["move", "to_public_id", { from_public_id: "own/42/a", to_public_id: "own/43/a" }],
    ["caption", "public_id", { public_id: "own/43/picture" }],
    ["tag", "public_ids", { public_ids: ["own/42/a", "own/43/a"], tag: ["u-42-a"] }],
    ["remove", "public_id", {}],
  ])("a ticket of %s for another's is refused, by %s", async (profile, param, params) => {
    const problem = await sign({ profile, claims: { sub: "42" }, params });
    expect(problem).toMatchObject({ code: "params_refused", errors: [{ param }] });
    expect(problem).not.toHaveProperty("fields");
  });

  it.each<[string, unknown, object]>([
    [
      "a profile without this access method",
      { profile: "open", claims: { sub: "7" } },
      { code: "profile_not_allowed", status: 403 },
    ],
    ["an unknown profile", { profile: "nope", claims: { sub: "7" } }, { code: "unknown_profile" }],
    ["a name of every object", { profile: "__proto__", claims: { sub: "7" } }, { code: "unknown_profile" }],
    [
      "a refused parameter",
      { claims: { sub: "7" }, params: { folder: "x" } },
      { code: "params_refused", errors: [{ param: "folder" }] },
    ],
    ["a subject that fits no path", { claims: { sub: "a/b" } }, { code: "invalid_token" }],
    ["no claims", {}, { code: "malformed_request" }],
    ["no subject", { claims: {} }, { code: "malformed_request" }],
    ["a subject that is not a text", { claims: { sub: 42 } }, { code: "malformed_request" }],
    ["an empty subject", { claims: { sub: "" } }, { code: "malformed_request" }],
    ["a long subject", { claims: { sub: "a".repeat(1025) } }, { code: "malformed_request" }],
    ["claims beyond the subject", { claims: { sub: "7", email: "a@b.c" } }, { code: "malformed_request" }],
    ["another member", { claims: { sub: "7" }, timestamp: 1 }, { code: "malformed_request" }],
    ["paramsToSign", { claims: { sub: "7" }, paramsToSign: {} }, { code: "malformed_request" }],
    ["params that are a list", { claims: { sub: "7" }, params: [] }, { code: "malformed_request" }],
    [
      "deep params",
      { claims: { sub: "7" }, params: { a: { b: { c: { d: { e: 1 } } } } } },
      { code: "malformed_request" },
    ],
    [
      "long params",
      { claims: { sub: "7" }, params: { context: "a".repeat(70_000) } },
      { code: "body_too_large" },
    ],
  ])("%s is refused", async (_, input, expected) => {
    const problem = await sign(input);
    expect(problem).toMatchObject(expected);
    expect(problem).not.toHaveProperty("signature");
    expect(problem).not.toHaveProperty("fields");
  });

  it.each([
    "a BigInt",
    "a Map",
    "nothing",
    "a list",
    "a Date as parameter",
    "a circle",
    "a parameter nested 500 deep",
    "a subject nested 500 deep",
  ])("%s is refused, and breaks nothing", async (name) => {
    const problem = await call({ name });
    expect(problem).toMatchObject({ code: "malformed_request" });
    expect(problem).not.toHaveProperty("signature");
  });

  it("is counted by whom it names", async () => {
    // The limiter here counts anew with each minute of the clock: what fell into two of them is asked again.
    const minute = () => Math.floor(Date.now() / 60_000);
    let codes: unknown[] = [];
    let started: number;
    do {
      started = minute();
      codes = [];
      for (let i = 0; i < 45; i++) codes.push((await sign({ claims: { sub: `busy-${started}` } })).code);
    } while (minute() !== started);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(5);
    expect((await sign({ claims: { sub: "calm" } })).fields).toBeDefined();
  });

  it("is logged without a value", async () => {
    workers.logs.length = 0;
    await sign({ claims: { sub: "someone" }, params: { folder: "my-secret-folder" } });
    await expect.poll(() => workers.logs.length).toBeGreaterThan(0);
    const line = workers.logs.find((text) => text.includes('"route":"service"')) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      route: "service",
      profile: "default",
      access: "site",
      status: 422,
      code: "params_refused",
      refused: ["folder"],
    });
    expect(line).not.toMatch(/someone|my-secret-folder/);
  });
});

describe("over HTTP", () => {
  it("nobody comes in by a service, whatever is sent", async () => {
    const answer = await fetch(`${workers.url}/sign`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer x" },
      body: JSON.stringify({ claims: { sub: "7" } }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "profile_not_allowed" });
  });
});

// Bodies that only a host in the same process can bring: those that break off, and those whose length is not true.

import { describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { readBounded } from "../../src/read-bounded.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";

const app = createApp(
  readBindings({ ...ACCOUNT, SIGNER: { profiles: { default: { access: ["public"] } } } }),
  {
    log: unseen,
  },
);

/** White space without an end, a kilobyte a time; `pulled` is how many times. */
function endless() {
  const state = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        state.pulled += 1;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

async function ask(body: ReadableStream, headers: Record<string, string> = {}): Promise<[number, string]> {
  const init = { method: "POST", body, duplex: "half", headers } as RequestInit;
  const answer = await app.request("https://signer.example/sign", init);
  const { code, detail } = (await answer.json()) as { code?: string; detail?: string };
  return [answer.status, `${code}: ${detail}`];
}

describe("a body", () => {
  it("that breaks off", async () => {
    const body = new ReadableStream({
      start: (controller) => controller.error(new Error("gone")),
    });
    expect(await ask(body)).toEqual([400, "malformed_request: send the body whole: it broke off"]);
  });

  it.each([
    ["no length", {}],
    ["a length that is no number", { "content-length": "NaN" }],
    ["a length below nothing", { "content-length": "-1" }],
    ["a length beside chunks", { "content-length": "5", "transfer-encoding": "chunked" }],
  ])("without an end and with %s is read no further than allowed", async (_, headers) => {
    const { body, state } = endless();
    expect((await ask(body, headers as Record<string, string>))[0]).toBe(413);
    expect(state).toEqual({ pulled: 65, cancelled: true });
  });

  it("that is longer than it says is refused", async () => {
    const body = new Blob([" ".repeat(70_000)]).stream();
    expect((await ask(body, { "content-length": "5" }))[0]).toBe(413);
  });
});

describe("readBounded", () => {
  it.each([
    ["nothing", null, 0],
    ["as much as allowed", new Blob(["abc"]).stream(), 3],
  ])("reads %s", async (_, body, size) => {
    expect((await readBounded(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, 3))?.byteLength).toBe(
      size,
    );
  });

  it("ends though who made the body does not let go of it", async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => new Promise(() => {}),
    });
    expect(await readBounded(body, 5)).toBe(undefined);
    const refusing = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => Promise.reject(new Error("no")),
    });
    expect(await readBounded(refusing, 5)).toBe(undefined);
  });
});

it("a page that is let in may read that something broke", async () => {
  const broken = createApp(
    readBindings({
      ...ACCOUNT,
      SIGNER: { allowedOrigins: ["https://www.example.com"], profiles: { default: { access: ["public"] } } },
    }),
    {
      log: unseen,
      now: () => {
        throw new Error("no clock");
      },
    },
  );
  const headers = { origin: "https://www.example.com" };
  const answer = await broken.request("https://signer.example/sign", { method: "POST", headers });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
    500,
    "https://www.example.com",
  ]);
});

describe("the answer to a body of another form says what to send", () => {
  const EXAMPLE = '{"params": {"context": {"alt": "A cat"}}}';
  it.each([
    ['{"folder":"x"}', 'wrap the parameters: {"params": {"folder": …}}, and send nothing beside it'],
    [
      '{"folder":"x","tags":["a"],"my_secret":1}',
      'wrap the parameters: {"params": {"folder": …, "tags": …}}, and send nothing beside it',
    ],
    [
      '{"folder":"x","timestamp":1,"source":"uw"}',
      'wrap the parameters: {"paramsToSign": {"folder": …, "timestamp": …, "source": …}}, and send nothing beside it',
    ],
    [
      '{"params":{},"folder":"x"}',
      'wrap the parameters: {"params": {"folder": …}}, and send nothing beside it',
    ],
    [
      '{"folder":1,"tags":1,"context":1,"format":1,"type":1,"eval":1,"backup":1}',
      'wrap the parameters: {"params": {"folder": …, "tags": …, "context": …, "format": …, "type": …, …}}, and send nothing beside it',
    ],
    [
      '{"from_public_id":"a","to_public_id":"b"}',
      'wrap the parameters: {"params": {"from_public_id": …, "to_public_id": …}}, and send nothing beside it',
    ],
    [
      '{"public_ids":"a","timestamp":1}',
      'wrap the parameters: {"params": {"public_ids": …, "timestamp": …}}, and send nothing beside it',
    ],
    ['{"file":"x"}', `send ${EXAMPLE}, or {"paramsToSign": {…}}, and nothing beside it`],
    ['{"__proto__":{}}', `send ${EXAMPLE}, or {"paramsToSign": {…}}, and nothing beside it`],
    ['{"params":{},"paramsToSign":{}}', "send one of params, paramsToSign: one request has one form"],
    [
      '{"paramsToSign":{},"params_to_sign":{}}',
      "send one of paramsToSign, params_to_sign: one request has one form",
    ],
    ["[]", `send a JSON object, such as ${EXAMPLE}: the body is a list`],
    ["null", `send a JSON object, such as ${EXAMPLE}: the body is null`],
    ["5", `send a JSON object, such as ${EXAMPLE}: the body is a number`],
    ['"folder=x"', `send a JSON object, such as ${EXAMPLE}: the body is a string`],
    ["folder=x", `send JSON, such as ${EXAMPLE}: the body is something else`],
    ['{"params_to_sign":[]}', "send an object as `params_to_sign`: the parameters by their names"],
  ])("%s", async (body, detail) => {
    expect(await ask(new Blob([body]).stream())).toEqual([400, `malformed_request: ${detail}`]);
  });
});

// Outages that a test asks for: what a client gets, what was done meanwhile, and when it is over.

import { describe, expect, it, vi } from "vitest";
import type { Emulator, Outage } from "../../../src/testing/emulator/emulator.ts";
import { formOf, png, post, signed, started, uploaded } from "./support.ts";

const destroy = (emulator: Emulator, public_id = "a") =>
  post(emulator, formOf(signed({ public_id })), { method: "destroy" });

const address = (emulator: Emulator, method: string) => `${emulator.url}/v1_1/demo/image/${method}`;

/** The request of `destroy`, as it is answered. */
const raw = (emulator: Emulator) =>
  fetch(address(emulator, "destroy"), { method: "POST", body: formOf(signed({ public_id: "a" })) });

async function held() {
  const onRefusal = vi.fn();
  const emulator = await started({ onRefusal });
  await uploaded(emulator, { public_id: "a" });
  const methods = () => emulator.acts().map(({ method }) => method);
  return { emulator, onRefusal, methods };
}

describe("a method that fails", () => {
  it.each([420, 423, 429, 500, 502, 503, 504] as const)("with %i, in the way of the API", async (as) => {
    const { emulator, onRefusal, methods } = await held();
    emulator.fail({ method: "destroy", as });
    const answer = await destroy(emulator);
    expect(answer.status).toBe(as);
    expect(answer.body).toEqual({ error: { message: answer.headers.get("X-Cld-Error") } });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(onRefusal).not.toHaveBeenCalled();
    expect(methods()).toEqual(["upload"]);
  });

  it("with a page that is no JSON", async () => {
    const { emulator } = await held();
    emulator.fail({ method: "destroy", as: "html" });
    const answer = await raw(emulator);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([502, "text/html"]);
    expect(await answer.text()).toMatch(/^<!doctype html>/);
  });

  it("with a connection that breaks", async () => {
    const { emulator, methods } = await held();
    emulator.fail({ method: "destroy", as: "reset", times: 1 });
    await expect(raw(emulator)).rejects.toThrow();
    expect(methods()).toEqual(["upload"]);
    expect((await destroy(emulator)).body).toEqual({ result: "ok" });
  });

  it("with an answer of one's own", async () => {
    const { emulator } = await held();
    emulator.fail({ method: "destroy", as: () => Response.json({ result: "forged" }) });
    expect((await destroy(emulator)).body).toEqual({ result: "forged" });
    expect((await destroy(emulator)).body).toEqual({ result: "forged" });
  });
});

it.each<[string, Outage["as"]]>([
  ["503", 503],
  ["html", "html"],
  ["reset", "reset"],
])("what is done, though its answer is lost: %s", async (_, as) => {
  const { emulator, methods } = await held();
  emulator.fail({ method: "destroy", as, done: true, times: 1 });
  const status = await raw(emulator).then(
    (answer) => answer.status,
    () => "broken",
  );
  expect(status).toBe({ 503: 503, html: 502, reset: "broken" }[String(as)]);
  expect(methods()).toEqual(["upload", "destroy"]);
  expect((await destroy(emulator)).body).toEqual({ result: "not found" });
});

describe("a method that hangs", () => {
  it.each([false, true])("until the outage ends, done before that: %s", async (done) => {
    const { emulator, methods } = await held();
    const outage = emulator.fail({ method: "destroy", as: "hang", done });
    const late = destroy(emulator);
    await expect.poll(() => outage.hits).toBe(1);
    if (done) await expect.poll(methods).toEqual(["upload", "destroy"]);
    expect(methods()).toEqual(done ? ["upload", "destroy"] : ["upload"]);
    outage.end();
    expect((await late).body).toEqual({ result: "ok" });
    expect(methods()).toEqual(["upload", "destroy"]);
  });

  it("for whom gives up, and is done when the outage ends", async () => {
    const { emulator } = await held();
    const outage = emulator.fail({ method: "destroy", as: "hang" });
    const gone = new AbortController();
    const request = { method: "POST", body: formOf(signed({ public_id: "a" })), signal: gone.signal };
    const asked = fetch(address(emulator, "destroy"), request);
    await expect.poll(() => outage.hits).toBe(1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    expect(emulator.uploads()).toHaveLength(1);
    outage.end();
    await expect.poll(() => emulator.uploads().length).toBe(0);
  });

  it("does not keep the emulator from closing", async () => {
    const { emulator } = await held();
    const outage = emulator.fail({ as: "hang" });
    const asked = raw(emulator).catch(() => "closed");
    await expect.poll(() => outage.hits).toBe(1);
    await emulator.close();
    expect(await asked).toBe("closed");
  });
});

describe("whom it meets", () => {
  it("so many, and then nobody", async () => {
    const { emulator } = await held();
    const outage = emulator.fail({ method: "destroy", as: 503, times: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await destroy(emulator)).status);
    expect([statuses, outage.hits]).toEqual([[503, 503, 200, 200], 2]);
  });

  it("everybody, until it is ended", async () => {
    const { emulator } = await held();
    const outage = emulator.fail({ method: "destroy", as: 503 });
    for (let i = 0; i < 3; i++) expect((await destroy(emulator)).status).toBe(503);
    outage.end();
    outage.end();
    expect((await destroy(emulator)).status).toBe(200);
    expect(outage.hits).toBe(3);
  });

  it("the named method alone, or every one", async () => {
    const { emulator } = await held();
    const one = emulator.fail({ method: "upload", as: 503 });
    expect((await post(emulator, formOf(signed(), png()))).status).toBe(503);
    expect((await destroy(emulator)).status).toBe(200);
    one.end();
    emulator.fail({ as: 503 });
    expect((await post(emulator, formOf(signed(), png()))).status).toBe(503);
    expect((await destroy(emulator)).status).toBe(503);
    expect((await fetch(`${emulator.url}/_uploads`)).status).toBe(200);
  });

  it("one after the other", async () => {
    const { emulator } = await held();
    emulator.fail({ method: "destroy", as: 423, times: 1 });
    emulator.fail({ method: "destroy", as: 503, times: 1 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await destroy(emulator)).status);
    expect(statuses).toEqual([423, 503, 200]);
  });

  it("no preflight", async () => {
    const { emulator } = await held();
    const outage = emulator.fail({ as: 503 });
    const headers = { Origin: "https://www.example.com", "Access-Control-Request-Method": "POST" };
    expect((await fetch(address(emulator, "upload"), { method: "OPTIONS", headers })).status).toBe(204);
    expect(outage.hits).toBe(0);
  });
});

it("a part whose answer was lost, and that is sent again, makes one file", async () => {
  const emulator = await started({ minPartBytes: 10 });
  const bytes = new TextEncoder().encode("ten bytes.and more");
  const send = (start: number, end: number) =>
    post(emulator, formOf(signed({ public_id: "a" }), new File([bytes.slice(start, end)], "a.txt")), {
      resourceType: "raw",
      headers: { "Content-Range": `bytes ${start}-${end - 1}/18`, "X-Unique-Upload-Id": "one" },
    });
  for (const [start, end] of [
    [0, 10],
    [10, 18],
  ] as const) {
    emulator.fail({ method: "upload", as: 503, done: true, times: 1 });
    expect((await send(start, end)).status).toBe(503);
    expect((await send(start, end)).status).toBe(200);
  }
  expect((await send(10, 18)).body).toMatchObject({ public_id: "a", bytes: 18 });
  expect(emulator.acts().filter(({ found }) => found)).toHaveLength(1);
});

// What is waited for may throw, hang, come late or be nonsense: none of it keeps a request, and the answer is the
// documented one. Time is the test's own, but for bodies over real connections.

import { once } from "node:events";
import { request as connect, createServer } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FETCH_TIMEOUT_MS } from "../../src/access/fetch-json.ts";
import { createApp } from "../../src/http/app.ts";
import { ASSETS_TIMEOUT_MS } from "../../src/http/routes/page-files.ts";
import { BODY_TIMEOUT_MS } from "../../src/http/wire/body.ts";
import { LIMITER_TIMEOUT_MS } from "../../src/limits/limiter.ts";
import { APP_TIMEOUT_MS, uploadTicket } from "../../src/upload-ticket.ts";
import { AUDIENCE, ISSUER, makeKey, SHARED_SECRET, sign, signShared } from "../access/identity.ts";
import { bearer, outcome, signer } from "../access/signer.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { signerOf, ticketSourceOf } from "../support/flat.ts";
import { post, readAnswer } from "../support/targets.ts";
import { builtWorker, startWorkers, type Workers } from "../support/workers.ts";
import { expectProblem } from "./suite.ts";

/** Far longer than anything is waited for, in seconds of the test's clock. */
const PATIENCE = 2000;
const realTimeout = setTimeout;

/** What a promise brings while the clock runs, a second a time; one that never ends is a failure. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => {});
  for (let second = 0; second < PATIENCE && !isSettled; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    // Web Crypto answers from outside of this thread, by no clock of ours.
    await new Promise((resolve) => realTimeout(resolve, 5));
  }
  if (!isSettled) throw new Error(`still waiting after ${PATIENCE} s`);
  return settled;
}

const later = <T>(milliseconds: number, then: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(then());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });
const hang = (): Promise<never> => new Promise(() => {});
const down = (): never => {
  throw new Error("down");
};

const CONFIG = {
  access: {
    members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
    backend: { type: "service" },
  },
  profiles: {
    default: { access: ["public"] },
    members: { access: ["members"], set: { folder: "users/{sub}" } },
    avatars: { access: ["backend"], set: { public_id: "avatars/{sub}", overwrite: true } },
  },
} as const;

describe("with a clock of our own", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(async () => {
    // What comes after the answer went out must disturb nobody.
    await vi.advanceTimersByTimeAsync(10 * LIMITER_TIMEOUT_MS);
    vi.useRealTimers();
  });

  describe.each<[string, () => unknown]>([
    ["throws at once", down],
    ["rejects", async () => down()],
    ["hangs", hang],
    ["lets pass too late", () => later(2 * LIMITER_TIMEOUT_MS, () => ({ success: true }))],
    ["is over the limit too late", () => later(2 * LIMITER_TIMEOUT_MS, () => ({ success: false }))],
    ["rejects too late", () => later(2 * LIMITER_TIMEOUT_MS, down)],
    ["answers undefined", async () => undefined],
    ["answers null", async () => null],
    ["answers {}", async () => ({})],
    ["answers a text", async () => "yes"],
    ["answers success as a text", async () => ({ success: "true" })],
    ["answers success as a number", async () => ({ success: 1 })],
    ["answers undefined at once", () => undefined],
  ])("a limiter that %s", (_, limit) => {
    const start = (name: string) => signer(CONFIG, {}, { JWT_SECRET: SHARED_SECRET, [name]: { limit } });

    it("by address: limiter_unavailable for anybody", async () => {
      const { post: ask, logs } = start("LIMIT_BY_IP");
      expect(outcome(await inTime(ask("/sign")))).toBe("503 limiter_unavailable");
      expect(JSON.parse(logs[0]!)).toMatchObject({ code: "limiter_unavailable", limiter: "failed" });
    });

    it.each(["LIMIT_BY_IP", "LIMIT_BY_SUBJECT"])("%s: callers who are someone go on", async (name) => {
      const { post: ask, logs } = start(name);
      expect(outcome(await inTime(ask("/sign/members", bearer(await signShared()))))).toBe("signed");
      expect(JSON.parse(logs[0]!)).toMatchObject({ status: 200, limiter: "failed" });
    });

    it("by caller: code that binds the signer goes on", async () => {
      const lines: string[] = [];
      const source = ticketSourceOf({
        ...OPTIONS,
        access: { backend: CONFIG.access.backend },
        profiles: { avatars: CONFIG.profiles.avatars },
        limitBySubject: { limit } as never,
        log: (line: string) => void lines.push(line),
      });
      expect(await inTime(source.sign({ profile: "avatars", claims: { sub: "42" } }))).toHaveProperty(
        "signature",
      );
      expect(JSON.parse(lines[0]!)).toMatchObject({ status: 200, limiter: "failed" });
    });
  });

  it("a limiter that is slow and still in time is believed", async () => {
    for (const [success, expected] of [
      [true, "signed"],
      [false, "429 rate_limited"],
    ] as const) {
      const limit = () => later(LIMITER_TIMEOUT_MS / 2, () => ({ success }));
      const { post: ask } = signer(CONFIG, {}, { JWT_SECRET: SHARED_SECRET, LIMIT_BY_IP: { limit } });
      expect(outcome(await inTime(ask("/sign")))).toBe(expected);
    }
  });

  const app = createApp(readBindings({ ...ACCOUNT, JWT_SECRET: SHARED_SECRET, SIGNER: CONFIG }), {
    log: unseen,
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const BODIES: readonly [string, (controller: ReadableStreamDefaultController) => Promise<void>][] = [
    ["that never begins", hang],
    [
      "that stops midway",
      (controller) => {
        controller.enqueue(bytes('{"params":'));
        return hang();
      },
    ],
    ["of one byte a second", (controller) => later(1000, () => controller.enqueue(bytes(" ")))],
  ];

  describe.each(BODIES)("a body %s", (_, pull) => {
    it.each([
      ["/sign", {}],
      // Where its size is known it is read in one piece.
      ["/sign", { "content-length": "1000" }],
      ["/links/members", {}],
    ])("at %s with %o is malformed_request", async (path, headers) => {
      let cancelled = false;
      const body = new ReadableStream({
        pull,
        cancel() {
          cancelled = true;
        },
      });
      const init = { method: "POST", body, duplex: "half", headers: { ...headers, ...(await member(path)) } };
      const answer = await readAnswer(await inTime(Promise.resolve(app.request(path, init as RequestInit))));
      expect(expectProblem(answer, 400, "malformed_request").detail).toBe(
        "send the body at once: it did not arrive within 10 s",
      );
      expect(cancelled).toBe(!("content-length" in headers));
    });
  });

  const member = async (path: string): Promise<Record<string, string>> =>
    path.startsWith("/links") ? bearer(await signShared()) : {};

  it("a body that is slow and still in time is read", async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) =>
        later(1000, () => {
          sent += 1;
          if (sent > 3) controller.close();
          else controller.enqueue(bytes(["{", '"params":{}', "}"][sent - 1]!));
        }),
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await inTime(Promise.resolve(app.request("/sign", init)))).status).toBe(200);
  });

  it.each([
    ["/sign", 413, "body_too_large"],
    ["/links/members", 413, "body_too_large"],
  ])("a body of empty chunks keeps no timer from running: %s", async (path, status, code) => {
    // Without a limit it spins for as long as the stream does: this one gives up some time, so that the test can fail.
    let pulls = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulls += 1;
        if (pulls > 1_000_000) controller.error(new Error("it went on reading"));
        else controller.enqueue(new Uint8Array());
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: await member(path) };
    const answer = await readAnswer(await inTime(Promise.resolve(app.request(path, init as RequestInit))));
    expectProblem(answer, status, code);
    expect(pulls).toBeLessThan(100_000);
  });

  it.each<[string, () => Promise<Response> | Response]>([
    ["throws", down],
    ["rejects", async () => down()],
    ["hangs, whatever its signal says", hang],
    ["answers too late", () => later(2 * FETCH_TIMEOUT_MS, () => Response.json({ success: true }))],
    ["hangs after its headers", () => new Response(new ReadableStream({ pull: hang }))],
    [
      "sends empty chunks for ever",
      () => {
        let pulls = 0;
        return new Response(
          new ReadableStream({
            pull: (controller) =>
              ++pulls > 1_000_000 ? controller.close() : controller.enqueue(new Uint8Array()),
          }),
        );
      },
    ],
  ])("Turnstile that %s: keys_unavailable", async (_, fetch) => {
    const { post: ask } = signer(
      {
        access: { humans: { type: "turnstile", secret: "TURNSTILE", hostnames: ["a.example"], action: "a" } },
        profiles: { default: { access: ["humans"] } },
      },
      { fetch: fetch as typeof globalThis.fetch },
      { TURNSTILE: "0x4AAA" },
    );
    const asked = ask("/sign", { "cf-turnstile-response": "x" });
    expect(outcome(await inTime(asked))).toBe("503 keys_unavailable");
  });

  it.each<[string, () => Promise<Response>]>([
    ["hangs", hang],
    ["rejects", async () => down()],
    ["rejects too late", () => later(2 * ASSETS_TIMEOUT_MS, down)],
    ["hangs after its headers", async () => new Response(new ReadableStream({ pull: hang }))],
    [
      "hangs midway",
      async () =>
        new Response(
          new ReadableStream({ start: (controller) => controller.enqueue(bytes("<!doctype")), pull: hang }),
        ),
    ],
    ["breaks off", async () => new Response(new ReadableStream({ pull: down }))],
    ["sends too much", async () => new Response(new Uint8Array(2 * 1024 * 1024))],
  ])("an assets binding that %s: the page is an internal problem", async (_, fetch) => {
    const page = createApp(
      readBindings({ ...ACCOUNT, ASSETS: { fetch }, SIGNER: { page: true, profiles: {} } }),
      { log: unseen },
    );
    const answer = await readAnswer(await inTime(Promise.resolve(page.request("/"))));
    expectProblem(answer, 500, "internal");
  });

  describe.each<[string, () => unknown]>([
    ["hangs", hang],
    ["comes too late", () => later(2 * APP_TIMEOUT_MS, () => ({ sub: "42" }))],
    ["rejects too late", () => later(2 * APP_TIMEOUT_MS, down)],
  ])("uploadTicket, of which a part %s", (_, part) => {
    it.each<[string, object]>([
      ["claims", { claims: part }],
      ["params", { params: part }],
      ["signer.sign", { signer: { sign: part } }],
      ["signer.sign", { signer: () => ({ sign: part }) }],
    ])("%s is told to the app", async (what, options) => {
      const told: string[] = [];
      const app = new Hono().onError((error, c) => {
        told.push(error.message);
        return c.text("", 500);
      });
      const sign = async () => ({ url: "" }) as never;
      app.post("/", uploadTicket({ signer: { sign }, claims: () => ({ sub: "42" }), ...options }), (c) =>
        c.text("signed"),
      );
      const answer = await inTime(Promise.resolve(app.request("/", { method: "POST" })));
      expect([answer.status, told]).toEqual([
        500,
        [`uploadTicket: ${what} took more than ${APP_TIMEOUT_MS} ms`],
      ]);
    });
  });
});

// Both at once: each waits for seconds, and does nothing meanwhile.
describe.concurrent("over real connections, in workerd and on Node", () => {
  /** A server that never ends its answers; `/silent` never begins one either. */
  async function endless() {
    const server = createServer((request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"keys":[');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    return {
      url: `http://127.0.0.1:${port}`,
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  const PROFILES = { default: { access: ["public"] } };
  // Turnstile's address is its own: that server stands in for it.
  const toServer = (address: string): string =>
    address.startsWith(server.url) ? address : `${server.url}/endless`;
  let server: Awaited<ReturnType<typeof endless>>;
  let bindings: { readonly SIGNER: object; readonly [name: string]: unknown };
  let workers: Workers;
  beforeAll(async () => {
    server = await endless();
    const keys = (path: string) => ({
      type: "jwt",
      jwks: server.url + path,
      issuer: ISSUER,
      audience: AUDIENCE,
    });
    const access = {
      silent: keys("/silent"),
      endless: keys("/endless"),
      humans: { type: "turnstile", secret: "TURNSTILE", hostnames: ["a.example"], action: "a" },
    };
    const set = { public_id: "{access}/{sub}" };
    const profiles = {
      silent: { access: ["silent"], set },
      endless: { access: ["endless"], set },
      humans: { access: ["humans"] },
    };
    bindings = { ...ACCOUNT, TURNSTILE: "0x4AAA", SIGNER: { access, profiles } };
    const outboundService = async ({ url }: Request) => {
      const answer = await fetch(toServer(url));
      return new Response(answer.body, answer);
    };
    workers = await startWorkers([
      builtWorker("bodies", { ...ACCOUNT, SIGNER: { profiles: PROFILES } }),
      builtWorker("keys", bindings, { outboundService }),
    ]);
  });
  afterAll(async () => {
    await workers.close();
    server.close();
  });

  /** Sends a body that does not end, and answers what is answered meanwhile. */
  async function sendSlowly(
    url: string,
    first: string,
    headers: Record<string, string>,
    everySecond: string,
  ) {
    const sent = connect(`${url}/sign`, { method: "POST", headers });
    sent.on("error", () => {});
    sent.flushHeaders();
    if (first !== "") sent.write(first);
    const trickle = everySecond === "" ? undefined : setInterval(() => sent.write(everySecond), 1000);
    const [response] = await once(sent, "response");
    clearInterval(trickle);
    let text = "";
    for await (const chunk of response) text += chunk;
    sent.destroy();
    return [response.statusCode, JSON.parse(text).code, JSON.parse(text).detail];
  }

  it(
    "bodies that do not end are answered",
    async () => {
      const { fetch } = signerOf({ ...OPTIONS, profiles: PROFILES, log: unseen });
      const server = serve({ fetch, port: 0, hostname: "127.0.0.1" });
      await once(server, "listening");
      const { port } = server.address() as { port: number };
      const urls = [workers.urlOf("bodies"), `http://127.0.0.1:${port}`];
      const sized = { "content-length": "1000" };
      const asked = urls.flatMap((url) => [
        sendSlowly(url, "", {}, ""),
        sendSlowly(url, "", sized, ""),
        sendSlowly(url, '{"params":', {}, ""),
        sendSlowly(url, '{"params":', sized, ""),
        sendSlowly(url, "", {}, " "),
        sendSlowly(url, "", sized, " "),
      ]);
      const expected = [400, "malformed_request", "send the body at once: it did not arrive within 10 s"];
      expect(await Promise.all(asked)).toEqual(asked.map(() => expected));
      // Both go on answering.
      for (const url of urls) expect((await globalThis.fetch(`${url}/sign`, post({}))).status).toBe(200);
      server.close();
    },
    60_000 + BODY_TIMEOUT_MS,
  );

  it("a key set and Turnstile that do not end their answers: keys_unavailable", async () => {
    const here = createApp(readBindings(bindings), {
      log: unseen,
      fetch: (address, init) => fetch(toServer(String(address)), init as RequestInit),
    });
    const token = await sign(await makeKey("1"));
    const asked = ["silent", "endless", "humans"].flatMap((profile) => {
      const headers = profile === "humans" ? { "cf-turnstile-response": "x" } : bearer(token);
      return [
        Promise.resolve(here.request(`/sign/${profile}`, post({}, headers))),
        fetch(`${workers.urlOf("keys")}/sign/${profile}`, post({}, headers)),
      ];
    });
    for (const answer of await Promise.all(asked))
      expectProblem(await readAnswer(answer), 503, "keys_unavailable");
  }, 60_000);
});

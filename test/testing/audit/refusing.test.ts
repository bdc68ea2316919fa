// What the audit does with endpoints that can't be asked, and with addresses that may not be.

import { afterEach, describe, expect, it, vi } from "vitest";
import { checkAddress } from "../../../src/testing/audit/address.ts";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { audit } from "../../../src/testing/audit/audit.ts";
import { API_SECRET } from "../../support/account.ts";
import { type Server, serveLocally, startNaive } from "./naive.ts";

const running: Server[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of running.splice(0)) await server.close();
});

async function serve(answer: (request: Request) => Response | Promise<Response>): Promise<Server> {
  const server = await serveLocally(answer);
  running.push(server);
  return server;
}

const signature = "0".repeat(40);

describe("addresses", () => {
  it.each([
    "http://localhost:8787/sign",
    "https://localhost/",
    "http://127.0.0.1/sign",
    "http://127.9.8.7:1",
    "http://0x7f.1/",
    "http://[::1]:8787/sign",
  ])("this machine: %s", (text) => {
    expect(checkAddress(text, false).ok).toBe(true);
  });

  it.each([
    "https://example.com/sign",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://128.0.0.1",
    "http://0.0.0.0",
    "http://192.168.0.1",
    "http://[::2]",
    "http://[::ffff:8.8.8.8]",
  ])("another machine, refused without a request: %s", async (url) => {
    const request = vi.spyOn(globalThis, "fetch");
    expect(await audit({ url })).toMatchObject({
      asked: false,
      why: expect.stringContaining("--i-own-this"),
    });
    expect(request).not.toHaveBeenCalled();
    expect(checkAddress(url, true).ok).toBe(true);
  });

  it.each([
    "",
    "localhost:8787",
    "/sign",
    "file:///etc/passwd",
    "ftp://localhost/",
    "http://user:password@localhost/",
  ])("no address, whoever owns it: %s", async (url) => {
    const request = vi.spyOn(globalThis, "fetch");
    expect(await audit({ url, iOwnThis: true })).toMatchObject({ asked: false });
    expect(request).not.toHaveBeenCalled();
  });
});

describe("could not ask", () => {
  it.each([
    ["everything 401", () => new Response("{}", { status: 401 }), "status 401"],
    ["a page", () => new Response("<html>signature</html>"), "status 200"],
    ["JSON without a signature", () => Response.json({ ok: true }), "status 200"],
    ["a signature that is none", () => Response.json({ signature: "abc" }), "status 200"],
    ["digits of another length", () => new Response("0".repeat(41)), "status 200"],
    ["a redirect", () => Response.redirect("http://127.0.0.1:1/", 307), "redirects are not followed"],
    ["more than 64 KiB", () => new Response(`"${"0".repeat(70_000)}"`), "more than 65536 bytes"],
    ["null", () => Response.json(null), "status 200"],
  ])("%s", async (_, answer, why) => {
    const server = await serve(answer);
    const report = await audit({ url: server.url, secret: API_SECRET });
    expect(report).toMatchObject({ asked: false, why: expect.stringContaining(why) });
    expect(server.requests()).toBeLessThanOrEqual(2);
  });

  it("nobody listens", async () => {
    const server = await serveLocally(() => new Response());
    await server.close();
    expect(await audit({ url: server.url })).toMatchObject({
      asked: false,
      why: "it can't be reached (ECONNREFUSED)",
    });
  });

  it("no answer in time", async () => {
    const server = await serve(() => new Promise(() => {}));
    expect(await audit({ url: server.url, timeoutMs: 100 })).toMatchObject({
      asked: false,
      why: "it does not answer within 0.1 s",
    });
  });

  it("a header that can't be sent", async () => {
    const headers = { "bad name": "x" };
    expect(await audit({ url: "http://localhost:1", headers })).toMatchObject({ asked: false });
  });
});

describe("doubts about a clean result", () => {
  const refuse = () => Response.json({}, { status: 400 });

  it("it stops to answer", async () => {
    let asked = 0;
    const server = await serve(() =>
      asked++ === 0 ? Response.json({ signature }) : new Promise<Response>(() => {}),
    );
    const report = await audit({ url: server.url, timeoutMs: 1000 });
    expect(report).toMatchObject({ asked: true, forgeries: 0 });
    expect(report.asked && report.doubts).toEqual([
      `${ATTACKS.length} of ${ATTACKS.length} attacks were not answered`,
      "at the end, it does not answer within 1 s",
    ]);
    expect(asked).toBe(5);
  });

  it("it lets nobody in any more", async () => {
    let asked = 0;
    const server = await serve(() => (asked++ === 0 ? Response.json({ signature }) : refuse()));
    const report = await audit({ url: server.url });
    expect(report).toMatchObject({
      forgeries: 0,
      doubts: [expect.stringMatching(/^at the end, .*status 400/)],
    });
  });

  it("the secret is another account's", async () => {
    const server = await startNaive({ shape: "params" });
    running.push(server);
    const report = await audit({ url: server.url, secret: "another-secret" });
    expect(report).toMatchObject({ forgeries: 0, doubts: [expect.stringContaining("another account's")] });
  });

  it("a limit on requests is waited for, and is no refusal", async () => {
    let asked = 0;
    const server = await serve(() =>
      asked++ % 2 === 0
        ? new Response("", { status: 429, headers: { "retry-after": "0" } })
        : Response.json({ signature: "0".repeat(38) + String(asked).padStart(2, "0") }),
    );
    const attacks = ATTACKS.slice(0, 2);
    expect(await audit({ url: server.url, attacks })).toMatchObject({ forgeries: 2, doubts: [] });
  });
});

it("requests come one after the other, as JSON, with the given headers", async () => {
  let open = 0;
  let most = 0;
  const server = await serve(async (request) => {
    most = Math.max(most, ++open);
    expect(request.headers.get("content-type")).toBe("application/json");
    expect(request.headers.get("authorization")).toBe("Bearer x");
    await new Promise((resolve) => setTimeout(resolve, 1));
    open--;
    return Response.json({ signature });
  });
  const report = await audit({ url: server.url, headers: { Authorization: "Bearer x" } });
  expect(most).toBe(1);
  // Always the same signature: nothing of what was asked is in it.
  expect(report).toMatchObject({ asked: true, forgeries: 0 });
});

// The access method `custom`: an app's own function says who it is, or nobody, or fails in every way there is.

import { afterEach, describe, expect, it, vi } from "vitest";
import { readBindings } from "../../src/config/bindings.ts";
import { type CustomOptions, custom, defineSigner, jwt } from "../../src/config.ts";
import { createApp } from "../../src/http/app.ts";
import { ACCOUNT, unseen } from "../support/account.ts";

const PAGE = "https://www.example.com";

function start(options: Partial<CustomOptions>) {
  const definition = defineSigner({
    allowedOrigins: [PAGE],
    access: {
      people: custom({ reads: { header: "x-session" }, verify: async () => ({ sub: "42" }), ...options }),
    },
    profiles: { default: { access: ["people"], set: { public_id: "users/{sub}/{uuid}" } } },
  });
  const read = readBindings(definition, ACCOUNT);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const logs: string[] = [];
  const app = createApp(read, { log: (line) => void logs.push(unseen(line)) });
  const ask = async (headers: Record<string, string>, env: unknown = {}) => {
    const answer = await app.request(
      "https://signer.example/sign",
      { method: "POST", headers },
      env as object,
    );
    const body = JSON.parse(unseen(await answer.text())) as { code?: string; fields?: { public_id: string } };
    const { reason } = JSON.parse(logs.at(-1)!) as { reason?: string };
    return {
      status: answer.status,
      code: body.code,
      id: body.fields?.public_id,
      reason,
      headers: answer.headers,
    };
  };
  return { ask, policy: read.value.policy };
}

const header = { "x-session": "s1" };

describe("who it is", () => {
  it("is what the function says of the value, with the bindings and the time", async () => {
    const seen: unknown[] = [];
    const verify: CustomOptions["verify"] = async (value, { env, now }) => {
      seen.push(value, env, Math.abs(now - Date.now() / 1000) < 60);
      return { sub: env.USERS[value] };
    };
    const env = { USERS: { s1: "u7" } };
    expect((await start({ verify }).ask(header, env)).id).toMatch(/^users\/u7\//);
    expect(seen).toEqual(["s1", env, true]);
  });

  it("may be said at once, without a promise", async () => {
    expect((await start({ verify: () => ({ sub: "7" }) }).ask(header)).status).toBe(200);
  });

  it("and what else it says is nobody's, unless it is listed", async () => {
    const answer = await start({ verify: async () => ({ sub: "7", __proto__: null, org: "x" }) }).ask(header);
    expect(answer.id).toMatch(/^users\/7\//);
  });
});

describe("nobody, or trouble", () => {
  afterEach(() => vi.useRealTimers());
  it.each<[string, CustomOptions["verify"], number, string, string]>([
    ["nothing", async () => undefined, 401, "invalid_token", "custom_refused"],
    [
      "throws",
      () => {
        throw new Error(ACCOUNT.CLOUDINARY_API_SECRET);
      },
      503,
      "application_unavailable",
      "custom_failed",
    ],
    [
      "rejects",
      async () => {
        throw "down";
      },
      503,
      "application_unavailable",
      "custom_failed",
    ],
    ["null", async () => null, 401, "invalid_token", "custom_refused"],
    [
      "a getter that throws",
      async () => ({
        get sub(): string {
          throw new Error("gone");
        },
      }),
      503,
      "application_unavailable",
      "custom_failed",
    ],
    ["a text", async () => "42" as never, 503, "application_unavailable", "custom_failed"],
    ["no sub", async () => ({}) as never, 503, "application_unavailable", "custom_failed"],
    ["an empty sub", async () => ({ sub: "" }), 503, "application_unavailable", "custom_failed"],
    ["a number", async () => ({ sub: 42 }) as never, 503, "application_unavailable", "custom_failed"],
    ["half a character", async () => ({ sub: "\ud800" }), 503, "application_unavailable", "custom_failed"],
    ["a sub that no path takes", async () => ({ sub: "a/b" }), 401, "invalid_token", "unfit_claim"],
  ])("%s", async (_, verify, status, code, reason) => {
    expect(await start({ verify }).ask(header)).toMatchObject({ status, code, reason });
  });

  it("hangs", async () => {
    vi.useFakeTimers();
    const asked = start({ verify: () => new Promise(() => {}) }).ask(header);
    await vi.advanceTimersByTimeAsync(5000);
    const answer = await asked;
    expect(answer).toMatchObject({ status: 503, code: "application_unavailable" });
    expect(answer.headers.get("retry-after")).toBe("10");
  });

  it("shows nothing, or two at once", async () => {
    const { ask } = start({ reads: { cookie: "session" } });
    expect(await ask({ origin: PAGE })).toMatchObject({ status: 401, code: "unauthenticated" });
    expect(await ask({ origin: PAGE, cookie: "session=a; session=b" })).toMatchObject({ status: 400 });
  });
});

describe("a cookie lets in pages alone", () => {
  it.each([
    ["of a listed origin", { origin: PAGE }, 200],
    ["of the signer's own", { origin: "https://signer.example" }, 200],
    ["of a listed origin on another site", { origin: PAGE, "sec-fetch-site": "cross-site" }, 200],
    ["of another origin", { origin: "https://evil.example" }, 403],
    ["and no page is none", {}, 403],
    [
      "of the signer's own that another site's frame shows",
      { origin: "https://signer.example", "sec-fetch-site": "cross-site" },
      403,
    ],
  ])("%s", async (_, headers, status) => {
    const { ask } = start({ reads: { cookie: "session" } });
    expect((await ask({ ...headers, cookie: "session=s1" } as Record<string, string>)).status).toBe(status);
  });
});

it("its function is not part of the policy's hash, and its options are", () => {
  const one = start({ verify: async () => ({ sub: "1" }) }).policy;
  expect(start({ verify: async () => undefined }).policy).toBe(one);
  expect(start({ claims: ["org"] }).policy).not.toBe(one);
});

it("beside another method that reads the same place it is refused", () => {
  const definition = defineSigner({
    access: {
      people: custom({ reads: { header: "authorization" }, verify: async () => undefined }),
      members: jwt({ secret: "JWT_SECRET", issuer: "i", audience: "a" }),
    },
    profiles: { default: { access: ["people", "members"], set: { overwrite: false } } },
  });
  const read = readBindings(definition, { ...ACCOUNT, JWT_SECRET: "x".repeat(32) });
  expect(read.ok ? [] : read.error.map(({ problem }) => problem)).toEqual([
    expect.stringContaining("nothing tells their tokens apart"),
  ]);
});

// An answer as it is made: the headers that every one has, and which of an app around the signer's stay.

import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/failure.ts";
import { failureReply, failureScript } from "../../../src/http/wire/problem-reply.ts";
import { answerAlone, jsonReply, type Reply, textReply, toResponse } from "../../../src/http/wire/reply.ts";

describe("headers", () => {
  it.each<[name: string, reply: Reply]>([
    ["JSON", jsonReply({ a: 1 })],
    ["text", textReply("a")],
    ["a problem", failureReply(failure("rate_limited"), "id")],
    ["a script", failureScript(failure("rate_limited"))],
  ])("%s may be kept by nobody, and is safe to open", (_, reply) => {
    const { headers } = toResponse(reply, {});
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("strict-transport-security")).not.toContain("includeSubDomains");
  });

  it("the reply's own win over those that are given with it, and those over the common ones", () => {
    const reply = { status: 200, headers: { "x-a": "reply" }, body: null };
    const { headers } = toResponse(reply, { "x-a": "more", "referrer-policy": "origin" });
    expect([headers.get("x-a"), headers.get("referrer-policy")]).toEqual(["reply", "origin"]);
  });

  it("each answer has headers of its own", () => {
    const [one, other] = [toResponse(jsonReply({}), {}), toResponse(jsonReply({}), {})];
    one.headers.set("x-a", "1");
    expect(other.headers.has("x-a")).toBe(false);
  });
});

describe("a failure", () => {
  it.each([
    [failure("method_not_allowed", { allow: "POST", advice: "" }), 405, "allow", "POST"],
    [
      failure("expired"),
      401,
      "www-authenticate",
      'Bearer realm="cloudinary-edge-signer", error="invalid_token"',
    ],
    [{ ...failure("expired"), challenge: "Mine" }, 401, "www-authenticate", "Mine"],
    [failure("keys_unreachable"), 503, "retry-after", "10"],
  ] as const)("%j: %d with %s", (failed, status, header, value) => {
    const reply = failureReply(failed, "id");
    expect([reply.status, reply.headers[header]]).toEqual([status, value]);
  });

  it("as a script holds its code, and nothing of the caller's", () => {
    const failed = failure("unwrapped", { form: "params", members: ["$(rm -rf /)"] });
    expect(failureScript(failed).body).toBe("echo 'malformed_request' >&2; exit 1\n");
  });
});

it("what an app around it grants to other pages is taken back, and its other headers stay", async () => {
  const app = new Hono();
  app.use(async (c, next) => {
    const theirs = { "access-control-allow-origin": "*", "x-theirs": "1", "cache-control": "public" };
    for (const [name, value] of Object.entries(theirs)) c.res.headers.set(name, value);
    await next();
  });
  app.get("/", (c) => answerAlone(c, toResponse(jsonReply({}), {})));
  const { headers } = await app.request("/");
  expect(headers.has("access-control-allow-origin")).toBe(false);
  expect([headers.get("x-theirs"), headers.get("cache-control")]).toEqual(["1", "no-store"]);
});

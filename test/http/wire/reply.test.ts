// An answer as it is made: the headers that every one has, and which of an app around the signer's stay.

import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AllowedOrigin } from "../../../src/access/origins.ts";
import { failure } from "../../../src/failure.ts";
import { failureReply, failureScript } from "../../../src/http/wire/problem-reply.ts";
import { answerAlone, jsonReply, type Reply, textReply } from "../../../src/http/wire/reply.ts";
import { toResponse } from "../../../src/http/wire/to-response.ts";

const answer = (reply: Reply, page?: AllowedOrigin, ready = new Map()) =>
  toResponse(reply, page, "id", ready);
const LISTED = { origin: "https://www.example.com", standing: "listed" } as const;

afterEach(() => void vi.unstubAllGlobals());

describe("headers", () => {
  it.each<[name: string, reply: Reply]>([
    ["JSON", jsonReply({ a: 1 })],
    ["text", textReply("a")],
    ["a problem", failureReply(failure("rate_limited"), "id")],
    ["a script", failureScript(failure("rate_limited"))],
  ])("%s may be kept by nobody, and is safe to open", (_, reply) => {
    const { headers } = answer(reply);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("strict-transport-security")).not.toContain("includeSubDomains");
  });

  it("the reply's own win over those of every answer", () => {
    const reply = { status: 200, headers: { "referrer-policy": "origin" }, body: null };
    expect(answer(reply, LISTED).headers.get("referrer-policy")).toBe("origin");
  });

  /** As there is on servers: it goes on using the Headers that it was given. */
  class KeepingResponse extends Response {
    readonly #given: Headers;
    constructor(body: BodyInit | null, init: ResponseInit & { headers: Headers }) {
      super(body, init);
      this.#given = init.headers;
    }
    override get headers(): Headers {
      return this.#given;
    }
  }

  it.each([
    ["copies", Response],
    ["keeps", KeepingResponse],
  ])("each answer has headers of its own, where a Response %s those that it is given", (_, made) => {
    vi.stubGlobal("Response", made);
    const ready = new Map();
    for (const page of [undefined, LISTED]) {
      const [one, other] = [answer(jsonReply({}), page, ready), answer(jsonReply({}), page, ready)];
      const names = [...one.headers.keys()];
      one.headers.set("x-a", "1");
      expect([...other.headers.keys()]).toEqual(names);
      expect([...answer(jsonReply({}), page, ready).headers.keys()]).toEqual(names);
    }
  });

  it("each origin has its own, whoever asked before, and only listed ones are remembered", () => {
    const ready = new Map();
    for (let round = 0; round < 2; round += 1) {
      for (const standing of ["listed", "own", "preview"] as const) {
        const origin = `https://${standing}.example.com`;
        const { headers } = answer(jsonReply({}), { origin, standing }, ready);
        expect(headers.get("access-control-allow-origin")).toBe(origin);
        expect(headers.has("access-control-allow-credentials")).toBe(standing === "listed");
      }
      expect(answer(jsonReply({}), undefined, ready).headers.has("access-control-allow-origin")).toBe(false);
    }
    expect([...ready.keys()]).toEqual(["https://listed.example.com", undefined]);
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
  app.get("/", (c) => answerAlone(c, answer(jsonReply({}))));
  const { headers } = await app.request("/");
  expect(headers.has("access-control-allow-origin")).toBe(false);
  expect([headers.get("x-theirs"), headers.get("cache-control")]).toEqual(["1", "no-store"]);
});

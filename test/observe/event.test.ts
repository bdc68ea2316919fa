// What an event says of a request: what failed in one word, and no word of a caller's own.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Failure, failure } from "../../src/failure.ts";
import {
  loggableOrigin,
  newEvent,
  noteFailure,
  type RequestEvent,
  thrownAt,
} from "../../src/observe/event.ts";
import { writeLine } from "../../src/observe/log.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";

/** The members of an event that say something. */
function told(failed: Failure, origin: string | null = null): Record<string, unknown> {
  const event = newEvent("id", "/sign/{profile}");
  noteFailure(event, failed, origin);
  const { request_id, route, ...said } = JSON.parse(JSON.stringify(event));
  expect([request_id, route]).toEqual(["id", "/sign/{profile}"]);
  return said;
}

describe("a failure", () => {
  it.each<[name: string, failed: Failure, origin: string | null, said: object]>([
    ["one reason for its code", failure("rate_limited"), null, { code: "rate_limited" }],
    ["one of several", failure("not_json"), null, { code: "malformed_request", reason: "not_json" }],
    [
      "who refused",
      { ...failure("expired"), access: "members" },
      null,
      { code: "expired_token", reason: "expired", access: "members" },
    ],
    [
      "parameters by name, and none that a caller made up",
      failure("params_refused", {
        refusals: [
          { param: "folder", why: { reason: "unsigned" } },
          { param: "to_public_id", why: { reason: "unsigned" } },
          { param: "a-secret", why: { reason: "unsigned" } },
        ],
      }),
      null,
      { code: "params_refused", refused: ["folder", "to_public_id", "(unknown)"] },
    ],
    [
      "the page of a refused origin",
      failure("unlisted_origin"),
      "https://evil.example",
      { code: "origin_not_allowed", reason: "unlisted_origin", origin: "https://evil.example" },
    ],
    [
      "no page of another failure",
      failure("expired"),
      "https://a.example",
      { code: "expired_token", reason: "expired" },
    ],
    [
      "what is misconfigured, with its place",
      failure("misconfigured", { faults: [{ binding: "B", at: "a.b", problem: "is wrong" }] }),
      null,
      { code: "misconfigured", detail: "B, a.b: is wrong" },
    ],
    [
      "where it broke",
      failure("internal", { broke: "TypeError at x" }),
      null,
      { code: "internal", detail: "TypeError at x" },
    ],
  ])("%s", (_, failed, origin, said) => {
    expect(told(failed, origin)).toEqual(said);
  });
});

it.each([
  ["https://www.example.com", "https://www.example.com"],
  ["null", "null"],
  ["https://www.example.com/a-token", "(not an origin)"],
  ["a text", "(not an origin)"],
  [`https://${"a".repeat(300)}.example`, "(not an origin)"],
])("an origin %s is logged as %s", (origin, logged) => {
  expect(loggableOrigin(origin)).toBe(logged);
});

it("where something was thrown, without its message", () => {
  const where = thrownAt(new TypeError("a secret"));
  expect(where).toMatch(/^TypeError at .*event\.test\.ts/);
  expect(where).not.toContain("a secret");
  expect(thrownAt("a secret")).toBe("not an Error");
  expect(thrownAt(new Error("a\n    at token=a-secret"))).not.toContain("a-secret");
});

it("docs/answers.md has every member of a line", async () => {
  const text = await readFile(join(PROJECT, "docs/answers.md"), "utf8");
  const table = text.slice(text.indexOf("## The log")).split("| `reason` | |")[0]!;
  const told = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
  const written = ["time", "level", ...Object.keys(newEvent("id", "/health"))];
  expect(told.toSorted()).toEqual(written.toSorted());
});

describe("a line of the log", () => {
  const lines = (setting: Parameters<typeof writeLine>[1], failed?: Failure): string[] => {
    const written: string[] = [];
    const event = newEvent("id", "/health");
    if (failed !== undefined) noteFailure(event, failed);
    event.status = 200;
    for (let i = 0; i < 20; i += 1) writeLine((line) => void written.push(line), setting, event);
    return written;
  };

  it("says what is known, in one order, and nothing of the rest", () => {
    const [line = ""] = lines("all");
    const { time } = JSON.parse(line);
    expect(new Date(time).toISOString()).toBe(time);
    expect(line).toBe(`{"time":"${time}","level":"info","request_id":"id","route":"/health","status":200}`);
  });

  it.each<[level: string, event: Partial<RequestEvent>]>([
    ["info", { status: 200 }],
    ["info", { status: 204 }],
    ["warn", { status: 401, code: "expired_token" }],
    ["warn", { status: 200, limiter: "failed" }],
    ["error", { status: 500, code: "misconfigured" }],
    ["error", { status: 503, code: "limiter_unavailable", limiter: "failed" }],
  ])("is %s for %j", (level, members) => {
    const written: string[] = [];
    const event = Object.assign(newEvent("id", "/health"), members);
    writeLine((line) => void written.push(line), "all", event);
    expect(JSON.parse(written[0]!).level).toBe(level);
  });

  it.each([
    ["all", 20],
    ["refusals", 0],
    [{ sample: 0 }, 0],
    [{ sample: 1 }, 20],
  ] as const)("%j: %d of 20, and every refusal", (setting, count) => {
    expect(lines(setting)).toHaveLength(count);
    expect(lines(setting, failure("rate_limited"))).toHaveLength(20);
  });

  it("a log that fails keeps nobody from an answer", () => {
    const broken = () => {
      throw new Error("down");
    };
    expect(() => writeLine(broken, "all", newEvent("id", "/health"))).not.toThrow();
  });
});

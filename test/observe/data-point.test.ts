// The metrics: every request is a data point that workerd's own Analytics Engine binding takes, whatever is logged; its
// columns are those of docs/production.md; and a dataset that fails in any way keeps nobody from an answer.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createService } from "../../src/binding/binding.ts";
import { createApp } from "../../src/http/app.ts";
import { createConsumer } from "../../src/notifications/consume.ts";
import { type Analytics, writePoint } from "../../src/observe/data-point.ts";
import { newEvent, type RequestEvent } from "../../src/observe/event.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { API_SECRET } from "../bench/account.ts";
import { ACCOUNT } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { type Place, type Point, startPlace, VISITS } from "./visits.ts";

const TEXT = await readFile(join(PROJECT, "docs/production.md"), "utf8");
const rowsUnder = (heading: string) =>
  [
    ...TEXT.slice(TEXT.indexOf(heading))
      .split("\n\n")[0]!
      .matchAll(/^\| `?([\w ]+?)`? \| `?([\w ]+?)`? \|/gm),
  ].map(([, first, second]) => [first!, second!] as const);
/** The field of each column, as the page has them. */
const COLUMNS = new Map(rowsUnder("| column |").slice(1));

type Written = Parameters<Analytics["dataset"]["writeDataPoint"]>[0];

/** A dataset in this process. */
function dataset() {
  const points: Written[] = [];
  return { points, writeDataPoint: (point: Written) => void points.push(point) };
}

/** A data point by the page's names of its columns. */
const named = ({ indexes, blobs, doubles }: Written) =>
  Object.fromEntries(
    [
      ...indexes.map((value, i) => [`index${i + 1}`, value] as const),
      ...blobs.map((value, i) => [`blob${i + 1}`, value] as const),
      ...doubles.map((value, i) => [`double${i + 1}`, value] as const),
    ].map(([column, value]) => [COLUMNS.get(column) ?? column, value]),
  );

it("has the columns of the page, each of the event's member of that name", () => {
  const members = {
    ...{ profile: "a-profile", access: "a-method", code: "rate_limited", reason: "expired" },
    ...{
      enforced: "kept",
      limiter: "failed",
      previous: true,
      status: 429,
      ms: 7,
      detail: "DETAIL",
      origin: "ORIGIN",
    },
    ...{ subject: "SUBJECT", refused: ["REFUSED"] },
  } as const;
  const to = dataset();
  const event = Object.assign(newEvent("REQUEST", "a-route"), members) as RequestEvent;
  writePoint({ dataset: to, environment: "staging" }, event);
  const { subject, refused, detail, origin, ...told } = members;
  expect(named(to.points[0]!)).toEqual({
    ...{ ...told, previous: "true" },
    route: "a-route",
    environment: "staging",
    verdict: "refused",
  });
  for (const hidden of [subject, ...refused, detail, origin, "REQUEST"])
    expect(JSON.stringify(to.points)).not.toContain(hidden);
});

describe("the built Worker, with workerd's own binding", () => {
  let place: Place;
  beforeAll(async () => {
    const folder = await newOwnerFolder();
    const [definition = ""] = TEXT.match(/(?<=^```ts\n)\/\/ signer\.config\.ts\n[\s\S]*?(?=^```$)/m)!;
    // Nothing is logged but refusals.
    const read = { ...((await folder.load(definition)) as object), log: "refusals" };
    await folder.close();
    place = await startPlace(inject("workerBuild"), read);
  });
  afterAll(() => place?.close());

  const pointOf = (row: Record<string, unknown>): Point => {
    const of = (field: string) => row[[...COLUMNS].find(([, name]) => name === field)![0]] as never;
    return [
      of("profile"),
      of("route"),
      of("access"),
      of("verdict"),
      of("status"),
      of("code"),
      of("reason"),
      of("enforced"),
    ];
  };
  /** With "" in the place of what is not there. */
  const whole = (point: Point) => Array.from({ length: 8 }, (_, i) => point[i] ?? "");
  const sorted = (points: readonly unknown[]) => points.map((point) => JSON.stringify(point)).sort();

  it.each(VISITS.map((visit) => [visit.name, visit] as const))("%s", async (_, { run, points }) => {
    const before = place.rows.length;
    await run(place);
    await expect.poll(() => place.rows.length).toBe(before + points.length);
    const rows = place.rows.slice(before);
    expect(JSON.stringify(rows)).not.toContain(API_SECRET);
    expect(sorted(rows.map((row) => pointOf(row)))).toEqual(sorted(points.map(whole)));
    for (const row of rows) {
      expect(row).toMatchObject({ blob1: "", blob9: "", blob10: "", double3: 0 });
      expect(row.double2).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("every way to ask", () => {
  const sign = {
    profiles: { default: { access: ["public"] }, app: { access: ["backend"], set: { overwrite: false } } },
  };
  const SIGNER = { ...sign, access: { backend: { type: "service" } } };
  const QUIET = { log: () => {} };
  const notification = { id: "a", type: "upload", body: {}, profile: "default" };
  const message = (body: unknown) => ({ body, attempts: 1, ack: () => {}, retry: () => {} });
  const ways: readonly [string, Record<string, unknown>, (to: object) => Promise<unknown>, unknown[]][] = [
    ["POST", { SIGNER }, (to) => ask(to, "POST"), [["default", "signed", 200]]],
    ["GET", { SIGNER }, (to) => ask(to, "GET"), [["default", "answered", 200]]],
    [
      "another Worker",
      { SIGNER },
      (to) => createService(read(to), QUIET).sign({ profile: "app", claims: { sub: "42" } }),
      [["app", "signed", 200]],
    ],
    [
      "the queue",
      { SIGNER, APP: { fetch, onNotification: () => {} } },
      (to) => createConsumer(read(to), QUIET)({ messages: [message(notification), message("nonsense")] }),
      [
        ["default", "delivered", 200],
        ["", "refused", 400],
      ],
    ],
    [
      "a wrong configuration",
      { SIGNER: { ...SIGNER, profiles: { p: {} } } },
      (to) => ask(to, "POST"),
      [["", "failed", 500]],
    ],
    [
      "its health",
      { SIGNER: { profiles: { p: {} } } },
      (to) => ask(to, "GET", "/health"),
      [["", "failed", 503]],
    ],
  ];
  let bindings: Record<string, unknown> = {};
  const read = (to: object) => readBindings({ ...ACCOUNT, ...bindings, ANALYTICS: to });
  const ask = async (to: object, method: string, path = "/sign") =>
    createApp(read(to), QUIET).request(path, { method });

  it.each(ways)("%s", async (_, given, run, points) => {
    bindings = given;
    const to = dataset();
    await run(to);
    const told = to.points.map(named).map(({ profile, verdict, status }) => [profile, verdict, status]);
    expect(told.sort()).toEqual(points.toSorted());
  });
});

describe("a dataset", () => {
  const SIGNER = { profiles: { default: { access: ["public"] } } };
  const answerWith = (ANALYTICS: unknown) =>
    createApp(readBindings({ ...ACCOUNT, SIGNER, ANALYTICS }), { log: () => {} }).request("/sign", {
      method: "POST",
    });

  it.each<[string, () => unknown]>([
    [
      "that throws",
      () => {
        throw new Error("down");
      },
    ],
    ["that rejects", () => Promise.reject(new Error("down"))],
    ["that hangs", () => new Promise(() => {})],
    [
      "whose answer can't be read",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what a stub of another Worker's may answer
        get then() {
          throw new Error("down");
        },
      }),
    ],
  ])("%s keeps nobody from a ticket", async (_, writeDataPoint) => {
    const rejected: unknown[] = [];
    const note = (error: unknown) => void rejected.push(error);
    process.on("unhandledRejection", note);
    expect((await answerWith({ writeDataPoint })).status).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(rejected).toEqual([]);
  });

  it.each([["a text"], [null], [{}], [{ writeDataPoint: "yes" }]])(
    "that is none (%j) is a fault, with the fix",
    async (ANALYTICS) => {
      const read = readBindings({ ...ACCOUNT, SIGNER, ANALYTICS });
      expect(read.ok ? [] : read.error).toEqual([
        {
          binding: "ANALYTICS",
          problem:
            "write it under [[analytics_engine_datasets]] in wrangler.toml: it is not an Analytics Engine dataset",
        },
      ]);
      expect((await answerWith(ANALYTICS)).status).toBe(500);
    },
  );

  it.each([
    ["production", { SIGNER: { ...SIGNER, environments: { staging: {} } } }, ""],
    ["staging", { SIGNER: { ...SIGNER, environments: { staging: {} } }, SIGNER_ENV: "staging" }, "staging"],
    ["a secret in its place", { SIGNER, SIGNER_ENV: "a-secret-text" }, ""],
    ["a wrong form", { SIGNER: { ...SIGNER, environments: 7 }, SIGNER_ENV: "toString" }, ""],
  ])("is told of the environment that there is: %s", async (_, bindings, environment) => {
    const to = dataset();
    const app = createApp(readBindings({ ...ACCOUNT, ...bindings, ANALYTICS: to }), { log: () => {} });
    await app.request("/sign", { method: "POST" });
    expect(named(to.points[0]!).environment).toBe(environment);
  });
});

// The load generator counts what went wrong, and a contender that answers wrongly is not measured.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Contender } from "./contender.ts";
import { Loader } from "./load.ts";
import { Progress } from "./progress.ts";
import { failureOf } from "./report/verdict.ts";
import { measure } from "./rounds.ts";

const PLAN = { rounds: 2, seconds: 0.5, warmUp: 0.1 };

/** How long an answer takes, in milliseconds: under load nobody computes meanwhile. */
const ANSWERS_IN = 20;

class Silent extends Progress {
  override say(): void {}
}

/** What asks once, before and after the load, is `fetch`, which tells so; the load generator does not. */
const isLoad = (headers: IncomingHttpHeaders): boolean => headers["sec-fetch-mode"] === undefined;

/**
 * A server whose answers under load have these statuses, in turn, and which tells what it was sent. Who asks once is
 * always answered well: whose turn is a refusal must not depend on how much the load sent before.
 */
function contender(statuses: readonly number[], changed: Partial<Contender> = {}) {
  const seen = { authorizations: new Set<string | undefined>() };
  let asked = 0;
  const one: Contender = {
    name: "one",
    title: "one",
    asking: () => ({ path: "/sign", headers: { "content-type": "application/json" }, body: "{}" }),
    fault: () => undefined,
    start: async () => {
      const server = createServer((request, response) => {
        seen.authorizations.add(request.headers.authorization);
        request.resume().once("end", async () => {
          await setTimeout(ANSWERS_IN);
          const status = isLoad(request.headers) ? statuses[asked++ % statuses.length]! : 200;
          if (status === 0) request.socket.end();
          else response.writeHead(status).end("{}");
        });
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        pid: process.pid,
        close: async () => {
          server.closeAllConnections();
          server.close();
        },
      };
    },
    ...changed,
  };
  return { one, seen };
}

let loader: Loader;
beforeAll(() => {
  loader = new Loader();
});
afterAll(() => loader.close());

it("a contender that answers well", async () => {
  const { one } = contender([200]);
  const [row] = await measure([one], PLAN, loader, new Silent(""));
  expect(row).toMatchObject({ name: "one", bad: 0 });
  expect(row!.perSecond).toHaveLength(PLAN.rounds);
  expect(failureOf(row!)).toBeUndefined();
});

it("one answer in ten that is not 2xx", async () => {
  const { one } = contender([...Array(9).fill(200), 500]);
  const [row] = await measure([one], PLAN, loader, new Silent(""));
  expect(row!.bad).toBeGreaterThan(0);
  expect(failureOf(row!)).toMatch(/^\d+ of \d+ answers failed$/);
});

it("a first answer that is wrong ends it", async () => {
  const { one } = contender([200], { fault: () => "not what was wanted" });
  await expect(measure([one], PLAN, loader, new Silent(""))).rejects.toThrow("one: not what was wanted: {}");
});

it("one that is right at first and wrong under load ends it", async () => {
  let asked = 0;
  const { one } = contender([200], { fault: () => (asked++ === 0 ? undefined : "not what was wanted") });
  await expect(measure([one], PLAN, loader, new Silent(""))).rejects.toThrow("one: not what was wanted: {}");
});

it("connections that are closed without an answer", async () => {
  // Status 0 stands for that.
  const { one } = contender([200, 0]);
  const [row] = await measure([one], { rounds: 1, seconds: 1, warmUp: 0.1 }, loader, new Silent(""));
  expect(row!.good).toBeGreaterThan(0);
  expect(failureOf(row!)).toMatch(/^\d+ of \d+ answers failed$/);
});

it("tokens are dealt out to the connections", async () => {
  const tokens = Array.from({ length: 40 }, (_, i) => `token-${i}`);
  let sent = 0;
  const { one, seen } = contender([200], {
    asking: () => ({ path: "/", headers: {}, body: "{}", tokens }),
    sent: (requests) => {
      sent += requests;
    },
  });
  await measure([one], { rounds: 1, seconds: 1, warmUp: 0.1 }, loader, new Silent(""));
  expect(sent).toBeGreaterThanOrEqual(tokens.length);
  expect(seen.authorizations).toEqual(new Set(tokens.map((token) => `Bearer ${token}`)));
});

// `npm run test:runtimes` never says passed of what was not tried, or answered wrongly. Nothing is installed here:
// the runtimes are this Node, and programs that are not there.

import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { describe, expect, it } from "vitest";
import { err, ok, type Result } from "../../src/result.ts";
import { FULL } from "../support/counts.ts";
import type { Counts } from "./count-reporter.ts";
import probe from "./probe.ts";
import { cell, table, withTable } from "./report.ts";
import type { Runtime } from "./runtimes.ts";
import { type Running, startProgram } from "./start.ts";
import { allPassed, type Tried, tryRuntimes } from "./try.ts";
import { QUESTION_HEADER } from "./wire.ts";

const OPTIONS = { build: "none", files: ["test/signature/vectors.test.ts"], say: () => {} };

/** A runtime that is started so. */
const runtime = (start: () => Promise<Result<Running, string>>): Runtime => ({
  name: "trial",
  title: "Trial",
  version: "1.0.0",
  start,
});

const program = (name: string, ...args: string[]) => runtime(() => startProgram(name, args));

/** The probe in this process, whose answers to questions are changed on their way. */
function served(change: (text: string) => string): Runtime {
  return runtime(async () => {
    const server = serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request: Request) => {
        const isQuestion = request.headers.has(QUESTION_HEADER);
        const response = await probe.fetch(request);
        return isQuestion ? new Response(change(await response.text())) : response;
      },
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return ok({ url, version: "1.0.0", stop: async () => void server.close() });
  });
}

async function tried(one: Runtime): Promise<Tried> {
  const [result] = await tryRuntimes([one], OPTIONS);
  return result!;
}

const NOBODY = "process.stdout.write('listening 9 0.9.0\\n'); setInterval(() => {}, 1000)";

describe("not run", () => {
  it.each<[string, Runtime, string]>([
    ["a program that is not there", program("/nowhere/edge-signer-runtime"), "it did not start"],
    ["a program that ends at once", program(process.execPath, "-e", "1"), "it did not start"],
    ["another version", program(process.execPath, "-e", NOBODY), "it says that it is 0.9.0"],
    ["one that can't be had", runtime(async () => err("no network")), "no network"],
  ])("%s", async (_, one, why) => {
    const result = await tried(one);
    expect(result.result).toEqual({ ok: false, error: why });
    expect(allPassed([result])).toBe(false);
    expect(table([result]).split("\n").at(-1)).toBe(`| Trial | 1.0.0 | **not run: ${why}** |  |  |  |  |`);
  });

  it("keeps no other from being tried", async () => {
    const nowhere = program("/nowhere/edge-signer-runtime");
    expect((await tryRuntimes([nowhere, nowhere], OPTIONS)).length).toBe(2);
  });
});

/** The counts of the vectors alone: what else there is was not asked for. */
function vectorsOf({ result }: Tried): Counts["vectors"] {
  if (!result.ok) throw new Error(result.error);
  expect(cell(result.value.differential)).toBe("not run");
  return result.value.vectors;
}

describe("tried", () => {
  it.runIf(FULL)("the probe as it is: passed, and counted only where it was asked", async () => {
    const counts = vectorsOf(await tried(served((text) => text)));
    expect(counts.failed).toEqual([]);
    expect(counts.passed).toBeGreaterThan(50);
    // Every test that counts asked something; one of the file asks nothing.
    expect(counts.asked).toBe(counts.passed);
  });

  it("one digit of each SHA-1 is wrong: those failed, and what else was asked passed", async () => {
    const wrong = (text: string) => text.replace(/(?<="returned":")[0-9a-f](?=[0-9a-f]{39}")/, "x");
    const result = await tried(served(wrong));
    const { passed, failed, asked } = vectorsOf(result);
    expect(failed.length).toBeGreaterThan(30);
    expect(passed).toBeGreaterThan(20);
    // Every test of the file but one asks something, and each once.
    expect(asked).toBe(passed + failed.length);
    expect(cell({ passed, failed })).toContain(`${failed.length} failed`);
    expect(allPassed([result])).toBe(false);
  });

  it.runIf(FULL)("no sense in its answers: failed", async () => {
    const { passed, failed } = vectorsOf(await tried(served(() => "{}")));
    expect(passed).toBe(0);
    expect(failed.length).toBeGreaterThan(50);
  });
});

describe("the table", () => {
  const good = { passed: 3, failed: [], asked: 1000 };
  const counts = (changed: Partial<Counts> = {}): Counts => ({
    vectors: good,
    differential: good,
    policy: good,
    HTTP: good,
    ...changed,
  });
  const of = (result: Tried["result"]): Tried => ({ title: "Trial", version: "1.0.0", result });

  it.each<[string, Tried["result"], boolean, string]>([
    ["all passed", ok(counts()), true, "| 3/3 | 3/3 | 3/3 | 3/3 | 4,000 |"],
    [
      "one failed",
      ok(counts({ HTTP: { ...good, failed: ["a"] } })),
      false,
      "| 3/3 | 3/3 | 3/3 | **3/4, 1 failed** | 4,000 |",
    ],
    [
      "a group of which nothing ran",
      ok(counts({ policy: { passed: 0, failed: [], asked: 0 } })),
      false,
      "| 3/3 | 3/3 | not run | 3/3 | 3,000 |",
    ],
    ["not run", err("no network"), false, "| **not run: no network** |  |  |  |  |"],
  ])("%s", (_, result, isGood, cells) => {
    expect(allPassed([of(result), of(ok(counts()))])).toBe(isGood);
    expect(
      table([of(result)])
        .split("\n")
        .at(-1),
    ).toBe(`| Trial | 1.0.0 ${cells}`);
  });

  it("nothing tried is nothing passed", () => {
    expect(allPassed([])).toBe(false);
  });

  it("stands between its marks", () => {
    const text = "a\n<!-- runtimes:start -->\nold\n<!-- runtimes:end -->\nb\n";
    const written = withTable(text, "| new |");
    expect(written).toBe("a\n<!-- runtimes:start -->\n| new |\n<!-- runtimes:end -->\nb\n");
    expect(withTable(written, "| new |")).toBe(written);
    expect(() => withTable("a", "| new |")).toThrow("runtimes:start");
  });
});

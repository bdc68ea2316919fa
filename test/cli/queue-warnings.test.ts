// The queue in wrangler.toml: what `check` says of it, and that the blocks in comments are right once they are none.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { queueNames } from "../../src/cli/replay.ts";
import { readWrangler } from "../../src/cli/wrangler-toml.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { runHere } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { CONFIG_MODULE, deployment, RIGHT, WRANGLER } from "./deployment.ts";

/** A file with its commented-out tables on. */
const switchedOn = (toml: string): string => toml.replace(/^# (?=\[\[?\w|\w+ = )/gm, "");
const read = (path: string): Promise<string> => readFile(join(PROJECT, path), "utf8");
/** The lines that say something, of a part of a file. */
const lines = (toml: string): string[] =>
  toml.split("\n").flatMap((line) => line.replace(/#.*/, "").trim() || []);

describe("the blocks in comments", () => {
  it("are those of test/everything, which check bundles", async () => {
    const tables = (toml: string) => lines(toml.slice(toml.indexOf("[observability]")));
    const root = tables(switchedOn(await read("wrangler.toml")));
    expect(root).toContain("[[queues.consumers]]");
    expect(tables(await read("test/everything/wrangler.toml"))).toEqual(root);
  });

  it.each([
    ["wrangler.toml", "signer"],
    ["template/wrangler.toml", "my-signer"],
  ])("of %s have all that is needed", async (path, name) => {
    const files = await deployment({ "wrangler.toml": switchedOn(await read(path)) });
    const config = await readWrangler(files.config, undefined);
    await files.remove();
    expect(queueNames(config, path)).toEqual({
      queue: `${name}-notifications`,
      dead: `${name}-dead-letters`,
    });
    expect(config.services?.map(({ binding }) => binding)).toEqual(["APP"]);
  });
});

const PRODUCER = '[[queues.producers]]\nbinding = "NOTIFICATIONS"\nqueue = "notes"\n';
const CONSUMER = '[[queues.consumers]]\nqueue = "notes"\n';
const DEAD = 'dead_letter_queue = "dead"\n';
const APP = '[[services]]\nbinding = "APP"\nservice = "shop"\n';
const METRICS = '[[analytics_engine_datasets]]\nbinding = "ANALYTICS"\n';

/** Each check would bundle the same sources. */
const DEFINITION = RIGHT["signer.config.ts"]
  .replace(CONFIG_MODULE, await configModule())
  .replace(/ {2}environments: [\s\S]*?\n {2}\},\n/, "");

describe("check", () => {
  /** The environment without a name alone. */
  async function run(tables: string) {
    const toml = WRANGLER.slice(0, WRANGLER.indexOf("[env.")) + tables;
    const files = await deployment({ "wrangler.toml": toml, "signer.config.ts": DEFINITION });
    const ran = await runHere(main, ["check", "--config", files.config]);
    await files.remove();
    const warnings = ran.stdout.split("\n").filter((line) => /(NOTIFICATIONS|ANALYTICS): /.test(line));
    return {
      ...ran,
      warnings: warnings.map((line) => line.replace(/.*?(?=(NOTIFICATIONS|ANALYTICS): )/, "")),
    };
  }

  it.each<[string, string, readonly string[]]>([
    ["no queue", "", []],
    ["all of it", PRODUCER + CONSUMER + DEAD + APP, []],
    [
      "no consumer",
      PRODUCER + APP,
      ["NOTIFICATIONS: write a consumer of notes under [[queues.consumers]], unless another Worker has one:"],
    ],
    [
      "a consumer of another queue",
      PRODUCER + CONSUMER.replace("notes", "others") + APP,
      ["NOTIFICATIONS: write a consumer of notes under [[queues.consumers]]"],
    ],
    ["no APP", PRODUCER + CONSUMER + DEAD, ["NOTIFICATIONS: bind APP under [[services]]:"]],
    ["a batch of 31", `${PRODUCER}${CONSUMER}${DEAD}max_batch_size = 31\n${APP}`, []],
    [
      "a batch of 32",
      `${PRODUCER}${CONSUMER}${DEAD}max_batch_size = 32\n${APP}`,
      ["NOTIFICATIONS: write max_batch_size = 31 or less for notes under [[queues.consumers]]:"],
    ],
    ["a batch of 25, and metrics", `${PRODUCER}${CONSUMER}${DEAD}max_batch_size = 25\n${APP}${METRICS}`, []],
    [
      "a batch of 26, and metrics",
      `${PRODUCER}${CONSUMER}${DEAD}max_batch_size = 26\n${APP}${METRICS}`,
      ["ANALYTICS: write max_batch_size = 25 or less for notes under [[queues.consumers]]:"],
    ],
    [
      "a batch of 32, and metrics",
      `${PRODUCER}${CONSUMER}${DEAD}max_batch_size = 32\n${APP}${METRICS}`,
      ["ANALYTICS: write max_batch_size = 25 or less for notes under [[queues.consumers]]:"],
    ],
    [
      "no dead letters",
      PRODUCER + CONSUMER + APP,
      ['NOTIFICATIONS: write dead_letter_queue = "…" for notes under [[queues.consumers]]:'],
    ],
  ])("%s", async (_, tables, begins) => {
    const { code, warnings } = await run(tables);
    expect([code, warnings.length]).toEqual([0, begins.length]);
    for (const [i, words] of begins.entries()) expect(warnings[i]).toContain(words);
  });

  it("a queue under another table, or as a variable, is found", async () => {
    const bucket = await run('[[kv_namespaces]]\nbinding = "NOTIFICATIONS"\nid = "a"\n');
    expect([bucket.code, bucket.stderr]).toEqual([
      1,
      expect.stringContaining(
        "NOTIFICATIONS: write it under [[queues.producers]]: it is under [[kv_namespaces]]",
      ),
    ]);
  });
});

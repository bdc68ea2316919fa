// `replay`: what it takes out of the dead letters, and when; what it says, and what it never says.

import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { runHere } from "../support/command.ts";
import { deployment, WRANGLER } from "./deployment.ts";
import { ACCOUNT_ID, queueOf, type StandInQueue, startQueues, TOKEN } from "./queues-stand-in.ts";

const QUEUES = `
[[queues.producers]]
binding = "NOTIFICATIONS"
queue = "notes"

[[queues.consumers]]
queue = "notes"
dead_letter_queue = "dead"

[[env.staging.queues.producers]]
binding = "NOTIFICATIONS"
queue = "notes-staging"

[[env.staging.queues.consumers]]
queue = "notes-staging"
dead_letter_queue = "dead-staging"

[env.bare]
`;

let files: Awaited<ReturnType<typeof deployment>>;
beforeAll(async () => {
  files = await deployment({ "wrangler.toml": WRANGLER + QUEUES });
});
afterAll(() => files.remove());

const notification = (id: string, more: object = {}) =>
  JSON.stringify({
    ...{ id, type: "upload", profile: "photos", subject: "somebody", ...more },
    body: { context: { custom: { caption: "a private matter" } } },
  });

type Fails = Parameters<typeof startQueues>[1];
let standIn: Awaited<ReturnType<typeof startQueues>> | undefined;
afterEach(() => standIn?.close());

interface Given {
  readonly main?: StandInQueue;
  readonly dead?: StandInQueue;
  readonly fails?: Fails;
  readonly env?: Record<string, string>;
}

/** Runs the command over two queues, one of which looks like the other, and a third of nobody's. */
async function run(args: readonly string[], given: Given = {}) {
  const queue = given.main ?? queueOf("notes", "worker");
  const dead =
    given.dead ?? queueOf("dead", "http_pull", [notification("one"), "json"], [notification("two"), "json"]);
  const other = queueOf(`${dead.name}-of-others`, "http_pull", [notification("theirs"), "json"]);
  standIn?.close();
  standIn = await startQueues([other, queue, dead], given.fails);
  const env = {
    ...{ CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID },
    ...{ CLOUDFLARE_API_BASE_URL: standIn.url, ...given.env },
  };
  const ran = await runHere(main, ["replay", "--config", files.config, ...args], env);
  const said = stripVTControlCharacters(ran.stdout + ran.stderr);
  expect(said).not.toContain(TOKEN);
  expect(other.messages.map(({ attempts }) => attempts)).toEqual([0]);
  const held = ({ messages }: StandInQueue) => messages.map(({ body }) => body);
  return { ...ran, said, queue: held(queue), dead, left: held(dead), journal: standIn.journal };
}

/** Letters with IDs from 0. */
const many = (count: number) =>
  queueOf(
    "dead",
    "http_pull",
    ...Array.from({ length: count }, (_, i) => [notification(`n-${i}`), "json"] as const),
  );

describe("dead letters", () => {
  it("go back into the queue as they were, are acknowledged after that, and told by name", async () => {
    const { code, stdout, stderr, queue, left, journal } = await run([]);
    expect([code, queue, left]).toEqual([0, [notification("one"), notification("two")], []]);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "✓ upload one, profile photos, of 2026-11-23T21:20:00.000Z",
      "✓ upload two, profile photos, of 2026-11-23T21:20:00.000Z",
    ]);
    expect(stderr).toBe("2 replayed from dead into notes\n");
    expect(journal.filter((one) => one.includes("messages"))).toEqual([
      "POST /messages/pull",
      "POST /messages",
      "POST /messages",
      "POST /messages/ack",
      "POST /messages/pull",
    ]);
    expect(stdout + stderr).not.toMatch(/private matter|somebody/);
  });

  it("are those of the environment's own queues", async () => {
    const given = {
      main: queueOf("notes-staging", "worker"),
      dead: queueOf("dead-staging", "http_pull", [notification("one"), "json"]),
    };
    const { code, queue } = await run(["--env", "staging"], given);
    expect([code, queue]).toEqual([0, [notification("one")]]);
  });

  it("are replayed batch by batch, up to the limit, and what is beyond it is told", async () => {
    const all = await run(["--limit", "90"], { dead: many(45) });
    expect([all.code, all.queue.length, new Set(all.queue).size, all.left]).toEqual([0, 45, 45, []]);
    const some = await run(["--limit", "25"], { dead: many(45) });
    expect([some.code, some.queue.length, some.left.length]).toEqual([1, 25, 20]);
    expect(some.stderr).toBe("25 replayed from dead into notes; there may be more, run it again\n");
  });

  it("that are no JSON and no text stay where they are, and keep no other from going", async () => {
    const dead = queueOf(
      "dead",
      "http_pull",
      [notification("one"), "json"],
      ["\u00ff\u000f", "v8"],
      ["a text", "text"],
      ["bytes", "bytes"],
    );
    const { code, queue, stdout, stderr, left } = await run([], { dead });
    expect([code, queue, left]).toEqual([1, [notification("one"), "a text"], ["\u00ff\u000f", "bytes"]]);
    expect(stdout.match(/✗ message \w+, of .*, left: it is no JSON and no text/g)).toHaveLength(2);
    expect(stderr).toBe("2 replayed from dead into notes; 2 left in dead\n");
    expect(dead.messages.map(({ lease, attempts }) => [lease, attempts])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  it("that the queue does not take stay where they are, and keep no other from going", async () => {
    const dead = queueOf(
      "dead",
      "http_pull",
      [notification("huge", { padding: "x".repeat(128_000) }), "json"],
      [notification("one"), "json"],
    );
    const { code, stdout, queue, left } = await run([], { dead });
    expect([code, queue]).toEqual([1, [notification("one")]]);
    expect(left.map((body) => JSON.parse(body).id)).toEqual(["huge"]);
    expect(dead.messages.map(({ lease }) => lease)).toEqual([undefined]);
    expect(stdout).toMatch(/^✗ upload huge, .*left: Cloudflare does not take it$/m);
  });

  it("none there is fine", async () => {
    const { code, said } = await run([], { dead: queueOf("dead", "http_pull") });
    expect([code, said]).toEqual([0, "0 replayed from dead into notes\n"]);
  });
});

describe("--dry-run", () => {
  it("lists, and changes nothing: being pulled would count", async () => {
    const { code, stdout, stderr, queue, dead, journal } = await run(["--dry-run"], { dead: many(3) });
    expect([code, queue, dead.messages.map(({ attempts }) => attempts)]).toEqual([1, [], [0, 0, 0]]);
    expect(stdout.match(/^· upload n-\d, profile photos/gm)).toHaveLength(3);
    expect([stderr, journal.at(-1)]).toEqual(["3 in dead\n", "POST /messages/peek"]);
  });

  it.each([
    [["--limit", "2"], "2 in dead, of about 3\n"],
    [[], "3 in dead\n"],
  ])("%j: as many as the limit", async (args, stderr) => {
    expect((await run(["--dry-run", ...args], { dead: many(3) })).stderr).toBe(stderr);
  });

  it("shows a hundred of the longest there are", async () => {
    const long = notification("n", { padding: "x".repeat(127_000) });
    const dead = queueOf("dead", "http_pull", ...Array.from({ length: 100 }, () => [long, "json"] as const));
    expect((await run(["--dry-run"], { dead })).stderr).toBe("100 in dead\n");
  });

  it("wants no pull consumer, and says where nothing is there", async () => {
    const { code, said } = await run(["--dry-run"], { dead: queueOf("dead", undefined) });
    expect([code, said]).toEqual([0, "nothing in dead\n"]);
  });
});

describe("what is printed", () => {
  it("--print shows what the letters hold", async () => {
    const { stdout } = await run(["--dry-run", "--print"]);
    expect(stdout.match(/a private matter/g)).toHaveLength(2);
  });

  it.each([
    [["--json"], false],
    [["--json", "--print"], true],
  ])("%j is one document", async (args, hasBody) => {
    const { stdout, stderr } = await run(args);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ ok: true, queue: "notes", dead_letter_queue: "dead", replayed: 2 });
    expect(told.letters[0]).toMatchObject({
      state: "replayed",
      notification: "one",
      type: "upload",
      attempts: 1,
    });
    expect([stderr, stdout.includes("private matter"), "body" in told.letters[0]]).toEqual([
      "",
      hasBody,
      hasBody,
    ]);
  });

  it("what a letter calls itself can't command the terminal", async () => {
    const dead = queueOf("dead", "http_pull", [notification("\u001b[2J\u202e", { type: "\u0007" }), "json"]);
    const ran = await run([], { dead });
    expect(ran.stdout).toContain("✓ \ufffd \ufffd[2J\ufffd");
  });
});

/** Fails the nth of what is asked by one path, and all after it. */
const failsFrom = (path: string, nth: number, how: number | "hang"): Fails => {
  let count = 0;
  return (asked) => (asked === path && ++count >= nth ? how : undefined);
};

describe("what breaks off loses nothing", () => {
  it.each<[string, Fails, sent: number, left: number, words: string]>([
    ["a pull", failsFrom("POST /messages/pull", 1, 500), 0, 3, "run it again: Cloudflare answers 500"],
    [
      "the first publishing",
      failsFrom("POST /messages", 1, 500),
      0,
      3,
      "run it again: Cloudflare answers 500",
    ],
    ["the second", failsFrom("POST /messages", 2, 429), 1, 2, "wait five minutes, and run it again"],
    // Published, and not acknowledged: these will be heard of twice.
    ["acknowledging", failsFrom("POST /messages/ack", 1, 503), 3, 3, "3 were replayed before"],
    ["the list", failsFrom("GET list", 1, 403), 0, 3, "the permission Account, Queues, Edit"],
  ])("%s", async (_, fails, sent, left, words) => {
    const ran = await run([], { dead: many(3), fails });
    expect([ran.code, ran.queue.length, ran.left.length]).toEqual([2, sent, left]);
    expect(ran.stderr).toContain(words);
    const inBoth = ran.queue.filter((one) => ran.left.includes(one));
    expect(new Set([...ran.queue, ...ran.left]).size).toBe(3);
    expect(inBoth.length).toBe(sent + left - 3);
    // What was not published is there for the next run at once.
    if (!ran.journal.includes("POST /messages/ack") || sent < 3)
      expect(ran.dead.messages.every(({ lease }) => lease === undefined)).toBe(true);
  });

  it("Ctrl-C stops between two letters", async () => {
    const dead = many(3);
    const queue = queueOf("notes", "worker");
    let stop: (code: number) => void = () => {};
    standIn = await startQueues([queue, dead], (asked) => {
      if (asked === "POST /messages") stop(130);
      return undefined;
    });
    const env = {
      ...{ CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID },
      CLOUDFLARE_API_BASE_URL: standIn.url,
    };
    const code = await main(["replay", "--config", files.config], {
      env,
      out: () => {},
      err: () => {},
      onStop: (listener) => {
        stop = listener;
        return () => {};
      },
    });
    expect([code, queue.messages.length, dead.messages.length]).toEqual([130, 1, 2]);
    expect(dead.messages.every(({ lease }) => lease === undefined)).toBe(true);
  });
});

describe("what it needs", () => {
  it.each<[string, readonly string[], Given, string]>([
    ["a token", [], { env: { CLOUDFLARE_API_TOKEN: "" } }, "set CLOUDFLARE_API_TOKEN"],
    [
      "a token that can be sent",
      [],
      { env: { CLOUDFLARE_API_TOKEN: "two\nlines" } },
      "copy CLOUDFLARE_API_TOKEN anew",
    ],
    [
      "the right token",
      [],
      { env: { CLOUDFLARE_API_TOKEN: "another" } },
      "Cloudflare answers 403, Authentication error",
    ],
    ["an account", [], { env: { CLOUDFLARE_ACCOUNT_ID: "" } }, "set CLOUDFLARE_ACCOUNT_ID"],
    ["an account's ID", [], { env: { CLOUDFLARE_ACCOUNT_ID: "a/b" } }, "set CLOUDFLARE_ACCOUNT_ID"],
    [
      "an address that keeps the token",
      [],
      { env: { CLOUDFLARE_API_BASE_URL: "http://api.example" } },
      "correct CLOUDFLARE_API_BASE_URL: it must begin with https://",
    ],
    ["a queue", [], { main: queueOf("else", "worker") }, "run `npx wrangler queues create notes`"],
    ["dead letters", [], { dead: queueOf("else", "http_pull") }, "run `npx wrangler queues create dead`"],
    [
      "dead letters that can be pulled",
      [],
      { dead: queueOf("dead", undefined) },
      "run `npx wrangler queues consumer http add dead --message-retries 100`",
    ],
    ["an environment that there is", ["--env", "production"], {}, "choose one of the environments"],
    ["queues of that environment", ["--env", "bare"], {}, "bind NOTIFICATIONS under [[queues.producers]]"],
    ["a limit", ["--limit", "0"], {}, "write --limit as a whole number from 1 to 10000"],
  ])("%s", async (_, args, given, words) => {
    const ran = await run(args, given);
    expect([ran.code, ran.stdout, ran.queue]).toEqual([2, "", []]);
    expect(ran.stderr).toContain(`✗ ${words}`.slice(words.startsWith("Cloudflare") ? 2 : 0));
    expect(ran.dead.messages.every(({ attempts }) => attempts === 0)).toBe(true);
  });
});

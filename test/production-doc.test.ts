// docs/production.md tells the truth: its configuration passes the check, type-checks, holds what wrangler knows and
// (FULL=1) is bundled as a deploy would; its queries are Analytics Engine's SQL, and count right; its lines are what the
// Worker writes, and are found as it says; each of its commands runs, or stops at a login (FULL=1).

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/cli/cli.ts";
import { readBindings } from "../src/config/bindings.ts";
import { createApp } from "../src/http/app.ts";
import { type Dataset, writePoint } from "../src/observe/data-point.ts";
import { newEvent, type RequestEvent } from "../src/observe/event.ts";
import { PROBLEMS } from "../src/problem.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { wranglerScript } from "../src/testing/tools.ts";
import { SHARED_SECRET, signShared } from "./access/identity.ts";
import { foreignWords, openDataset, queriesOf } from "./observe/analytics-sql.ts";
import type { Row } from "./observe/data-points.ts";
import { blocksOnPage } from "./observe/page.ts";
import { ACCOUNT, unseen } from "./support/account.ts";
import { runHere } from "./support/command.ts";
import { FULL } from "./support/counts.ts";
import { newOwnerFolder, type OwnerFolder } from "./support/owner.ts";
import { wranglerWarnings } from "./support/wrangler-warnings.ts";

const TEXT = await readFile(join(PROJECT, "docs/production.md"), "utf8");
const [[DEFINITION = ""], [TOML = ""], SHELL, LINES, QUERIES] = await Promise.all([
  blocksOnPage("ts"),
  blocksOnPage("toml"),
  blocksOnPage("sh"),
  blocksOnPage("json"),
  queriesOf(),
]);
/** The first cells of the table under a heading, without its head. */
const rows = (start: string): string[][] =>
  TEXT.slice(TEXT.indexOf(start))
    .split("\n\n")[0]!
    .split("\n")
    .slice(2)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

let folder: OwnerFolder;
const path = (name: string) => join(folder.path, name);
beforeAll(async () => {
  folder = await newOwnerFolder();
  const worker = await readFile(join(PROJECT, "template/src/index.ts"), "utf8");
  const files = { "signer.config.ts": DEFINITION, "wrangler.toml": TOML, "src/index.ts": worker };
  for (const [name, text] of Object.entries(files)) await folder.write(name, text);
});
afterAll(() => folder.close());

async function wrangler(...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    CI: "1",
    NO_COLOR: "1",
    CLOUDFLARE_API_TOKEN: "",
  };
  const command = [wranglerScript(path("wrangler.toml")), ...args];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
    cwd: folder.path,
    env,
  }).catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

describe("the deployment", () => {
  it("passes the check in both environments, without a warning", async () => {
    const { code, stdout, stderr } = await runHere(main, ["check", "--config", path("wrangler.toml")]);
    const others = stdout
      .split("\n")
      .filter((line) => !/^✓ \S+wrangler\.toml( --env staging)?: |^$/.test(line));
    expect([code, stderr, others]).toEqual([0, "", []]);
  });

  it("type-checks", async () => {
    expect(await folder.tsc(["signer.config.ts"])).toBe("");
  });

  const deployed = ["", "staging"];
  it.each(deployed)("holds nothing that wrangler does not know: --env %j", async (env) => {
    expect(await wranglerWarnings(path("wrangler.toml"), env)).toEqual([]);
  });

  it.runIf(FULL).each(deployed)("is bundled as a deploy would, with every binding: --env %j", async (env) => {
    const said = await wrangler("deploy", "--dry-run", "--env", env);
    expect(said).toContain("--dry-run: exiting now.");
    expect(said).not.toMatch(/WARNING|Unexpected/);
    for (const binding of ["LIMIT_BY_IP", "LIMIT_BY_SUBJECT", "ANALYTICS"])
      expect(said).toContain(`env.${binding}`);
    expect(said.includes("env.SIGNER_ENV")).toBe(env === "staging");
  });

  it("keeps the query strings of links out of traces, and gives strangers a limit", () => {
    expect(TOML).toContain("redact_query_string = true");
    expect(DEFINITION).not.toContain('"public"');
  });
});

describe("its commands", () => {
  const commands = SHELL.flatMap((block) => block.trim().split("\n"));
  /** What becomes of each here: it is run by a test above or below, or Cloudflare asks for a login. */
  const RUN = [
    /^npx cloudinary-edge-signer check --print$/,
    /^npx wrangler deploy --dry-run --env (""|staging)$/,
  ];
  const ELSEWHERE = [/^npx cloudinary-edge-signer (doctor https:|replay )/, /^curl /];
  const LOGIN = /^npx wrangler (login|deploy|tail|deployments|rollback|versions)\b/;

  it("are all known", () => {
    const unknown = commands.filter(
      (one) => ![...RUN, ...ELSEWHERE, LOGIN].some((pattern) => pattern.test(one)),
    );
    expect([unknown, commands.length]).toEqual([[], expect.any(Number)]);
  });

  const asking = commands.filter(
    (one) => LOGIN.test(one) && !/--dry-run|^npx wrangler login/.test(one) && !one.includes("--secrets-file"),
  );
  it.skipIf(!FULL).each(asking)("%s stops at the login", async (command) => {
    const args = command
      .replace(/ \| jq .*/, "")
      .match(/'[^']*'|"[^"]*"|\S+/g)!
      .slice(2);
    const said = await wrangler(...args.map((arg) => arg.replace(/^['"]|['"]$/g, "")));
    expect(said).toMatch(/CLOUDFLARE_API_TOKEN|wrangler login/);
  });
});

describe("its lines", () => {
  const written: string[] = [];
  beforeAll(async () => {
    const definition = await folder.load(DEFINITION);
    const bindings = { ...ACCOUNT, JWT_SECRET: SHARED_SECRET };
    const log = (line: string) => void written.push(unseen(line));
    const app = createApp(readBindings(definition, bindings), { log });
    const iss = "https://www.example.com/";
    const ask = async (claims: object) => {
      const authorization = `Bearer ${await signShared({ iss, ...claims })}`;
      return app.request("/sign/avatars", { method: "POST", headers: { authorization } });
    };
    for (const claims of [{}, { exp: 1_700_000_000 }, { iss: "https://evil.example/" }]) await ask(claims);
    await app.request("/sign/feedback", { method: "POST", headers: { origin: "https://evil.example" } });
    await app.request("/notifications", { method: "POST", body: "{}" });
    const down = { limit: () => Promise.reject(new Error("down")) };
    const limited = createApp(readBindings(definition, { ...bindings, LIMIT_BY_SUBJECT: down }), { log });
    const authorization = `Bearer ${await signShared({ iss })}`;
    await limited.request("/sign/avatars", { method: "POST", headers: { authorization } });
    await createApp(readBindings(definition, {}), { log }).request("/sign/avatars", { method: "POST" });
  });

  /** What differs from request to request, in its form. */
  const form = (line: string) =>
    line
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, "TIME")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/, "ID")
      .replace(/"subject":"[0-9a-f]{16}"/, "SUBJECT")
      .replace(/"ms":\d+/, "MS");

  it("are what the Worker writes", () => {
    const shown = LINES.flatMap((block) => block.trim().split("\n"));
    expect(shown.length).toBeGreaterThan(1);
    expect(written.map(form)).toEqual(expect.arrayContaining(shown.map(form)));
  });

  const texts = rows("| to find | `--search` |").map(
    ([what, search]) => [what!, names(search!)[0]!] as const,
  );
  it.each(texts.filter(([, text]) => !/request_id|queue/.test(text)))(
    "%s: found by %s, and nothing else is",
    (_, text) => {
      const [, name = "", value = ""] = /^"(\w+)":"(.+)"$/.exec(text)!;
      const found = written.filter((line) => line.includes(text));
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(written.filter((line) => JSON.parse(line)[name] === value));
    },
  );
});

/** A row as the Worker writes it. */
function rowOf(event: Partial<RequestEvent>, weight = 1): Row {
  const written: Row[] = [];
  const columns = Array.from({ length: 20 }, (_, i) => i);
  const timestamp = new Date(Date.now() - 60_000).toISOString().slice(0, 19).replace("T", " ");
  const dataset: Dataset = {
    writeDataPoint: ({ indexes: [index1 = ""], blobs, doubles }) =>
      void written.push({
        ...{ timestamp, _sample_interval: weight, index1 },
        ...Object.fromEntries(columns.map((i) => [`blob${i + 1}`, blobs[i] ?? ""])),
        ...Object.fromEntries(columns.map((i) => [`double${i + 1}`, doubles[i] ?? 0])),
      }),
  };
  const whole = Object.assign(newEvent("id", "/sign/{profile}"), { status: 200 }, event);
  writePoint({ dataset, environment: "" }, whole);
  return written[0]!;
}

describe("its queries", () => {
  const signed = { profile: "avatars", access: "members", ms: 2 };
  const confirm = { ...signed, route: "/confirm/{profile}" };
  const notified = { profile: "avatars", route: "/notifications/{upload_id}", enforced: "kept" } as const;
  const EVENTS: readonly [Partial<RequestEvent>, weight: number][] = [
    [signed, 3],
    [{ ...signed, ms: 90 }, 1],
    [{ profile: "avatars", status: 401, code: "expired_token", reason: "expired", ms: 0 }, 2],
    [confirm, 2],
    [{ ...confirm, status: 422, code: "file_refused" }, 1],
    [{ ...confirm, status: 503, code: "cloudinary_unavailable" }, 1],
    [notified, 2],
    [
      {
        route: "/notifications",
        status: 401,
        code: "invalid_notification",
        reason: "notification_signature",
      },
      1,
    ],
    [{ ...signed, limiter: "failed", previous: true }, 1],
    [{ route: "/health", status: 503, code: "misconfigured" }, 1],
  ];
  const ask = (title: string, sampled: boolean): Row[] => {
    const all = EVENTS.flatMap(([event, weight]) =>
      sampled ? [rowOf(event, weight)] : Array.from({ length: weight }, () => rowOf(event)),
    );
    const dataset = openDataset("signer", all);
    const answer = dataset.ask(QUERIES.find((query) => query.title === title)!.sql);
    dataset.close();
    return answer.map((row) => ({ ...row }));
  };

  it.each(QUERIES.map(({ title, sql }) => [title, sql]))("%s: is in Analytics Engine's dialect", (_, sql) => {
    expect(foreignWords(sql, "signer")).toEqual([]);
    expect(sql).toMatch(
      /^SELECT\b[\s\S]*\nFROM signer\nWHERE\s+timestamp > NOW\(\) - INTERVAL '\d+' \w+ AND blob1 = ''/,
    );
  });

  it.each([
    ["SELECT max(blob1) FROM signer", ["max("]],
    ["SELECT blob21 FROM signer", ["blob21"]],
    ["SELECT CASE WHEN blob1 = '' THEN 1 END FROM signer", ["CASE", "WHEN", "THEN", "END"]],
    ["SELECT blob1 || 'a' FROM signer", ["|", "|"]],
    ["SELECT blob1 FROM other JOIN signer", ["other", "JOIN"]],
  ])("what is not, is found: %s", (sql, foreign) => {
    expect(foreignWords(sql, "signer")).toEqual(foreign);
  });

  it.each(QUERIES.map(({ title }) => title))(
    "%s: counts a row that stands for several as so many",
    (title) => {
      const [sampled, whole] = [ask(title, true), ask(title, false)];
      expect(sampled.length).toBeGreaterThan(0);
      expect(sampled).toEqual(whole);
    },
  );

  const WANTED: Readonly<Record<string, readonly Row[]>> = {
    "requests by profile and verdict": [
      { profile: "avatars", verdict: "signed", requests: 5 },
      { profile: "avatars", verdict: "refused", requests: 3 },
      { profile: "avatars", verdict: "confirmed", requests: 2 },
      { profile: "avatars", verdict: "taken", requests: 2 },
      { profile: "", verdict: "failed", requests: 1 },
      { profile: "", verdict: "refused", requests: 1 },
      { profile: "avatars", verdict: "failed", requests: 1 },
    ],
    "refusals by reason": [
      { code: "expired_token", reason: "expired", requests: 2 },
      { code: "file_refused", reason: "", requests: 1 },
      { code: "invalid_notification", reason: "notification_signature", requests: 1 },
    ],
    "confirmations: done, refused and failed": [
      { verdict: "confirmed", code: "", reason: "", confirmations: 2 },
      { verdict: "failed", code: "cloudinary_unavailable", reason: "", confirmations: 1 },
      { verdict: "refused", code: "file_refused", reason: "", confirmations: 1 },
    ],
    "notifications by outcome": [
      { verdict: "taken", enforced: "kept", code: "", reason: "", notifications: 2 },
      {
        ...{
          verdict: "refused",
          enforced: "",
          code: "invalid_notification",
          reason: "notification_signature",
        },
        notifications: 1,
      },
    ],
    alerts: [
      {
        ...{ requests: 15, failed: 2, refused: 4, misconfigured: 1, internal: 0, keys_unavailable: 0 },
        ...{
          limiter_failed: 1,
          cloudinary_unavailable: 1,
          application_unavailable: 0,
          forged: 1,
          previous: 1,
        },
      },
    ],
  };
  const byText = (all: readonly Row[]) => all.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  it.each(Object.entries(WANTED))("%s: answers what was counted by hand", (title, wanted) => {
    expect(byText(ask(title, true))).toEqual(byText(wanted));
  });

  it("latency: half of the tickets took 2 ms, and the slowest 90", () => {
    const [sign] = ask("latency by route, in milliseconds", true).filter(
      ({ route }) => route === "/sign/{profile}",
    );
    expect(sign).toEqual({ route: "/sign/{profile}", p50: 2, p95: 90, p99: 90 });
  });
});

describe("its tables", () => {
  it("have every alert of the query", () => {
    const columns = [...QUERIES.find(({ title }) => title === "alerts")!.sql.matchAll(/ AS (\w+)/g)].map(
      ([, name]) => name!,
    );
    expect(rows("| alert | when |").map(([alert]) => names(alert!)[0])).toEqual(
      expect.arrayContaining(columns),
    );
    expect(rows("| alert | when |").length).toBe(columns.length);
  });

  it("have every code that is ours to fix, and none that there is not", async () => {
    const source = await readFile(join(PROJECT, "src/failure.ts"), "utf8");
    const told = rows("| in the log | cause |")
      .flatMap(([cell]) => names(cell!))
      .filter((name) => /^\w+$/.test(name));
    const ours = Object.entries(PROBLEMS).flatMap(([code, [status]]) => (status >= 500 ? [code] : []));
    expect(told).toEqual(expect.arrayContaining(ours));
    for (const name of told) expect(name in PROBLEMS || source.includes(`\n  ${name}: row`), name).toBe(true);
  });

  it("have every verdict", async () => {
    const source = await readFile(join(PROJECT, "src/observe/data-point.ts"), "utf8");
    const written = [...source.matchAll(/", "(\w+)"\]|[?:] "(\w+)"(?= :|;)|\?\? "(\w+)"/g)].map(
      ([, done, verdict, other]) => done ?? verdict ?? other!,
    );
    expect(
      rows("| verdict | |")
        .flatMap(([cell]) => names(cell!))
        .sort(),
    ).toEqual([...new Set(written)].sort());
  });
});

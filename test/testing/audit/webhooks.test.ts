// The audit of endpoints that take notifications: what naive ones accept, that ours accept nothing, and what is told where a
// refusal proves nothing. The endpoints are servers; the official SDK is in some of them.

import { createHash } from "node:crypto";
import { v2 as cloudinary } from "cloudinary";
import { afterAll, describe, expect, it } from "vitest";
import { main } from "../../../src/cli/cli.ts";
import { createSigner } from "../../../src/hono.ts";
import { verifyNotification } from "../../../src/library/library.ts";
import { withSettings } from "../../../src/testing/audit/sdk.ts";
import { auditWebhook, type WebhookFindings } from "../../../src/testing/audit/webhook-audit.ts";
import { assertNoForgeries } from "../../../src/testing/testing.ts";
import { API_KEY, API_SECRET, CLOUD_NAME, OPTIONS, unseen } from "../../support/account.ts";
import { runHere } from "../../support/command.ts";
import { type Server, serveLocally } from "./naive.ts";

/** By hand: what is sent in their order. */
const WITHOUT_SECRET = ["unsigned", "other-secret", "empty-secret", "version-2-only"];
const WITH_SECRET = ["stale", "future", "altered", "re-serialised", "ticket"];
const ALL = [...WITHOUT_SECRET, ...WITH_SECRET];

/** What an endpoint is handed. */
interface Came {
  readonly raw: string;
  readonly time: string;
  readonly signature: string | null;
  readonly v2: string | null;
}
/** Whether it takes it; what it throws is a bad request. */
type Taking = (came: Came) => boolean | Promise<boolean>;

const running: Server[] = [];
afterAll(async () => {
  for (const server of running) await server.close();
});

async function serve(answer: (request: Request) => Response | Promise<Response>): Promise<Server> {
  const server = await serveLocally(answer);
  running.push(server);
  return server;
}

const endpoint = (isTaken: Taking): Promise<Server> =>
  serve(async (request) => {
    const came = {
      raw: await request.text(),
      time: request.headers.get("x-cld-timestamp") ?? "",
      signature: request.headers.get("x-cld-signature"),
      v2: request.headers.get("x-cld-signature_v2"),
    };
    try {
      return new Response("", { status: (await isTaken(came)) ? 200 : 401 });
    } catch {
      return new Response("", { status: 400 });
    }
  });

const now = () => Math.floor(Date.now() / 1000);
const isFresh = ({ time }: Came) => Math.abs(now() - Number(time)) < 600;
const isObject = ({ raw }: Came) => JSON.parse(raw) instanceof Object;
const hash = ({ raw, time }: Pick<Came, "raw" | "time">, secret: unknown = API_SECRET, by = "sha1") =>
  createHash(by).update(`${raw}${time}${secret}`).digest("hex");
const isSigned = (came: Came, secret?: unknown) => came.signature === hash(came, secret);
/** As the documentation shows it. */
const bySdk = ({ raw, time, signature }: Came, algorithm: "sha1" | "sha256" = "sha1") =>
  withSettings({ secret: API_SECRET, algorithm }, () =>
    cloudinary.utils.verifyNotificationSignature(raw, Number(time), String(signature)),
  );

const NAIVE: readonly [what: string, taking: Taking, accepted: readonly string[]][] = [
  ["nothing is checked", () => true, ALL],
  ["whatever is JSON", isObject, ALL.filter((id) => id !== "ticket")],
  [
    "whatever has a signature",
    ({ signature }) => Boolean(signature),
    ALL.filter((id) => id !== "unsigned" && id !== "version-2-only"),
  ],
  [
    "a signature where there is one",
    (came) => isObject(came) && (!came.signature || (isFresh(came) && isSigned(came))),
    ["unsigned", "version-2-only"],
  ],
  [
    "version 2 is believed",
    (came) => isObject(came) && isFresh(came) && (came.signature ? isSigned(came) : came.v2 !== null),
    ["version-2-only"],
  ],
  ["signed and new, by the raw text, whatever it is", (came) => isFresh(came) && isSigned(came), ["ticket"]],
  ["the official SDK, and nothing is parsed", (came) => bySdk(came), ["future", "ticket"]],
  ["the official SDK, set to SHA-256", (came) => bySdk(came, "sha256"), ["future", "ticket"]],
  ["the official SDK, and JSON", (came) => bySdk(came) && isObject(came), ["future"]],
  [
    "the official SDK, over what was parsed and written again",
    (came) => bySdk({ ...came, raw: JSON.stringify(JSON.parse(came.raw)) }),
    ["future", "re-serialised"],
  ],
  ["no time is looked at", (came) => isObject(came) && isSigned(came), ["stale", "future"]],
  [
    "no more than two days old",
    (came) =>
      isObject(came) && isSigned(came) && now() - Number(came.time) < 172_800 && Number(came.time) <= now(),
    ["stale"],
  ],
  [
    "whatever looks like a signature",
    (came) => isObject(came) && isFresh(came) && String(came.signature).length === 40,
    ["other-secret", "empty-secret", "altered", "re-serialised"],
  ],
];

const idsOf = ({ findings }: WebhookFindings, verdict: string) =>
  findings.filter((one) => one.verdict === verdict).map(({ attack }) => attack.id);

async function audited(options: Parameters<typeof auditWebhook>[0]): Promise<WebhookFindings> {
  const report = await auditWebhook(options);
  if (!report.asked) throw new Error(report.why);
  unseen(JSON.stringify(report));
  return report;
}

describe("a naive endpoint", () => {
  it.each(NAIVE)("%s", async (_, taking, accepted) => {
    const server = await endpoint(taking);
    const report = await audited({ url: server.url, secret: API_SECRET });
    expect(idsOf(report, "accepted")).toEqual(accepted);
    expect(idsOf(report, "refused")).toEqual(ALL.filter((id) => !accepted.includes(id)));
    expect([report.forgeries, report.doubts]).toEqual([accepted.length, []]);
    unseen(server.received());
  });

  // Without its secret an endpoint refuses what is honest, too, so nothing else can be tried.
  it.each([
    ["empty", ""],
    ["undefined", undefined],
    ["null", null],
  ])("its secret is not set: %s", async (_, secret) => {
    const server = await endpoint(
      (came) => isObject(came) && isFresh(came) && came.signature === hash(came, `${secret}`),
    );
    const report = await audited({ url: server.url, secret: API_SECRET });
    expect(idsOf(report, "accepted")).toEqual(["empty-secret"]);
    expect(report.findings.map(({ attack }) => attack.id)).toEqual(WITHOUT_SECRET);
    expect(report.doubts).toEqual([
      expect.stringContaining("does not take an honest notification (status 401;"),
    ]);
  });
});

const definition = { profiles: { default: { access: ["public"] } } } as const;
/** What is right: each takes an honest one, and nothing else. */
const SAFE: readonly [string, () => Promise<Server>][] = [
  [
    "the signer's /notifications",
    async () => {
      const signer = createSigner(definition, { ...OPTIONS, log: unseen });
      return serve((request) => signer.fetch(new Request("http://localhost/notifications", request)));
    },
  ],
  [
    "verifyNotification",
    () =>
      endpoint(async ({ raw: body, time: timestamp, signature }) => {
        const verified = await verifyNotification({ body, timestamp, signature }, { apiSecret: API_SECRET });
        return verified.ok;
      }),
  ],
  [
    "by hand, SHA-256",
    () =>
      endpoint(
        (came) => isObject(came) && isFresh(came) && came.signature === hash(came, API_SECRET, "sha256"),
      ),
  ],
];

describe("an endpoint that is right", () => {
  it.each(SAFE)("%s", async (_, start) => {
    const report = await auditWebhook({ url: (await start()).url, secret: API_SECRET });
    assertNoForgeries(report);
    expect(idsOf(report as WebhookFindings, "refused")).toEqual(ALL);
  });

  it("refuses what is honest under another secret, and then nothing is proven", async () => {
    const report = await audited({ url: (await SAFE[0]![1]()).url, secret: "another-secret" });
    expect(idsOf(report, "refused")).toEqual(WITHOUT_SECRET);
    expect(report.doubts).toEqual([
      "it does not take an honest notification (status 401; is the secret its account's?), so that a refusal proves nothing, and 5 more attacks were not tried",
    ]);
    expect(() => assertNoForgeries(report)).toThrow("proves nothing");
  });

  it("asked without the secret", async () => {
    const report = await audited({ url: (await SAFE[0]![1]()).url });
    expect(idsOf(report, "refused")).toEqual(WITHOUT_SECRET);
    expect(report.doubts).toEqual([expect.stringMatching(/^no honest notification could be sent.*5 more/)]);
  });
});

describe("an answer that is neither yes nor no", () => {
  const isHonest = (came: Came) => isObject(came) && isFresh(came) && isSigned(came);
  it.each([500, 503, 302])("%i", async (status) => {
    const server = await serve(async (request) => {
      const { headers } = request;
      const came = {
        ...{ raw: await request.text(), time: headers.get("x-cld-timestamp") ?? "" },
        ...{ signature: headers.get("x-cld-signature"), v2: null },
      };
      return new Response(null, { status: came.raw.startsWith("{") && isHonest(came) ? 200 : status });
    });
    const report = await audited({ url: server.url, secret: API_SECRET });
    expect([idsOf(report, "unclear"), report.forgeries]).toEqual([ALL, 0]);
    expect(report.doubts).toEqual([expect.stringMatching(/^9 of 9 attacks were neither taken nor refused/)]);
  });

  it("none at all", async () => {
    const server = await serve(() => new Promise<Response>(() => {}));
    const report = await auditWebhook({ url: server.url, secret: API_SECRET, timeoutMs: 100 });
    expect(report).toMatchObject({
      asked: false,
      why: expect.stringContaining("does not answer within 0.1 s"),
    });
  });

  it("none any more", async () => {
    let honest = 0;
    const server = await endpoint((came) => isHonest(came) && honest++ < 1);
    const report = await audited({ url: server.url, secret: API_SECRET });
    expect([report.forgeries, report.doubts]).toEqual([
      0,
      ["at the end, it takes no honest notification any more"],
    ]);
  });
});

it("each notification is another one, of an upload or of what is said", async () => {
  const bodies: Record<string, unknown>[] = [];
  const server = await endpoint((came) => {
    if (!came.raw.startsWith("{")) return false;
    return bodies.push(JSON.parse(came.raw)) > 0 && isFresh(came) && isSigned(came);
  });
  const members = { notification_type: "moderation", moderation_status: "approved" };
  await audited({ url: server.url, secret: API_SECRET, members });
  for (const { moderation_status, public_id } of bodies)
    expect([moderation_status, public_id]).toEqual([
      "approved",
      expect.stringMatching(/^audit-victim-[0-9a-f]{12}/),
    ]);
  // The honest ones and each attack have a request ID of their own.
  expect(new Set(bodies.map(({ request_id }) => request_id)).size).toBeGreaterThanOrEqual(ALL.length + 2);
});

describe("the command", () => {
  const run = async (url: string, args: readonly string[] = [], env: Record<string, string> = {}) => {
    const ran = await runHere(main, ["audit", url, "--webhook", ...args], env);
    unseen(ran.stdout + ran.stderr);
    return { ...ran, lastLine: ran.stdout.trimEnd().split("\n").at(-1) };
  };
  const KNOWN = { CLOUDINARY_API_SECRET: API_SECRET };
  const BY_URL = { CLOUDINARY_URL: `cloudinary://${API_KEY}:${API_SECRET}@${CLOUD_NAME}` };

  it.each([KNOWN, BY_URL])("0: there are none", async (env) => {
    const { code, stdout, stderr, lastLine } = await run((await SAFE[0]![1]()).url, [], env);
    expect([code, stderr, lastLine]).toEqual([0, "", "0 forgeries of 9 attacks"]);
    expect(stdout).toContain("✓ refused: send again what Cloudinary sent hours ago (stale)");
  });

  it("1: there are some, each in plain words", async () => {
    const server = await endpoint((came) => bySdk(came));
    const { code, stdout, stderr, lastLine } = await run(server.url, [], KNOWN);
    expect([code, stderr, lastLine]).toEqual([1, "", "2 forgeries of 9 attacks"]);
    expect(stdout).toContain("(ticket): accepted, a ticket's");
    const machine = await run(server.url, ["--json"], KNOWN);
    expect([machine.code, JSON.parse(machine.stdout)]).toEqual([
      1,
      expect.objectContaining({ ok: false, forgeries: 2, attacks: 9, doubts: [] }),
    ]);
  });

  it("1: also without the secret", async () => {
    const { code, lastLine } = await run((await endpoint(() => true)).url);
    expect([code, lastLine]).toEqual([1, "4 forgeries of 4 attacks"]);
  });

  it("2: what proves nothing, or could not be asked", async () => {
    const { url } = await SAFE[0]![1]();
    const { code, stderr, lastLine } = await run(url);
    expect([code, lastLine]).toEqual([2, "0 forgeries of 4 attacks"]);
    expect(stderr).toMatch(/^! no honest notification could be sent without the secret/);
    expect(await run("https://example.com/hook", [], KNOWN)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--i-own-this"),
    });
    expect(await run(url, ["--shape", "plain"], KNOWN)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/'--webhook'.* cannot be used with .*'--shape/),
    });
  });
});

// `npm run test:live`, over the emulator: docs/assumptions.md is in step, no question is blind, nothing is left behind, and
// the script says what it did.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { API_SECRET, OPTIONS, unseen } from "../support/account.ts";
import { type Ran, runHere } from "../support/command.ts";
import { FULL } from "../support/counts.ts";
import { askEmulator, QUESTIONS } from "./ask-all.ts";
import { readCloud } from "./find-account.ts";
import { DOCUMENT, readOutcomes, withTable } from "./page.ts";
import type { Learnt } from "./question.ts";
import { type Given, main } from "./run.ts";

const asked = await askEmulator();
/** Those that the emulator can't answer: it sends no notifications, and asks for patience where a test wants it alone. */
const UNANSWERED = ["explicit-notifies", "notified-request-id", "notified-moderation", "patience"];

it("every question is answered by the emulator, and nothing is left there", () => {
  expect([...asked.failed]).toEqual([]);
  expect(asked.left).toEqual([]);
  const ids = QUESTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !asked.learnt.has(id))).toEqual(UNANSWERED);
});

describe("docs/assumptions.md", () => {
  const document = readFileSync(DOCUMENT, "utf8");

  it("has what the emulator does today: `npm run docs` writes it", async () => {
    const outcomes = await readOutcomes();
    expect(Object.keys(outcomes.learnt).filter((id) => !QUESTIONS.some((one) => one.id === id))).toEqual([]);
    expect(document).toBe(withTable(document, asked.learnt, outcomes));
  });

  it("says what was asked, and what is otherwise", () => {
    const learnt = {
      "explicit-version": { answer: "yes", detail: "a|b" },
      existing: { answer: "another asset and version" },
    };
    const page = withTable(document, asked.learnt, { asked: "2026-12-01", learnt });
    const cellOf = (id: string) =>
      page
        .split("\n")
        .find((line) => line.startsWith(`| \`${id}\``))!
        .split(/(?<!\\)\|/)
        .at(-2)!
        .trim();
    expect(page).toContain("A real account was asked on 2026-12-01.");
    expect(cellOf("explicit-version")).toBe("the same: yes (a\\|b)");
    expect(cellOf("existing")).toBe("**another asset and version**");
    expect(cellOf("rename-keeps")).toBe("assumed");
  });
});

type Body = Record<string, unknown>;
interface Answered {
  readonly status: number;
  readonly body: Body;
}
/** What another Cloudinary answers instead. */
type Otherwise = (answer: Answered, form: FormData) => Answered;

const METHOD = /\/v1_1\/[^/]+(?:\/[a-z]+)?\/([a-z]+)$/;

/** Answers otherwise to some methods. */
const otherwise =
  (methods: readonly string[], change: Otherwise): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!methods.includes(METHOD.exec(String(input))?.[1] ?? "")) return response;
    const { status, body } = change(
      { status: response.status, body: (await response.json()) as Body },
      init!.body as FormData,
    );
    return Response.json(body, { status });
  };

/** Success tells something else. */
const tell =
  (members: Body): Otherwise =>
  (answer) =>
    answer.status === 200 ? { ...answer, body: { ...answer.body, ...members } } : answer;
/** A refusal has another status. */
const withStatus =
  (status: number): Otherwise =>
  (answer) =>
    answer.status === 200 ? answer : { ...answer, status };
const refuse =
  (status: number): Otherwise =>
  () => ({ status, body: { error: { message: "no" } } });
const takeAll: Otherwise = () => ({ status: 200, body: {} });

/** Serves every asset, signed or not, and other bytes than were sent. */
const open: typeof fetch = async (input, init) =>
  METHOD.test(String(input)) ? fetch(input, init) : new Response("anything");

/** What another Cloudinary does, and what its question learns then. */
const OTHERS: readonly (readonly [id: string, fetch: typeof fetch, answer: string])[] = [
  ["version-clock", otherwise(["explicit"], tell({ version: 7 })), "no"],
  ["replaced-version", otherwise(["upload", "explicit"], tell({ version: 7 })), "no"],
  ["response-signature", otherwise(["upload"], tell({ signature: "ab" })), "something else"],
  ["explicit-version", otherwise(["explicit"], tell({ version: 7 })), "no"],
  [
    "explicit-facts",
    otherwise(["explicit"], tell({ etag: undefined, bytes: 1 })),
    "format, width, height, resource_type, type, version, secure_url",
  ],
  ["explicit-labels", otherwise(["explicit"], tell({ tags: [] })), "no"],
  ["explicit-raw", otherwise(["explicit"], tell({ format: "txt" })), "txt"],
  ["explicit-missing", otherwise(["explicit"], withStatus(400)), "400"],
  ["destroy-missing", otherwise(["destroy"], refuse(404)), "404 undefined"],
  ["authenticated-addresses", open, "others too, or nobody"],
  ["rename-keeps", otherwise(["explicit"], tell({ version: 7 })), "public_id, etag"],
  ["rename-answers", otherwise(["rename"], tell({ etag: undefined })), "public_id, version, type"],
  ["rename-moves", otherwise(["explicit"], takeAll), "no"],
  ["rename-taken", otherwise(["rename"], withStatus(409)), "409, what was there stays"],
  ["rename-missing", otherwise(["rename"], withStatus(400)), "400"],
  ["published-address", open, "no"],
  ["dated-back", otherwise(["upload"], takeAll), "not for an hour"],
  ["minute-ahead", otherwise(["upload"], refuse(400)), "refused with 400"],
  ["day-ahead", otherwise(["upload"], refuse(401)), "refused with 401"],
  ["missing-fields", otherwise(["upload"], withStatus(422)), "not always 400"],
  [
    "existing",
    otherwise(["upload"], (answer, form) =>
      form.get("overwrite") === null ? answer : tell({ version: 7 })(answer, form),
    ),
    "another asset and version",
  ],
  ["formats-content", otherwise(["upload"], takeAll), "by neither"],
  ["formats-raw", otherwise(["upload"], refuse(400)), "a.txt refused, a.jpg refused"],
  ["two-types", otherwise(["upload"], refuse(400)), "no"],
  ["bare-address", otherwise(["upload"], takeAll), "auto"],
  ["json-body", otherwise(["upload"], refuse(415)), "refused with 415"],
  ["parts-signatures", otherwise(["upload"], tell({ bytes: 1 })), "not stored"],
  ["parts-order", otherwise(["upload"], tell({ bytes: 1 })), "not stored"],
  ["parts-at-once", otherwise(["upload"], tell({ bytes: 1 })), "not stored"],
];

describe("no question is blind", () => {
  it("each has another Cloudinary here", () => {
    const ids = QUESTIONS.map(({ id }) => id).filter((id) => !UNANSWERED.includes(id));
    expect(OTHERS.map(([id]) => id)).toEqual(ids);
  });

  /** They differ in what the emulator does, and send as many large parts; the quick run has the first. */
  const ALIKE = ["parts-order", "parts-at-once"];

  it.each(FULL ? OTHERS : OTHERS.filter(([id]) => !ALIKE.includes(id)))("%s", async (id, fetch, answer) => {
    const questions = QUESTIONS.filter((one) => one.id === id);
    const { learnt } = await askEmulator({ fetch, questions });
    expect(learnt.get(id)?.answer).toBe(answer);
    expect(asked.learnt.get(id)?.answer).not.toBe(answer);
  });
});

/** What asked for patience is asked again, and told. */
it("patience is met and told", async () => {
  let calls = 0;
  const busy: typeof fetch = async (input, init) => {
    calls += 1;
    return calls < 3 ? Response.json({}, { status: 423 }) : fetch(input, init);
  };
  const questions = QUESTIONS.filter(({ id }) => ["explicit-missing", "patience"].includes(id));
  const { learnt } = await askEmulator({ fetch: busy, questions });
  expect(learnt.get("explicit-missing")?.answer).toBe("404");
  expect(learnt.get("patience")?.answer).toBe("423");
});

describe("npm run test:live", async () => {
  const emulator = await startEmulator(OPTIONS);
  afterAll(() => emulator.close());
  const CLOUDINARY_URL = `cloudinary://${OPTIONS.apiKey}:${API_SECRET}@${OPTIONS.cloudName}`;

  /** Cloudinary's own address, which leads to the emulator here. */
  const here =
    (through: typeof fetch = fetch): typeof fetch =>
    (input, init) =>
      through(String(input).replace("https://api.cloudinary.com", emulator.url), init);

  async function run(args: readonly string[], env: object, given: Given = {}): Promise<Ran> {
    const pause = async () => emulator.clock.advance(2);
    const ran = await runHere((all, io) => main(all, io, { pause, ...given }), args, { ...env });
    unseen(ran.stdout + ran.stderr);
    return ran;
  }

  /** Enough to see what becomes of them. */
  const questions = QUESTIONS.filter(({ id }) => id.startsWith("explicit-"));

  it("is a command", async () => {
    const env = { ...process.env, CLOUDINARY_URL: "" };
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", "test:live"], { cwd: PROJECT, env });
    expect(stdout).toMatch(/^not run: .*\n$/);
  });

  it("without an account is not run, and says how", async () => {
    const ran = await run([], {});
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/^not run: no account to ask: set CLOUDINARY_URL to .*--claimable\n$/);
  });

  it.each([
    ["without a network", { CLOUDINARY_URL }, []],
    ["nor with an account that Cloudinary would make", {}, ["--claimable"]],
  ])("%s it is not run", async (_, env, args) => {
    const ran = await run(args, env, { fetch: async () => Promise.reject(new TypeError("fetch failed")) });
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/^not run: api\.cloudinary\.com can't be reached \(TypeError\)/);
  });

  it.each([
    ["an address that is none", ["--x"], {}, "leave out what is not --claimable"],
    ["half an address", [], { CLOUDINARY_URL: "cloudinary://1" }, "it must have the form"],
    ["another prefix", [], { CLOUDINARY_URL, CLOUDINARY_UPLOAD_PREFIX: "x" }, "CLOUDINARY_UPLOAD_PREFIX"],
    [
      "another secret",
      [],
      { CLOUDINARY_URL: CLOUDINARY_URL.replace(API_SECRET, "another-secret") },
      "api.cloudinary.com refuses it with 401",
    ],
  ])("%s is told", async (_, args, env, words) => {
    const ran = await run(args, env, { fetch: here() });
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(words);
  });

  it("asks the account, keeps what it learnt, and leaves nothing there", async () => {
    const kept: ReadonlyMap<string, Learnt>[] = [];
    const keep = async (learnt: ReadonlyMap<string, Learnt>) => void kept.push(learnt);
    // Large parts are sent for the first test already.
    const questions = FULL ? QUESTIONS : QUESTIONS.filter(({ id }) => !id.startsWith("parts-"));
    const ran = await run([], { CLOUDINARY_URL }, { fetch: here(), keep, questions });
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toContain("✓ Does `explicit` keep the `version`? yes\n");
    const ids = questions.map(({ id }) => id).filter((id) => !UNANSWERED.includes(id));
    expect([...kept[0]!.keys()]).toEqual(ids);
    expect(emulator.uploads()).toEqual([]);
    expect(emulator.acts().length).toBeGreaterThan(50);
  });

  it("says what is otherwise, by exit 1", async () => {
    const fetch = here(otherwise(["explicit"], tell({ version: 7 })));
    const ran = await run([], { CLOUDINARY_URL }, { fetch, questions, keep: async () => {} });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(
      "✗ Does `explicit` keep the `version`? no\n    the emulator, and what is assumed: yes\n",
    );
  });

  it("keeps nothing of an emulator", async () => {
    const keep = () => Promise.reject(new Error("it was kept"));
    const ran = await run(
      [],
      { CLOUDINARY_URL, CLOUDINARY_UPLOAD_PREFIX: emulator.url },
      { keep, questions },
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("kept nothing: an emulator's answers are no account's");
  });

  const account = { cloud_name: "suite-cloud", api_key: OPTIONS.apiKey, api_secret: API_SECRET };

  it.each([
    ["an environment in it", { product_environments: [account] }],
    ["beside it", account],
    [
      "a key with another name",
      {
        product_environments: [
          {
            cloud_name: "suite-cloud",
            api_access_keys: [{ key: OPTIONS.apiKey, secret: API_SECRET, enabled: true }],
          },
        ],
      },
    ],
  ])("reads the credentials of a new account: %s", (_, answer) => {
    expect(readCloud(answer)).toEqual({ ok: true, value: OPTIONS });
  });

  it("asks a new account, by one request for it", async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).endsWith("/provisioning/clouds")) return here()(input, init);
      asked.push(`${init!.method} ${input} ${init!.body}`);
      return Response.json({ product_environments: [account], claim_url: "https://x.invalid/?token=s3cret" });
    };
    const ran = await run(["--claimable"], {}, { fetch, questions, keep: async () => {} });
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain("s3cret");
    expect(asked).toEqual([
      'POST https://api.cloudinary.com/v1_1/provisioning/clouds {"delivery_ips":["requester_ip"]}',
    ]);
  });

  it.each([
    [429, { error: { code: "ip_rate_limit_exceeded" } }, "429 ip_rate_limit_exceeded"],
    [403, "no JSON", "403"],
    [200, {}, "no credentials that are known here"],
  ])("where Cloudinary makes none (%s) it is not run", async (status, body, words) => {
    const ran = await run(["--claimable"], {}, { fetch: async () => Response.json(body, { status }) });
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/^not run: /);
    expect(ran.stdout).toContain(words);
  });
});

// Every cause, made for real: mistaken code signs and sends, the emulator (whose judge is the official SDK) answers, and
// `explain` names the mistake first.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CAUSES } from "../../src/explain/causes.ts";
import type { Evidence } from "../../src/explain/evidence.ts";
import { explain } from "../../src/explain/explain.ts";
import { explainPaste } from "../../src/explain/read/explain-paste.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { API_KEY, API_SECRET, OPTIONS, unseen } from "../support/account.ts";
import { evidenceOf, send } from "./asking.ts";
import { form, joinEscaped, MISTAKES, RIGHT, UNDER_THE_SECRET } from "./mistakes.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
});
afterAll(() => emulator.close());

const codes = (evidence: Evidence): string[] => {
  const explained = explain(evidence);
  unseen(JSON.stringify(explained));
  return explained.causes.map(({ code }) => code);
};

describe("a right request has no cause", () => {
  it.each(Object.entries(RIGHT))("%s", async (_, make) => {
    const request = make();
    const answered = await send(request, emulator);
    expect(answered.message).toBeUndefined();
    expect(codes(evidenceOf(request, answered))).toEqual([]);
  });
});

describe("each mistake is named first", () => {
  it.each(MISTAKES)("%s: %s", async (cause, _, make) => {
    const request = make();
    const answered = await send(request, emulator);
    expect(answered.message).toBeDefined();
    expect(codes(evidenceOf(request, answered))[0]).toBe(cause);
  });
});

describe("where both strings are the same, the secret or the key is wrong", () => {
  it.each(UNDER_THE_SECRET)("%s: %s", async (cause, _, make) => {
    const request = make();
    const evidence = evidenceOf(request, await send(request, emulator));
    const found = codes(evidence);
    // Letters outside ASCII are a sign of their own.
    if (cause !== "not_utf8") expect(found[0]).toBe("secret_or_key");
    expect(found).toEqual(expect.arrayContaining([cause, "secret_or_key"]));
    expect(CAUSES.secret_or_key.fix).toContain("doctor");
  });

  it("knows an account that takes SHA-256 alone", () => {
    const { signature, text } = RIGHT["by SHA-1"]!();
    const message = `Invalid Signature ${signature}. String to sign - '${text}'.`;
    expect(codes({ message, signed: { text }, account: { algorithm: "sha256" } })[0]).toBe("sha1_refused");
    expect(codes({ message, signed: { text } })).toContain("sha1_refused");
  });

  it.each([
    ["a field after it", "context=alt='a cat'.&timestamp=1765108774", {}],
    ["words after it", "context=alt='a cat'. And&timestamp=1765108774", "signed"],
  ])("knows where the string ends: a quote and a point inside, with %s", (_, text, known) => {
    const message = `Invalid Signature ${"a".repeat(64)}. String to sign - '${text}'.`;
    const { causes, strings } = explain({ message, ...(known === "signed" && { signed: { text } }) });
    expect(strings.cloudinary).toBe(text);
    expect(causes.some(({ code }) => code === "secret_or_key")).toBe(true);
    expect(causes.some(({ certainty }) => certainty === "certain")).toBe(known === "signed");
  });

  it("knows the account's key", async () => {
    const request = UNDER_THE_SECRET.at(-1)![2]();
    const evidence = evidenceOf(request, await send(request, emulator));
    expect(codes({ ...evidence, account: { apiKey: API_KEY } })[0]).toBe("secret_or_key");
    expect(codes({ ...evidence, account: { apiKey: "999999999999999" } })[0]).toBe("key_of_another_account");
  });
});

describe("where nothing is known of what was signed, the address is no cause for a form that fits it", () => {
  const timestamp = "1765108774";
  it.each([
    ["image/destroy", { public_id: "users/42/cat", timestamp }, false],
    ["image/tags", { "public_ids[]": "users/42/cat", command: "add", tag: "a", timestamp }, false],
    ["image/generate_archive", { prefixes: "users/42/", timestamp }, false],
    ["image/destroy", { folder: "shop", timestamp }, true],
    ["image/tags", { public_id: "users/42/cat", timestamp }, true],
  ])("%s %j", (path, params, isNamed) => {
    const signature = "a".repeat(64);
    const message = `Invalid Signature ${signature}. String to sign - '${joinEscaped(params as Texts)}'.`;
    const url = `https://api.cloudinary.com/v1_1/demo/${path}`;
    const found = codes({ message, sent: { url, fields: form(params as Texts, signature) } });
    expect(found.includes("another_method")).toBe(isNamed);
  });
});

type Texts = Record<string, string>;
/** Mistakes in what is signed or sent, by which two can be made at once. */
const TURNS: Readonly<Record<string, (signed: Texts, sent: Texts) => void>> = {
  source_not_signed: (_, sent) => Object.assign(sent, { source: "uw" }),
  preset_not_signed: (_, sent) => Object.assign(sent, { upload_preset: "site" }),
  sent_not_signed: (_, sent) => Object.assign(sent, { public_id: "cat" }),
  signed_not_sent: (signed) => Object.assign(signed, { asset_folder: "x" }),
  boolean_spelling: (signed, sent) => {
    signed.overwrite = "1";
    sent.overwrite = "true";
  },
  list_joining: (signed, sent) => {
    signed.tags = "a, b";
    sent.tags = "a,b";
  },
  number_format: (signed, sent) => {
    signed.quality_override = "8.0";
    sent.quality_override = "8";
  },
  context_format: (signed, sent) => {
    signed.context = '{"a":"b"}';
    sent.context = "a=b";
  },
  unsigned_name_signed: (signed) => Object.assign(signed, { api_key: API_KEY }),
  timestamp_made_twice: (signed) =>
    Object.assign(signed, { timestamp: String(Number(signed.timestamp) - 9) }),
  changed_after_signing: (_, sent) => Object.assign(sent, { folder: "elsewhere" }),
  empty_value_signed: (signed) => Object.assign(signed, { metadata: "" }),
  unknown_field: (_, sent) => Object.assign(sent, { dzuuid: "1" }),
};

describe("two mistakes at once are both named", () => {
  const names = Object.keys(TURNS);
  const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const));
  it.each(pairs)("%s and %s", async (one, other) => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signed: Texts = { folder: "shop", timestamp };
    const sent: Texts = { ...signed };
    for (const name of [one, other]) TURNS[name]!(signed, sent);
    const request = {
      text: joinEscaped(signed),
      signature: "0".repeat(64),
      fields: form(sent, "0".repeat(64)),
    };
    expect(codes(evidenceOf(request, await send(request, emulator))).sort()).toEqual([one, other].sort());
  });
});

const TIME = "1765108774";
const STRING = `folder=a&timestamp=${TIME}`;
const refusal = (text = STRING) => `Invalid Signature ${"a".repeat(40)}. String to sign - '${text}'.`;

describe("a text that is put together otherwise is compared by what was meant", () => {
  const TEXTS = {
    json_signed: [`{"folder":"a","timestamp":${TIME}}`],
    separator: [
      ...[`?${STRING}`, `${STRING}&`, `folder=a&&timestamp=${TIME}`, `folder=a & timestamp=${TIME}`],
      ...[`folder=a,timestamp=${TIME}`, `folder=a\ntimestamp=${TIME}`, `folder=atimestamp=${TIME}`],
      ...[`folder:a&timestamp:${TIME}`, `a${TIME}`],
    ],
  };
  const all = Object.entries(TEXTS).flatMap(([cause, texts]) => texts.map((text) => [cause, text] as const));
  it.each(all)("%s: %j", (cause, text) => {
    expect(codes({ message: refusal(), signed: { text } })).toEqual([cause]);
  });

  it.each(all.filter(([, text]) => text.includes("folder")))("%s and another mistake: %j", (cause, text) => {
    const message = refusal(`folder=a&source=uw&timestamp=${TIME}`);
    expect(codes({ message, signed: { text } }).sort()).toEqual([cause, "source_not_signed"].sort());
  });
});

describe("a secret in the text that was hashed is not repeated", () => {
  it.each<readonly [string, string, Evidence]>([
    ["the same text", "secret_or_key", { signed: { text: STRING + API_SECRET } }],
    ["another order", "sorted_otherwise", { signed: { text: `timestamp=${TIME}&folder=a${API_SECRET}` } }],
    ["a field missing", "sent_not_signed", { signed: { text: `timestamp=${TIME}${API_SECRET}` } }],
    ["one too many", "signed_not_sent", { signed: { text: `${STRING}&use_filename=true${API_SECRET}` } }],
    ["before it, a field missing", "secret_first", { signed: { text: `${API_SECRET}timestamp=${TIME}` } }],
    ["no message", "sent_not_signed", { stringToSign: STRING + API_SECRET }],
  ])("%s: %s", (_, cause, evidence) => {
    const message = evidence.stringToSign === undefined ? { message: refusal() } : {};
    expect(codes({ ...message, ...evidence })[0]).toBe(cause);
  });

  it("what is a value stays one", () => {
    const text = `public_id=a-550e8400-e29b-41d4-a716-446655440000&timestamp=${TIME}`;
    const { strings } = explain({ message: refusal(`public_id=a&timestamp=${TIME}`), signed: { text } });
    expect(strings.signed).toBe(text);
  });
});

describe("a paste gives away", () => {
  const URL = "https://api.cloudinary.com/v1_1/demo/image/upload";
  const signed = `timestamp=${TIME} signature=${"a".repeat(40)}`.replaceAll(/(\S+)/g, "-F $1");
  it.each([
    ["secret_sent", `${refusal()}\ncurl ${URL} ${signed} -F api_secret=${API_SECRET}`],
    ["secret_sent", refusal(`api_secret=${API_SECRET}&timestamp=${TIME}`)],
    [
      "secret_sent",
      JSON.stringify({ message: refusal(), sent: { timestamp: TIME, api_secret: API_SECRET } }),
    ],
    ["not_a_value", refusal(`folder={{folder}}&timestamp=${TIME}`)],
  ])("%s: %s", (cause, text) => {
    const explained = explainPaste(text);
    unseen(JSON.stringify(explained));
    expect(explained?.causes[0]?.code).toBe(cause);
  });
});

it("a form is not compared with itself", () => {
  const fields = { timestamp: TIME, signature: "a".repeat(40) };
  expect(explainPaste(JSON.stringify({ message: "refused", fields }))?.fields).toEqual([]);
  expect(explainPaste(JSON.stringify({ message: refusal(), fields }))?.fields).toHaveLength(2);
});

describe("no more is certain than can be known", () => {
  const certain = (evidence: Evidence) =>
    explain(evidence).causes.flatMap(({ code, certainty }) => (certainty === "certain" ? [code] : []));
  const stale = (seconds: number) => ({
    message: `Stale request - reported time is ${new Date(Number(TIME) * 1000).toISOString()} which is more than 1 hour ago`,
    now: Number(TIME) + seconds,
  });

  it.each<readonly [string, Evidence, readonly string[], string]>([
    ["some whole hours old", stale(7230), [], "local_time"],
    ["zones of half an hour", stale(19_800), [], "local_time"],
    ["no zone is so far off", stale(9000), ["stale"], "stale"],
    ["a time that is refused without showing it", { message: "Invalid timestamp" }, [], "not_seconds"],
    ["an address that is not known", { message: "Not found" }, [], "another_method"],
    [
      "empty parameters, which an SDK leaves out and other code does not",
      { message: refusal(), signed: { fields: [...new URLSearchParams(`${STRING}&tags=`)] } },
      [],
      "empty_value_signed",
    ],
    [
      "the same on both sides",
      {
        message: refusal(),
        signed: { fields: [...new URLSearchParams(STRING)] },
        sent: { fields: [...new URLSearchParams(STRING)] },
      },
      ["secret_or_key"],
      "secret_or_key",
    ],
  ])("%s", (_, evidence, sure, first) => {
    expect([certain(evidence), codes(evidence)[0]]).toEqual([sure, first]);
  });
});

describe("the table", () => {
  it.each(Object.entries(CAUSES))("%s is said in words", (_, { title, sentence, fix }) => {
    const said = sentence({ names: "`tags`", many: false, signed: "a", sent: "b", detail: "c" });
    const bare = sentence({ names: "A field", many: false });
    for (const text of [title, said, bare, fix]) expect(text).toMatch(/^[A-Z`]/);
    for (const text of [said, bare]) expect(text).toMatch(/\.$/);
    for (const text of [title, said]) expect(text).not.toMatch(/(?<!word `)undefined/);
  });
});

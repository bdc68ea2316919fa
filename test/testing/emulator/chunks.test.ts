// Files in parts: what makes a whole of them, and what does not. The parts are small ones here, so that many can be sent;
// parts.test.ts has those of Cloudinary's own size.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Emulator, EmulatorOptions } from "../../../src/testing/emulator/emulator.ts";
import {
  type Answer,
  answerSignature,
  delivered,
  type Fields,
  formOf,
  NOW,
  noise,
  PNG_3X2,
  png,
  post,
  sha,
  signed,
  started as startedWith,
} from "./support.ts";

const MIN = 5000;
const started = (options: Partial<EmulatorOptions> = {}) => startedWith({ minPartBytes: MIN, ...options });

const MIB = 1024 * 1024;
/** Two full parts and a short one. */
const TOTAL = 2 * MIN + 1000;

const WHOLE = noise(TOTAL);

interface Piece {
  readonly fields?: Fields;
  readonly id?: string;
  /** `Content-Range`, when it is not the one of the bytes. */
  readonly range?: string;
  readonly total?: number;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly name?: string;
  readonly resourceType?: string;
  /** Instead of a range, the part's number, and of how many. */
  readonly number?: string;
  readonly parts?: string;
}

/** Sends the bytes from `start` to before `end`. */
function send(emulator: Emulator, start: number, end: number, piece: Piece = {}): Promise<Answer> {
  const { fields = signed(), id = "one", total = TOTAL, resourceType = "raw", name = "a.bin" } = piece;
  const { range = `bytes ${start}-${end - 1}/${total}`, bytes = WHOLE.subarray(start, end) } = piece;
  const { number, parts } = piece;
  return post(emulator, formOf(fields, new File([bytes], name)), {
    resourceType,
    headers: {
      ...(number === undefined ? { "Content-Range": range } : { "X-Upload-Part-Number": number }),
      ...(parts !== undefined && { "X-Upload-Total-Parts": parts }),
      ...(id && { "X-Unique-Upload-Id": id }),
    },
  });
}

const first = (emulator: Emulator, piece?: Piece) => send(emulator, 0, MIN, piece);
const second = (emulator: Emulator, piece?: Piece) => send(emulator, MIN, 2 * MIN, piece);
const last = (emulator: Emulator, piece?: Piece) => send(emulator, 2 * MIN, TOTAL, piece);

// A folder for temporary folders of our own, to see what is left in the emulator's.
let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "emulator-chunks-"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

async function filesOnDisk(): Promise<number> {
  const folders = (await readdir(temporary)).filter((name) => name.startsWith("cloudinary-emulator-"));
  return (await Promise.all(folders.map((name) => readdir(join(temporary, name))))).flat().length;
}

describe("a file in parts", () => {
  it("is stored whole, and told like any other", async () => {
    const onUpload = vi.fn();
    const emulator = await started({ onUpload });
    expect(await first(emulator)).toMatchObject({
      status: 200,
      body: { done: false, bytes: MIN, kind: "upload", resource_type: "raw" },
    });
    expect(await second(emulator)).toMatchObject({ status: 200, body: { done: false, bytes: 2 * MIN } });
    expect(onUpload).not.toHaveBeenCalled();
    expect(emulator.uploads()).toEqual([]);

    const { status, body } = await last(emulator, { name: "b.bin" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      public_id: expect.stringMatching(/^[a-z0-9]{20}\.bin$/),
      bytes: TOTAL,
      etag: createHash("md5").update(WHOLE).digest("hex"),
      original_filename: "b",
      signature: answerSignature(body.public_id, NOW, "sha256"),
    });
    expect(body).not.toHaveProperty("done");
    expect(emulator.uploads().map(({ public_id }) => public_id)).toEqual([body.public_id]);
    expect(onUpload).toHaveBeenCalledTimes(1);
    expect(await delivered(body.secure_url)).toBe(sha(WHOLE));
    expect(await filesOnDisk()).toBe(1);
  });

  it.each<[string, Fields, string, object]>([
    ["a chosen ID", { public_id: "b", folder: "a" }, "raw", { public_id: "a/b", resource_type: "raw" }],
    ["a type to be found out", {}, "auto", {}],
    ["a type", { type: "private" }, "image", { kind: "private", resource_type: "image" }],
  ])("what is known of it before the end: %s", async (_, params, resourceType, told) => {
    const answer = await first(await started(), { fields: signed(params), resourceType });
    expect(answer.body).toEqual({ done: false, bytes: MIN, kind: "upload", ...told });
  });

  it("of a length that the last part tells", async () => {
    const emulator = await started();
    await first(emulator, { total: -1 });
    await second(emulator, { total: -1 });
    expect(await delivered((await last(emulator)).body.secure_url)).toBe(sha(WHOLE));
  });

  it("is identified as a whole", async () => {
    // What follows the end of a PNG is nobody's business.
    const whole = new Uint8Array(MIN + 10);
    whole.set(PNG_3X2);
    const emulator = await started();
    const piece = { total: whole.length, resourceType: "auto" };
    await send(emulator, 0, MIN, { ...piece, bytes: whole.subarray(0, MIN) });
    const answer = await send(emulator, MIN, whole.length, { ...piece, bytes: whole.subarray(MIN) });
    expect(answer.body).toMatchObject({ resource_type: "image", format: "png", width: 3 });
  });

  it("each part signed for itself, at its own time", async () => {
    const emulator = await started();
    await first(emulator, { fields: signed({ tags: "a" }, "sha1") });
    await second(emulator, { fields: signed({ tags: "a", timestamp: String(NOW - 60) }) });
    expect((await last(emulator, { fields: signed({ tags: ["a"] }) })).body).toMatchObject({ tags: ["a"] });
  });

  it("two at once, in turns", async () => {
    const emulator = await started();
    const other = noise(TOTAL, 2);
    const answers: Answer[] = [];
    for (const [start, end] of [
      [0, MIN],
      [MIN, 2 * MIN],
      [2 * MIN, TOTAL],
    ] as const) {
      answers.push(
        ...(await Promise.all([
          send(emulator, start, end, { id: "one" }),
          send(emulator, start, end, {
            id: "two",
            bytes: other.subarray(start, end),
            fields: signed({ tags: "x" }),
          }),
        ])),
      );
    }
    const [one, two] = answers.slice(-2);
    expect(await delivered(one!.body.secure_url)).toBe(sha(WHOLE));
    expect(await delivered(two!.body.secure_url)).toBe(sha(other));
    expect([one!.body.tags, two!.body.tags]).toEqual([[], ["x"]]);
  });
});

describe("a part sent again, after its answer was lost", () => {
  it("takes the place of the one before", async () => {
    const emulator = await started();
    await first(emulator, { bytes: noise(MIN, 9) });
    expect((await first(emulator)).body).toMatchObject({ done: false, bytes: MIN });
    await second(emulator);
    await second(emulator);
    expect((await first(emulator)).body).toMatchObject({ done: false, bytes: 2 * MIN });
    expect(await filesOnDisk()).toBe(2);
    expect(await delivered((await last(emulator)).body.secure_url)).toBe(sha(WHOLE));
  });

  it("both at once", async () => {
    const emulator = await started();
    await Promise.all([first(emulator), first(emulator)]);
    expect(await filesOnDisk()).toBe(1);
    await second(emulator);
    const [one, other] = await Promise.all([last(emulator), last(emulator)]);
    expect(one!.body).toMatchObject({ bytes: TOTAL });
    expect(other!.body).toEqual(one!.body);
    expect(emulator.uploads()).toHaveLength(1);
  });

  it.each([
    ["the last one", last],
    ["the first one", first],
  ])("after the file was stored: %s is answered as before", async (_, part) => {
    const onUpload = vi.fn();
    const emulator = await started({ onUpload });
    for (const each of [first, second]) await each(emulator);
    const stored = await last(emulator);
    const again = await part(emulator, { fields: signed({ timestamp: String(NOW + 60) }) });
    expect(again.body).toEqual(stored.body);
    expect([onUpload.mock.calls.length, emulator.uploads().length, await filesOnDisk()]).toEqual([1, 1, 1]);
  });

  it.each<[string, Piece]>([
    ["bytes", { bytes: noise(MIN, 9) }],
    ["fields", { fields: signed({ tags: "x" }) }],
  ])("after the file was stored, with other %s: it begins another", async (_, piece) => {
    const emulator = await started();
    for (const part of [first, second, last]) await part(emulator);
    expect((await first(emulator, piece)).body).toMatchObject({ done: false, bytes: MIN });
    await second(emulator, { fields: piece.fields ?? signed() });
    expect((await last(emulator, { fields: piece.fields ?? signed() })).body).toMatchObject({ bytes: TOTAL });
    expect(emulator.uploads()).toHaveLength(2);
  });

  it("of a file that was refused: as before", async () => {
    const emulator = await started();
    for (const part of [first, second]) await part(emulator, { resourceType: "image" });
    const refused = await last(emulator, { resourceType: "image" });
    expect(await last(emulator, { resourceType: "image" })).toMatchObject({
      status: refused.status,
      body: refused.body,
    });
    expect(refused.body.error.message).toBe("Invalid image file");
  });
});

describe("in any order", () => {
  const PARTS = [first, second, last];
  const ORDERS = [
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  it.each(ORDERS)("%i, %i, %i", async (...order) => {
    const emulator = await started();
    const answers: Answer[] = [];
    for (const i of order) answers.push(await PARTS[i]!(emulator, { name: `${i}.bin` }));
    expect(answers.map(({ body }) => body.done)).toEqual([false, false, undefined]);
    // The last part names the file, whenever it comes.
    expect(answers[2]!.body).toMatchObject({ bytes: TOTAL, original_filename: "2" });
    expect(await delivered(answers[2]!.body.secure_url)).toBe(sha(WHOLE));
  });

  it.each(ORDERS)("%i, %i, %i, of a length that one of them tells", async (...order) => {
    const emulator = await started();
    const answers: Answer[] = [];
    for (const i of order) answers.push(await PARTS[i]!(emulator, i === 2 ? {} : { total: -1 }));
    expect(await delivered(answers[2]!.body.secure_url)).toBe(sha(WHOLE));
  });

  it("ten at once, each signed anew, some twice", async () => {
    const onUpload = vi.fn();
    const emulator = await started({ onUpload });
    const whole = noise(9 * MIN + 7, 5);
    const sent = [...Array(10).keys(), 3, 9].map((i) => {
      const [start, end] = [i * MIN, Math.min((i + 1) * MIN, whole.length)];
      return send(emulator, start, end, {
        total: whole.length,
        bytes: whole.subarray(start, end),
        fields: signed({ public_id: "a", timestamp: String(NOW - i) }, i % 2 ? "sha1" : "sha256"),
      });
    });
    const answers = await Promise.all(sent);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const told = answers.filter(({ body }) => body.done === undefined);
    expect(told.length).toBeGreaterThan(0);
    for (const { body } of told) expect(body).toMatchObject({ public_id: "a", bytes: whole.length });
    expect(await delivered(told[0]!.body.secure_url)).toBe(sha(whole));
    expect([onUpload.mock.calls.length, await filesOnDisk()]).toEqual([1, 1]);
  });
});

it("forty parts that take longer than a signature lives, each signed anew", async () => {
  const emulator = await started({ maxAge: 60 });
  const whole = noise(40 * MIN, 6);
  const begun = signed();
  let answer: Answer | undefined;
  for (let start = 0; start < whole.length; start += MIN) {
    const timestamp = String(emulator.clock.now() / 1000);
    const piece = { total: whole.length, bytes: whole.subarray(start, start + MIN) };
    answer = await send(emulator, start, start + MIN, { ...piece, fields: signed({ timestamp }) });
    emulator.clock.advance(50);
    const late = await send(emulator, start, start + MIN, { ...piece, fields: begun });
    expect(late.status).toBe(start === 0 ? 200 : 400);
  }
  expect(await delivered(answer!.body.secure_url)).toBe(sha(whole));
  expect(emulator.uploads()).toHaveLength(1);
});

describe("by number", () => {
  // Of three sizes, of which none is another's multiple.
  const ENDS = [MIN, 2 * MIN + 17, TOTAL];
  const numbered = (emulator: Emulator, number: number, piece: Piece = {}) =>
    send(emulator, ENDS[number - 2] ?? 0, ENDS[number - 1]!, {
      number: `${number}`,
      ...(number === 3 && { parts: "3" }),
      ...piece,
    });

  it.each([
    [1, 2, 3],
    [3, 2, 1],
    [2, 3, 1],
  ])("%i, %i, %i: parts of any size", async (...order) => {
    const emulator = await started();
    const answers: Answer[] = [];
    for (const number of order) answers.push(await numbered(emulator, number));
    expect(answers.slice(0, 2)).toMatchObject([{ body: { done: false } }, { body: { done: false } }]);
    expect(await delivered(answers[2]!.body.secure_url)).toBe(sha(WHOLE));
    expect((await numbered(emulator, 1)).body).toEqual(answers[2]!.body);
    expect(emulator.uploads()).toHaveLength(1);
  });

  it("one of one, which needs no upload ID", async () => {
    const answer = await send(await started(), 0, 100, { number: "1", parts: "1", id: "" });
    expect(answer.body).toMatchObject({ bytes: 100 });
  });

  it.each<[string, Piece, RegExp]>([
    ["number 0", { number: "0" }, /^Invalid X-Upload-Part-Number header/],
    ["no number", { number: "x" }, /^Invalid X-Upload-Part-Number header/],
    ["a number over the total", { number: "4", parts: "3" }, /^Invalid X-Upload-Part-Number header/],
    ["no total", { parts: "" }, /^Invalid X-Upload-Part-Number header/],
    ["too many parts", { parts: "10001" }, /^Invalid X-Upload-Part-Number header/],
    ["another total", { parts: "4" }, /^Invalid part - its total/],
    ["a short part", { bytes: WHOLE.subarray(0, MIN - 1) }, /larger than 5mb$/],
    ["no upload ID", { id: "" }, /^Missing X-Unique-Upload-Id header/],
    ["another field", { fields: signed({ tags: "a" }) }, /: tags$/],
  ])("refuses %s, and the right part goes on", async (_, piece, message) => {
    const emulator = await started();
    for (const number of [1, 3]) await numbered(emulator, number);
    const refused = await numbered(emulator, 2, piece);
    expect([refused.status, refused.body.error.message]).toEqual([400, expect.stringMatching(message)]);
    expect(await delivered((await numbered(emulator, 2)).body.secure_url)).toBe(sha(WHOLE));
  });

  it("not beside parts by their ranges", async () => {
    const emulator = await started();
    await first(emulator);
    const refused = await send(emulator, MIN, 2 * MIN, { number: "2", parts: "3" });
    expect(refused.body.error.message).toMatch(/^Invalid part - some parts/);
  });

  it.runIf(process.env.FULL === "1")("a file larger than what is held in memory", async () => {
    const emulator = await started();
    const bytes = new Uint8Array(90 * MIB);
    for (let number = 1; number <= 5; number++)
      expect((await send(emulator, 0, 1, { number: `${number}`, bytes })).status).toBe(200);
    const refused = await send(emulator, 0, 1, { number: "6", bytes });
    expect([refused.status, await filesOnDisk()]).toEqual([413, 5]);
    expect((await send(emulator, 0, 1, { number: "5", bytes })).status).toBe(200);
  });
});

it("each part is judged by its own time", async () => {
  let now = NOW;
  const emulator = await started({ now: () => now * 1000 });
  const sent: Answer[] = [];
  for (const part of [last, first, second]) {
    sent.push(await part(emulator, { fields: signed({ timestamp: String(now) }) }));
    now += 3000;
  }
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
  const late = await first(emulator, { id: "two" });
  expect(late.body.error.message).toMatch(/^Stale request/);
});

it("a range over the whole that lies about its length is refused", async () => {
  const emulator = await started();
  const lie = await send(emulator, 0, 94, { total: 94, bytes: WHOLE.subarray(0, 200) });
  expect(lie.body.error.message).toMatch(/^Invalid part - it has 200 bytes, Content-Range tells of 94$/);
  expect(emulator.uploads()).toHaveLength(0);
});

describe("refused, and the right part goes on", () => {
  it.each<[string, (emulator: Emulator) => Promise<Answer>, RegExp, number?]>([
    ["an overlap", (e) => send(e, MIN - 1, 2 * MIN - 1), /^Inconsistent chunk sizes$/],
    ["a gap", (e) => send(e, MIN + 1, 2 * MIN + 1), /^Inconsistent chunk sizes$/],
    ["a larger part", (e) => send(e, MIN, 2 * MIN + 1), /^Inconsistent chunk sizes$/],
    ["a last part that is larger", (e) => send(e, MIN, TOTAL), /^Inconsistent chunk sizes$/],
    ["another length of a part held", (e) => send(e, 0, MIN + 1), /^Inconsistent chunk sizes$/],
    [
      "a short part",
      (e) => send(e, MIN, 2 * MIN - 1),
      /^All parts except EOF-chunk must be larger than 5mb$/,
    ],
    ["another total", (e) => second(e, { total: TOTAL + 1 }), /^Invalid part - its total/],
    [
      "no total, and more than was told",
      (e) => send(e, 2 * MIN, 3 * MIN, { total: -1, bytes: noise(MIN) }),
      /^Invalid part - its total/,
    ],
    [
      "fewer bytes than the range",
      (e) => second(e, { bytes: WHOLE.subarray(0, MIN - 1) }),
      /^Invalid part - it has 4999 bytes, Content-Range tells of 5000$/,
    ],
    ["more bytes than the range", (e) => second(e, { bytes: WHOLE.subarray(0, MIN + 1) }), /has 5001 bytes/],
    ["an empty part", (e) => second(e, { bytes: new Uint8Array() }), /^Empty file$/],
    ["a field more", (e) => second(e, { fields: signed({ tags: "a" }) }), /other than .* before: tags$/],
    [
      "another resource type",
      (e) => second(e, { resourceType: "video" }),
      /other than in the parts before: resource_type$/,
    ],
    [
      "a wrong signature",
      (e) => second(e, { fields: { ...signed(), signature: "0".repeat(64) } }),
      /^Invalid Signature 0{64}\./,
      401,
    ],
    ["no signature", (e) => second(e, { fields: {} }), /^Upload preset must be specified/],
    ["an old one", (e) => second(e, { fields: signed({ timestamp: String(NOW - 3601) }) }), /^Stale request/],
    ["no upload ID", (e) => second(e, { id: "" }), /^Missing X-Unique-Upload-Id header/],
  ])("%s", async (_, wrong, message, status = 400) => {
    const onRefusal = vi.fn();
    const emulator = await started({ onRefusal });
    await first(emulator);
    const refused = await wrong(emulator);
    expect(refused.status).toBe(status);
    expect(refused.body.error.message).toMatch(message);
    expect(onRefusal).toHaveBeenCalledTimes(1);
    expect(await filesOnDisk()).toBe(1);

    expect((await second(emulator)).body).toMatchObject({ bytes: 2 * MIN });
    expect(await delivered((await last(emulator)).body.secure_url)).toBe(sha(WHOLE));
  });

  it("a field changed or left out", async () => {
    const emulator = await started();
    await first(emulator, { fields: signed({ tags: "a", folder: "f" }) });
    const answer = await second(emulator, { fields: signed({ tags: "b" }) });
    expect(answer.body.error.message).toBe("Invalid part - other than in the parts before: tags, folder");
  });

  it("an end before what is here", async () => {
    const emulator = await started();
    await first(emulator, { total: -1 });
    await second(emulator, { total: -1 });
    await send(emulator, 2 * MIN, 3 * MIN, { total: -1, bytes: WHOLE.subarray(0, MIN) });
    const answer = await second(emulator, { total: 2 * MIN });
    expect(answer.body.error.message).toMatch(/^Invalid part - its total/);
  });

  it.each<[string, Fields, RegExp]>([
    ["a public ID", { public_id: "a?b" }, /^public_id \(a\?b\) is invalid$/],
    ["a type", { type: "fetch" }, /^Invalid type/],
  ])("%s, with the first part already", async (_, params, message) => {
    const answer = await first(await started(), { fields: signed(params) });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
    expect(await filesOnDisk()).toBe(0);
  });

  it("what is no file of its kind, at the end, and nothing is left", async () => {
    const emulator = await started();
    const piece = { resourceType: "image" };
    for (const part of [first, second]) expect((await part(emulator, piece)).status).toBe(200);
    expect((await last(emulator, piece)).body.error.message).toBe("Invalid image file");
    expect([await filesOnDisk(), emulator.uploads().length]).toEqual([0, 0]);
  });
});

describe("headers", () => {
  const MALFORMED = /^Invalid Content-Range header - bytes <first>-<last>\/<total> expected$/;
  it.each<[string, RegExp | undefined]>([
    ["bytes 0-93/94", undefined],
    ["bytes 0-93/-1", /larger than 5mb$/],
    ["bytes 0-5242879/20000000", /it has \d+ bytes, Content-Range tells of 5242880$/],
    ["bytes 0-5242879/536870913", /it has/],
    ["0-93/200", MALFORMED],
    ["bytes 93-0/200", MALFORMED],
    ["bytes 0-200/200", MALFORMED],
    ["bytes 0-93/*", MALFORMED],
    ["bytes 0-93/-2", MALFORMED],
    ["bytes 0-93", MALFORMED],
    ["bytes 0-9999999999999999/-1", MALFORMED],
    ["", MALFORMED],
  ])("Content-Range: %s", async (range, message) => {
    const headers = { "Content-Range": range, "X-Unique-Upload-Id": "one" };
    const answer = await post(await started(), formOf(signed(), png()), { headers });
    expect(answer.status).toBe(message ? 400 : 200);
    if (message) expect(answer.body.error.message).toMatch(message);
  });

  it("a whole larger than what is held in memory", async () => {
    const answer = await first(await started(), { total: 512 * MIB + 1 });
    expect(answer.status).toBe(413);
    expect((await first(await started(), { total: 512 * MIB })).status).toBe(200);
  });

  it("an upload ID alone changes nothing", async () => {
    const headers = { "X-Unique-Upload-Id": "one" };
    const answer = await post(await started(), formOf(signed(), png()), { headers });
    expect(answer.body).toMatchObject({ format: "png" });
  });

  it("may be sent by a page of another origin", async () => {
    const asked = "content-range,x-unique-upload-id";
    const response = await fetch(`${(await started()).url}/v1_1/demo/image/upload`, {
      method: "OPTIONS",
      headers: {
        Origin: "https://www.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": asked,
      },
    });
    expect(response.headers.get("Access-Control-Allow-Headers")).toBe(asked);
  });
});

it("of more than 20 unfinished uploads, the one that waits longest is dropped", async () => {
  const emulator = await started();
  const ids = Array.from({ length: 20 }, (_, i) => String(i));
  for (const id of ids) await first(emulator, { id });
  await second(emulator, { id: "0" });
  expect(await filesOnDisk()).toBe(21);
  await first(emulator, { id: "20" });
  expect(await filesOnDisk()).toBe(21);
  // It begins anew.
  expect((await second(emulator, { id: "1" })).body).toMatchObject({ done: false, bytes: MIN });
  expect(await delivered((await last(emulator, { id: "0" })).body.secure_url)).toBe(sha(WHOLE));

  await emulator.close();
  expect(await readdir(temporary)).toEqual([]);
});

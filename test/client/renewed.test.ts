// Files in parts that take longer than a signature lives, over a signer in this process and a real emulator. The clock of
// all three is moved by the test: what each part takes.

import { afterEach, describe, expect, it, vi } from "vitest";
import { type UploadProgress, upload } from "../../src/client/client.ts";
import { cases } from "../support/counts.ts";
import { type LocalSigner, startLocalSigner } from "./local-signer.ts";

const MIB = 1024 * 1024;
const PART = 5 * MIB;
/** Of the longest file. */
const PARTS = cases(3, 40);
const DEFINITION = {
  profiles: {
    long: { access: ["public"], ttl: 86_400 },
    receipts: { access: ["public"], ttl: 86_400, file: {} },
    // Its tickets have an upload ID, and are not renewed.
    hour: { access: ["public"], file: {} },
    minute: { access: ["public"], ttl: 60, file: {} },
  },
} as const;

/** Uploads a file of so many parts, each of which takes so many seconds. */
async function send(
  profile: string,
  { parts, seconds, maxAge }: { parts: number; seconds: number; maxAge?: number },
  meanwhile: (local: LocalSigner, answers: number) => void = () => {},
) {
  vi.useFakeTimers({ toFake: ["Date"] });
  const refusals: string[] = [];
  const onRefusal = ({ message }: { message: string }) => refusals.push(message.slice(0, 13));
  const local = await startLocalSigner(DEFINITION, {}, { onRefusal, ...(maxAge && { maxAge }) });
  // Compressed by nobody, and equal nowhere.
  const bytes = new Uint8Array((parts - 1) * PART + 1000);
  for (let i = 0; i < bytes.length; i += 4096) new DataView(bytes.buffer).setUint32(i, i * 2654435761);
  const [signatures, ids, ranges]: [string[], Set<string>, string[]] = [[], new Set(), []];
  const progress: UploadProgress[] = [];
  const network = globalThis.fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    if (init.body instanceof FormData) {
      const headers = new Headers(init.headers);
      ids.add(headers.get("x-unique-upload-id")!);
      ranges.push(headers.get("content-range")!);
    }
    return network(url, init);
  });
  let answers = 0;
  const over = upload(new File([bytes], "film.bin"), {
    ...{ signer: local.signer, profile, chunkSize: PART, retries: 1 },
    onTicket: ({ signature }) => signatures.push(signature),
    onProgress: (now) => progress.push(now),
    onAnswer: () => {
      answers += 1;
      vi.setSystemTime(Date.now() + seconds * 1000);
      meanwhile(local, answers);
    },
  });
  const uploaded = await over.catch((error: unknown) => error);
  const stored = local.emulator.uploads();
  const [only] = stored;
  const delivered = only && Buffer.from(await (await fetch(only.secure_url)).arrayBuffer());
  const isWhole = delivered?.equals(bytes) === true;
  const asked = local.asked.map(
    ({ path, body }) => `${body ? "" : "GET "}${path}${body?.renew ? " renew" : ""}`,
  );
  await local.close();
  return { uploaded, stored, isWhole, asked, refusals, signatures, ids, ranges, progress };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("under a `ttl` of a day", () => {
  it(`${PARTS} parts are stored whole while Cloudinary refuses signatures that are older than a minute`, async () => {
    const sent = await send("long", { parts: PARTS, seconds: 45, maxAge: 60 });
    expect([sent.isWhole, sent.stored.length]).toEqual([true, 1]);
    expect(sent.ids.size).toBe(1);
    // Of each ticket two parts at most; the one that was refused goes again, and none before it.
    expect(new Set(sent.refusals)).toEqual(new Set(["Stale request"]));
    expect(sent.refusals.length).toBeGreaterThanOrEqual(PARTS / 2 - 1);
    expect(sent.ranges).toHaveLength(PARTS + sent.refusals.length);
    expect(new Set(sent.signatures).size).toBe(1 + sent.refusals.length);
    expect(sent.asked.filter((path) => path === "/sign/long")).toHaveLength(1);
  });

  it("a ticket is renewed before its last minute, so that no part is sent in vain", async () => {
    const sent = await send("receipts", { parts: 3, seconds: 3550 });
    expect([sent.isWhole, sent.stored.length, sent.refusals]).toEqual([true, 1, []]);
    expect(sent.asked).toEqual([
      "/sign/receipts",
      ...Array(2).fill("/sign/receipts renew"),
      "/confirm/receipts",
    ]);
    // By the ID that all its tickets have.
    expect(sent.uploaded).toMatchObject({ receipt: expect.any(String) });
    expect(sent.progress.at(-1)?.phase).toBe("confirming");
    expect(sent.progress.filter(({ phase }) => phase === "signing")).toHaveLength(1);
  });

  it("not before that", async () => {
    const sent = await send("long", { parts: 3, seconds: 1200 });
    expect(sent.asked.filter((path) => path.endsWith("renew"))).toEqual([]);
    expect(sent.isWhole).toBe(true);
  });

  it("a renewal that fails for a reason that may pass is asked for again", async () => {
    const sent = await send("long", { parts: 3, seconds: 3550 }, (local, answers) => {
      if (answers === 1) local.answer("/sign/long", "network");
    });
    expect(sent.asked.filter((path) => path.endsWith("renew"))).toHaveLength(3);
    expect([sent.isWhole, sent.ids.size, sent.refusals]).toEqual([true, 1, []]);
  });
});

describe("where a ticket is not renewed", () => {
  it("the file begins anew with a fresh one, once, and the signer is asked for a renewal once a ticket", async () => {
    const sent = await send("hour", { parts: 3, seconds: 1900 });
    expect(sent.asked).toEqual([
      "/sign/hour",
      // Refused after the second part, whose ticket is too old for the third.
      "/sign/hour renew",
      "/sign/hour",
      "/sign/hour renew",
    ]);
    expect(sent.uploaded).toMatchObject({ code: "upload_refused", status: 400 });
    expect(sent.refusals).toEqual(["Stale request", "Stale request"]);
    expect([sent.ids.size, sent.stored.length]).toEqual([2, 0]);
  });

  it("and is stored where that one is fast enough", async () => {
    const sent = await send("hour", { parts: 3, seconds: 1900 }, (_, answers) => {
      if (answers > 3) vi.setSystemTime(Date.now() - 1_900_000);
    });
    expect([sent.isWhole, sent.ids.size]).toEqual([true, 2]);
    expect(sent.uploaded).toMatchObject({ receipt: expect.any(String) });
  });

  it("a ticket that is short from its beginning costs no question while it is good", async () => {
    const sent = await send("minute", { parts: 2, seconds: 1 });
    expect(sent.asked).toEqual(["/sign/minute", "/confirm/minute"]);
    expect(sent.isWhole).toBe(true);
  });
});

// `act` against servers that fail on purpose: what is sent, what is sent again, and what never is.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ActOptions, act, UploadError, upload } from "../../src/client/client.ts";

const SIGNER = "https://signer.example";
const CLOUD = "https://cloud.example/v1_1/demo/image";

type Reply = Response | "network";
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
const ticket = (method = "destroy", n = 1): Response =>
  json({
    url: `${CLOUD}/${method}`,
    fields: { api_key: "1", public_id: "users/7/cat", timestamp: String(n), signature: `s${n}` },
    expires_at: n + 3600,
  });
const error = (status: number, message = "no", headers: Record<string, string> = {}): Response =>
  json({ error: { message } }, status, headers);
const STALE = "Stale request - reported time is 2016-12-15 04:02:46 +0000 which is more than 1 hour ago";

let asked: { url: string; init: RequestInit }[];

/** Answers the requests in turn. */
function serve(...replies: Reply[]): void {
  asked = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    asked.push({ url, init });
    const reply = replies[asked.length - 1];
    if (reply === undefined || reply === "network") throw new TypeError("fetch failed");
    return reply;
  });
}

async function run(options: Partial<ActOptions> = {}, params: object = { public_id: "users/7/cat" }) {
  const over = act("remove", { ...params }, { signer: SIGNER, ...options }).catch(
    (thrown: unknown) => thrown,
  );
  await vi.runAllTimersAsync();
  return over;
}
const requests = (): string[] => asked.map(({ url }) => (url.startsWith(SIGNER) ? "signer" : "cloud"));

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks for a ticket of the profile, sends its fields and nothing else, and resolves to the answer", async () => {
  serve(ticket(), json({ result: "ok" }));
  const seen: unknown[] = [];
  const answered = await run({
    token: "abc",
    headers: { "x-session": "s" },
    credentials: "include",
    onTicket: ({ url }) => seen.push(url),
    onAnswer: ({ status, text }) => seen.push([status, text]),
  });
  expect(answered).toEqual({ result: "ok" });
  const [first, second] = asked;
  expect([first!.url, first!.init.body, first!.init.credentials]).toEqual([
    `${SIGNER}/sign/remove`,
    '{"params":{"public_id":"users/7/cat"}}',
    "include",
  ]);
  const headers = new Headers(first!.init.headers);
  expect([headers.get("authorization"), headers.get("x-session")]).toEqual(["Bearer abc", "s"]);
  expect(second!.url).toBe(`${CLOUD}/destroy`);
  expect(Object.fromEntries(second!.init.body as FormData)).toEqual({
    api_key: "1",
    public_id: "users/7/cat",
    timestamp: "1",
    signature: "s1",
  });
  expect(seen).toEqual([`${CLOUD}/destroy`, [200, '{"result":"ok"}']]);
});

describe("is sent again where nothing was done", () => {
  it.each<[string, Reply[], string[]]>([
    ["no signer", ["network", ticket(), json({ result: "ok" })], ["signer", "signer", "cloud"]],
    ["a signer that breaks", [error(502), ticket(), json({ result: "ok" })], ["signer", "signer", "cloud"]],
    ["too many requests", [ticket(), error(429), json({ result: "ok" })], ["signer", "cloud", "cloud"]],
    [
      "Cloudinary's own word for it",
      [ticket(), error(420), json({ result: "ok" })],
      ["signer", "cloud", "cloud"],
    ],
    [
      "a ticket that is too old, under a fresh one",
      [ticket(), error(400, STALE), ticket("destroy", 2), json({ result: "ok" })],
      ["signer", "cloud", "signer", "cloud"],
    ],
  ])("%s", async (_, replies, wanted) => {
    serve(...replies);
    expect(await run()).toEqual({ result: "ok" });
    expect(requests()).toEqual(wanted);
  });

  it("a ticket that is too old, once", async () => {
    serve(ticket(), error(400, STALE), ticket(), error(400, STALE));
    expect(await run()).toMatchObject({ code: "upload_refused", status: 400 });
    expect(requests()).toHaveLength(4);
  });
});

describe("is never sent again where it may be done already", () => {
  it.each<[string, Reply, object, string]>([
    ["the answer is lost", "network", { code: "network", status: 0 }, "may be done all the same"],
    ["the server breaks", error(500, "Internal"), { code: "upload_refused", status: 500 }, "Internal"],
    ["a proxy breaks", new Response("<html>", { status: 502 }), { code: "unexpected_answer" }, "may be done"],
    ["it is refused", error(404, "Resource not found"), { code: "upload_refused", status: 404 }, "not found"],
  ])("%s", async (_, reply, wanted, words) => {
    serve(ticket(), reply);
    const thrown = await run({ retries: 5 });
    expect(thrown).toBeInstanceOf(UploadError);
    expect(thrown).toMatchObject({ ...wanted, retryable: false, message: expect.stringContaining(words) });
    expect(requests()).toEqual(["signer", "cloud"]);
  });
});

it("is aborted, also between two attempts", async () => {
  serve(ticket(), error(429));
  const stop = new AbortController();
  const over = act("remove", {}, { signer: SIGNER, signal: stop.signal }).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(1);
  stop.abort("enough");
  expect(await over).toBe("enough");
});

it("a refusal of the signer's is handed on whole", async () => {
  const problem = {
    status: 422,
    code: "params_refused",
    detail: "no",
    errors: [{ param: "public_id", code: "invalid", detail: "no" }],
  };
  serve(json(problem, 422));
  expect(await run()).toMatchObject({ code: "params_refused", problem, retryable: false });
});

it.each(["destroy", "rename", "explicit", "tags", "context", "metadata", "generate_archive"])(
  "a ticket of %s is no upload's, and an upload's is none of act's",
  async (method) => {
    serve(ticket(method), json({}));
    const uploading = upload(new File(["a"], "a.txt"), { signer: SIGNER, profile: "remove" });
    expect(await uploading.catch((thrown: unknown) => thrown)).toMatchObject({
      code: "unexpected_answer",
      message: 'Call act("remove", …), which sends no file: this profile is for another method than upload.',
    });
    expect(requests()).toEqual(["signer"]);
    serve(ticket("upload"), json({}));
    expect(await run()).toMatchObject({
      code: "unexpected_answer",
      message: "Call upload(file, …) for the profile remove: it is for files.",
    });
    expect(requests()).toEqual(["signer"]);
    serve(ticket(method), json({ public_id: "a" }));
    expect(await run()).toEqual({ public_id: "a" });
  },
);

it.each<[string, Response]>([
  ["no object", json("ok")],
  ["null", json(null)],
  ["an address that runs", json({ public_id: "a", secure_url: "javascript:alert(1)" })],
  ["an address by http", json({ url: "http://a.example/b", secure_url: "http://a.example/b" })],
])("an answer with %s is none of Cloudinary's", async (_, reply) => {
  serve(ticket("rename"), reply);
  expect(await run()).toMatchObject({ code: "unexpected_answer", status: 200 });
});

it.each<[string, unknown[], string]>([
  ["no profile", [undefined, {}, { signer: SIGNER }], "of a profile first"],
  ["no parameters", ["remove", null, { signer: SIGNER }], "parameters second"],
  ["no options", ["remove", {}], "options third"],
  ["no signer", ["remove", {}, {}], "signer must be an address"],
])("%s is a mistake", async (_, args, words) => {
  serve();
  const refused = expect((act as (...args: unknown[]) => Promise<unknown>)(...args)).rejects;
  await refused.toThrow(TypeError);
  await expect((act as (...args: unknown[]) => Promise<unknown>)(...args)).rejects.toThrow(words);
  expect(asked).toEqual([]);
});

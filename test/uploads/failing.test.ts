// Cloudinary and the application may fail, hang, come late or answer nonsense: each is its code, nothing is deleted or
// published for it, and the same call goes on where it stopped once they answer again.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RejectUpload } from "../../src/reject-upload.ts";
import type { Plain } from "../support/definition.ts";
import { clock, holds, PUBLIC_URL, START, scene, startCloudinary } from "./scene.ts";

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  profiles: {
    open: { access: ["public"], file: { maxBytes: 1000 } },
    tiny: { access: ["public"], file: { maxBytes: 10 } },
    waiting: { access: ["public"], file: { quarantine: true } },
  },
};

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary();
});
beforeEach(() => {
  clock.now = START;
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => emulator.close());

const json = (value: unknown, status = 200) => Response.json(value, { status });
const error = (message: string, status: number) => json({ error: { message } }, status);
const hang = (): Promise<never> => new Promise(() => {});

type Reply = (honest: () => Promise<Response>) => Promise<Response> | Response;

/** An answer of Cloudinary's, changed. */
const changed =
  (change: object): Reply =>
  async (honest) =>
    json({ ...(await (await honest()).json()), ...change });

const UNAVAILABLE = "cloudinary_unavailable";

/** What comes in place of an honest answer to any of the methods. */
const BROKEN: readonly (readonly [what: string, reply: Reply])[] = [
  ["a status of 500", () => error("oops", 500)],
  ["a status of 502 and a page", () => new Response("<html>", { status: 502 })],
  ["a status of 420", () => error("Rate Limit Exceeded", 420)],
  ["a status of 423", () => error("still processing", 423)],
  ["a status of 429", () => error("Too many", 429)],
  ["a status of 401", () => error("Invalid Signature x. String to sign - 'y'.", 401)],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } })],
  ["a page", () => new Response("<html>hello</html>")],
  ["nothing", () => new Response("")],
  ["null", () => json(null)],
  [
    "half of an answer",
    async (honest) => {
      const text = await (await honest()).text();
      return new Response(text.slice(0, text.length >> 1));
    },
  ],
  ["no network", () => Promise.reject(new TypeError("fetch failed https://key:secret@api"))],
  [
    "an endless answer",
    () => {
      const chunk = new Uint8Array(1 << 16).fill(32);
      return new Response(new ReadableStream({ pull: (to) => to.enqueue(chunk) }));
    },
  ],
];

/** What only answers with an asset can have wrong. */
const OF_ASSETS: readonly (readonly [what: string, code: string, reply: Reply])[] = [
  ["an empty object", UNAVAILABLE, () => json({})],
  ["no size", UNAVAILABLE, changed({ bytes: undefined })],
  ["a size of words", UNAVAILABLE, changed({ bytes: "1" })],
  ["a negative size", UNAVAILABLE, changed({ bytes: -1 })],
  ["a version of words", UNAVAILABLE, changed({ version: "1795468800" })],
  ["an address that is none", UNAVAILABLE, changed({ secure_url: "javascript:alert(1)" })],
  ["an address that anybody can change", UNAVAILABLE, changed({ secure_url: "http://res.example/a.jpg" })],
  ["a format in a list", UNAVAILABLE, changed({ format: ["jpg"] })],
  ["another public ID", "not_stored", changed({ public_id: "another" })],
  ["another version", "not_stored", changed({ version: START + 5 })],
  ["another type", "not_stored", changed({ type: "private" })],
  ["another resource type", "not_stored", changed({ resource_type: "raw" })],
];

/** Answers one method so, once; every other request is honest. */
function once(method: string, reply: Reply) {
  let done = false;
  return (url: string, ask: () => Promise<Response>): Promise<Response> => {
    if (done || !url.endsWith(`/${method}`)) return ask();
    done = true;
    return Promise.resolve(reply(ask));
  };
}

/** What the emulator was asked to do beside telling. */
const changes = (from: number) => emulator.acts.slice(from).filter(({ method }) => method !== "explicit");

describe("Cloudinary, asked what arrived", () => {
  it.each([...BROKEN.map(([what, reply]) => [what, UNAVAILABLE, reply] as const), ...OF_ASSETS])(
    "%s: %s",
    async (_, code, reply) => {
      const heard: unknown[] = [];
      const { upload, confirm, logs } = scene(emulator, DEFINITION, {
        through: once("explicit", reply),
        onUploaded: (one) => void heard.push(one),
      });
      const done = await upload("open");
      const from = emulator.acts.length;
      const { status, body, headers } = await confirm("open", done);
      expect([status, body.code]).toEqual([code === UNAVAILABLE ? 503 : 409, code]);
      if (code === UNAVAILABLE) expect(headers.get("retry-after")).toBe("10");
      expect(changes(from)).toEqual([]);
      expect(heard).toEqual([]);
      expect(holds(emulator, done.response)).toBe(true);
      expect(logs.join()).not.toMatch(/key:secret|Invalid Signature|String to sign/);
      expect((await confirm("open", done)).status).toBe(200);
    },
  );
});

describe("Cloudinary, asked to delete", () => {
  it.each([...BROKEN, ["another result", () => json({ result: "pending" })] as const])(
    "%s: asked for again, it is refused as before",
    async (_, reply) => {
      const { upload, confirm } = scene(emulator, DEFINITION, { through: once("destroy", reply) });
      const done = await upload("tiny");
      const first = await confirm("tiny", done);
      expect([first.status, first.body.code]).toEqual([503, UNAVAILABLE]);
      const again = await confirm("tiny", done);
      // One whose answer was lost on its way is done.
      expect(["file_refused", "not_stored"]).toContain(again.body.code);
      expect(holds(emulator, done.response)).toBe(false);
    },
  );
});

describe("Cloudinary, asked to publish", () => {
  it.each(BROKEN)("%s: asked for again, it is published", async (_, reply) => {
    const { upload, confirm } = scene(emulator, DEFINITION, { through: once("rename", reply) });
    const done = await upload("waiting");
    const first = await confirm("waiting", done);
    expect([first.status, first.body.code]).toEqual([503, UNAVAILABLE]);
    const again = await confirm("waiting", done);
    expect(again.status).toBe(200);
    expect(holds(emulator, { ...done.response, type: "upload" })).toBe(true);
  });

  it("another file than the one that was judged: deleted, and refused", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      through: once("rename", changed({ etag: "another" })),
    });
    const done = await upload("waiting");
    const { status, body } = await confirm("waiting", done);
    expect([status, body.code, body.errors[0].code]).toEqual([422, "file_refused", "rejected"]);
    expect(emulator.uploads().some(({ public_id }) => public_id === done.response.public_id)).toBe(false);
  });

  it("an answer without an etag: the published one is asked for it", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      through: once("rename", changed({ etag: undefined })),
    });
    const done = await upload("waiting");
    expect((await confirm("waiting", done)).status).toBe(200);
  });

  it("no etag of what is judged: nothing is published, and the application does not hear it", async () => {
    const heard: unknown[] = [];
    const { upload, confirm } = scene(emulator, DEFINITION, {
      through: (url, ask) => (url.endsWith("/explicit") ? changed({ etag: undefined })(ask) : ask()) as never,
      onUploaded: (one) => void heard.push(one),
    });
    const done = await upload("waiting");
    const { status, body } = await confirm("waiting", done);
    expect([status, body.code, heard]).toEqual([503, UNAVAILABLE, []]);
    expect(holds(emulator, done.response)).toBe(true);
  });

  it("a name that is taken: nothing is deleted", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      through: once("rename", () => error("to_public_id already exists", 400)),
    });
    const done = await upload("waiting");
    expect((await confirm("waiting", done)).body.code).toBe("not_stored");
    expect(holds(emulator, done.response)).toBe(true);
    expect((await confirm("waiting", done)).status).toBe(200);
  });
});

describe("the application", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("database down postgres://u:p@h");
      },
    ],
    [
      "throws a text",
      () => {
        throw "RejectUpload: no";
      },
    ],
    [
      "throws what looks like a rejection",
      () => {
        throw { name: "RejectUpload", message: "RejectUpload: no" };
      },
    ],
    [
      "throws an error that only tells of one",
      () => {
        throw new Error("no RejectUpload: here");
      },
    ],
    [
      "throws nothing",
      () => {
        throw undefined;
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("x"))],
    ["returns a circle", () => circle],
    ["returns a function", () => () => 1],
    ["returns a BigInt", () => 1n],
    ["returns too much", () => "x".repeat(70_000)],
  ])("%s", async (_, answer) => {
    let isBroken = true;
    const { upload, confirm, logs } = scene(emulator, DEFINITION, {
      onUploaded: () => (isBroken ? answer() : { fine: true }),
    });
    for (const profile of ["open", "waiting"]) {
      isBroken = true;
      const done = await upload(profile);
      const from = emulator.acts.length;
      const { status, body } = await confirm(profile, done);
      expect([status, body.code]).toEqual([503, "application_unavailable"]);
      expect(changes(from)).toEqual([]);
      expect(holds(emulator, done.response)).toBe(true);
      isBroken = false;
      const again = await confirm(profile, done);
      expect([again.status, again.body.data]).toEqual([200, { fine: true }]);
    }
    expect(logs.join()).not.toMatch(/postgres/);
  });

  it.each([
    [undefined, null],
    [null, null],
    [0, 0],
    [
      ["a", { b: undefined }],
      ["a", {}],
    ],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
  ])("returns %j: %j is the data", async (returned, data) => {
    const { upload, confirm } = scene(emulator, DEFINITION, { onUploaded: () => returned });
    expect((await confirm("open", await upload("open"))).body.data).toEqual(data);
  });

  it("changes what it is given, and no receipt", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      onUploaded: (one) => Object.assign(one.asset, { bytes: 1, public_id: "other" }),
    });
    const done = await upload("open");
    const { body } = await confirm("open", done);
    expect(body.asset).toMatchObject({ public_id: done.response.public_id, bytes: done.response.bytes });
  });

  it("rejects by whichever copy of RejectUpload, and what another Worker made of it", async () => {
    for (const thrown of [
      new RejectUpload("full"),
      Object.assign(new Error("RejectUpload: full"), { remote: true }),
      new Error("RejectUpload: RejectUpload: full"),
    ]) {
      const { upload, confirm } = scene(emulator, DEFINITION, {
        onUploaded: () => Promise.reject(thrown),
      });
      const done = await upload("open");
      expect((await confirm("open", done)).body.errors[0]).toMatchObject({
        code: "rejected",
        detail: "full",
      });
      expect(holds(emulator, done.response)).toBe(false);
    }
  });
});

describe("what hangs is what fails", () => {
  /** The rest of a request whose answer is waited for, while the test's clock runs a minute. */
  async function inTime<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = promise.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    for (let second = 0; second < 60 && !settled; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      // Web Crypto and the network answer by no clock of ours.
      await new Promise((resolve) => realSetTimeout(resolve, 20));
    }
    if (!settled) throw new Error("still waiting after a minute");
    return done;
  }
  const realSetTimeout = setTimeout;

  it.each([
    ["explicit", "open", UNAVAILABLE],
    ["destroy", "tiny", UNAVAILABLE],
    ["rename", "waiting", UNAVAILABLE],
  ])("Cloudinary's %s", async (method, profile, code) => {
    const { upload, confirm } = scene(emulator, DEFINITION, { through: once(method, hang) });
    const done = await upload(profile);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { status, body } = await inTime(confirm(profile, done));
    expect([status, body.code]).toEqual([503, code]);
  });

  it("a body that never ends", async () => {
    const endless = () => new Response(new ReadableStream({}));
    const { upload, confirm } = scene(emulator, DEFINITION, { through: once("explicit", endless) });
    const done = await upload("open");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    expect((await inTime(confirm("open", done))).body.code).toBe(UNAVAILABLE);
  });

  it("the application", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, { onUploaded: hang });
    const done = await upload("open");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { status, body } = await inTime(confirm("open", done));
    expect([status, body.code]).toEqual([503, "application_unavailable"]);
    expect(holds(emulator, done.response)).toBe(true);
  });
});

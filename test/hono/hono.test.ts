// The signer mounted in somebody's own Hono app, and called as route handlers of frameworks call theirs.

import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { Hono as OldestHono } from "hono-oldest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { upload } from "../../src/client/client.ts";
import { createSigner, createTicketSource, uploadTicket } from "../../src/hono.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { OPTIONS, unseen } from "../support/account.ts";
import { type Flat, signerOf } from "../support/flat.ts";
import { post } from "../support/targets.ts";

let emulator: Emulator;
let options: Flat;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  options = {
    ...OPTIONS,
    uploadPrefix: emulator.url,
    secrets: { JWT_SECRET: SHARED_SECRET },
    access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } },
    profiles: {
      default: { access: ["public"] },
      "member-widget": { access: ["members"], dropIn: true, set: { folder: "users/{sub}" } },
    },
    log: unseen,
  };
});
afterAll(() => emulator.close());

/** Ways to put the signer somewhere, each answering requests under /api/uploads. */
const MOUNTS: readonly [
  name: string,
  mount: (signer: Hono) => (request: Request) => Response | Promise<Response>,
][] = [
  [
    "app.route of a Hono app",
    (signer) => {
      const app = new Hono().get("/", (c) => c.text("home")).route("/api/uploads", signer);
      return (request) => app.fetch(request);
    },
  ],
  [
    "a Next.js route handler",
    (signer) => {
      // app/api/uploads/[...path]/route.ts: export const POST = (request) => signer.fetch(request)
      const app = new Hono().basePath("/api/uploads").route("/", signer);
      const POST = (request: Request): Response | Promise<Response> => app.fetch(request);
      return POST;
    },
  ],
];

describe.each(MOUNTS)("mounted: %s", (_, mount) => {
  it("an upload to the emulator, by the client", async () => {
    const handle = mount(signerOf(options));
    const sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
    const original = globalThis.fetch;
    globalThis.fetch = async (input, init) =>
      String(input).startsWith("https://www.example.com/")
        ? handle(new Request(input, init))
        : original(input, init);
    try {
      const { asset } = await upload(new File([new Uint8Array(sample)], "a.jpg"), {
        signer: "https://www.example.com/api/uploads",
      });
      expect(asset).toMatchObject({ bytes: sample.length, format: "jpg" });
      expect(emulator.uploads().at(-1)?.public_id).toBe(asset.public_id);
    } finally {
      globalThis.fetch = original;
    }
  });

  it("links lead to where it is mounted", async () => {
    const handle = mount(signerOf(options));
    const headers = { authorization: `Bearer ${await signShared()}` };
    const address = "https://www.example.com/api/uploads/links/member-widget";
    const { url } = (await (await handle(new Request(address, post({}, headers)))).json()) as { url: string };
    expect(url).toMatch(/^https:\/\/www\.example\.com\/api\/uploads\/sign\/member-widget\?link=/);
    const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "users/42", source: "uw" };
    const signed = await handle(new Request(url, post({ paramsToSign })));
    expect(await signed.json()).toHaveProperty("signature");
  });

  it("refusals are its own", async () => {
    const handle = mount(signerOf(options));
    const address = "https://www.example.com/api/uploads/sign";
    const refused = await handle(new Request(address, post({ params: { folder: "x" } })));
    expect([refused.status, refused.headers.get("content-type")]).toEqual([422, "application/problem+json"]);
    expect((await handle(new Request(address.replace("/sign", "/links/default")))).status).toBe(405);
    const foreign = await handle(new Request(address, post({}, { origin: "https://evil.example" })));
    expect(foreign.status).toBe(403);
  });
});

it("mounted at `/`, it leaves the other routes alone", async () => {
  const lines: string[] = [];
  const signer = signerOf({ ...options, log: (line: string) => void lines.push(line) });
  const app = new Hono()
    .route("/", signer)
    .get("/other", (c) => c.text("mine"))
    .notFound((c) => c.text("none", 404));
  const other = await app.request("/other");
  expect([await other.text(), [...other.headers.keys()]]).toEqual(["mine", ["content-type"]]);
  expect(await (await app.request("/nothing")).text()).toBe("none");
  expect((await app.request("/sign", { method: "POST" })).status).toBe(200);
  expect(lines).toHaveLength(1);
});

describe.each([
  ["the newest Hono", Hono],
  ["the oldest Hono", OldestHono as unknown as typeof Hono],
])("under a path with parameters, in %s", (_, App) => {
  const start = () =>
    signerOf({
      ...options,
      profiles: {
        default: { access: ["public"], resourceType: "image" },
        raws: { access: ["public"], resourceType: "raw" },
        videos: { access: ["public"], resourceType: "video" },
        members: { access: ["members"], dropIn: true, set: { folder: "users/{sub}" } },
      },
    });
  const MOUNTS: readonly [name: string, make: () => Hono, prefix: string][] = [
    ["/t/:profile/up", () => new App().route("/t/:profile/up", start()), "/t/raws/up"],
    ["/t/:profile?/up", () => new App().route("/t/:profile?/up", start()), "/t/raws/up"],
    ["/t/:profile?", () => new App().route("/t/:profile?", start()), "/t/raws"],
    ["/:profile", () => new App().route("/:profile", start()), "/raws"],
    ["/:profile{[a-z]+}", () => new App().route("/:profile{[a-z]+}", start()), "/raws"],
    ["/sign/:profile", () => new App().route("/sign/:profile", start()), "/sign/raws"],
    [
      "/:profile in /:profile",
      () => new App().route("/:profile", new App().route("/:profile/x", start())),
      "/raws/members/x",
    ],
    ["basePath", () => new App().basePath("/t/:profile").route("/", start()), "/t/raws"],
    ["a name that is ours", () => new App().route("/t/:cloudinaryEdgeSignerProfile", start()), "/t/raws"],
    [
      "an app that ignores slashes at the end",
      () => new App({ strict: false }).route("/t/:profile", start()),
      "/t/raws",
    ],
  ];

  it.each(MOUNTS)("%s", async (_, make, prefix) => {
    const app = make();
    const typeOf = async (path: string): Promise<string | undefined> => {
      const answer = (await (await app.request(prefix + path, post({}))).json()) as { url?: string };
      return answer.url?.split("/").at(-2);
    };
    expect(await typeOf("/sign")).toBe("image");
    expect(await typeOf("/sign/default")).toBe("image");
    expect(await typeOf("/sign/videos")).toBe("video");
    expect(await typeOf("/sign/%76ideos")).toBe("video");
    const unknown = await app.request(`${prefix}/sign/nope`, post({}));
    expect(await unknown.json()).toMatchObject({ code: "unknown_profile" });
    const headers = { authorization: `Bearer ${await signShared()}` };
    const link = await app.request(`${prefix}/links/members`, post({}, headers));
    const { url } = (await link.json()) as { url: string };
    expect(new URL(url).pathname).toBe(`${prefix}/sign/members`);
    const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "users/42" };
    expect((await app.request(url, post({ paramsToSign }))).status).toBe(200);
    const none = await app.request(`${prefix}/links/videos`, post({}));
    expect(await none.json()).toMatchObject({ code: "profile_not_allowed" });
  });

  it("is at its own addresses alone, also where the outer path has an optional parameter", async () => {
    const app = new App().route("/t/:profile?/up", start());
    for (const path of ["/t", "/t/raws", "/t/raws/up", "/t/raws/up/links", "/t/raws/up/sign/videos/x"])
      expect((await app.request(path, post({}))).status, path).toBe(404);
  });

  it("the app around it keeps its own parameter", async () => {
    const seen: unknown[] = [];
    const app = new App()
      .use("/t/:profile/*", async (c, next) => {
        seen.push(c.req.param("profile"));
        await next();
      })
      .route("/t/:profile/up", start());
    expect((await app.request("/t/mine/up/sign/videos", post({}))).status).toBe(200);
    expect(seen).toEqual(["mine"]);
  });
});

it("its headers win over those that an app around it has set before", async () => {
  const site = "https://www.example.com";
  const lines: string[] = [];
  const signer = signerOf({
    ...options,
    allowedOrigins: [site],
    log: (line: string) => void lines.push(line),
  });
  const app = new Hono()
    .use(cors())
    .use(async (c, next) => {
      c.header("cache-control", "public, max-age=60");
      c.header("vary", "Accept-Encoding");
      c.header("x-request-id", "theirs");
      c.header("referrer-policy", "unsafe-url");
      c.header("x-own", "1");
      await next();
    })
    .route("/api/uploads", signer);
  for (const [origin, status, allowed] of [
    [site, 200, site],
    ["https://evil.example", 403, null],
  ] as const) {
    const { headers } = await app.request("/api/uploads/sign", post({}, { origin }));
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("vary")).toBe("Accept-Encoding, Origin");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("access-control-allow-origin")).toBe(allowed);
    expect(headers.get("x-own")).toBe("1");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ status, request_id: headers.get("x-request-id") });
  }
});

describe("an app around it that grants pages more", () => {
  const site = "https://www.example.com";
  const preview = "https://pr-7--shop.example.com";
  const evil = "https://evil.example";
  const everything = {
    "access-control-allow-origin": "*",
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "*",
    "access-control-allow-private-network": "true",
  };
  const AROUND: readonly [string, MiddlewareHandler][] = [
    ["cors()", cors()],
    [
      "cors that mirrors the origin, with cookies",
      cors({ origin: (origin) => origin, credentials: true, exposeHeaders: ["x-own"] }),
    ],
    [
      "headers by hand",
      async (c, next) => {
        for (const [name, value] of Object.entries(everything)) c.header(name, value);
        await next();
      },
    ],
    [
      "a Response before",
      async (c, next) => {
        c.res = new Response(null, { headers: { ...everything, "x-own": "1" } });
        await next();
      },
    ],
  ];

  describe.each(AROUND)("%s", (_, around) => {
    it.each<[string, string | undefined, string | null, string | null]>([
      ["a listed page", site, site, "true"],
      ["a preview", preview, preview, null],
      ["another page", evil, null, null],
      ["no page", undefined, null, null],
    ])("%s is granted what the signer grants", async (_, origin, allowed, credentials) => {
      const signer = signerOf({ ...options, allowedOrigins: [site, "https://*--shop.example.com"] });
      const app = new Hono().use(around).route("/up", signer);
      for (const [path, init] of [
        ["/up/sign", post({}, origin === undefined ? {} : { origin })],
        ["/up/sign", post({ params: { nope: 1 } }, origin === undefined ? {} : { origin })],
        ["/up/health", { headers: origin === undefined ? {} : { origin } }],
      ] as const) {
        const { headers } = await app.request(path, init);
        const granted = [...headers].filter(([name]) => name.startsWith("access-control-"));
        const expected = {
          ...(allowed !== null && { "access-control-allow-origin": allowed }),
          ...(credentials !== null && { "access-control-allow-credentials": credentials }),
          ...(allowed !== null && { "access-control-expose-headers": "retry-after, x-request-id" }),
        };
        expect(Object.fromEntries(granted), path).toEqual(expected);
      }
    });

    it("its own routes keep what it grants, refused tickets too", async () => {
      const app = new Hono().use(around).get("/own", () => new Response("mine"));
      const refusing = { sign: async () => ({ code: "rate_limited", status: 429 }) as never };
      app.post("/ticket", uploadTicket({ signer: refusing, claims: () => ({ sub: "1" }) }), (c) =>
        c.text(""),
      );
      const own = await app.request("/own", { headers: { origin: evil } });
      const ticket = await app.request("/ticket", post({}, { origin: evil }));
      expect(ticket.status).toBe(429);
      const granted = own.headers.get("access-control-allow-origin");
      expect(ticket.headers.get("access-control-allow-origin")).toBe(granted);
    });
  });
});

it("links of an app that ignores slashes at the end lead to the profile", async () => {
  const headers = { authorization: `Bearer ${await signShared()}` };
  const app = new Hono({ strict: false }).route("/up", signerOf(options));
  const answer = await app.request("/up/links/member-widget/", post({}, headers));
  const { url } = (await answer.json()) as { url: string };
  expect(new URL(url).pathname).toBe("/up/sign/member-widget");
  const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "users/42" };
  expect((await app.request(url, post({ paramsToSign }))).status).toBe(200);
});

describe("an app around it", () => {
  const chunked = (size: number): RequestInit => {
    const init = { method: "POST", body: new Blob([" ".repeat(size)]).stream(), duplex: "half" };
    return init as RequestInit;
  };

  it("that reads a copy of the body keeps no answer back", async () => {
    const app = new Hono()
      .use(async (c, next) => {
        c.req.raw.clone();
        await next();
      })
      .route("/", signerOf(options));
    expect((await app.request("/sign", chunked(100))).status).toBe(200);
    expect((await app.request("/sign", chunked(300_000))).status).toBe(413);
  });

  it.each<[string, (request: Request) => unknown, RequestInit]>([
    ["has read the body", (request) => request.text(), post({ params: { context: { alt: "sss-value" } } })],
    ["has read a body of unknown size", (request) => request.text(), chunked(100)],
    ["holds a reader", (request) => request.body?.getReader(), chunked(100)],
  ])("that %s is told so in the log, and the caller that something broke", async (_, read, init) => {
    const lines: string[] = [];
    const app = new Hono()
      .use(async (c, next) => {
        await read(c.req.raw);
        await next();
      })
      .route("/", signerOf({ ...options, log: (line: string) => void lines.push(line) }));
    const answer = await app.request("/sign", init);
    const told = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, told.code]).toEqual([500, "internal"]);
    expect(told.detail).not.toContain("read before");
    expect(JSON.parse(lines[0]!).detail).toMatch(/^the body was read before it came to the signer: mount /);
    expect(lines[0]).not.toContain("sss-value");
  });

  it("whose log throws gets its answers all the same", async () => {
    const signer = signerOf({
      ...options,
      log: () => {
        throw new Error("full");
      },
    });
    expect((await signer.request("/sign", { method: "POST" })).status).toBe(200);
  });
});

it("on Node's server: what one origin may read is no other's", async () => {
  // That server has a Response of its own, which keeps the Headers it is given.
  const own = await import("@hono/node-server");
  const site = "https://www.example.com";
  const signer = signerOf({ ...options, allowedOrigins: [site] });
  const server = own.serve({ fetch: signer.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const allowed = async (origin: string): Promise<string | null> => {
    const answer = await fetch(`http://127.0.0.1:${port}/sign`, { method: "POST", headers: { origin } });
    return answer.headers.get("access-control-allow-origin");
  };
  const seen = [await allowed(site), await allowed("https://evil.example"), await allowed(site)];
  await new Promise((resolve) => server.close(resolve));
  expect(seen).toEqual([site, null, site]);
});

describe("wrong options", () => {
  it.each<[string, object, RegExp]>([
    [
      "no secret",
      { apiSecret: undefined },
      /^createSigner: apiSecret: give createSigner the option apiSecret: it is missing/,
    ],
    [
      "a secret in quotes",
      { apiSecret: `"${OPTIONS.apiSecret}"` },
      /^createSigner: apiSecret: remove the quotes: it is wrapped in quotes, which became part of the value$/,
    ],
    [
      "a secret with a line's end",
      { apiSecret: `${OPTIONS.apiSecret}\n` },
      /apiSecret: remove the white space, such as by \.trim\(\): it begins or ends with white space$/,
    ],
    ["an empty secret", { apiSecret: "" }, /apiSecret: give the value of your account: it is empty$/],
    ["a key that is a number", { apiKey: 1 }, /apiKey: write it in quotes: it must be a string$/],
    [
      "an address that is none",
      { uploadPrefix: "api.cloudinary.com" },
      /uploadPrefix: leave it out, or give an address such as https:.*: it must be an address/,
    ],
    [
      "key and secret in each other's place",
      { apiKey: OPTIONS.apiSecret, apiSecret: OPTIONS.apiKey },
      /^createSigner: api(Key|Secret): (?!.*give createSigner)/,
    ],
    [
      "an unknown option",
      { profile: {} },
      /profile: correct its name or remove it: policy goes into the first argument/,
    ],
    ["a page", { page: true }, /page: write \[assets\]/],
    ["a secret that is not given", { secrets: {} }, /access\.members\.secret/],
    [
      "a limiter that is none",
      { limitByIp: {} },
      /LIMIT_BY_IP: write it under .*: it is not a rate-limit binding/,
    ],
    [
      "an application that is no function",
      { onUploaded: "https://app.example" },
      /onUploaded: must be a function, such as async \(\{ asset \}\)/,
    ],
    [
      "a risky profile",
      { profiles: { a: { access: ["public"], accept: { public_id: { maxLength: 9 } } } } },
      /profiles\.a\./,
    ],
  ])("%s: thrown at once, by its name, without a value", (_, change, message) => {
    let thrown = "";
    try {
      signerOf({ ...options, ...change });
    } catch (error) {
      thrown = unseen(String((error as Error).message));
    }
    expect(thrown).toMatch(message);
  });

  it.each<[string, readonly unknown[]]>([
    ["one argument", [{ profiles: {}, cloudName: "a" }]],
    ["a second that is null", [{ profiles: {} }, null]],
    ["nothing", []],
    ["a text", ["a", { cloudName: "a" }]],
  ])("%s: says that it takes two", (_, given) => {
    for (const [maker, make] of Object.entries({ createSigner, createTicketSource }))
      expect(() => (make as (...all: readonly unknown[]) => unknown)(...given)).toThrow(
        `${maker} takes two objects: ${maker}(definition, { cloudName, apiKey, apiSecret, … })`,
      );
  });
});

// Tickets for one's own routes: the middleware, over a source in the same process and over a binding in workerd.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uploadTicket } from "../../src/hono.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Ticket } from "../../src/tickets/ticket.ts";
import { OPTIONS, unseen } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { type Flat, ticketSourceOf } from "../support/flat.ts";
import { startTwoWorkers, type TwoWorkers } from "../support/two-workers.ts";

const SETTINGS: Plain = {
  access: { app: { type: "service" } },
  profiles: {
    avatars: {
      access: ["app"],
      resourceType: "image",
      set: { public_id: "users/{sub}/avatar", overwrite: true },
      accept: { context: { keys: ["alt"], maxLength: 20 } },
    },
    open: { access: ["public"] },
    remove: {
      method: "destroy",
      access: ["app"],
      resourceType: "image",
      set: { public_id: "users/{sub}/avatar" },
    },
  },
};

let emulator: Emulator;
let options: Flat;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  options = { ...OPTIONS, uploadPrefix: emulator.url, ...SETTINGS, log: unseen };
});
afterAll(() => emulator.close());

/** Posts a form with the sample, and answers what was stored. */
async function uploadBy({ url, fields }: Ticket): Promise<{ public_id: string; bytes: number }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]));
  return (await (await fetch(url, { method: "POST", body: form })).json()) as never;
}

it.each([100, 2000, 3000, 3500, 4000, 5000, 50_000])("what is nested %d deep is refused", async (levels) => {
  const nested = JSON.parse("[".repeat(levels) + "]".repeat(levels));
  const { sign } = ticketSourceOf({ ...options });
  for (const asked of [
    { claims: { sub: "7" }, params: { auto_tagging: nested } },
    { claims: { sub: nested } },
  ])
    expect(await sign({ profile: "avatars", ...asked })).toMatchObject({
      code: "malformed_request",
      status: 400,
    });
});

/** An app whose users say who they are by a header, which stands for a session. */
function appOver(change: Partial<Flat> = {}, profile = "avatars") {
  const signer = ticketSourceOf({ ...options, ...change });
  type AppEnv = { Variables: { userId: string } };
  return new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set("userId", c.req.header("x-user") ?? "");
      await next();
    })
    .post(
      "/avatar",
      uploadTicket<AppEnv>({
        signer,
        profile,
        claims: (c) => ({ sub: c.get("userId") }),
        params: async (c) => {
          const alt = c.req.query("alt");
          return alt === undefined ? {} : { context: { alt } };
        },
      }),
      (c) => c.json({ mine: c.get("ticket") }),
    );
}

const ask = (app: { request: Hono["request"] }, path: string, user = "42") =>
  app.request(path, { method: "POST", headers: { "x-user": user } });

describe("over a source in the same process", () => {
  it("an upload, for whom the app knows, with what the profile accepts", async () => {
    const answer = await ask(appOver(), "/avatar?alt=Me");
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const { mine } = (await answer.json()) as { mine: Ticket };
    expect(mine.fields).toMatchObject({ public_id: "users/42/avatar", context: "alt=Me", overwrite: "true" });
    expect(await uploadBy(mine)).toMatchObject({ public_id: "users/42/avatar" });
  });

  it("a request of another method, which takes no file", async () => {
    const { mine } = (await (await ask(appOver(), "/avatar")).json()) as { mine: Ticket };
    await uploadBy(mine);
    const held = () => emulator.uploads().filter(({ public_id }) => public_id === "users/42/avatar");
    expect(held()).toHaveLength(1);
    const answer = (await (await ask(appOver({}, "remove"), "/avatar")).json()) as { mine: Ticket };
    expect(answer.mine.url).toMatch(/\/image\/destroy$/);
    const body = new URLSearchParams(answer.mine.fields);
    const removed = await fetch(answer.mine.url, { method: "POST", body });
    expect([await removed.json(), held()]).toEqual([{ result: "ok" }, []]);
  });

  it.each<[string, string, string, number, string]>([
    ["a parameter that is too long", `/avatar?alt=${"x".repeat(21)}`, "42", 422, "params_refused"],
    ["an empty subject", "/avatar", "", 400, "malformed_request"],
    ["a subject that ends a folder", "/avatar", "4/2", 401, "invalid_token"],
  ])("a refusal is answered, and the route not called: %s", async (_, path, user, status, code) => {
    const answer = await ask(appOver(), path, user);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const problem = (await answer.json()) as object;
    expect(problem).toMatchObject({ code, status });
    expect(problem).not.toHaveProperty("mine");
  });

  it("a profile that is for other access methods answers nothing", async () => {
    expect(await (await ask(appOver({}, "open"), "/avatar")).json()).toMatchObject({
      code: "profile_not_allowed",
    });
  });

  it("a caller is counted, and told when to come back", async () => {
    const keys: string[] = [];
    const limitBySubject = {
      limit: async ({ key }: { key: string }) => {
        keys.push(key);
        return { success: keys.length < 2 };
      },
    };
    const app = appOver({ limitBySubject });
    expect((await ask(app, "/avatar")).status).toBe(200);
    const limited = await ask(app, "/avatar");
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(keys).toEqual(["access app 42", "access app 42"]);
  });

  it.each([42, 42n, 0])("a subject that is a number is told how to be a text: %s", async (sub) => {
    const told: string[] = [];
    const app = new Hono().onError((error, c) => {
      told.push(error.message);
      return c.text("", 500);
    });
    const signer = ticketSourceOf(options);
    app.post("/", uploadTicket({ signer, claims: () => ({ sub }) as never }), (c) => c.json(c.get("ticket")));
    await app.request("/", { method: "POST" });
    expect(told).toEqual(["uploadTicket: sub must be a string: String(user.id)"]);
  });

  it.each<[string, object | undefined, RegExp]>([
    ["a misspelt option", { profil: "avatars" }, /^uploadTicket: remove profil: the options are signer, /],
    ["no claims", { claims: undefined }, /^uploadTicket: write claims, /],
    ["claims that are no function", { claims: { sub: "42" } }, /^uploadTicket: write claims, /],
    [
      "no signer",
      { signer: undefined },
      /^uploadTicket: bind the Worker's `Signer`, .*: signer has no method sign/,
    ],
    [
      "a signer that is none",
      { signer: {} },
      /^uploadTicket: bind the Worker's `Signer`, .*: signer has no method sign/,
    ],
    ["params that are no function", { params: { folder: "a" } }, /^uploadTicket: params must be a function/],
    ["a profile that is no text", { profile: 5 }, /^uploadTicket: profile must be a string/],
  ])("%s is told when the middleware is made", (_, change, message) => {
    const good = { signer: ticketSourceOf(options), claims: () => ({ sub: "1" }) };
    expect(() => uploadTicket({ ...good, ...change } as never)).toThrow(message);
    expect(() => uploadTicket({ ...good, profile: undefined, params: undefined } as never)).not.toThrow();
    for (const none of [undefined, null]) expect(() => uploadTicket(none as never)).toThrow("uploadTicket: ");
  });

  it("a profile that is not there is told without an address", async () => {
    const problem = await ticketSourceOf(options).sign({ profile: "nope", claims: { sub: "1" } });
    expect(problem).toMatchObject({ code: "unknown_profile" });
    expect((problem as { detail: string }).detail).not.toContain("address");
  });

  it.each([undefined, null, {}, { sub: undefined }])(
    "claims that tell nobody are the app's mistake, and no caller's: %j",
    async (claims) => {
      const told: string[] = [];
      const app = new Hono();
      app.onError((error, c) => {
        told.push(error.message);
        return c.text("", 500);
      });
      const signer = ticketSourceOf(options);
      app.post("/", uploadTicket({ signer, claims: () => claims as never }), (c) => c.json(c.get("ticket")));
      const answer = await app.request("/", { method: "POST" });
      expect([answer.status, await answer.text()]).toEqual([500, ""]);
      expect(told).toEqual([expect.stringMatching(/^uploadTicket: put it after what finds out who asks/)]);
    },
  );

  it("neither a ticket nor a refusal may be kept, whatever headers the app has set before", async () => {
    for (const [path, status] of [
      ["/avatar", 200],
      [`/avatar?alt=${"x".repeat(21)}`, 422],
    ] as const) {
      const app = new Hono()
        .use(async (c, next) => {
          c.header("cache-control", "public, max-age=60");
          c.res.headers.set("x-own", "1");
          await next();
        })
        .route("/", appOver());
      const answer = await ask(app, path);
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([status, "no-store"]);
      expect(answer.headers.get("x-own")).toBe("1");
    }
  });

  it("a problem of a code that this version does not know comes through", async () => {
    const problem = { code: "new_code", status: 418, title: "", detail: "", type: "", request_id: "1" };
    const app = new Hono().post(
      "/",
      uploadTicket({ signer: { sign: async () => problem as never }, claims: () => ({ sub: "1" }) }),
      (c) => c.text(""),
    );
    const answer = await app.request("/", { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([418, problem]);
  });

  it("what is only known of a request is no option", () => {
    const limitByIp = { limit: async () => ({ success: true }) };
    for (const [name, value] of Object.entries({ limitByIp, address: () => "" }))
      expect(() => ticketSourceOf({ ...options, [name]: value })).toThrow(`${name}: correct its name`);
  });

  it("wrong options are thrown at once, by name", () => {
    expect(() => ticketSourceOf({ ...options, apiSecret: "" })).toThrow(/^createTicketSource: apiSecret: /);
  });

  it("a signer that is none is told by name", async () => {
    let told = "";
    const app = new Hono<{ Bindings: { SIGNER: never } }>();
    app.onError((error, c) => {
      told = error.message;
      return c.text("", 500);
    });
    app.post("/", uploadTicket({ signer: (c) => c.env.SIGNER, claims: () => ({ sub: "1" }) }), (c) =>
      c.text(""),
    );
    await app.request("/", { method: "POST" }, {});
    expect(told).toMatch(/^uploadTicket: bind the Worker's `Signer`, .*: signer has no method sign/);
  });
});

/** Another Worker, without a secret. */
const CALLER = `
  import { Hono } from "hono";
  import { uploadTicket } from "./src/hono.ts";
  export default new Hono().post(
    "/avatar",
    uploadTicket({ signer: (c) => c.env.SIGNER, profile: "avatars", claims: (c) => ({ sub: c.req.header("x-user") }) }),
    (c) => c.json(c.get("ticket")),
  );`;

describe("over a binding", () => {
  let workers: TwoWorkers;
  let size = 0;
  beforeAll(async () => {
    const stdin = { contents: CALLER, resolveDir: PROJECT };
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", minify: true, write: false });
    const { text } = outputFiles[0]!;
    size = text.length;
    workers = await startTwoWorkers({ caller: text, SIGNER: SETTINGS, uploadPrefix: emulator.url });
  });
  afterAll(() => workers.close());

  const post = (user: string) =>
    fetch(`${workers.url}/avatar`, { method: "POST", headers: { "x-user": user } });

  it("an upload, by a Worker that holds no secret", async () => {
    const ticket = (await (await post("7")).json()) as Ticket;
    expect(await uploadBy(ticket)).toMatchObject({ public_id: "users/7/avatar" });
  });

  it("a refusal comes through", async () => {
    const refused = await post("7/8");
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "invalid_token" });
  });

  it("the middleware alone brings no other part of the signer", () => {
    // Hono itself has some 20 kB; jose and valibot would double it.
    expect(size).toBeLessThan(32_000);
  });
});

// Who may confirm and renew, by each way to come in: by a credential that is good once, by the upload ID alone; by others
// as for the ticket; over the binding for other Workers; and each is counted.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createService } from "../../src/binding/binding.ts";
import { TURNSTILE } from "../access/signer.ts";
import { ACCOUNT } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import {
  type Answer,
  clock,
  five,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  scene,
  send,
  startCloudinary,
} from "./scene.ts";

const named = (name: string) => ({ public_id: `${name}/{uuid}` });

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  allowedOrigins: ["https://www.example.com"],
  access: {
    members: { ...MEMBERS, claims: ["org"] },
    humans: TURNSTILE,
    site: { type: "origin" },
    app: { type: "service" },
  },
  profiles: {
    humans: { access: ["humans"], set: named("humans"), file: {} },
    mixed: { access: ["members", "humans"], set: named("mixed"), file: {} },
    pages: { access: ["site"], set: named("pages"), file: {} },
    late: { access: ["public", "humans"], set: named("late"), file: {} },
    service: { access: ["app"], ttl: 86_400, set: { public_id: "service/{sub}/{uuid}" }, file: {} },
    long: { access: ["public"], ttl: 86_400, set: named("long"), file: {} },
    photos: { access: ["members"], set: { public_id: "users/{sub}/{uuid}" }, file: {} },
    teams: { access: ["members"], ttl: 7200, set: { public_id: "teams/{org}/{sub}/{uuid}" }, file: {} },
  },
};

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary();
});
beforeEach(() => {
  clock.now = START;
});
afterAll(() => emulator.close());

/** Turnstile, which takes each token once. */
function turnstile() {
  const used = new Set<string>();
  const through = async (url: string, ask: () => Promise<Response>): Promise<Response> => {
    if (!url.startsWith("https://challenges.cloudflare.com/")) return ask();
    used.add(url + used.size);
    return Response.json(
      used.size > 1
        ? { success: false, "error-codes": ["timeout-or-duplicate"] }
        : { success: true, hostname: "a.example", action: "up" },
    );
  };
  return { used, through, bindings: { TURNSTILE_SECRET: "a-secret-of-the-widget" } };
}

describe("Turnstile, whose tokens are good once", () => {
  const token = { "cf-turnstile-response": "a-token" };

  it.each(["humans", "mixed", "late"])(
    "%s: the upload ID alone confirms, with the used token beside it or without",
    async (profile) => {
      const { used, ...given } = turnstile();
      const { upload, confirm } = scene(emulator, DEFINITION, given);
      const done = await upload(profile, token);
      expect(used.size).toBe(1);
      expect((await confirm(profile, done)).status).toBe(200);
      expect((await confirm(profile, done, token)).status).toBe(200);
      expect(used.size).toBe(1);
    },
  );

  it("a member's upload is not confirmed without the member", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, turnstile());
    const headers = await member("42");
    const done = await upload("mixed", headers);
    expect((await confirm("mixed", done)).body.code).toBe("upload_id_refused");
    expect((await confirm("mixed", done, headers)).status).toBe(200);
  });

  it("nor a person's by a member", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, turnstile());
    const done = await upload("mixed", token);
    expect((await confirm("mixed", done, await member("42"))).body.code).toBe("upload_id_refused");
  });

  it("nothing is signed without a token", async () => {
    const { post } = scene(emulator, DEFINITION, turnstile());
    expect((await post("/sign/humans")).body.code).toBe("unauthenticated");
  });
});

describe("a claim that the name was made of", () => {
  it("must be the same when it is confirmed, or renewed", async () => {
    const { upload, confirm, post } = scene(emulator, DEFINITION);
    const [before, after] = [await member("42", { org: "one" }), await member("42", { org: "two" })];
    const done = await upload("teams", before);
    const renewal = { renew: done.ticket.upload_id, fields: done.ticket.fields };
    expect((await confirm("teams", done, after)).body.code).toBe("upload_id_refused");
    expect((await post("/sign/teams", after, renewal)).body.code).toBe("upload_id_refused");
    expect((await confirm("teams", done, await member("42"))).body.code).toBe("invalid_token");
    expect((await confirm("teams", done, before)).status).toBe(200);
    expect((await post("/sign/teams", before, renewal)).status).toBe(200);
  });
});

describe("pages", () => {
  it("of the listed origin alone", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION);
    const origin = { origin: "https://www.example.com" };
    const done = await upload("pages", origin);
    expect((await confirm("pages", done)).body.code).toBe("origin_not_allowed");
    expect((await confirm("pages", done, { origin: "https://evil.example" })).body.code).toBe(
      "origin_not_allowed",
    );
    expect((await confirm("pages", done, origin)).status).toBe(200);
  });
});

describe("another Worker, over its binding", () => {
  const service = (given = {}) =>
    createService(
      readBindings({
        ...ACCOUNT,
        SIGNER: DEFINITION,
        JWT_SECRET: "x".repeat(32),
        TURNSTILE_SECRET: "y".repeat(32),
        CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      }),
      {
        now: () => clock.now,
        log: () => {},
        ...given,
      },
    );
  const claims = { sub: "42" };

  it("signs, renews and confirms for whom it names", async () => {
    const { sign, renew, confirm } = service();
    const ticket = (await sign({ profile: "service", claims })) as Answer;
    clock.now += 5000;
    const renewed = (await renew({
      profile: "service",
      claims,
      upload_id: ticket.upload_id,
      fields: ticket.fields,
    })) as Answer;
    expect(renewed).toMatchObject({ timestamp: clock.now, upload_id: ticket.upload_id });
    const response = await send(renewed);
    const asked = { profile: "service", claims, upload_id: ticket.upload_id, response };
    const other = (await confirm({ ...asked, claims: { sub: "43" } })) as Answer;
    expect(other.code).toBe("upload_id_refused");
    const { asset, receipt } = (await confirm(asked)) as Answer;
    expect(asset.public_id).toBe(ticket.fields.public_id);
    expect(JSON.parse(atob(receipt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")))).toMatchObject({
      sub: "42",
      profile: "service",
    });
  });

  it.each<[string, "renew" | "confirm", unknown, RegExp]>([
    ["nothing", "renew", undefined, /renew takes one object/],
    ["a text", "confirm", "x", /confirm takes one object/],
    ["no claims", "confirm", { upload_id: "x", response: {} }, /claims/],
    ["parameters", "renew", { claims, params: {} }, /`upload_id` and `fields`, and nothing else/],
    ["no fields", "renew", { claims, upload_id: "x" }, /"renew"/],
    ["fields of numbers", "renew", { claims, upload_id: "x", fields: { a: 1 } }, /"renew"/],
    ["no answer", "confirm", { claims, upload_id: "x" }, /`response`/],
  ])("%s in %s is malformed", async (_, method, request, detail) => {
    const answer = (await service()[method](request as never)) as Answer;
    expect(answer.code).toBe("malformed_request");
    expect(answer.detail).toMatch(detail);
  });
});

describe("how often", () => {
  /** Limiters that count, and stop after so many. */
  const limiter = (most: number) => {
    const keys: string[] = [];
    return { keys, limit: async ({ key }: { key: string }) => ({ success: keys.push(key) <= most }) };
  };

  it("each file, each renewal and each confirmation counts", async () => {
    const [byIp, bySubject] = [limiter(99), limiter(99)];
    const { post, upload, confirm, sign } = scene(emulator, DEFINITION, {
      bindings: { LIMIT_BY_IP: byIp, LIMIT_BY_SUBJECT: bySubject },
    });
    const headers = await member("42");
    const counted = () => [byIp.keys.length, bySubject.keys.length];
    await sign("photos", headers, { files: [{}, {}, {}] });
    expect(counted()).toEqual([3, 3]);
    const done = await upload("photos", headers);
    await confirm("photos", done, headers);
    expect(counted()).toEqual([5, 5]);
    const { upload_id, fields } = await sign("long");
    await post("/sign/long", {}, { renew: upload_id, fields });
    expect(counted()).toEqual([7, 5]);
    expect(new Set(bySubject.keys).size).toBe(1);
  });

  it("too many files at once sign nothing", async () => {
    const { post } = scene(emulator, DEFINITION, { bindings: { LIMIT_BY_SUBJECT: limiter(4) } });
    const headers = await member("42");
    const answer = await post("/sign/photos", headers, { files: Array(5).fill({}) });
    expect([answer.status, answer.body.code]).toEqual([429, "rate_limited"]);
    expect((await post("/sign/photos", headers)).status).toBe(429);
  });

  it("a limiter that fails in the middle lets members go on, and nobody else", async () => {
    let asked = 0;
    const failing = {
      limit: async () => {
        asked += 1;
        if (asked % 3 === 2) throw new Error("down");
        return { success: true };
      },
    };
    const { post } = scene(emulator, DEFINITION, { bindings: { LIMIT_BY_IP: failing } });
    expect((await post("/sign/long", {}, { files: [{}, {}] })).body.code).toBe("limiter_unavailable");
    asked = 0;
    expect((await post("/sign/photos", await member("42"), { files: [{}, {}] })).status).toBe(200);
  });
});

describe("an answer that is handed on", () => {
  it("over HTTP and over the binding is read alike", async () => {
    const { upload, post } = scene(emulator, DEFINITION);
    const headers = await member("42");
    const { ticket, response } = await upload("photos", headers);
    const text = { ...five(response), version: String(response.version) };
    expect(
      (await post("/confirm/photos", headers, { upload_id: ticket.upload_id, response: text })).status,
    ).toBe(200);
  });
});

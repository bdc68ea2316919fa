// What a caller sees, as documented: tickets, drop-in, curl, origins and CORS, errors, headers, health, log.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { ACCOUNT, API_KEY, API_SECRET } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";
import { type Answer, post, TARGETS, type Target } from "../support/targets.ts";
import {
  BINDINGS,
  expectDropIn,
  expectProblem,
  expectTicket,
  LISTED,
  LISTED_TOO,
  now,
  PREVIEW,
  SIGNER,
  UNLISTED,
} from "./suite.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(TARGETS)("%s", (_, start) => {
  let target: Target;
  beforeAll(async () => {
    target = await start(BINDINGS);
  });
  afterAll(() => target.close());

  const ask = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    target.ask(path, post(body, headers));

  describe("tickets", () => {
    it("the smallest profile signs a random name and no overwriting", async () => {
      const first = await ask("/sign");
      const signed = expectTicket(first);
      expect(signed).toEqual({
        public_id: expect.stringMatching(UUID),
        overwrite: "false",
        timestamp: expect.stringMatching(/^\d+$/),
      });
      expect(first.json().url).toBe("https://api.cloudinary.com/v1_1/suite-cloud/auto/upload");
      expect(expectTicket(await ask("/sign")).public_id).not.toBe(signed.public_id);
      expect(Object.keys(first.json()).sort()).toEqual([
        "api_key",
        "cloud_name",
        "expires_at",
        "fields",
        "signature",
        "timestamp",
        "url",
      ]);
    });

    it.each([
      ["/sign?folder=x", "folder"],
      ["/sign?public_id=", "public_id"],
      ["/sign/kinds?x=1&tags=a&tags=b", "tags"],
      ["/sign?timestamp=1700000000", "timestamp"],
      ["/sign/nope?context=alt%3DA", "context"],
    ])("parameters in the address are told where they belong: %s", async (path, name) => {
      const problem = expectProblem(await target.ask(path, { method: "POST" }), 400, "malformed_request");
      expect(problem.detail).toBe(
        `send parameters in the JSON body, {"params": {"${name}": …}}, and not in the address`,
      );
    });

    it.each(["/sign?tenant=1", "/sign?_=17&utm_source=a", "/sign?", "/sign?__proto__=a&constructor=b"])(
      "other names in the address are nobody's: %s",
      async (path) => {
        expectTicket(await target.ask(path, { method: "POST" }));
      },
    );

    it("what a client sends is added to what the server sets, as texts", async () => {
      const answer = await ask("/sign/kinds", {
        params: {
          display_name: "A cat",
          allowed_formats: ["jpg", "png"],
          context: { alt: "a=b|c & d", caption: 5 },
          metadata: { color: ["red", "blue"], size: 7 },
          face_coordinates: [1, 2, 3, 4.5],
          colors: true,
          auto_tagging: "0.6",
          quality_analysis: 1,
        },
      });
      expect(expectTicket(answer)).toEqual({
        folder: "kinds",
        public_id: expect.stringMatching(UUID),
        overwrite: "false",
        tags: expect.stringMatching(/^u-[0-9a-f-]{36}$/),
        timestamp: expect.any(String),
        display_name: "A cat",
        allowed_formats: "jpg,png",
        context: "alt=a\\=b\\|c & d|caption=5",
        metadata: 'origin_id=signer|color=["red","blue"]|size=7',
        face_coordinates: "1,2,3,4.5",
        colors: "true",
        auto_tagging: "0.6",
        quality_analysis: "true",
      });
      expect(answer.json().url).toMatch(/\/image\/upload$/);
    });

    it.each([
      ["/sign/short", 60],
      ["/sign/widget", 300],
      ["/sign/default", 3600],
    ])("%s lives %i s", async (path, ttl) => {
      const before = now();
      const answer = await ask(path);
      expectTicket(answer);
      const { expires_at } = answer.json();
      expect(expires_at).toBeGreaterThanOrEqual(before + ttl);
      expect(expires_at).toBeLessThanOrEqual(now() + ttl);
    });

    it("refusals name each parameter and what is allowed", async () => {
      const problem = expectProblem(
        await ask("/sign/kinds", {
          params: {
            folder: "x",
            public_id: "victim",
            eval: "1",
            format: "gif",
            nope: 1,
            signature: "x",
            timestamp: 1,
          },
        }),
        422,
        "params_refused",
      );
      const accepted = [...Object.keys(SIGNER.profiles.kinds.accept)].join(", ");
      expect(problem.errors).toEqual([
        { param: "folder", code: "forbidden", detail: "set by the server: kinds", rule: "R12" },
        {
          param: "public_id",
          code: "forbidden",
          detail: "set by the server: a random value",
          rule: "R12",
        },
        {
          param: "eval",
          code: "forbidden",
          detail: `no client may choose it; this profile accepts: ${accepted}`,
          rule: "R5",
        },
        { param: "format", code: "invalid", detail: "allowed: jpg, png" },
        {
          param: "nope",
          code: "forbidden",
          detail: `is not a parameter of upload; this profile accepts: ${accepted}`,
          rule: "R1",
        },
        {
          param: "signature",
          code: "forbidden",
          detail: expect.stringContaining("never signed"),
          rule: "R1",
        },
        {
          param: "timestamp",
          code: "forbidden",
          detail: expect.stringContaining("set by the server"),
          rule: "R2",
        },
      ]);
      expect(problem.detail).toBe("folder: set by the server: kinds (and 6 more, see errors)");
    });

    it("an answer to an oversized name stays small", async () => {
      const answer = await ask("/sign", { params: { [`${"x".repeat(60_000)}`]: 1 } });
      expectProblem(answer, 422, "params_refused");
      expect(answer.text.length).toBeLessThan(1000);
    });
  });

  describe("drop-in", () => {
    it("signs what the component chose, as it spelled it", async () => {
      const sent = {
        timestamp: String(now()),
        folder: "widget",
        overwrite: 0,
        context: "via=widget|alt=A cat & a dog",
        source: "uw",
        custom_coordinates: "1,2,300,400",
        allowed_formats: ["jpg", "png"],
      };
      expectDropIn(await ask("/sign/widget", { paramsToSign: sent }), sent);
    });

    it("lists each difference and the wanted value", async () => {
      const problem = expectProblem(
        await ask("/sign/widget", {
          paramsToSign: { folder: "other", context: "via=x", upload_preset: "p", timestamp: Date.now() },
        }),
        422,
        "params_refused",
      );
      expect(problem.errors).toEqual([
        { param: "folder", code: "different", detail: "the profile wants: widget", rule: "R12" },
        { param: "context", code: "different", detail: "the profile wants: via=widget", rule: "R12" },
        {
          param: "upload_preset",
          code: "forbidden",
          detail: expect.stringContaining("source, custom_coordinates, allowed_formats, context"),
          rule: "R5",
        },
        {
          param: "timestamp",
          code: "invalid",
          detail: expect.stringContaining("milliseconds"),
          rule: "R2",
        },
        { param: "overwrite", code: "missing", detail: "the profile wants: false", rule: "R12" },
      ]);
    });

    it("is not printed as curl", async () => {
      const paramsToSign = { timestamp: now(), folder: "widget", overwrite: "false", context: "via=widget" };
      const answer = await ask("/sign/widget?format=curl", { paramsToSign });
      expect([answer.status, answer.text]).toEqual([400, "echo 'malformed_request' >&2; exit 1\n"]);
      expectDropIn(await ask("/sign/widget", { paramsToSign }), paramsToSign);
    });
  });

  describe("format=curl", () => {
    it("is the ticket as a command", async () => {
      const answer = await ask("/sign?format=curl&file=cat.jpg", { params: { context: { alt: "it's" } } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.text).toMatch(
        /^curl -sS --fail-with-body 'https:\/\/api\.cloudinary\.com\/v1_1\/suite-cloud\/auto\/upload' \\\n/,
      );
      expect(answer.text).toContain(`--form-string 'api_key=${API_KEY}'`);
      expect(answer.text).toContain(`--form-string 'context=alt=it'\\''s'`);
      expect(answer.text).toContain(`--form 'file=@"cat.jpg"'`);
      expect((await ask("/sign?format=curl")).text).toContain(`--form 'file=@"FILE"'`);
    });

    it.each([["https://www.example.com/sample.jpg"], ["HTTP://www.example.com/it's.jpg?a=b&c=%20;type=x"]])(
      "names a remote file by its address: %s",
      async (file) => {
        const { status, text } = await ask(`/sign?format=curl&file=${encodeURIComponent(file)}`);
        expect(status).toBe(200);
        expect(text).toContain(`--form-string 'file=${file.replaceAll("'", "'\\''")}'`);
        expect(text).not.toContain("--form 'file");
      },
    );

    it.each([
      ["a scheme that is not of the web", "ftp://www.example.com/a.jpg"],
      ["a local file by its address", "file:///etc/passwd"],
      ["a user", "https://me:pass@example.com/a.jpg"],
      ["no host", "https://"],
      ["a space", "https://www.example.com/a b.jpg"],
      ["a line break", "https://www.example.com/a\nb.jpg"],
      ["letters that are not percent-encoded", "https://www.example.com/ü.jpg"],
    ])("refuses an address with %s", async (_, file) => {
      const answer = await ask(`/sign?format=curl&file=${encodeURIComponent(file)}`);
      expect([answer.status, answer.text]).toEqual([400, "echo 'malformed_request' >&2; exit 1\n"]);
    });

    it.each([
      ["/sign?format=curl", "{", 400, "malformed_request"],
      ["/sign?format=curl", { params: { "'; rm -rf ~ #": 1 } }, 422, "params_refused"],
      ["/sign/nope?format=curl", {}, 404, "unknown_profile"],
      ["/sign/pages?format=curl", {}, 403, "origin_not_allowed"],
      ["/nope?format=curl", {}, 404, "not_found"],
      ["/sign?format=curl", " ".repeat(70_000), 413, "body_too_large"],
      ["/sign?format=curl&file=%00", {}, 400, "malformed_request"],
      [`/sign?format=curl&file=${"x".repeat(5000)}`, {}, 400, "malformed_request"],
    ])("a failure of %s is a fixed script", async (path, body, status, code) => {
      const answer = await ask(path, body);
      // An unknown format is the one failure that can't know what its reader wants.
      expect(answer.status).toBe(status);
      expect(answer.text).toBe(`echo '${code}' >&2; exit 1\n`);
      expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    });
  });

  describe("origins and CORS", () => {
    const preflight = (origin: string, path = "/sign", asked = "content-type", method = "POST") =>
      target.ask(path, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": asked,
        },
      });

    const header = (answer: Answer, name: string) => answer.headers.get(name)?.split(/, */).sort();
    /** The CORS headers of an answer to an allowed page, and nothing for `*`. */
    function expectReadable(answer: Answer, origin: string): void {
      expect(header(answer, "access-control-allow-origin")).toEqual([origin]);
      expect(header(answer, "access-control-expose-headers")).toEqual(["retry-after", "x-request-id"]);
      const listed = [LISTED, LISTED_TOO].includes(origin);
      expect(answer.headers.get("access-control-allow-credentials")).toBe(listed ? "true" : null);
      expect(header(answer, "vary")).toContain("Origin");
    }
    function expectUnreadable({ headers }: Answer): void {
      for (const [name] of headers) expect(name).not.toMatch(/^access-control-/);
      expect(headers.get("vary")).toContain("Origin");
    }

    it.each([LISTED, LISTED_TOO, PREVIEW])("a preflight of %s", async (origin) => {
      for (const [path, methods] of [
        ["/sign", "GET, HEAD, POST"],
        ["/sign/kinds", "GET, HEAD, POST"],
        ["/confirm/kinds", "POST"],
        ["/links/kinds", "POST"],
        ["/.well-known/jwks.json", "GET, HEAD"],
        ["/health", "GET, HEAD"],
      ] as const) {
        const answer = await preflight(origin, path);
        expect([answer.status, answer.text]).toEqual([204, ""]);
        expectReadable(answer, origin);
        expect(answer.headers.get("access-control-allow-methods")).toBe(methods);
        expect(answer.headers.get("access-control-allow-headers")).toBe("content-type");
        expect(answer.headers.get("access-control-max-age")).toBe("7200");
      }
    });

    const LONGEST = `x-${"a".repeat(2046)}`;
    it.each([
      ["authorization,content-type", "authorization, content-type"],
      ["baggage,content-type,sentry-trace,traceparent,x-requested-with", undefined],
      ["cf-turnstile-response", "cf-turnstile-response"],
      ["x-session", "x-session"],
      ["X-Session , x_y.z", "X-Session, x_y.z"],
      [LONGEST, LONGEST],
    ])("a preflight that asks for %s is granted it", async (asked, granted = asked.replaceAll(",", ", ")) => {
      const answer = await preflight(LISTED, "/sign", asked);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-headers")).toBe(granted);
    });

    it.each(["*", "content-type, *", "x a", "x:a", "x-a, ", "", "a,,b", "x(a)", '"x"', `${LONGEST}a`])(
      "a preflight that asks for %j is granted no header",
      async (asked) => {
        const answer = await preflight(LISTED, "/sign", asked);
        expect(answer.status).toBe(204);
        expect(answer.headers.has("access-control-allow-headers")).toBe(false);
      },
    );

    it.each([
      ...["/sign", "/sign/nope", "/confirm/kinds", "/links/kinds"],
      ...["/.well-known/jwks.json", "/health"],
    ])("a preflight of another origin at %s", async (path) => {
      for (const origin of [UNLISTED, "null", "https://a.b--suite.example.com"]) {
        const answer = await preflight(origin, path);
        expectProblem(answer, 403, "origin_not_allowed");
        expectUnreadable(answer);
      }
    });

    const READABLE: readonly [string, RequestInit, number][] = [
      ["/sign", post({}), 200],
      ["/sign/nope", post({}), 404],
      ["/sign", post("{"), 400],
      ["/sign", post({ params: { folder: "x" } }), 422],
      ["/sign?format=curl", post({}), 200],
      ["/sign?format=curl", post("{"), 400],
      ["/sign?format=x", post({}), 400],
      ["/sign", { method: "PUT" }, 405],
      ["/sign", {}, 200],
      ["/sign/nope", {}, 404],
      ["/sign?format=curl", {}, 400],
      ["/confirm/kinds", post({}), 400],
      ["/confirm/kinds", {}, 405],
      ["/.well-known/jwks.json", {}, 200],
      ["/sign", post("x".repeat(70_000)), 413],
      ["/links/kinds", post({}), 403],
      ["/nope", post({}), 404],
      ["/nope", {}, 404],
      ["/health", {}, 200],
      ["/health", { method: "POST" }, 405],
    ];
    const from = (init: RequestInit, origin: string): RequestInit => ({
      ...init,
      headers: { ...(init.headers as Record<string, string>), origin },
    });
    it.each(READABLE)("an allowed page may read the answer of %s to %o: %i", async (path, init, status) => {
      for (const origin of [LISTED, PREVIEW, target.origin]) {
        const answer = await target.ask(path, from(init, origin));
        expect(answer.status).toBe(status);
        expectReadable(answer, origin);
      }
    });

    it.each(READABLE)("another page may not read that of %s to %o", async (path, init) => {
      for (const origin of [UNLISTED, "null"]) expectUnreadable(await target.ask(path, from(init, origin)));
      expectUnreadable(await target.ask(path, init));
    });

    it("an unknown address may be asked by an allowed page, which then reads that it is unknown", async () => {
      const answer = await preflight(LISTED, "/api/sign");
      expect(answer.status).toBe(204);
      expectReadable(answer, LISTED);
      const foreign = await preflight(UNLISTED, "/api/sign");
      expectProblem(foreign, 404, "not_found");
      expectUnreadable(foreign);
      expectProblem(await target.ask("/api/sign", { method: "OPTIONS" }), 404, "not_found");
    });

    it.each([
      [UNLISTED, UNLISTED],
      ["http://localhost:5174", "http://localhost:5174"],
      ["null", "null"],
      ["https://a.b--suite.example.com", "https://a.b--suite.example.com"],
      ["https://www.example.com/", "(not an origin)"],
      ["https://user:secret@evil.example", "(not an origin)"],
      ["whatever its sender likes", "(not an origin)"],
      [`https://${"a".repeat(300)}.example`, "(not an origin)"],
      ["https://x\u009b31m.example", "(not an origin)"],
    ])("the log names a refused origin: %s", async (origin, named) => {
      for (const path of ["/sign", "/sign/pages"]) {
        const answer = await ask(path, {}, { origin });
        const { detail } = expectProblem(answer, 403, "origin_not_allowed");
        expect(detail).toMatch(
          origin === "null" ? /^ask from a page that was served over http/ : /^list the origin of this page/,
        );
        const id = answer.headers.get("x-request-id") ?? "none";
        expect(JSON.parse(target.logs.find((line) => line.includes(id)) ?? "{}")).toMatchObject({
          origin: named,
        });
      }
    });

    it("the log names no origin that was let in", async () => {
      const answer = await ask("/sign", "{", { origin: LISTED });
      const id = answer.headers.get("x-request-id") ?? "none";
      expect(target.logs.find((line) => line.includes(id))).not.toContain(LISTED);
    });

    it("the signer's own pages are let in, by `origin` only where it has a page", async () => {
      expectTicket(await ask("/sign", {}, { origin: target.origin }));
      expectProblem(await ask("/sign/pages", {}, { origin: target.origin }), 403, "origin_not_allowed");
    });

    it("without an origin, `public` is let in and `origin` is not", async () => {
      expectTicket(await ask("/sign"));
      expectProblem(await ask("/sign/pages"), 403, "origin_not_allowed");
      expectTicket(await ask("/sign/pages", {}, { origin: LISTED }));
    });

    it("a preview is let in by `public`, and by `origin` where the method takes previews", async () => {
      expectTicket(await ask("/sign", {}, { origin: PREVIEW }));
      expectProblem(await ask("/sign/pages", {}, { origin: PREVIEW }), 403, "origin_not_allowed");
      expectTicket(await ask("/sign/previews", {}, { origin: PREVIEW }));
      expectTicket(await ask("/sign/previews", {}, { origin: LISTED }));
    });
  });

  describe("every answer", () => {
    it("has a request ID of our own, which the log knows", async () => {
      const answer = await ask("/sign", {}, { "x-request-id": "chosen-by-the-caller" });
      const id = answer.headers.get("x-request-id") ?? "";
      expect(id).toMatch(UUID);
      // workerd hands its log on beside its answers, before or after them.
      await expect.poll(() => target.logs.filter((line) => line.includes(id)).length).toBe(1);
      expect(target.logs.join("\n")).not.toContain("chosen-by-the-caller");
    });

    it.each([
      ["/sign", post({})],
      ["/sign", post("{")],
      ["/nope", post({})],
      ["/health", {}],
      ["/sign", { method: "GET" }],
    ] as const)("%s has the security headers", async (path, init) => {
      const { headers } = await target.ask(path, init);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d+$/);
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("vary")).toContain("Origin");
      expect(headers.has("x-powered-by")).toBe(false);
    });
  });

  it("405 says what is allowed", async () => {
    const sign = "curl -X POST https://…/sign -H 'Content-Type: application/json'";
    for (const [path, method, example, allow] of [
      ["/sign", "DELETE", sign, "GET, HEAD, POST, OPTIONS"],
      ["/sign/kinds", "PUT", sign, "GET, HEAD, POST, OPTIONS"],
      ["/confirm/kinds", "GET", "curl -X POST https://…/confirm/{profile}", "POST, OPTIONS"],
      ["/links/kinds", "GET", "curl -X POST https://…/links/{profile}", "POST, OPTIONS"],
    ] as const) {
      const answer = await target.ask(path, { method });
      const { detail } = expectProblem(answer, 405, "method_not_allowed");
      expect(detail.startsWith(`ask by POST, such as: ${example}`), detail).toBe(true);
      expect(answer.headers.get("allow")).toBe(allow);
    }
    const health = await target.ask("/health", { method: "POST" });
    expect(health.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  it("GET describes a profile, and signs nothing", async () => {
    const answer = await target.ask("/sign/widget", { headers: { origin: LISTED } });
    const ask = expect.stringMatching(/^curl -X POST \S+/);
    expect(answer.json()).toEqual({
      ...{ name: "widget", method: "upload", resourceType: "auto", dropIn: true, access: ["public"], ask },
      accept: {
        source: { enum: ["uw"], maxLength: 255 },
        custom_coordinates: { maxItems: 20, min: 0, max: 5000 },
        allowed_formats: { enum: ["jpg", "png"], maxLength: 255, maxItems: 20 },
        context: { keys: ["alt"], maxLength: 50, maxItems: 20 },
      },
    });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await target.ask("/sign")).json().name).toBe("default");
    const head = await target.ask("/sign", { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
    for (const [path, init, status, code] of [
      ["/sign/nope", {}, 404, "unknown_profile"],
      ["/sign/widget?folder=a", {}, 400, "malformed_request"],
      ["/sign/widget", { headers: { origin: UNLISTED } }, 403, "origin_not_allowed"],
      ["/sign/nope", { headers: { origin: UNLISTED } }, 403, "origin_not_allowed"],
    ] as const)
      expectProblem(await target.ask(path, init), status, code);
    // Whoever asks for a command is answered one, here too.
    const command = await target.ask("/sign/widget?format=curl");
    expect([command.status, command.text]).toEqual([400, "echo 'malformed_request' >&2; exit 1\n"]);
  });

  it("without an address of its own there is no key for receipts", async () => {
    const answer = await target.ask("/.well-known/jwks.json");
    expect([answer.status, answer.json()]).toEqual([200, { keys: [] }]);
    expect(answer.headers.get("content-type")).toBe("application/jwk-set+json");
  });

  it("health says how it is, to whoever asks", async () => {
    for (const headers of [{}, { origin: UNLISTED }]) {
      const answer = await target.ask("/health", { headers });
      const policy = expect.stringMatching(/^[0-9a-f]{64}$/);
      expect([answer.status, answer.json()]).toEqual([
        200,
        { status: "ok", policy, profiles: 7, faults: [] },
      ]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    const head = await target.ask("/health", { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  it("the log line tells who did what with which outcome", async () => {
    const lineOf = async (path: string, body: unknown, headers = {}) => {
      const answer = await ask(path, body, headers);
      const id = answer.headers.get("x-request-id") ?? "none";
      const line = () => target.logs.find((text) => text.includes(id));
      await expect.poll(line).toBeDefined();
      const { time, request_id, ms, ...entry } = JSON.parse(line() ?? "{}");
      expect(new Date(time).toISOString()).toBe(time);
      expect(request_id).toMatch(UUID);
      expect(ms).toBeGreaterThanOrEqual(0);
      return entry;
    };
    expect(await lineOf("/sign/kinds", {})).toEqual({
      level: "info",
      route: "/sign/{profile}",
      profile: "kinds",
      access: "public",
      status: 200,
    });
    expect(await lineOf("/sign/pages", {}, { origin: LISTED })).toMatchObject({
      access: "site",
      status: 200,
    });
    expect(await lineOf("/sign", { params: { folder: "my-folder", my_secret_name: 1 } })).toEqual({
      level: "warn",
      route: "/sign/{profile}",
      profile: "default",
      access: "public",
      status: 422,
      code: "params_refused",
      refused: ["folder", "(unknown)"],
    });
    expect(await lineOf("/sign/a-name-of-the-callers", {})).toEqual({
      level: "warn",
      route: "/sign/{profile}",
      status: 404,
      code: "unknown_profile",
    });
  });
});

describe("with a clock of our own", () => {
  const NOW = 1_795_468_800;
  const app = createApp(readBindings(BINDINGS), {
    now: () => NOW,
    uuid: () => "00000000-0000-4000-8000-000000000000",
    log: () => {},
  });
  const ask = async (path: string, body: unknown) => app.request(path, post(body));

  it.each([
    ["default", 0],
    ["short", -3540],
    ["widget", -3300],
  ])("the timestamp of a ticket of %s lies %i s from now", async (profile, offset) => {
    const ticket = (await (await ask(`/sign/${profile}`, {})).json()) as {
      timestamp: number;
      expires_at: number;
    };
    expect(ticket.timestamp).toBe(NOW + offset);
    expect(ticket.expires_at).toBe(NOW + offset + 3600);
  });

  it.each([
    [-601, 422],
    [-600, 200],
    [60, 200],
    [61, 422],
  ])("R2: a drop-in timestamp %i s from now is answered %i", async (offset, status) => {
    const paramsToSign = {
      timestamp: NOW + offset,
      folder: "widget",
      overwrite: "false",
      context: "via=widget",
    };
    expect((await ask("/sign/widget", { paramsToSign })).status).toBe(status);
  });

  it("SHA-1, where the account asks for it", async () => {
    const sha1 = createApp(readBindings({ ...BINDINGS, SIGNER: { ...SIGNER, signatureAlgorithm: "sha1" } }), {
      log: () => {},
    });
    const { fields } = (await (await sha1.request("/sign", post({}))).json()) as {
      fields: Record<string, string>;
    };
    const { signature, api_key, ...signed } = fields;
    expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha1"));
    expect(signature).toMatch(/^[0-9a-f]{40}$/);
    expect(api_key).toBe(API_KEY);
  });

  it("an exception is a 500 that says nothing, and a log line that holds no message", async () => {
    const lines: string[] = [];
    const broken = createApp(readBindings({ ...ACCOUNT, SIGNER }), {
      log: (line) => lines.push(line),
      now: () => {
        throw new TypeError(`a message with ${API_SECRET}`);
      },
    });
    const response = await broken.request("/sign", post({}));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: "internal", status: 500 });
    expect(text).not.toContain(API_SECRET);
    expect(lines.length).toBe(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      status: 500,
      code: "internal",
      detail: expect.stringContaining("TypeError at"),
    });
    expect(lines[0]).not.toContain(API_SECRET);
  });
});

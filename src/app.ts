// The whole way of a request, on one page, from cheap to dear:
// configured? -> origin -> profile -> kind of body -> how often (address) -> who asks -> how often (caller) ->
// body -> policy -> sign -> answer.

import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { admitNobody, admitShown, findShown, openWays, type Shown } from "./access/admit.ts";
import { countCaller, RATE_LIMITED } from "./access/count-caller.ts";
import { addressKey, askLimiter } from "./access/limit.ts";
import { type LinkedCaller, makeLink, readLink } from "./access/link.ts";
import type { AccessContext, AdmittedCaller } from "./access/way.ts";
import { checkOrigin, isAllowedOrigin } from "./allowed-origin.ts";
import { signDropIn, signTicket } from "./answer.ts";
import { checkMediaType, MAX_BODY_BYTES, readLinkRequest, readSigningRequest } from "./body.ts";
import { ANONYMOUS, type Config, type Fault, faultsText } from "./config/config.ts";
import { curlCommand, MAX_PATH_LENGTH } from "./curl.ts";
import { type LogEntry, loggedFailure, logLine, thrownAt } from "./log.ts";
import { PAGE_FILES, pageHeaders, TRANSPORT_SECURITY } from "./page-route.ts";
import { fillFor } from "./policy/caller.ts";
import { dropInParams } from "./policy/drop-in.ts";
import type { Profile } from "./policy/profile.ts";
import { ticketParams } from "./policy/ticket.ts";
import { type Failure, failure, problemResponse, problemScript, toProblem } from "./problem.ts";
import type { Secret } from "./secret.ts";
import { err, ok, type Result } from "./signature/result.ts";

/** What the app takes from its surroundings; tests and other runtimes give their own. */
export interface Platform {
  /** Unix seconds. */
  readonly now: () => number;
  /** A random UUID. */
  readonly uuid: () => string;
  /** Takes one line of JSON a request. */
  readonly log: (line: string) => void;
  readonly fetch: typeof fetch;
  /** The caller's address, as the host knows it: never from a header that a caller can write. */
  readonly address: (request: Request) => string | undefined;
}

export const PLATFORM: Platform = {
  now: () => Math.floor(Date.now() / 1000),
  uuid: () => crypto.randomUUID(),
  log: (line) => console.log(line),
  fetch: (input, init) => fetch(input, init),
  address: () => undefined,
};

type AppEnv = { Variables: { requestId: string; entry: Partial<LogEntry> } };

const SIGN = "/sign/:profile?";
const LINKS = "/links/:profile";
export const DEFAULT_PROFILE = "default";

/** How long a browser may remember a preflight, in seconds: the longest that Chromium keeps one. */
const PREFLIGHT_MAX_AGE = 7200;

/** The app over a configuration, right or wrong: a wrong one is answered by every signing route. */
export function createApp(
  configured: Result<Config, Fault[]>,
  platform: Partial<Platform> = {},
): Hono<AppEnv> {
  const { now, uuid, log, fetch, address } = { ...PLATFORM, ...platform };
  const app = new Hono<AppEnv>();

  function refuse(c: Context<AppEnv>, failed: Failure): Response {
    Object.assign(c.var.entry, loggedFailure(failed));
    return c.req.query("format") === "curl"
      ? problemScript(failed)
      : problemResponse(toProblem(failed, c.var.requestId), failed);
  }

  // A request ID of our own: one that the caller chose could put a secret into the log.
  app.use(requestId({ headerName: "", generator: () => uuid() }));
  app.use(async (c, next) => {
    const started = performance.now();
    c.set("entry", { route: "(none)" });
    await next();
    c.res.headers.set("x-request-id", c.var.requestId);
    if (!c.res.headers.get("vary")?.includes("Origin")) c.res.headers.append("vary", "Origin");
    log(logLine(c.var.requestId, c.var.entry, c.res.status, started));
  });
  if (configured.ok && configured.value.page) {
    // Set after those below, and in their place.
    const headers = pageHeaders(configured.value.uploadPrefix);
    for (const path of PAGE_FILES) app.use(path, headers);
  }
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      strictTransportSecurity: TRANSPORT_SECURITY,
    }),
  );
  app.onError((error, c) => {
    c.var.entry.detail = thrownAt(error);
    return refuse(c, failure("internal", "the signer's log tells where it broke, by this request_id"));
  });
  app.notFound((c) => refuse(c, failure("not_found", `what there is: ${ROUTES}`)));

  const notAllowed = (allow: string) => (c: Context<AppEnv>) =>
    refuse(c, { code: "method_not_allowed", detail: `allowed: ${allow}`, allow });

  app.use("/health", async (c, next) => {
    c.var.entry.route = "/health";
    await next();
  });
  app.get("/health", (c) => {
    const missing = configured.ok ? [] : configured.error.flatMap((fault) => fault.missing ?? []);
    c.header("cache-control", "no-store");
    return c.json({
      status: configured.ok ? "ok" : "misconfigured",
      missing: [...new Set(missing)],
      profiles: configured.ok ? configured.value.profiles.size : 0,
    });
  });
  app.all("/health", notAllowed("GET, HEAD"));

  if (configured.ok && configured.value.page) {
    const page = configured.value.page;
    for (const path of PAGE_FILES) {
      app.get(path, async (c) => {
        c.var.entry.route = "/";
        const file = await page.fetch(c.req.raw);
        return new Response(file.body, file);
      });
      app.all(path, notAllowed("GET, HEAD"));
    }
  }

  for (const [pattern, route, answer] of [
    [SIGN, "/sign/{profile}", answerSign],
    [LINKS, "/links/{profile}", answerLink],
  ] as const) {
    app.use(pattern, async (c, next) => {
      c.var.entry.route = route;
      if (!configured.ok) return refuse(c, failure("misconfigured", faultsText(configured.error)));
      const origin = checkOrigin(c.req.raw, configured.value.allowedOrigins);
      return origin.ok ? next() : refuse(c, origin.error);
    });
    if (configured.ok) {
      const config = configured.value;
      const [plain, withCookies] = [false, true].map((credentials) => corsFor(config, credentials));
      app.use(pattern, (c, next) => (readsCookie(config, profileName(c)) ? withCookies! : plain!)(c, next));
      app.post(
        pattern,
        bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => refuse(c, BODY_TOO_LARGE) }),
        async (c) => {
          const answered = await answer(c, config);
          return answered.ok ? answered.value : refuse(c, answered.error);
        },
      );
    }
    app.all(pattern, notAllowed("POST, OPTIONS"));
  }

  const ways = configured.ok ? openWays(configured.value, fetch) : new Map();

  /** Everything before the body is read: a profile, a caller who may use it, and the secret. */
  async function begin(c: Context<AppEnv>, config: Config): Promise<Result<Begun, Failure>> {
    const found = findProfile(config, profileName(c));
    if (!found.ok) return found;
    const profile = found.value;
    c.var.entry.profile = profile.name;
    const request = c.req.raw;
    const mediaType = checkMediaType(request.headers);
    if (!mediaType.ok) return mediaType;
    const shown = findShown(profile, ways, request);
    if (!shown.ok) return shown;

    const byAddress = await askLimiter(config.limitByIp, addressKey(address(request)));
    if (byAddress === "limited") return err(RATE_LIMITED);
    const origin = request.headers.get("origin");
    const context = {
      now: now(),
      fetch,
      request,
      originListed: origin !== null && config.allowedOrigins.has(origin),
    };
    const admitted = await admit(profile, config, shown.value, context);
    if (!admitted.ok) return admitted;
    const caller = admitted.value;
    c.var.entry.way_in = caller.way;
    const secret = await config.apiSecret();
    if (!secret.ok) return secret;

    const { way, subject } = caller;
    if (subject !== undefined) {
      const counted = { way, subject, ...("link" in caller && { key: `link ${caller.link}` }) };
      const byCaller = await countCaller(config, secret.value, counted, c.var.entry);
      if (!byCaller.ok) return byCaller;
    }
    if (byAddress === "failed") {
      c.var.entry.limiter = "failed";
      // Callers who are someone go on; for the others the limiter is all that keeps one from being many.
      if (ANONYMOUS.has(config.ways.get(way)!.type)) {
        return err(failure("limiter_unavailable", "the rate limiter could not be asked: try again later"));
      }
    }
    return ok({ profile, caller, context, secret: secret.value });
  }

  async function admit(
    profile: Profile,
    config: Config,
    shown: Shown,
    context: AccessContext,
  ): Promise<Result<AdmittedCaller | LinkedCaller, Failure>> {
    if (shown.kind === "nothing") return admitNobody(profile, config, ways, context.request);
    if (shown.kind === "credential") return admitShown(shown, context);
    const secret = await config.apiSecret();
    return secret.ok ? readLink(config, secret.value, profile, shown.value, context) : secret;
  }

  async function answerSign(c: Context<AppEnv>, config: Config): Promise<Result<Response, Failure>> {
    const file = fileForCurl(c);
    if (!file.ok) return file;
    const begun = await begin(c, config);
    if (!begun.ok) return begun;
    const { profile, caller, context, secret } = begun.value;
    const request = await readSigningRequest(c.req.raw);
    if (!request.ok) return request;
    const { form, params } = request.value;

    const fill = await fillFor(profile, caller, context.now, uuid());
    if (!fill.ok) return err(failure("invalid_token", fill.error));
    const decide = form === "ticket" ? ticketParams : dropInParams;
    const signed = decide(profile, params, fill.value);
    if (!signed.ok) return err(paramsRefused(signed.error));

    c.header("cache-control", "no-store");
    if (form === "drop-in") {
      if (file.value !== undefined)
        return err(failure("malformed_request", "format=curl goes with `params` only"));
      return ok(c.json(await signDropIn(config, secret, signed.value)));
    }
    const ticket = await signTicket(config, secret, profile, signed.value);
    return ok(
      file.value === undefined ? c.json(ticket) : c.text(curlCommand(ticket.url, ticket.fields, file.value)),
    );
  }

  async function answerLink(c: Context<AppEnv>, config: Config): Promise<Result<Response, Failure>> {
    const begun = await begin(c, config);
    if (!begun.ok) return begun;
    const { profile, caller, context, secret } = begun.value;
    const request = await readLinkRequest(c.req.raw);
    if (!request.ok) return request;
    if (caller.subject === undefined || "link" in caller) {
      return err(
        failure("profile_not_allowed", "links are for callers who show who they are, and a link makes none"),
      );
    }
    // A caller whose claims the profile can't use would only learn it from the link.
    const fill = await fillFor(profile, caller, context.now, uuid());
    if (!fill.ok) return err(failure("invalid_token", fill.error));
    c.header("cache-control", "no-store");
    return ok(c.json(await makeLink(config, secret, profile, caller, context, uuid())));
  }

  return app;
}

/** A request whose caller was let in. */
interface Begun {
  readonly profile: Profile;
  readonly caller: AdmittedCaller | LinkedCaller;
  readonly context: AccessContext;
  readonly secret: Secret;
}

const ROUTES = "POST /sign, POST /sign/{profile}, POST /links/{profile}, GET /health";
const BODY_TOO_LARGE = failure("body_too_large", `a body may have ${MAX_BODY_BYTES} bytes`);

const profileName = (c: Context): string => c.req.param("profile") ?? DEFAULT_PROFILE;

function corsFor(config: Config, credentials: boolean) {
  return cors({
    origin: (origin, c) => (isAllowedOrigin(origin, c.req.url, config.allowedOrigins) ? origin : null),
    allowMethods: ["POST"],
    allowHeaders: ["authorization", "content-type", "cf-turnstile-response"],
    exposeHeaders: ["retry-after", "x-request-id"],
    maxAge: PREFLIGHT_MAX_AGE,
    credentials,
  });
}

/** Whether a profile lets callers in by a cookie, which pages of other origins send only where this is allowed. */
function readsCookie({ profiles, ways }: Config, name: string): boolean {
  return (profiles.get(name)?.access ?? []).some((access) => {
    const way = ways.get(access);
    return way?.type === "jwt" && way.from.cookie !== undefined;
  });
}

/** The profile of a name. */
export function findProfile({ profiles }: Config, name: string): Result<Profile, Failure> {
  const profile = profiles.get(name);
  if (profile !== undefined) return ok(profile);
  return err(
    failure(
      "unknown_profile",
      profiles.size === 0
        ? 'no profile is configured, so nothing is signed for anybody: add [vars.SIGNER.profiles.default] with access = ["public"] to wrangler.toml, or a stricter one'
        : "no profile has this name: its owner adds it under [vars.SIGNER.profiles] in wrangler.toml; without a name in the address it is `default`",
    ),
  );
}

/** The file to name in the curl command; absent, the answer is JSON. */
function fileForCurl(c: Context): Result<string | undefined, Failure> {
  const format = c.req.query("format");
  if (format === undefined) return ok(undefined);
  if (format !== "curl") return err(failure("malformed_request", "the only `format` beside JSON is `curl`"));
  const file = c.req.query("file") || "FILE";
  if (file.includes("\0") || file.length > MAX_PATH_LENGTH) {
    return err(
      failure("malformed_request", `\`file\` must be a path of at most ${MAX_PATH_LENGTH} characters`),
    );
  }
  return ok(file);
}

/** Refusals as one failure. */
export function paramsRefused(refusals: NonNullable<Failure["refusals"]>): Failure {
  const [first] = refusals;
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more, see errors)` : "";
  const detail = `${first?.param}: ${first?.detail}${more}`;
  return { code: "params_refused", detail, refusals };
}

// The whole way of a request, on one page: configured? -> origin -> profile -> body -> who asks -> policy ->
// sign -> answer.

import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { admit } from "./access/admit.ts";
import { checkMediaType, MAX_BODY_BYTES, readSigningRequest } from "./body.ts";
import { type Config, type Fault, faultsText } from "./config/config.ts";
import { curlCommand, MAX_PATH_LENGTH } from "./curl.ts";
import { type LogEntry, loggableName, thrownAt } from "./log.ts";
import { checkOrigin, isAllowedOrigin } from "./origin.ts";
import { dropInParams } from "./policy/drop-in.ts";
import type { Profile } from "./policy/profile.ts";
import { ticketParams } from "./policy/ticket.ts";
import { type Failure, failure, problemResponse, problemScript } from "./problem.ts";
import { signDropIn, signTicket } from "./sign.ts";
import { err, ok, type Result } from "./signature/result.ts";

/** What the app takes from its surroundings; tests and other runtimes give their own. */
export interface Platform {
  /** Unix seconds. */
  readonly now: () => number;
  /** A random UUID. */
  readonly uuid: () => string;
  /** Takes one line of JSON a request. */
  readonly log: (line: string) => void;
}

const PLATFORM: Platform = {
  now: () => Math.floor(Date.now() / 1000),
  uuid: () => crypto.randomUUID(),
  log: (line) => console.log(line),
};

type AppEnv = { Variables: { requestId: string; entry: Partial<LogEntry> } };

const SIGN = "/sign/:profile?";
const DEFAULT_PROFILE = "default";

/** How long a browser may remember a preflight, in seconds: the longest that Chromium keeps one. */
const PREFLIGHT_MAX_AGE = 7200;

/** The app over a configuration, right or wrong: a wrong one is answered by every signing route. */
export function createApp(
  configured: Result<Config, Fault[]>,
  platform: Partial<Platform> = {},
): Hono<AppEnv> {
  const { now, uuid, log } = { ...PLATFORM, ...platform };
  const app = new Hono<AppEnv>();

  function refuse(c: Context<AppEnv>, failed: Failure): Response {
    const { code, detail, refusals } = failed;
    Object.assign(c.var.entry, {
      code,
      ...(refusals && { refused: refusals.map(({ param }) => loggableName(param)) }),
      ...(code === "misconfigured" && { detail }),
    });
    return c.req.query("format") === "curl"
      ? problemScript(failed)
      : problemResponse(failed, c.var.requestId);
  }

  // A request ID of our own: one that the caller chose could put a secret into the log.
  app.use(requestId({ headerName: "", generator: () => uuid() }));
  app.use(async (c, next) => {
    const started = performance.now();
    c.set("entry", { route: "(none)" });
    await next();
    c.res.headers.set("x-request-id", c.var.requestId);
    if (!c.res.headers.get("vary")?.includes("Origin")) c.res.headers.append("vary", "Origin");
    const { route, profile, way_in, code, refused, detail } = c.var.entry;
    const ms = Math.round(performance.now() - started);
    const entry = {
      request_id: c.var.requestId,
      route,
      profile,
      way_in,
      status: c.res.status,
      code,
      refused,
      detail,
      ms,
    };
    log(JSON.stringify(entry));
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      // Not for subdomains: this app may be mounted on a domain that is not its own.
      strictTransportSecurity: "max-age=15552000",
    }),
  );
  app.onError((error, c) => {
    c.var.entry.detail = thrownAt(error);
    return refuse(c, failure("internal", "the signer's log tells where it broke, by this request_id"));
  });
  app.notFound((c) =>
    refuse(c, failure("not_found", "what there is: POST /sign, POST /sign/{profile}, GET /health")),
  );

  const notAllowed = (allow: string) => (c: Context<AppEnv>) =>
    refuse(c, { code: "method_not_allowed", detail: `allowed: ${allow}`, allow });

  app.use("/health", async (c, next) => {
    c.var.entry.route = "/health";
    await next();
  });
  app.get("/health", (c) => {
    const missing = configured.ok
      ? []
      : configured.error.filter((fault) => fault.missing).map(({ binding }) => binding);
    c.header("cache-control", "no-store");
    return c.json({
      status: configured.ok ? "ok" : "misconfigured",
      missing,
      profiles: configured.ok ? configured.value.profiles.size : 0,
    });
  });
  app.all("/health", notAllowed("GET, HEAD"));

  app.use(SIGN, async (c, next) => {
    c.var.entry.route = "/sign/{profile}";
    if (!configured.ok) return refuse(c, failure("misconfigured", faultsText(configured.error)));
    const origin = checkOrigin(c.req.raw, configured.value.allowedOrigins);
    if (!origin.ok) return refuse(c, origin.error);
    return next();
  });
  if (configured.ok) {
    const config = configured.value;
    app.use(
      SIGN,
      cors({
        origin: (origin, c) => (isAllowedOrigin(origin, c.req.url, config.allowedOrigins) ? origin : null),
        allowMethods: ["POST"],
        allowHeaders: ["authorization", "content-type", "cf-turnstile-response"],
        exposeHeaders: ["retry-after", "x-request-id"],
        maxAge: PREFLIGHT_MAX_AGE,
      }),
    );
    app.post(
      SIGN,
      bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => refuse(c, BODY_TOO_LARGE) }),
      async (c) => {
        const answer = await answerSign(c, config);
        return answer.ok ? answer.value : refuse(c, answer.error);
      },
    );
  }
  app.all(SIGN, notAllowed("POST, OPTIONS"));

  async function answerSign(c: Context<AppEnv>, config: Config): Promise<Result<Response, Failure>> {
    const profile = findProfile(config, c.req.param("profile") ?? DEFAULT_PROFILE);
    if (!profile.ok) return profile;
    c.var.entry.profile = profile.value.name;
    const file = fileForCurl(c);
    if (!file.ok) return file;

    const mediaType = checkMediaType(c.req.raw.headers);
    if (!mediaType.ok) return mediaType;
    const caller = admit(profile.value, config.ways, c.req.raw);
    if (!caller.ok) return caller;
    c.var.entry.way_in = caller.value.way;
    const request = await readSigningRequest(c.req.raw);
    if (!request.ok) return request;
    const { form, params } = request.value;

    const fill = { now: now(), uuid: uuid() };
    const decide = form === "ticket" ? ticketParams : dropInParams;
    const signed = decide(profile.value, params, fill);
    if (!signed.ok) return err(paramsRefused(signed.error));

    c.header("cache-control", "no-store");
    if (form === "drop-in") {
      if (file.value !== undefined)
        return err(failure("malformed_request", "format=curl goes with `params` only"));
      return ok(c.json(await signDropIn(config, signed.value)));
    }
    const ticket = await signTicket(config, profile.value, signed.value);
    return ok(
      file.value === undefined ? c.json(ticket) : c.text(curlCommand(ticket.url, ticket.fields, file.value)),
    );
  }

  return app;
}

const BODY_TOO_LARGE = failure("body_too_large", `a body may have ${MAX_BODY_BYTES} bytes`);

function findProfile({ profiles }: Config, name: string): Result<Profile, Failure> {
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

function paramsRefused(refusals: NonNullable<Failure["refusals"]>): Failure {
  const detail = `${refusals.length === 1 ? "one parameter was" : `${refusals.length} parameters were`} refused: see errors`;
  return { code: "params_refused", detail, refusals };
}

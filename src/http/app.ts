// The whole way of a request, on one page, from cheap to dear:
// configured? -> origin -> profile -> kind of body -> how often (address) -> who asks -> how often (caller) ->
// body -> policy -> sign -> answer.

import type { Context } from "hono";
import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import { type AllowedOrigin, checkOrigin } from "../access/origins.ts";
import type { AccessContext, AdmittedCaller } from "../access/way.ts";
import type { Config, Configured } from "../config/checked.ts";
import { misconfigured, publicFaults } from "../fault.ts";
import type { Secret } from "../keys/secret.ts";
import { secretFaults } from "../keys/secret-faults.ts";
import { underSecret } from "../keys/under-secret.ts";
import { countCaller, RATE_LIMITED } from "../limits/count-caller.ts";
import { addressKey, askLimiter } from "../limits/limiter.ts";
import {
  isLogged,
  type LogEntry,
  loggableOrigin,
  loggedFailure,
  thrownAt,
  writeLine,
} from "../observe/log.ts";
import { dropInParams } from "../policy/decide/drop-in.ts";
import { fillFor } from "../policy/decide/fill.ts";
import { type Refusal, tellRefusal } from "../policy/decide/refusal.ts";
import { ticketParams } from "../policy/decide/ticket-params.ts";
import type { Profile } from "../policy/profile.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import { broke, type Failure, failure, problemReply, problemScript, toProblem } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";
import { admitNobody, admitShown, findShown, openWays, type Shown } from "../tickets/admit.ts";
import { curlCommand, MAX_PATH_LENGTH } from "../tickets/curl.ts";
import { type LinkedCaller, makeLink, readLink } from "../tickets/link.ts";
import { signDropIn, signTicket } from "../tickets/sign-ticket.ts";
import { checkBodyHeaders, checkQuery, readLinkRequest, readSigningRequest } from "./body.ts";
import { corsHeaders, preflightReply } from "./cors.ts";
import { PAGE_FILES, pageHeaders, readFile } from "./page-files.ts";
import { answerAlone, jsonReply, type Reply, textReply, toResponse } from "./reply.ts";

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
  readonly address: (request: Request, env: unknown) => string | undefined;
}

export const PLATFORM: Platform = {
  now: () => Math.floor(Date.now() / 1000),
  uuid: () => crypto.randomUUID(),
  log: (line) => console.log(line),
  fetch: (input, init) => fetch(input, init),
  address: () => undefined,
};

/** One request, from its first step to its line in the log. */
interface Visit {
  readonly c: Context;
  /** Of our own: one that the caller chose could put a secret into the log. */
  readonly requestId: string;
  readonly entry: Partial<LogEntry>;
  /** The page that asks, if it may; `undefined`: no page. */
  readonly page: Result<AllowedOrigin | undefined, Failure>;
}

/**
 * The end of a path that names a profile, which is read from the path itself: an app that mounts this one under a path
 * with parameters hands its own on, and of two with one name the outer one wins. Not optional (`?`): together with an
 * optional one of the outer path Hono would make routes of parts of that path.
 */
const NAMED = "/:cloudinaryEdgeSignerProfile";
export const DEFAULT_PROFILE = "default";

/** The app over a configuration, right or wrong: a wrong one is answered by every signing route. */
export function createApp(configured: Configured, platform: Partial<Platform> = {}): HonoBase {
  const { now, uuid, log, fetch, address } = { ...PLATFORM, ...platform };
  // The one router that is needed: Hono's usual class brings two more, to choose from.
  const app = new HonoBase({ router: new TrieRouter() });

  const ways = configured.ok ? openWays(configured.value, fetch) : new Map();
  const { allowedOrigins } = configured.ok ? configured.value : configured;
  const setting = configured.ok ? configured.value.log : "all";

  /** What every route has in common: a request ID, one line in the log, and one Response, whatever happens. */
  const route =
    (name: string, handle: (visit: Visit) => Reply | Promise<Reply>) =>
    async (c: Context): Promise<Response> => {
      const started = performance.now();
      const page = checkOrigin(c.req.raw, allowedOrigins);
      const visit: Visit = { c, requestId: uuid(), entry: { route: name }, page };
      let reply: Reply;
      try {
        reply = await handle(visit);
      } catch (error) {
        reply = refuse(visit, broke(thrownAt(error)));
      }
      if (isLogged(setting, visit.entry)) writeLine(log, visit.requestId, visit.entry, reply.status, started);
      // A page must be able to read why, whatever it is answered.
      const cors = page.ok && page.value !== undefined && corsHeaders(page.value);
      return answerAlone(c, toResponse(reply, { ...cors, "x-request-id": visit.requestId }));
    };

  function refuse({ c, requestId, entry }: Visit, failed: Failure): Reply {
    Object.assign(entry, loggedFailure(failed));
    const origin = c.req.raw.headers.get("origin");
    if (failed.code === "origin_not_allowed" && origin !== null) entry.origin = loggableOrigin(origin);
    return c.req.query("format") === "curl"
      ? problemScript(failed)
      : problemReply(toProblem(failed, requestId), failed);
  }

  /** Answers a preflight of an allowed page, also where the request itself will be refused: it must hear why. */
  const preflight = (name: string, methods: string) =>
    route(name, (visit) => {
      const { page } = visit;
      if (!configured.ok && !(page.ok && page.value)) return refuse(visit, misconfigured(configured.error));
      return page.ok ? preflightReply(visit.c.req.raw, methods) : refuse(visit, page.error);
    });
  const notAllowed = (name: string, methods: string, advice = "") =>
    route(name, (visit) => refuse(visit, methodNotAllowed(methods, advice)));

  app.notFound(
    route("(none)", (visit) => {
      const request = visit.c.req.raw;
      const isPreflight =
        visit.c.req.method === "OPTIONS" && request.headers.has("access-control-request-method");
      return isPreflight && visit.page.ok && visit.page.value !== undefined
        ? preflightReply(request, "GET, POST")
        : refuse(visit, failure("not_found", `ask for what there is: ${ROUTES}`));
    }),
  );

  let policyHash: string | undefined;
  app.get(
    "/health",
    route("/health", async ({ entry }) => {
      if (!configured.ok) {
        Object.assign(entry, loggedFailure(misconfigured(configured.error)));
        const faults = publicFaults(configured.error);
        return jsonReply({ status: "misconfigured", policy: null, profiles: 0, faults }, 503);
      }
      const { policy, profiles } = configured.value;
      policyHash ??= await digestHex("sha256", policy);
      const told = { policy: policyHash, profiles: profiles.size };
      const faults = await secretFaults(configured.value, now());
      if (faults.length === 0) return jsonReply({ status: "ok", ...told, faults });
      Object.assign(entry, loggedFailure(misconfigured(faults)));
      return jsonReply({ status: "misconfigured", ...told, faults }, 503);
    }),
  );
  app.options("/health", preflight("/health", "GET, HEAD"));
  app.all("/health", notAllowed("/health", "GET, HEAD, OPTIONS"));

  if (configured.ok && configured.value.page) {
    const { page, uploadPrefix } = configured.value;
    const headers = pageHeaders(uploadPrefix);
    for (const path of PAGE_FILES) {
      app.get(
        path,
        route("/", ({ c }) => readFile(page, c.req.raw, headers)),
      );
      app.all(path, notAllowed("/", "GET, HEAD"));
    }
  }

  const example = `https://…/sign -H 'Content-Type: application/json' -d '{"params": {}}'`;
  for (const [path, name, answer, asked] of [
    ["/sign", "/sign/{profile}", answerSign, example],
    [`/sign${NAMED}`, "/sign/{profile}", answerSign, example],
    [`/links${NAMED}`, "/links/{profile}", answerLink, "https://…/links/{profile}"],
  ] as const) {
    /** Neither a wrong configuration nor a page of another origin gets any further. */
    const guarded = (handle: (visit: Visit, config: Config) => Promise<Result<Reply, Failure>>) =>
      route(name, async (visit) => {
        if (!configured.ok) return refuse(visit, misconfigured(configured.error));
        if (!visit.page.ok) return refuse(visit, visit.page.error);
        const answered = await handle(visit, configured.value);
        return answered.ok ? answered.value : refuse(visit, answered.error);
      });
    app.post(
      path,
      guarded((visit, config) => {
        const profile = path.endsWith(NAMED) ? lastSegment(visit.c.req.path) : DEFAULT_PROFILE;
        return answer(visit, config, profile);
      }),
    );
    app.options(path, preflight(name, "POST"));
    const refused = methodNotAllowed("POST, OPTIONS", `ask by POST, such as: curl -X POST ${asked}; `);
    app.all(
      path,
      guarded(async () => err(refused)),
    );
  }

  /** Everything before the body is read: a profile, a caller who may use it, and the secret. */
  async function begin(
    { c, entry, page }: Visit,
    config: Config,
    name: string,
  ): Promise<Result<Begun, Failure>> {
    const found = findProfile(config, name);
    if (!found.ok) return found;
    const profile = found.value;
    entry.profile = profile.name;
    const request = c.req.raw;
    const readable = checkBodyHeaders(request);
    if (!readable.ok) return readable;
    const shown = findShown(profile, ways, request);
    if (!shown.ok) return shown;

    const byAddress = await askLimiter(config.limitByIp, addressKey(address(request, c.env)));
    if (byAddress === "limited") return err(RATE_LIMITED);
    const standing = page.ok ? page.value?.standing : undefined;
    const context = {
      now: now(),
      fetch,
      request,
      env: c.env,
      originListed: standing === "listed",
      originIsPreview: standing === "preview",
    };
    const admitted = await admit(profile, config, shown.value, context);
    if (!admitted.ok) return admitted;
    const caller = admitted.value;
    entry.way_in = caller.access;
    const secret = await config.apiSecret(context.now);
    if (!secret.ok) return secret;

    const { access: way, subject } = caller;
    if (subject !== undefined) {
      const byCaller = await countCaller(config, secret.value, { way, subject }, entry);
      if (!byCaller.ok) return byCaller;
    }
    if (byAddress === "failed") {
      entry.limiter = "failed";
      // Callers who are someone go on; for the others the limiter is all that keeps one from being many.
      if (config.ways.get(way)!.anonymous) {
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
    return underSecret(config.apiSecret, context.now, (secret) =>
      readLink(config, secret, profile, shown.value, context),
    );
  }

  async function answerSign(visit: Visit, config: Config, name: string): Promise<Result<Reply, Failure>> {
    const file = fileForCurl(visit.c);
    if (!file.ok) return file;
    const readable = checkQuery(Object.keys(visit.c.req.query()));
    if (!readable.ok) return readable;
    const begun = await begin(visit, config, name);
    if (!begun.ok) return begun;
    const { profile, caller, context, secret } = begun.value;
    const request = await readSigningRequest(visit.c.req.raw);
    if (!request.ok) return request;
    const { form, params } = request.value;

    const fill = await fillFor(profile, caller, context.now, uuid());
    if (!fill.ok) return err(failure("invalid_token", sentenceOf(fill.error), "unfit_claim"));
    const decide = form === "ticket" ? ticketParams : dropInParams;
    const signed = decide(profile, params, fill.value);
    if (!signed.ok) return err(paramsRefused(signed.error));

    if (form === "drop-in") {
      if (file.value !== undefined)
        return err(failure("malformed_request", "format=curl goes with `params` only"));
      return ok(jsonReply(await signDropIn(config, secret, signed.value)));
    }
    const ticket = await signTicket(config, secret, profile, signed.value);
    if (file.value === undefined) return ok(jsonReply(ticket));
    return ok(textReply(curlCommand(ticket.url, ticket.fields, file.value)));
  }

  async function answerLink(visit: Visit, config: Config, name: string): Promise<Result<Reply, Failure>> {
    const begun = await begin(visit, config, name);
    if (!begun.ok) return begun;
    const { profile, caller, context, secret } = begun.value;
    const request = await readLinkRequest(visit.c.req.raw);
    if (!request.ok) return request;
    if (caller.subject === undefined || "link" in caller) {
      return err(
        failure("profile_not_allowed", "links are for callers who show who they are, and a link makes none"),
      );
    }
    // A caller whose claims the profile can't use would only learn it from the link.
    const fill = await fillFor(profile, caller, context.now, uuid());
    if (!fill.ok) return err(failure("invalid_token", sentenceOf(fill.error), "unfit_claim"));
    const link = await makeLink(config, secret, profile, caller, context);
    return link.ok ? ok(jsonReply(link.value)) : link;
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
const methodNotAllowed = (allow: string, advice: string): Failure => ({
  code: "method_not_allowed",
  detail: `${advice}allowed: ${allow}`,
  allow,
});

/** The last segment of a path, decoded as Hono decodes a parameter. */
function lastSegment(path: string): string {
  const segment = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The profile of a name. */
export function findProfile({ profiles }: Config, name: string): Result<Profile, Failure> {
  const profile = profiles.get(name);
  if (profile !== undefined) return ok(profile);
  return err(
    failure(
      "unknown_profile",
      profiles.size === 0
        ? 'no profile is configured, so nothing is signed for anybody: add the profile `default` with access ["public"], or a stricter one, to `profiles` in signer.config.ts'
        : "no profile has this name: its owner adds it to `profiles` in signer.config.ts; where a request names none, it is `default`",
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
export function paramsRefused(refused: readonly Refusal[]): Failure {
  const refusals = refused.map(tellRefusal);
  const [first] = refusals;
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more, see errors)` : "";
  const detail = `${first?.param}: ${first?.detail}${more}`;
  return { code: "params_refused", detail, refusals };
}

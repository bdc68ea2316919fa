// The way in `service`: another Worker asks by service binding. The same policy, limits and log as over HTTP;
// who asks is what the other Worker says, since the binding itself is the proof.

import type { Config, Configured } from "../config/checked.ts";
import { misconfigured } from "../fault.ts";
import { DEFAULT_PROFILE, findProfile, PLATFORM, type Platform, paramsRefused } from "../http/app.ts";
import { MAX_BODY_BYTES, parseSigningRequest } from "../http/body.ts";
import { countCaller } from "../limits/count-caller.ts";
import { isLogged, type LogEntry, loggedFailure, thrownAt, writeLine } from "../observe/log.ts";
import { fillFor } from "../policy/decide/fill.ts";
import { ticketParams } from "../policy/decide/ticket-params.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import { broke, type Failure, failure, type Problem, toProblem } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { signTicket } from "../tickets/sign-ticket.ts";
import type { Ticket } from "../tickets/ticket.ts";

/** What another Worker asks. */
export interface ServiceRequest {
  /** The profile; default `default`. It lets in by a way in of type `service`. */
  readonly profile?: string;
  /** Who the upload is for: `sub`, 1 to 1024 characters, and no more than the way in lists. */
  readonly claims: { readonly sub: string };
  /** Parameters that the profile accepts, by Cloudinary's names. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;
const MEMBERS = new Set(["profile", "claims", "params"]);

const malformed = (detail: string): Result<never, Failure> => err(failure("malformed_request", detail));

interface Asked {
  readonly profile: string;
  readonly sub: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What came over the binding, as JSON would have brought it: structured cloning lets more through. */
function readRequest(input: unknown): Result<Asked, Failure> {
  let text: string | undefined;
  try {
    text = JSON.stringify(input);
  } catch {
    // BigInt, or a circle.
  }
  const request = text === undefined ? undefined : JSON.parse(text);
  if (typeof request !== "object" || request === null || Array.isArray(request))
    return malformed("sign takes one object: { profile, claims, params }");
  if (Object.keys(request).some((name) => !MEMBERS.has(name)))
    return malformed("sign takes `profile`, `claims` and `params`, and nothing else");
  const { profile = DEFAULT_PROFILE, claims, params = {} } = request;
  if (typeof profile !== "string") return malformed("`profile` must be a text");
  const bytes = new TextEncoder().encode(JSON.stringify({ params }));
  if (bytes.length > MAX_BODY_BYTES)
    return err(failure("body_too_large", `the parameters may have ${MAX_BODY_BYTES} bytes`));
  const parsed = parseSigningRequest(bytes);
  if (!parsed.ok) return parsed;
  if (typeof claims !== "object" || claims === null || Object.keys(claims).join() !== "sub")
    return malformed("`claims` must be { sub }: who the upload is for");
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT || !sub.isWellFormed())
    return malformed(`\`claims.sub\` must be a text of 1 to ${MAX_SUBJECT} characters`);
  return ok({ profile, sub, params: parsed.value.params });
}

async function sign(
  config: Config,
  input: unknown,
  { now, uuid }: Platform,
  entry: Partial<LogEntry>,
): Promise<Result<Ticket, Failure>> {
  const asked = readRequest(input);
  if (!asked.ok) return asked;
  const { sub, params } = asked.value;
  const found = findProfile(config, asked.value.profile);
  if (!found.ok) return found;
  const profile = found.value;
  entry.profile = profile.name;
  const way = profile.access.find((name) => config.ways.get(name)?.type === "service");
  if (way === undefined)
    return err(
      failure(
        "profile_not_allowed",
        "this profile lets in no other Worker: its `access` names no way in of type `service`",
      ),
    );
  entry.way_in = way;
  const secret = await config.apiSecret(now());
  if (!secret.ok) return secret;

  const counted = await countCaller(config, secret.value, { way, subject: sub }, entry);
  if (!counted.ok) return counted;

  const fill = await fillFor(profile, { access: way, claims: { sub } }, now(), uuid());
  if (!fill.ok) return err(failure("invalid_token", sentenceOf(fill.error), "unfit_claim"));
  const signed = ticketParams(profile, params, fill.value);
  if (!signed.ok) return err(paramsRefused(signed.error));
  return ok(await signTicket(config, secret.value, profile, signed.value));
}

/** The one method of the service: a ticket, or the problem that an HTTP request would be answered with. */
export function createService(
  configured: Configured,
  given: Partial<Platform> = {},
): (request: ServiceRequest) => Promise<Ticket | Problem> {
  const platform = { ...PLATFORM, ...given };
  return async (request) => {
    const started = performance.now();
    const requestId = platform.uuid();
    const entry: Partial<LogEntry> = { route: "service" };
    let signed: Result<Ticket, Failure>;
    try {
      signed = configured.ok
        ? await sign(configured.value, request, platform, entry)
        : err(misconfigured(configured.error));
    } catch (error) {
      signed = err(broke(thrownAt(error)));
    }
    if (signed.ok) {
      if (isLogged(configured.ok ? configured.value.log : "all", entry))
        writeLine(platform.log, requestId, entry, 200, started);
      return signed.value;
    }
    const problem = toProblem(signed.error, requestId);
    Object.assign(entry, loggedFailure(signed.error));
    writeLine(platform.log, requestId, entry, problem.status, started);
    return problem;
  };
}

// The service for other Workers, by service binding: the same pipeline, limits and log as over HTTP. Who asks is what
// the other Worker says, since the binding itself is the proof.

import type { CheckedMethod } from "../access/method.ts";
import type { Config, Configured } from "../config/checked.ts";
import { type Failure, failure, problemOf } from "../failure.ts";
import { newEvent, noteFailure, type RequestEvent, thrownAt } from "../observe/event.ts";
import { writeLine } from "../observe/log.ts";
import { PLATFORM, type Platform } from "../platform.ts";
import { PROBLEMS, type Problem } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { DEFAULT_PROFILE, type Door, enter } from "../tickets/enter.ts";
import { issue } from "../tickets/issue.ts";
import {
  isTable,
  MAX_BODY_BYTES,
  readSigningRequest,
  type SigningRequest,
} from "../tickets/signing-request.ts";
import type { Ticket } from "../tickets/ticket.ts";

/** What another Worker asks. */
export interface ServiceRequest {
  /** The profile; default `default`. It lets in by an access method of type `service`. */
  readonly profile?: string;
  /** Who the ticket is for: `sub`, 1 to 1024 characters, and nothing else. */
  readonly claims: { readonly sub: string };
  /** Parameters that the profile accepts, by Cloudinary's names. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;
const MEMBERS = new Set(["profile", "claims", "params"]);

const malformed = (detail: string): Result<never, Failure> =>
  err(failure("binding_request", { problem: detail }));

interface Asked {
  readonly profile: string;
  readonly sub: string;
  readonly request: SigningRequest;
}

/** What came over the binding, as JSON would have brought it: structured cloning lets more through. */
function copy(input: unknown): unknown {
  try {
    const text = JSON.stringify(input);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // BigInt, or a circle.
    return undefined;
  }
}

function readRequest(input: unknown): Result<Asked, Failure> {
  const request = copy(input);
  if (!isTable(request)) return malformed("sign takes one object: { profile, claims, params }");
  if (Object.keys(request).some((name) => !MEMBERS.has(name)))
    return malformed("sign takes `profile`, `claims` and `params`, and nothing else");
  const { profile = DEFAULT_PROFILE, claims, params = {} } = request;
  if (typeof profile !== "string") return malformed("`profile` must be a string");
  if (new TextEncoder().encode(JSON.stringify({ params })).length > MAX_BODY_BYTES)
    return err(failure("body_too_large", { what: "the parameters", bytes: MAX_BODY_BYTES }));
  const read = readSigningRequest({ params });
  if (!read.ok) return read;
  if (!isTable(claims) || Object.keys(claims).join() !== "sub")
    return malformed("`claims` must be { sub }: who the ticket is for");
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT || !sub.isWellFormed())
    return malformed(`\`claims.sub\` must be a string of 1 to ${MAX_SUBJECT} characters`);
  return ok({ profile, sub, request: read.value });
}

/** Another Worker's caller comes in by the access method for other Workers, where the profile has it. */
const doorFor = (access: ReadonlyMap<string, CheckedMethod>, sub: string): Door => ({
  look: (profile) => {
    const name = profile.access.find((one) => access.get(one)?.byBinding);
    return name === undefined
      ? err(failure("no_workers"))
      : ok(async () => ok({ access: name, subject: sub, claims: { sub } }));
  },
});

async function sign(
  config: Config,
  input: unknown,
  { now, uuid }: Platform,
  event: RequestEvent,
): Promise<Result<Ticket, Failure>> {
  const asked = readRequest(input);
  if (!asked.ok) return asked;
  const { profile, sub, request } = asked.value;
  const at = now();
  const entered = await enter(config, profile, doorFor(config.access, sub), at, event);
  if (!entered.ok) return entered;
  // The form is that of tickets: what is answered to it is one.
  return (await issue(config, entered.value, request, at, uuid())) as Result<Ticket, Failure>;
}

/** The one method of the service: a ticket, or the problem that an HTTP request would be answered with. */
export function createService(
  configured: Configured,
  given: Partial<Platform> = {},
): (request: ServiceRequest) => Promise<Ticket | Problem> {
  const platform = { ...PLATFORM, ...given };
  const log = configured.ok ? configured.value.log : "all";
  return async (request) => {
    const started = performance.now();
    const event = newEvent(platform.uuid(), "service");
    let signed: Result<Ticket, Failure>;
    try {
      signed = configured.ok
        ? await sign(configured.value, request, platform, event)
        : err(failure("misconfigured", { faults: configured.error }));
    } catch (error) {
      signed = err(failure("internal", { broke: thrownAt(error) }));
    }
    if (!signed.ok) noteFailure(event, signed.error);
    event.status = signed.ok ? 200 : PROBLEMS[event.code!][0];
    event.ms = Math.round(performance.now() - started);
    writeLine(platform.log, log, event);
    return signed.ok ? signed.value : problemOf(signed.error, event.request_id);
  };
}

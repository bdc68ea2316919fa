// The service for other Workers, by service binding: the same pipeline, limits and log as over HTTP. Who asks is what
// the other Worker says, since the binding itself is the proof.

import type { CheckedMethod } from "../access/method.ts";
import type { Config, Configured } from "../config/checked.ts";
import { type Failure, failure, problemOf } from "../failure.ts";
import { writePoint } from "../observe/data-point.ts";
import { newEvent, noteFailure, type RequestEvent, thrownAt } from "../observe/event.ts";
import { writeLine } from "../observe/log.ts";
import { PLATFORM, type Platform } from "../platform.ts";
import { PROBLEMS, type Problem } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { DEFAULT_PROFILE, type Door, type Entered, enter } from "../tickets/enter.ts";
import { issue } from "../tickets/issue.ts";
import { renew } from "../tickets/renew.ts";
import {
  isTable,
  MAX_BODY_BYTES,
  type Renewal,
  readSigningRequest,
  readTable,
  type SigningRequest,
} from "../tickets/signing-request.ts";
import type { Ticket } from "../tickets/ticket.ts";
import { type Confirmation, confirm } from "../uploads/confirm.ts";
import { readConfirmation, type UploadAnswer } from "../uploads/confirmation-request.ts";

/** What every request of another Worker says. */
interface AnyRequest {
  /** The profile; default `default`. It lets in by an access method of type `service`. */
  readonly profile?: string;
  /** Who the ticket is for: `sub`, 1 to 1024 characters, and nothing else. */
  readonly claims: { readonly sub: string };
}

/** What another Worker asks. */
export interface ServiceRequest extends AnyRequest {
  /** Parameters that the profile accepts, by Cloudinary's names. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A ticket to renew: where the profile's `ttl` is over an hour. */
export interface RenewalRequest extends AnyRequest {
  /** That of the ticket. */
  readonly upload_id: string;
  /** The fields of the ticket, as they were answered. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An upload to confirm: where the profile has `file`. */
export interface ConfirmRequest extends AnyRequest {
  /** That of the ticket. */
  readonly upload_id: string;
  /** Cloudinary's answer to the upload; nothing of it is believed but what it signed. */
  readonly response: UploadAnswer;
}

/** Deepest request: one that confirms holds Cloudinary's answer. */
const MAX_LEVELS = 40;
/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;

const malformed = (detail: string): Result<never, Failure> =>
  err(failure("binding_request", { problem: detail }));

interface Asked {
  readonly profile: string;
  readonly sub: string;
  /** What is left: the request as it would stand in a body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What came over the binding, as JSON would have brought it: structured cloning lets more through. */
function copy(input: unknown): unknown {
  try {
    const text = JSON.stringify(input);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // BigInt, a circle, or some thousand levels.
    return undefined;
  }
}

/** Who asks, by which profile, and for what; `members` are what else the method takes. */
function readRequest(method: string, members: readonly string[], input: unknown): Result<Asked, Failure> {
  const request = copy(input);
  const all = ["profile", "claims", ...members];
  if (!isTable(request)) return malformed(`${method} takes one object: { ${all.join(", ")} }`);
  if (Object.keys(request).some((name) => !all.includes(name))) {
    const listed = all.map((name) => `\`${name}\``);
    return malformed(
      `${method} takes ${listed.slice(0, -1).join(", ")} and ${listed.at(-1)}, and nothing else`,
    );
  }
  // Before it is written again: what was just short enough to be copied may not be.
  const flat = readTable(request, MAX_LEVELS);
  if (!flat.ok) return flat;
  const { profile = DEFAULT_PROFILE, claims, ...body } = request;
  if (typeof profile !== "string") return malformed("`profile` must be a string");
  if (new TextEncoder().encode(JSON.stringify(body)).length > MAX_BODY_BYTES)
    return err(failure("body_too_large", { what: "the parameters", bytes: MAX_BODY_BYTES }));
  if (!isTable(claims) || Object.keys(claims).join() !== "sub")
    return malformed("`claims` must be { sub }: who the ticket is for");
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT || !sub.isWellFormed())
    return malformed(`\`claims.sub\` must be a string of 1 to ${MAX_SUBJECT} characters`);
  return ok({ profile, sub, body });
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

/** A method of the service: what it takes, how that is read, and what it does for a caller who was let in. */
interface Method<T, R> {
  readonly name: string;
  readonly members: readonly string[];
  read(body: Readonly<Record<string, unknown>>): Result<R, Failure>;
  run(config: Config, entered: Entered, request: R, platform: Platform): Promise<Result<T, Failure>>;
}

const SIGN: Method<Ticket, SigningRequest> = {
  name: "sign",
  members: ["params"],
  read: ({ params = {} }) => readSigningRequest({ params }) as Result<SigningRequest, Failure>,
  // The form is that of one ticket: what is answered to it is one.
  run: (config, entered, request, { now, uuid }) =>
    issue(config, entered, request, now(), uuid) as Promise<Result<Ticket, Failure>>,
};

const RENEW: Method<Ticket, Renewal> = {
  name: "renew",
  members: ["upload_id", "fields"],
  read: ({ upload_id, fields }) =>
    readSigningRequest({ renew: upload_id, fields }) as Result<Renewal, Failure>,
  run: (config, entered, request, { now }) => renew(config, entered, request, now()),
};

const CONFIRM: Method<Confirmation, Parameters<typeof confirm>[2]> = {
  name: "confirm",
  members: ["upload_id", "response"],
  read: readConfirmation,
  run: confirm,
};

async function answer<T, R>(
  method: Method<T, R>,
  config: Config,
  input: unknown,
  platform: Platform,
  event: RequestEvent,
): Promise<Result<T, Failure>> {
  const asked = readRequest(method.name, method.members, input);
  if (!asked.ok) return asked;
  const { profile, sub, body } = asked.value;
  const request = method.read(body);
  if (!request.ok) return request;
  const entered = await enter(config, profile, doorFor(config.access, sub), platform.now(), event);
  return entered.ok ? method.run(config, entered.value, request.value, platform) : entered;
}

/** What other Workers can ask: each is answered, or with the problem that an HTTP request would be answered with. */
export interface Service {
  /** A ticket for whoever `claims` names; a problem, which has a `code`, where the policy refuses. */
  sign(request: ServiceRequest): Promise<Ticket | Problem>;
  /** The same ticket under a fresh signature, while the profile's `ttl` lasts. */
  renew(request: RenewalRequest): Promise<Ticket | Problem>;
  /** What arrived, judged by the profile's `file`, and its receipt. */
  confirm(request: ConfirmRequest): Promise<Confirmation | Problem>;
}

/** The service over a configuration, right or wrong. */
export function createService(configured: Configured, given: Partial<Platform> = {}): Service {
  const platform = { ...PLATFORM, ...given };
  const { log = "all", analytics } = configured.ok ? configured.value : { analytics: configured.analytics };
  const framed =
    <T, R>(method: Method<T, R>) =>
    async (input: unknown): Promise<T | Problem> => {
      const started = performance.now();
      const event = newEvent(platform.uuid(), method.name === "sign" ? "service" : `service ${method.name}`);
      let answered: Result<T, Failure>;
      try {
        answered = configured.ok
          ? await answer(method, configured.value, input, platform, event)
          : err(failure("misconfigured", { faults: configured.error }));
      } catch (error) {
        answered = err(failure("internal", { broke: thrownAt(error) }));
      }
      if (!answered.ok) noteFailure(event, answered.error);
      event.status = answered.ok ? 200 : PROBLEMS[event.code!][0];
      event.ms = Math.round(performance.now() - started);
      writeLine(platform.log, log, event);
      writePoint(analytics, event);
      return answered.ok ? answered.value : problemOf(answered.error, event.request_id);
    };
  return { sign: framed(SIGN), renew: framed(RENEW), confirm: framed(CONFIRM) };
}

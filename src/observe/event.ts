// What is known of one request when it ends: one object, which never holds a value, a token or a signature. Sinks make
// of it what they like.

import { codeOf, type Failure, type FailureReason, loggedDetailOf } from "../failure.ts";
import type { HmacKey } from "../keys/secret.ts";
import { SIGNED_METHODS } from "../policy/tables/signed-methods.ts";
import type { ProblemCode } from "../problem.ts";
import { hex } from "../signature/digest.ts";

/** One request. */
export interface RequestEvent {
  /** Of our own: one that the caller chose could put a secret into the log. */
  readonly request_id: string;
  /** The route as it is declared, not the path that was asked for. */
  readonly route: string;
  /** The profile, where there is one of that name. */
  profile: string | undefined;
  /** The name of the access method. */
  access: string | undefined;
  /** A keyed hash of who asked, the same for the same caller; absent where anybody can come in. */
  subject: string | undefined;
  /** The HTTP status, as in the answer. */
  status: number | undefined;
  /** The code of the problem, as in the answer. */
  code: ProblemCode | undefined;
  /** Why it failed, in one word, where that says more than the code. */
  reason: FailureReason | undefined;
  /** The names of refused parameters. */
  refused: readonly string[] | undefined;
  /** Of a notification: what became of the upload that it reports, where its profile judges it. */
  enforced: "kept" | "destroyed" | "not_stored" | undefined;
  /** Of `origin_not_allowed`: the origin of the page that asked, so that its owner sees what to list. */
  origin: string | undefined;
  /**
   * Of `misconfigured`: the bindings and what is wrong with them. Of `internal`: what broke, and where. Of `file_refused`:
   * each file by its index in the request, and the limit. Of `cloudinary_unavailable` and `application_unavailable`: what
   * failed. Of a notification: the limit that its file broke, that the queue did not take it, or the attempt.
   */
  detail: string | undefined;
  /** Present where a rate limiter failed. */
  limiter: "failed" | undefined;
  /** Present where something was verified by `CLOUDINARY_URL_PREVIOUS`, which is still needed then. */
  previous: true | undefined;
  /** Milliseconds from the first step to the answer. On Workers, clocks stand still between I/O. */
  ms: number | undefined;
}

/** A request that has just come in; the order of its members is that in which people read them. */
export const newEvent = (request_id: string, route: string): RequestEvent => ({
  request_id,
  route,
  profile: undefined,
  access: undefined,
  subject: undefined,
  status: undefined,
  code: undefined,
  reason: undefined,
  refused: undefined,
  enforced: undefined,
  origin: undefined,
  detail: undefined,
  limiter: undefined,
  previous: undefined,
  ms: undefined,
});

/** Hex digits of a logged subject. */
const SUBJECT_DIGITS = 16;

const encoder = new TextEncoder();

/** Most callers whose hash is remembered under one key; the one that has been known longest goes first. */
const MAX_SUBJECTS = 1000;
/** Callers come again: under each key, what its HMAC made of them. */
const hashes = new WeakMap<HmacKey, Map<string, string>>();

/** A caller as an event names one: HMAC-SHA-256 under a key of our own, so that nobody can guess it backwards. */
export async function subjectHash(key: HmacKey, access: string, subject: string): Promise<string> {
  const caller = `${access}\0${subject}`;
  const known = hashes.get(key) ?? new Map<string, string>();
  const found = known.get(caller);
  if (found !== undefined) return found;
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(caller));
  const hash = hex(new Uint8Array(mac)).slice(0, SUBJECT_DIGITS);
  if (known.size >= MAX_SUBJECTS) known.delete(known.keys().next().value!);
  hashes.set(key, known.set(caller, hash));
  return hash;
}

/** A name that is not a parameter's was made up by the caller, and could hold anything. */
const loggableName = (name: string): string =>
  [...SIGNED_METHODS.values()].some(({ parameters }) => parameters.has(name)) ? name : "(unknown)";

/** Longest origin that is logged, in characters: a host has 253 at most. */
const MAX_ORIGIN = 280;

/** A refused origin: as browsers write one, or a word for anything else, which could hold whatever its sender likes. */
export function loggableOrigin(origin: string): string {
  if (origin === "null") return origin;
  const isOrigin = origin.length <= MAX_ORIGIN && URL.canParse(origin) && new URL(origin).origin === origin;
  return isOrigin ? origin : "(not an origin)";
}

/** Writes into an event how its request failed. `origin` is that of the page that asked. */
export function noteFailure(event: RequestEvent, failed: Failure, origin: string | null = null): void {
  const code = codeOf(failed);
  event.code = code;
  // Its only reason says no more than the code does.
  if (failed.reason !== code) event.reason = failed.reason;
  if (failed.access !== undefined) event.access = failed.access;
  if (failed.reason === "params_refused")
    event.refused = failed.refusals.map(({ param }) => loggableName(param));
  if (code === "origin_not_allowed" && origin !== null) event.origin = loggableOrigin(origin);
  const detail = loggedDetailOf(failed);
  if (detail !== undefined) event.detail = detail;
}

/** Where an error was thrown, without its message, which may hold a value. */
export function thrownAt(error: unknown): string {
  if (!(error instanceof Error)) return "not an Error";
  // An application's may have anything in the place of these texts, or what throws when it is read.
  try {
    const name = String(error.name);
    const stack = String(error.stack ?? "");
    const message = String(error.message);
    // What comes before the frames holds the message, lines of which may look like frames.
    const after = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : stack;
    const frames = after.split("\n").filter((line) => /^\s+at /.test(line));
    return [name, ...frames.slice(0, 4).map((line) => line.trim())].join(" ");
  } catch {
    return "an Error that can't be read";
  }
}

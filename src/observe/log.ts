// One JSON line a request. It says who did what with which outcome, and never holds a value.

import type { Config } from "../config/checked.ts";
import type { HmacKey } from "../keys/secret.ts";
import { PARAMETERS } from "../policy/tables/parameters.ts";
import type { Failure, ProblemCode, Reason } from "../problem.ts";
import { hex } from "../signature/digest.ts";

/** What a request's line says. */
export interface LogEntry {
  request_id: string;
  /** The route as it is declared, not the path that was asked for. */
  route: string;
  /** The profile, where there is one of that name. */
  profile?: string;
  /** The name of the way in. */
  way_in?: string;
  /** A keyed hash of who asked, the same for the same caller; absent where anybody can come in. */
  subject?: string;
  status: number;
  code?: ProblemCode;
  /** Why a credential was refused, in one word; the way in that refused it is `way_in`. */
  reason?: Reason;
  /** The names of refused parameters. */
  refused?: readonly string[];
  /** Of `origin_not_allowed`: the origin of the page that asked, so that its owner sees what to list. */
  origin?: string;
  /** Of `misconfigured`: the bindings and what is wrong with them. Of `internal`: what broke, and where. */
  detail?: string;
  /** Milliseconds from the first step to the answer. On Workers, clocks stand still between I/O. */
  ms: number;
  /** Present where a rate limiter failed. */
  limiter?: "failed";
}

/** Whether a request is logged: refusals always are, the others as the configuration says. */
export function isLogged(setting: Config["log"], { code }: Partial<LogEntry>): boolean {
  if (setting === "all" || code !== undefined) return true;
  return setting !== "refusals" && Math.random() < setting.sample;
}

/** Writes the line of a request. A log that fails keeps nobody from an answer. */
export function writeLine(
  log: (line: string) => void,
  requestId: string,
  entry: Partial<LogEntry>,
  status: number,
  started: number,
): void {
  const { route, profile, way_in, subject, code, reason, refused, origin, detail, limiter } = entry;
  const ms = Math.round(performance.now() - started);
  const head = { request_id: requestId, route, profile, way_in, subject };
  try {
    log(JSON.stringify({ ...head, status, code, reason, refused, origin, detail, limiter, ms }));
  } catch {
    // There is no one left to tell.
  }
}

/** Hex digits of a logged subject. */
const SUBJECT_DIGITS = 16;

const encoder = new TextEncoder();

/** A caller as the log names one: HMAC-SHA-256 under a key of our own, so that nobody can guess it backwards. */
export async function loggedSubject(key: HmacKey, way: string, subject: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(`${way}\0${subject}`));
  return hex(new Uint8Array(mac)).slice(0, SUBJECT_DIGITS);
}

/** What the log says of a failure. */
export function loggedFailure({
  code,
  detail,
  logged = detail,
  refusals,
  reason,
  way,
}: Failure): Partial<LogEntry> {
  return {
    code,
    ...(reason && { reason }),
    ...(way !== undefined && { way_in: way }),
    ...(refusals && { refused: refusals.map(({ param }) => loggableName(param)) }),
    ...((code === "misconfigured" || code === "internal") && { detail: logged }),
  };
}

/** A name that is no parameter's was made up by the caller, and could hold anything. */
function loggableName(name: string): string {
  return PARAMETERS.has(name) ? name : "(unknown)";
}

/** Longest origin that is logged, in characters: a host has 253 at most. */
const MAX_ORIGIN = 280;

/** A refused origin: as browsers write one, or a word for anything else, which could hold whatever its sender likes. */
export function loggableOrigin(origin: string): string {
  if (origin === "null") return origin;
  const isOrigin = origin.length <= MAX_ORIGIN && URL.canParse(origin) && new URL(origin).origin === origin;
  return isOrigin ? origin : "(not an origin)";
}

/** Where an error was thrown, without its message, which may hold a value. */
export function thrownAt(error: unknown): string {
  if (!(error instanceof Error)) return "not an Error";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(" ");
}

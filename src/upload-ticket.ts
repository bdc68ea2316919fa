// Middleware for Hono: a ticket in the context, for whom the app itself has let in.

import type { Context, Env, MiddlewareHandler } from "hono";
import type { Service, ServiceRequest } from "./binding/binding.ts";
import { problemReply } from "./http/wire/problem-reply.ts";
import { answerWith } from "./http/wire/reply.ts";
import type { Ticket } from "./tickets/ticket.ts";
import { within } from "./within.ts";

/** How long each of the app's functions may take, and the signer, in milliseconds: a body alone may take ten seconds. */
export const APP_TIMEOUT_MS = 15_000;

/** What signs: the binding of the Worker's `Signer`, or what `createTicketSource` makes. */
export type TicketSource = Service;

/** All that the middleware needs of it. */
type Signs = Pick<TicketSource, "sign">;

/** What is asked of the signer. The functions are called for each request. */
// biome-ignore lint/suspicious/noExplicitAny: as in Hono, an app that declares no types is not asked for them
export interface UploadTicketOptions<E extends Env = any> {
  /** What `createTicketSource` made, or the service binding: `(c) => c.env.SIGNER`. */
  readonly signer: Signs | ((c: Context<E>) => Signs);
  /** Default `default`. */
  readonly profile?: string;
  /** Who the ticket is for, as the app knows by itself: never what a caller says of oneself. */
  readonly claims: (c: Context<E>) => ServiceRequest["claims"] | Promise<ServiceRequest["claims"]>;
  /** Parameters that the profile accepts. Default none. */
  readonly params?: (
    c: Context<E>,
  ) => ServiceRequest["params"] | Promise<NonNullable<ServiceRequest["params"]>>;
}

const OPTIONS: readonly string[] = [
  "signer",
  "profile",
  "claims",
  "params",
] satisfies (keyof UploadTicketOptions)[];

const mistake = (problem: string): TypeError => new TypeError(`uploadTicket: ${problem}`);

const NO_SIGNER = "bind the Worker's `Signer`, or make one: signer has no method sign";

const isSource = (value: unknown): value is Signs =>
  typeof (value as Signs | null | undefined)?.sign === "function";

/** Throws over options that can never bring a ticket. */
function checkOptions(options: UploadTicketOptions | undefined): void {
  const { signer, profile, claims, params } = options ?? {};
  const unknown = Object.keys(options ?? {}).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw mistake(`remove ${unknown}: the options are ${OPTIONS.join(", ")}`);
  if (typeof signer !== "function" && !isSource(signer)) throw mistake(NO_SIGNER);
  if (typeof claims !== "function")
    throw mistake('write claims, who the ticket is for, such as (c) => ({ sub: c.get("userId") })');
  if (profile !== undefined && typeof profile !== "string") throw mistake("profile must be a string");
  if (params !== undefined && typeof params !== "function")
    throw mistake('params must be a function, such as () => ({ tags: ["a"] })');
}

/** The answer of the signer, or of one of the app's functions. */
function inTime<T>(what: string, ask: () => T | Promise<T>): Promise<T> {
  return within(APP_TIMEOUT_MS, Promise.resolve().then(ask), `uploadTicket: ${what}`);
}

/**
 * Puts a ticket into the context as `ticket`. Where the signer refuses, its problem is answered
 * (`application/problem+json`), and what comes after is not called. Put it after what finds out who asks: it throws
 * a `TypeError` where `claims` tells nobody, or `signer` is none, and a `TimeoutError` where one takes over 15 seconds.
 *
 * @example
 * app.post(
 *   "/avatar",
 *   uploadTicket({ signer: (c) => c.env.SIGNER, profile: "avatars", claims: (c) => ({ sub: c.get("userId") }) }),
 *   (c) => c.json(c.get("ticket")),
 * );
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function uploadTicket<E extends Env = any>(
  options: UploadTicketOptions<E>,
): MiddlewareHandler<{ Variables: { ticket: Ticket } }> {
  checkOptions(options);
  const { signer, profile, claims, params } = options;
  return async function uploadTicket(c, next) {
    const asker = c as unknown as Context<E>;
    const source = typeof signer === "function" ? signer(asker) : signer;
    if (!isSource(source)) throw mistake(NO_SIGNER);
    const who = await inTime("claims", () => claims(asker));
    const sub: unknown = who?.sub;
    if (typeof sub === "number" || typeof sub === "bigint")
      throw mistake("sub must be a string: String(user.id)");
    if (typeof sub !== "string")
      throw mistake("put it after what finds out who asks: claims returned no string `sub`");
    const chosen = (await inTime("params", () => params?.(asker))) ?? {};
    const answer = await inTime("signer.sign", () =>
      source.sign({ ...(profile !== undefined && { profile }), claims: who, params: chosen }),
    );
    if ("code" in answer) {
      const { body, ...init } = problemReply(answer);
      return answerWith(c, new Response(body, init));
    }
    c.set("ticket", answer);
    await next();
    c.header("cache-control", "no-store");
  };
}

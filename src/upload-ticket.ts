// Middleware for Hono: a ticket in the context, for whom the app itself has let in.

import type { Context, Env, MiddlewareHandler } from "hono";
import { type Problem, problemReply } from "./problem.ts";
import { answerWith } from "./reply.ts";
import type { ServiceRequest } from "./service.ts";
import type { Ticket } from "./ticket.ts";

/** What signs: the binding of the Worker's `Signer`, or what `createTicketSource` makes. */
export interface TicketSource {
  sign(request: ServiceRequest): Promise<Ticket | Problem>;
}

/** What is asked of the signer. The functions are called for each request. */
// biome-ignore lint/suspicious/noExplicitAny: as in Hono, an app that declares no types is not asked for them
export interface UploadTicketOptions<E extends Env = any> {
  readonly signer: TicketSource | ((c: Context<E>) => TicketSource);
  /** Default `default`. */
  readonly profile?: string;
  /** Who the upload is for, as the app knows by itself: never what a caller says of oneself. */
  readonly claims: (c: Context<E>) => ServiceRequest["claims"] | Promise<ServiceRequest["claims"]>;
  /** Parameters that the profile accepts. Default none. */
  readonly params?: (
    c: Context<E>,
  ) => ServiceRequest["params"] | Promise<NonNullable<ServiceRequest["params"]>>;
}

/**
 * Puts a ticket into the context as `ticket`. Where the signer refuses, its problem is answered
 * (`application/problem+json`), and what comes after is not called. Put it after what finds out who asks: it throws
 * a `TypeError` where `claims` tells nobody, or `signer` is none.
 *
 * @example
 * app.post(
 *   "/avatar",
 *   uploadTicket({ signer: (c) => c.env.SIGNER, profile: "avatars", claims: (c) => ({ sub: c.get("userId") }) }),
 *   (c) => c.json(c.get("ticket")),
 * );
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function uploadTicket<E extends Env = any>({
  signer,
  profile,
  claims,
  params,
}: UploadTicketOptions<E>): MiddlewareHandler<{ Variables: { ticket: Ticket } }> {
  return async function uploadTicket(c, next) {
    const asker = c as unknown as Context<E>;
    const source = typeof signer === "function" ? signer(asker) : signer;
    if (typeof source?.sign !== "function")
      throw new TypeError("uploadTicket: signer has no method sign: bind the Worker's `Signer`, or make one");
    const who = await claims(asker);
    if (typeof who?.sub !== "string")
      throw new TypeError("uploadTicket: claims has no text `sub`: put it after what finds out who asks");
    const answer = await source.sign({
      ...(profile !== undefined && { profile }),
      claims: who,
      params: (await params?.(asker)) ?? {},
    });
    if ("code" in answer) {
      const { body, ...init } = problemReply(answer);
      return answerWith(c, new Response(body, init));
    }
    c.set("ticket", answer);
    await next();
    c.header("cache-control", "no-store");
  };
}

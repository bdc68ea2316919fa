// What every request has in common, whatever it asks: a request ID, one event, CORS, and one Response, whatever
// happens.

import type { Context } from "hono";
import { type AllowedOrigin, checkOrigin, type Origins } from "../../access/origins.ts";
import { type Failure, failure } from "../../failure.ts";
import { type Analytics, writePoint } from "../../observe/data-point.ts";
import { newEvent, noteFailure, type RequestEvent, thrownAt } from "../../observe/event.ts";
import { type LogSetting, writeLine } from "../../observe/log.ts";
import type { Platform } from "../../platform.ts";
import type { Result } from "../../result.ts";
import { failureReply, failureScript } from "./problem-reply.ts";
import { answerAlone, type Reply } from "./reply.ts";
import { type ReadyHeaders, toResponse } from "./to-response.ts";

/** One request, from its first step to its event. */
export interface Visit {
  readonly c: Context;
  readonly request: Request;
  readonly event: RequestEvent;
  /** The page that asks, if it may; `undefined`: no page. */
  readonly page: Result<AllowedOrigin | undefined, Failure>;
}

/** What a route makes of a request. */
export type Handler = (visit: Visit) => Result<Reply, Failure> | Promise<Result<Reply, Failure>>;

/** How requests are framed: the same for all routes of an app. */
export interface Frame {
  readonly platform: Platform;
  readonly allowedOrigins: Origins;
  readonly log: LogSetting;
  readonly analytics: Analytics | undefined;
}

/** A failure as its caller can read it. */
function refuse({ c, event, request }: Visit, failed: Failure): Reply {
  noteFailure(event, failed, request.headers.get("origin"));
  return c.req.query("format") === "curl" ? failureScript(failed) : failureReply(failed, event.request_id);
}

/** A handler as Hono calls one. `route` is its name in events. */
export function framed(frame: Frame, route: string, handle: Handler) {
  const { platform, allowedOrigins, log, analytics } = frame;
  const ready: ReadyHeaders = new Map();
  return async (c: Context): Promise<Response> => {
    const started = performance.now();
    const request = c.req.raw;
    const event = newEvent(platform.uuid(), route);
    const page = checkOrigin(request, allowedOrigins);
    const visit: Visit = { c, request, event, page };
    let reply: Reply;
    try {
      const answered = await handle(visit);
      reply = answered.ok ? answered.value : refuse(visit, answered.error);
    } catch (error) {
      reply = refuse(visit, failure("internal", { broke: thrownAt(error) }));
    }
    event.status = reply.status;
    event.ms = Math.round(performance.now() - started);
    writeLine(platform.log, log, event);
    writePoint(analytics, event);
    return answerAlone(c, toResponse(reply, page.ok ? page.value : undefined, event.request_id, ready));
  };
}

// One table of routes -> an app: each route's methods, the preflight of its pages, 405 with `Allow` for all other
// methods, and 404 for everything else.

import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import { failure } from "../../failure.ts";
import { err, ok } from "../../result.ts";
import { preflightReply } from "./cors.ts";
import { type Frame, framed, type Handler } from "./frame.ts";

/** One route. */
export interface Route {
  /** As it is told; what stands in braces at its end is any one segment. */
  readonly path: string;
  /** Its name in events. */
  readonly name: string;
  readonly methods: { readonly [M in "GET" | "POST"]?: Handler };
  /** Whether pages of origins that are not allowed get no answer at all. */
  readonly guarded?: boolean;
  /** Whether pages of other origins may ask; then their preflight is answered. */
  readonly crossOrigin?: boolean;
  /** How to ask, as the beginning of the answer to another method. */
  readonly advice?: string;
  /** Whether it is left out of what is told of the routes there are. */
  readonly untold?: boolean;
}

/**
 * The end of a path that names a profile or an upload, which is read from the path itself: an app that mounts this one under a path
 * with parameters hands its own on, and of two with one name the outer one wins. Not optional (`?`): together with an
 * optional one of the outer path Hono would make routes of parts of that path.
 */
const NAMED = ":cloudinaryEdgeSignerName";

/** The methods that are answered: whoever answers GET answers HEAD. */
const answered = ({ methods }: Route): string[] =>
  Object.keys(methods).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : method));

/** What there is, as a 404 tells it. */
const told = (routes: readonly Route[]): string =>
  routes
    .filter(({ untold }) => !untold)
    .flatMap(({ path, methods }) => Object.keys(methods).map((method) => `${method} ${path}`))
    .join(", ");

/** Neither asked for by a page that may not, nor answered to one. */
const guard =
  (handle: Handler): Handler =>
  (visit) =>
    visit.page.ok ? handle(visit) : visit.page;

/** Answers a preflight of an allowed page, also where the request itself will be refused: it must hear why. */
const preflight =
  (methods: string): Handler =>
  ({ page, request }) =>
    page.ok ? ok(preflightReply(request, methods)) : page;

/**
 * An app over a table of routes. `whyNot` is the answer of a signer that can't sign: of guarded routes, and to the
 * preflights of pages that are not allowed.
 */
export function mount(routes: readonly Route[], frame: Frame, whyNot?: Handler): HonoBase {
  // The one router that is needed: Hono's usual class brings two more, to choose from.
  const app = new HonoBase({ router: new TrieRouter() });
  for (const route of routes) {
    const { name, methods, guarded: isGuarded, crossOrigin, advice = "" } = route;
    const path = route.path.replace(/\{\w+\}$/, NAMED);
    const guarded = (handle: Handler) => (isGuarded ? (whyNot ?? guard(handle)) : handle);
    const known = answered(route);
    const byMethod = new Map<string, ReturnType<typeof framed>>();
    for (const [method, handle] of Object.entries(methods))
      byMethod.set(method, framed(frame, name, guarded(handle)));
    // Hono asks for the answer to HEAD as if to GET.
    const get = byMethod.get("GET");
    if (get !== undefined) byMethod.set("HEAD", get);
    if (crossOrigin) {
      const asked = preflight(known.join(", "));
      const handle: Handler = (visit) =>
        whyNot !== undefined && !(visit.page.ok && visit.page.value) ? whyNot(visit) : asked(visit);
      byMethod.set("OPTIONS", framed(frame, name, handle));
    }
    const allow = [...known, ...(crossOrigin ? ["OPTIONS"] : [])].join(", ");
    const other = err(failure("method_not_allowed", { allow, advice }));
    const otherwise = framed(
      frame,
      name,
      guarded(() => other),
    );
    // One handler for each path: where several fit, Hono composes them anew for each request.
    app.all(path, (c) => (byMethod.get(c.req.method) ?? otherwise)(c));
  }
  const notFound = err(failure("not_found", { routes: told(routes) }));
  app.notFound(
    framed(frame, "(none)", ({ c, request, page }) => {
      const isPreflight = c.req.method === "OPTIONS" && request.headers.has("access-control-request-method");
      return isPreflight && page.ok && page.value !== undefined
        ? ok(preflightReply(request, "GET, POST"))
        : notFound;
    }),
  );
  return app;
}

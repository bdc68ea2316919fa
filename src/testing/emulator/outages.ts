// Outages of Cloudinary that a test asks for: a method that fails, that hangs, or whose answer is lost. The statuses are
// those that clients try again after; the words are assumed.

import type { MethodName } from "./acted.ts";

const MESSAGES = {
  420: "Rate limit exceeded - try again later",
  423: "Resource is still being processed - try again later",
  429: "Too many requests - try again later",
  500: "Internal server error",
  502: "Bad gateway",
  503: "Service unavailable",
  504: "Gateway timeout",
} as const;

/** Which requests fail, how, and how many of them. */
export interface Outage {
  /** The method that does not work; every one, where none is named. */
  readonly method?: MethodName;
  /** How many requests meet it; default all, until it is ended. */
  readonly times?: number;
  /**
   * What they get instead: a status with Cloudinary's JSON, `"html"` a proxy's page with status 502, `"reset"` a connection
   * that breaks, `"hang"` nothing until the outage is ended, and then what they asked for; or an answer of one's own.
   */
  readonly as: keyof typeof MESSAGES | "html" | "reset" | "hang" | (() => Response);
  /** Whether they do all the same what they are to do, so that nothing but the answer is lost, or late. */
  readonly done?: boolean;
}

/** An outage that goes on. */
export interface OngoingOutage {
  /** How many requests have met it. */
  readonly hits: number;
  /** No request meets it any more; those that hang go on. */
  end(): void;
}

/** One request's. */
export interface Hit extends Outage {
  /** Once the outage is over. */
  readonly over: Promise<void>;
}

export class Outages {
  readonly #ongoing = new Set<{ readonly hit: Hit; hits: number }>();

  begin(outage: Outage): OngoingOutage {
    let resolve!: () => void;
    const over = new Promise<void>((done) => {
      resolve = done;
    });
    const one = { hit: { ...outage, over }, hits: 0 };
    this.#ongoing.add(one);
    return {
      get hits() {
        return one.hits;
      },
      end: () => {
        this.#ongoing.delete(one);
        resolve();
      },
    };
  }

  /** The outage that a request of a method meets: of several the first that has not had its times. */
  meet(method: string): Hit | undefined {
    const one = [...this.#ongoing].find(
      ({ hit, hits }) => (hit.method ?? method) === method && hits < (hit.times ?? Number.POSITIVE_INFINITY),
    );
    if (one) one.hits++;
    return one?.hit;
  }
}

/** What is answered instead; a connection that is to break is broken by `disconnect`. */
export function answerOf(as: Exclude<Outage["as"], "hang">, disconnect: () => void): Response {
  if (typeof as === "function") return as();
  if (as === "reset") disconnect();
  if (as === "html" || as === "reset") {
    const page = "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>";
    return new Response(page, { status: 502, headers: { "Content-Type": "text/html" } });
  }
  return Response.json(
    { error: { message: MESSAGES[as] } },
    { status: as, headers: { "X-Cld-Error": MESSAGES[as] } },
  );
}

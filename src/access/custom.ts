// The access method `custom`: an app's own sessions, by a function of the app's.

import * as v from "valibot";
import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { within } from "../within.ts";
import { checkPage, findIn, placeOf, placeText, type Reads } from "./cookie.ts";
import {
  type AccessContext,
  type AccessKind,
  type AccessMethod,
  type Admission,
  accessMethod,
} from "./method.ts";
import { ClaimName, CookieName, HeaderName } from "./options.ts";

/** How long the app's function may take, in milliseconds. */
const VERIFY_TIMEOUT_MS = 5000;
/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;

/** What the app's function may look at beside the value. */
export interface CustomContext {
  /** The bindings; in one's own app, what was given to `fetch` beside the request. */
  // biome-ignore lint/suspicious/noExplicitAny: as in Hono, an app that declares no types is not asked for them
  readonly env: any;
  /** Unix seconds. */
  readonly now: number;
}

/** Options of `custom`. */
export interface CustomOptions {
  /** Where the value is read. By a cookie pages of listed origins come in alone, or of the signer's own origin. */
  readonly reads: Reads;
  /** Claims that templates may take; default `sub`. */
  readonly claims?: readonly string[];
  /**
   * Who it is, or nothing where the value is not good. `sub` is needed. What it throws, and what takes longer than
   * five seconds, is told as `application_unavailable`.
   */
  readonly verify: (
    value: string,
    context: CustomContext,
  ) => Promise<Known | null | undefined> | Known | null | undefined;
}

/** Whom the app knows: `sub`, which tells the caller from all others, and the claims. */
type Known = object & { readonly sub: string };

const Options = v.strictObject({
  reads: v.union(
    [v.strictObject({ header: HeaderName }), v.strictObject({ cookie: CookieName })],
    'must be { header: "…" } or { cookie: "…" }',
  ),
  claims: v.optional(v.array(ClaimName)),
  verify: v.custom<CustomOptions["verify"]>(
    (input) => typeof input === "function",
    "must be a function (value, { env, now }) => ({ sub }) or undefined",
  ),
});

type Settings = Required<CustomOptions>;

const unavailable = (): Result<never, Failure> => err(failure("custom_failed"));

async function verify(
  { reads, claims, ...app }: Settings,
  value: string,
  context: AccessContext,
): Promise<Result<Admission, Failure>> {
  const page = checkPage(reads, context);
  if (page !== undefined) return err(page);
  const { env, now } = context;
  let found: unknown;
  try {
    const ask = async (): Promise<unknown> => app.verify(value, { env, now });
    found = await within(VERIFY_TIMEOUT_MS, ask());
    // Copied once: what is checked is what is used.
    if (typeof found === "object" && found !== null) found = { ...found };
  } catch {
    return unavailable();
  }
  if (found === undefined || found === null) return err(failure("custom_refused"));
  if (typeof found !== "object") return unavailable();
  const known = found as Readonly<Record<string, unknown>>;
  const { sub } = known;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT || !sub.isWellFormed())
    return unavailable();
  const listed = [...claims, "email_verified"].filter((claim) => Object.hasOwn(known, claim));
  return ok({
    subject: sub,
    claims: Object.fromEntries(listed.map((claim) => [claim, known[claim]])),
  });
}

const KIND: AccessKind<v.InferOutput<typeof Options>, Settings> = {
  type: "custom",
  anonymous: false,
  // Nobody but the app knows what its function takes.
  opaque: true,
  schema: Options,
  check: ({ claims = [], ...options }) => ok({ ...options, claims: [...new Set(["sub", ...claims])] }),
  claims: ({ claims }) => claims,
  place: ({ reads }) => placeOf(reads),
  open: (settings) => ({
    hint: `what this app gave in ${placeText(settings.reads)}`,
    challenge: `Session realm="cloudinary-edge-signer"`,
    find: (request) => findIn(settings.reads, request),
    fits: async () => 1,
    verify: (value, context) => verify(settings, value, context),
  }),
};

/**
 * An app's own sessions: a cookie or a header, and a function that says who it is.
 *
 * @example
 * const people = custom({
 *   reads: { cookie: "session" },
 *   verify: async (value, { env }) => {
 *     const session = await env.SESSIONS.get(value, "json");
 *     return session ? { sub: session.userId } : undefined;
 *   },
 * });
 */
export const custom = (options: CustomOptions): AccessMethod => accessMethod(KIND, options);

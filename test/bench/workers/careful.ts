// What a careful person would write instead of ours: a Hono app of the middleware that Hono has for it, valibot for what
// a page may send, and the official SDK to sign. It answers the same ticket, under the same headers, and writes the same
// line of log. Each part is used as its documentation has it:
// https://hono.dev/docs/middleware/builtin/{request-id,secure-headers,cors,body-limit,jwt,jwk},
// https://hono.dev/docs/guides/validation (a schema within Hono's validator), https://valibot.dev/guides/schemas/,
// https://cloudinary.com/documentation/authentication_signatures (`signature_algorithm`, `api_sign_request`).

import { v2 as cloudinary } from "cloudinary";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { type RequestIdVariables, requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { validator } from "hono/validator";
import * as v from "valibot";

export interface Env {
  Bindings: {
    readonly CLOUDINARY_CLOUD_NAME: string;
    readonly CLOUDINARY_API_KEY: string;
    readonly CLOUDINARY_API_SECRET: string;
    readonly ALLOWED_ORIGIN: string;
    readonly JWT_SECRET: string;
    readonly JWKS_URL: string;
  };
  Variables: RequestIdVariables & { readonly jwtPayload: unknown };
}

/** Where a picture of this random ID goes. */
export type PlaceOf = (c: Context<Env>, id: string) => Readonly<Record<string, string>>;

/** Seconds that Cloudinary takes a signature for, and that this one is to be good for. */
const LIFE = 3600;
const TTL = 300;

/** Signature version 2 is what `&` is escaped by, and the SDK's default; `%26` would be read as such an `&`. */
const isSafe = (text: string): boolean => !/[\p{Cc}\p{Cs}]|%26/u.test(text);
/** A `\` before the `|` between two keys would escape it, for Cloudinary as for the SDK's own `encode_context`. */
const isSafeInContext = (text: string): boolean => !/[\p{Cc}\p{Cs}\\]|%26/u.test(text);
const contextValue = v.pipe(v.string(), v.maxLength(200), v.check(isSafeInContext));

/** Of what a client may send; anything else is refused. */
const Body = v.strictObject({
  params: v.optional(
    v.strictObject({
      context: v.optional(
        v.strictObject({ alt: v.optional(contextValue), caption: v.optional(contextValue) }),
      ),
      display_name: v.optional(v.pipe(v.string(), v.maxLength(100), v.check(isSafe), v.excludes("&"))),
    }),
    {},
  ),
});

/** `key=value|key=value`, as Cloudinary reads a context. */
const contextText = (context: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(context)
    .map(([key, value = ""]) => `${key}=${value.replace(/[=|]/g, "\\$&")}`)
    .join("|");

cloudinary.config({ signature_algorithm: "sha256" });

/** One line of JSON a request. */
const logged = (access: string): MiddlewareHandler<Env> =>
  async function logged(c, next) {
    const started = Date.now();
    await next();
    const entry = { route: "/sign/{profile}", profile: "default", access };
    const ended = { status: c.res.status, ms: Date.now() - started };
    const when = { time: new Date().toISOString(), level: "info" };
    console.log(JSON.stringify({ ...when, request_id: c.get("requestId"), ...entry, ...ended }));
  };

/** The app; `members` is the middleware that says who asks, where that is not anybody. */
export function carefulApp(placeOf: PlaceOf, members?: MiddlewareHandler<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.use(requestId());
  app.use(logged(members ? "members" : "public"));
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      strictTransportSecurity: "max-age=15552000",
      xFrameOptions: "DENY",
      // What an API has no use for, ours has not either.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  app.use(
    cors({
      origin: (origin, c: Context<Env>) => (origin === c.env.ALLOWED_ORIGIN ? origin : null),
      allowMethods: ["POST"],
      exposeHeaders: ["retry-after", "x-request-id"],
      credentials: true,
      maxAge: 7200,
    }),
  );
  app.use(bodyLimit({ maxSize: 64 * 1024, onError: (c) => c.json({ error: "the body is too large" }, 413) }));
  if (members !== undefined) app.use("/sign", members);
  app.post(
    "/sign",
    validator("json", (value, c) => {
      const parsed = v.safeParse(Body, value);
      return parsed.success ? parsed.output : c.json({ error: "send what may be sent" }, 422);
    }),
    (c) => {
      const { params } = c.req.valid("json");
      const { CLOUDINARY_CLOUD_NAME: cloud_name, CLOUDINARY_API_KEY: api_key } = c.env;
      const timestamp = Math.floor(Date.now() / 1000) - LIFE + TTL;
      const id = crypto.randomUUID();
      const fields: Record<string, string> = {
        ...placeOf(c, id),
        tags: `upload-${id}`,
        allowed_formats: "jpg,png,webp",
        ...(params.context && { context: contextText(params.context) }),
        ...(params.display_name && { display_name: params.display_name }),
        timestamp: String(timestamp),
      };
      const signature = cloudinary.utils.api_sign_request(fields, c.env.CLOUDINARY_API_SECRET);
      c.header("Cache-Control", "no-store");
      return c.json({
        url: `https://api.cloudinary.com/v1_1/${cloud_name}/image/upload`,
        fields: { api_key, ...fields, signature },
        signature,
        timestamp,
        api_key,
        cloud_name,
        expires_at: timestamp + LIFE,
      });
    },
  );
  return app;
}

export default carefulApp((_c, id) => ({ public_id: id, overwrite: "false", folder: "site/inbox" }));

// In one's own Hono app, `cloudinary-edge-signer/hono`: the whole signer to mount, or tickets for one's own routes.

import type { Hono } from "hono";
import type { RateLimiter } from "./access/limit.ts";
import { createApp } from "./app.ts";
import { type Configured, faultsText } from "./config/config.ts";
import { configure } from "./config/configure.ts";
import type { SignerInput } from "./config/options.ts";
import { createService } from "./service.ts";
import { ok } from "./signature/result.ts";
import type { TicketSource } from "./upload-ticket.ts";

export type { RateLimiter } from "./access/limit.ts";
export type { SignerInput } from "./config/options.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export type { ServiceRequest } from "./service.ts";
export type { DropInAnswer, Ticket } from "./ticket.ts";
export { type TicketSource, type UploadTicketOptions, uploadTicket } from "./upload-ticket.ts";

/**
 * A secret: its text, or something that is asked for it when it is needed, as a Secrets Store binding is. What that
 * answers is used for five minutes at most, and it fails where it has not answered after 5 seconds.
 */
export type SecretSource = string | { get(): Promise<string> };

/** The account, and the settings that the Worker has under `SIGNER` (all but `page`, whose files are the Worker's). */
export interface SignerOptions extends TicketSourceOptions {
  /** Asked before anything is verified, by the caller's address; wants `address`. */
  readonly limitByIp?: RateLimiter;
  /**
   * The caller's address, as the host knows it. Never take it from a header that a caller can write. Where the host
   * tells it beside the request, hand it on as the `env` of `app.fetch(request, env)`. (A method, so that one whose
   * `env` has a type of its own fits.)
   */
  address?(request: Request, env: unknown): string | undefined;
}

/** The same without what is only known of a request. */
export interface TicketSourceOptions extends Omit<SignerInput, "page"> {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: SecretSource;
  /** Default `https://api.cloudinary.com`. */
  readonly uploadPrefix?: string;
  /** The secrets that ways in name by `secretBinding`. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Asked for each caller who is someone. */
  readonly limitBySubject?: RateLimiter;
  /** Takes one line of JSON a request, without any value. Default `console.log`. */
  readonly log?: (line: string) => void;
}

/**
 * The signer as a Hono app: `POST /sign`, `POST /sign/{profile}`, `POST /links/{profile}` and `GET /health`, under
 * whatever path it is mounted. Make it once, where your app is made.
 *
 * Throws a `TypeError` that names every option that is wrong, and never a value.
 *
 * @example
 * app.route("/api/uploads", createSigner({
 *   cloudName, apiKey, apiSecret,
 *   profiles: { default: { access: ["public"], resourceType: "image" } },
 * }));
 */
export function createSigner(options: SignerOptions): Hono {
  const { address, limitByIp, ...others } = options;
  const { log } = options;
  const configured = configureOrThrow("createSigner", others, limitByIp);
  return createApp(configured, { ...(address && { address }), ...(log && { log }) }) as unknown as Hono;
}

/**
 * The signer without routes, for code that knows itself who asks, such as `uploadTicket`: its one method `sign` is
 * that of the Worker's `Signer` binding. Profiles answer it by a way in of type `service`. Make it once.
 *
 * Throws a `TypeError` that names every option that is wrong, and never a value.
 *
 * @example
 * const signer = createTicketSource({
 *   cloudName, apiKey, apiSecret,
 *   access: { app: { type: "service" } },
 *   profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
 * });
 * const answer = await signer.sign({ profile: "avatars", claims: { sub: "42" } });
 */
export function createTicketSource(options: TicketSourceOptions): TicketSource {
  const { log } = options;
  const configured = configureOrThrow("createTicketSource", options);
  return { sign: createService(configured, { ...(log && { log }) }) };
}

function configureOrThrow(maker: string, options: TicketSourceOptions, limitByIp?: RateLimiter): Configured {
  const { cloudName, apiKey, apiSecret, uploadPrefix, secrets = {}, ...others } = options;
  const { limitBySubject, log: _, ...settings } = others;
  const option = (name: string, value: unknown) => ({
    value,
    name,
    mend: `give ${maker} the option ${name}`,
  });
  const configured = configure({
    account: ok({
      cloudName: option("cloudName", cloudName),
      apiKey: option("apiKey", apiKey),
      apiSecret: option("apiSecret", apiSecret),
    }),
    uploadPrefix: option("uploadPrefix", uploadPrefix),
    settings,
    settingsName: "",
    secrets: {
      value: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined),
      mend: (name) => `give ${maker} the option secrets: { ${name} }`,
    },
    limiters: { LIMIT_BY_IP: limitByIp, LIMIT_BY_SUBJECT: limitBySubject },
  });
  if (!configured.ok) throw new TypeError(`${maker}: ${faultsText(configured.error)}`);
  return configured;
}

// In one's own Hono app, `cloudinary-edge-signer/hono`: the whole signer to mount, or tickets for one's own routes.

import type { Hono } from "hono";
import type { AccessMethod } from "./access/method.ts";
import { createService } from "./binding/binding.ts";
import type { CloudinaryNotification, ConfirmedUpload, Hooks } from "./config/application.ts";
import { type Configured, faultsOf } from "./config/checked.ts";
import { configure } from "./config/configure.ts";
import type { SignerDefinition } from "./config/definition.ts";
import { didYouMean } from "./config/did-you-mean.ts";
import { type Fault, faultsText } from "./fault.ts";
import { createApp } from "./http/app.ts";
import type { RateLimiter } from "./limits/limiter.ts";
import { err, ok, type Result } from "./result.ts";
import type { TicketSource } from "./upload-ticket.ts";

export type { ConfirmRequest, RenewalRequest, ServiceRequest } from "./binding/binding.ts";
export type { CloudinaryNotification, ConfirmedUpload, UploadedAsset } from "./config/application.ts";
export type { SignerDefinition } from "./config/definition.ts";
export type { RateLimiter } from "./limits/limiter.ts";
export type { RefusedFile } from "./policy/decide/judge-file.ts";
export type { RefusedParam } from "./policy/decide/refusal.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export { RejectUpload } from "./reject-upload.ts";
export type { DropInAnswer, Ticket } from "./tickets/ticket.ts";
export { type TicketSource, type UploadTicketOptions, uploadTicket } from "./upload-ticket.ts";
export type { Confirmation } from "./uploads/confirm.ts";

/**
 * A secret: its text, or something that is asked for it when it is needed, as a Secrets Store binding is. What that
 * answers is used for five minutes at most, and it fails where it has not answered after 5 seconds.
 */
export type SecretSource =
  | string
  | {
      /** The secret, now. */
      get(): Promise<string>;
    };

/** The account, and what a Worker would have as bindings. */
export interface SignerOptions extends TicketSourceOptions {
  /** Asked before anything is verified, by the caller's address; wants `address`. */
  readonly limitByIp?: RateLimiter;
  /**
   * The caller's address, as the host knows it. Never take it from a header that a caller can write. Where the host
   * tells it beside the request, hand it on as the `env` of `app.fetch(request, env)`. (A method, so that one whose
   * `env` has a type of its own fits.)
   */
  address?(request: Request, env: unknown): string | undefined;
  /**
   * Hears of each notification of Cloudinary's that was verified, once at least and in no order. Throwing, or more than
   * 15 seconds, asks Cloudinary to send it again.
   */
  onNotification?(notification: CloudinaryNotification): unknown;
}

/** The same without what is only known of a request. */
export interface TicketSourceOptions {
  /** The account's cloud name. */
  readonly cloudName: string;
  /** The account's API key, which is public. */
  readonly apiKey: string;
  /** The account's API secret. */
  readonly apiSecret: SecretSource;
  /**
   * During a planned rotation, and never after a leak: the other key pair, as `cloudinary://key:secret@cloud`. What was
   * made with it is verified and opened, and nothing is signed with it.
   */
  readonly previous?: SecretSource | undefined;
  /** Another address of Cloudinary's API; default `https://api.cloudinary.com`. */
  readonly uploadPrefix?: string;
  /** Which of the definition's `environments` this is. */
  readonly environment?: string;
  /** The secrets that access methods name. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Asked for each caller who is someone. */
  readonly limitBySubject?: RateLimiter;
  /**
   * Hears of each upload that was confirmed, once at least. What it returns, as JSON, is `data` in the answer. Throwing
   * `RejectUpload` deletes the asset; whatever else it throws, or more than 15 seconds, leaves it for another try.
   */
  onUploaded?(upload: ConfirmedUpload): unknown;
  /** Takes one line of JSON a request, without any value. Default `console.log`. */
  readonly log?: (line: string) => void;
}

type Definition<A, P> = SignerDefinition<A, P>;
type Methods = Readonly<Record<string, AccessMethod>>;
type Profiles = Readonly<Record<string, unknown>>;
/** What a type is where nothing tells it. */
type None = Record<never, never>;

/**
 * The signer as a Hono app: `POST /sign`, `POST /sign/{profile}`, `POST /confirm/{profile}` and the others, under
 * whatever path it is mounted. Make it once, where your app is made. `definition` is what `defineSigner` of
 * `cloudinary-edge-signer/config` takes; it has no `page`, whose files are the Worker's.
 *
 * Throws a `TypeError` that names everything that is wrong, and never a value.
 *
 * @example
 * const definition = defineSigner({ profiles: { default: { access: ["public"], resourceType: "image" } } });
 * app.route("/api/uploads", createSigner(definition, { cloudName, apiKey, apiSecret }));
 */
export function createSigner<const A extends Methods = None, const P extends Profiles = None>(
  definition: Definition<A, P>,
  options: SignerOptions,
): Hono {
  const configured = configureOrThrow("createSigner", SIGNER_OPTIONS, definition, options);
  const { address, log } = options;
  return createApp(configured, { ...(address && { address }), ...(log && { log }) }) as unknown as Hono;
}

/**
 * The signer without routes, for code that knows itself who asks, such as `uploadTicket`: its methods `sign`, `renew`
 * and `confirm` are those of the Worker's `Signer` binding. Profiles answer it by the access method `service`. Make it once.
 *
 * Throws a `TypeError` that names everything that is wrong, and never a value.
 *
 * @example
 * const definition = defineSigner({
 *   access: { app: service() },
 *   profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
 * });
 * const signer = createTicketSource(definition, { cloudName, apiKey, apiSecret });
 * const answer = await signer.sign({ profile: "avatars", claims: { sub: "42" } });
 */
export function createTicketSource<const A extends Methods = None, const P extends Profiles = None>(
  definition: Definition<A, P>,
  options: TicketSourceOptions,
): TicketSource {
  const configured = configureOrThrow("createTicketSource", TICKET_OPTIONS, definition, options);
  const { log } = options;
  return createService(configured, { ...(log && { log }) });
}

/** Every option of both, so that a misspelled one is told. */
const TICKET_OPTIONS: readonly (keyof TicketSourceOptions)[] = [
  "cloudName",
  "apiKey",
  "apiSecret",
  "previous",
  "uploadPrefix",
  "environment",
  "secrets",
  "limitBySubject",
  "onUploaded",
  "log",
];
const SIGNER_OPTIONS: readonly string[] = [
  ...TICKET_OPTIONS,
  "limitByIp",
  "address",
  "onNotification",
] satisfies (keyof SignerOptions)[];

/** Who hears of uploads and notifications; methods, so that they may use their `this`. */
function readHooks(options: SignerOptions): Result<Hooks, Fault[]> {
  const { onUploaded, onNotification } = options;
  const faults = Object.entries({ onUploaded, onNotification }).flatMap(([binding, hook]) =>
    hook === undefined || typeof hook === "function"
      ? []
      : [{ binding, problem: "must be a function, such as async ({ asset }) => { … }" }],
  );
  if (faults.length > 0) return err(faults);
  return ok({
    ...(onUploaded && { onUploaded: (upload) => options.onUploaded!(upload) }),
    ...(onNotification && { onNotification: (notification) => options.onNotification!(notification) }),
  });
}

function configureOrThrow(
  maker: string,
  known: readonly string[],
  definition: unknown,
  options: SignerOptions,
): Configured {
  if (
    typeof options !== "object" ||
    options === null ||
    typeof definition !== "object" ||
    definition === null
  )
    throw new TypeError(
      `${maker} takes two objects: ${maker}(definition, { cloudName, apiKey, apiSecret, … })`,
    );
  const { cloudName, apiKey, apiSecret, previous, uploadPrefix, environment, secrets = {} } = options;
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(
      `${maker}: ${unknown}: correct its name${didYouMean(unknown, known)} or remove it: policy goes into the first argument, and ${known.join(", ")} into the second`,
    );
  const option = (name: string, value: unknown) => ({
    value,
    name,
    howTo: `give ${maker} the option ${name}`,
    atHand: true,
  });
  const configured = configure({
    account: ok({
      cloudName: option("cloudName", cloudName),
      apiKey: option("apiKey", apiKey),
      apiSecret: option("apiSecret", apiSecret),
    }),
    previous: option("previous", previous),
    uploadPrefix: option("uploadPrefix", uploadPrefix),
    definition,
    definitionName: "",
    environment: option("environment", environment),
    allowedOrigins: option("allowedOrigins", undefined),
    secrets: {
      value: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined),
      howTo: (name) => `give ${maker} the option secrets: { ${name} }`,
    },
    hooks: readHooks(options),
    limiters: { LIMIT_BY_IP: options.limitByIp, LIMIT_BY_SUBJECT: options.limitBySubject },
  });
  const faults = faultsOf(configured);
  if (faults.length > 0) throw new TypeError(`${maker}: ${faultsText(faults)}`);
  return configured;
}

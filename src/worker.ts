// The package's entry for Workers, `cloudinary-edge-signer/worker`: the whole signer over a definition, by HTTP, for
// other Workers by service binding, and for the queue of its notifications.

import { WorkerEntrypoint } from "cloudflare:workers";
import type { AccessMethod } from "./access/method.ts";
import type { ConfirmRequest, RenewalRequest, Service, ServiceRequest } from "./binding/binding.ts";
import type { Bindings } from "./config/bindings.ts";
import type { SignerDefinition } from "./config/definition.ts";
import type { Problem } from "./problem.ts";
import { signersOf } from "./signers.ts";
import type { Ticket } from "./tickets/ticket.ts";
import type { Confirmation } from "./uploads/confirm.ts";

export type { ConfirmRequest, RenewalRequest, ServiceRequest } from "./binding/binding.ts";
export type {
  Application,
  CloudinaryNotification,
  ConfirmedUpload,
  UploadedAsset,
} from "./config/application.ts";
export type { RefusedFile } from "./policy/decide/judge-file.ts";
export type { RefusedParam } from "./policy/decide/refusal.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export { RejectUpload } from "./reject-upload.ts";
export type { DropInAnswer, Ticket } from "./tickets/ticket.ts";
export type { TicketSource } from "./upload-ticket.ts";
export type { Confirmation } from "./uploads/confirm.ts";

/** What other Workers bind, as `entrypoint = "Signer"` under `[[services]]`; it holds no secret itself. */
export interface SignerEntrypoint extends WorkerEntrypoint<Bindings>, Service {}

/** A deployment's Worker. */
export interface SignerWorker {
  /** Answers a request. */
  fetch(request: Request, bindings: Bindings): Response | Promise<Response>;
  /** Hands the notifications of a queue to `APP`. */
  queue(batch: MessageBatch, bindings: Bindings): Promise<void>;
  /** The entrypoint for your other Workers; export it by this name. */
  readonly Signer: new (
    ctx: ExecutionContext,
    env: Bindings,
  ) => SignerEntrypoint;
}

/**
 * A Worker over a definition. It is the default export of a deployment's own file, and `Signer` the entrypoint that
 * other Workers bind. The configuration is checked once for each environment object, for all.
 *
 * @example
 * import config from "../signer.config.ts";
 *
 * const worker = createWorker(config);
 * export default worker;
 * export const { Signer } = worker;
 */
export function createWorker(
  definition: SignerDefinition<Readonly<Record<string, AccessMethod>>>,
): SignerWorker {
  const signerOf = signersOf(definition);

  /**
   * What another Worker binds, as `entrypoint = "Signer"` under `[[services]]`; it holds no secret itself.
   *
   * @example
   * const answer = await env.SIGNER.sign({ profile: "avatars", claims: { sub: user.id } });
   * if ("code" in answer) return Response.json(answer, { status: answer.status });
   */
  class Signer extends WorkerEntrypoint<Bindings> {
    sign(request: ServiceRequest): Promise<Ticket | Problem> {
      return signerOf(this.env).sign(request);
    }

    renew(request: RenewalRequest): Promise<Ticket | Problem> {
      return signerOf(this.env).renew(request);
    }

    confirm(request: ConfirmRequest): Promise<Confirmation | Problem> {
      return signerOf(this.env).confirm(request);
    }
  }

  return {
    fetch: (request: Request, bindings: Bindings): Response | Promise<Response> =>
      signerOf(bindings).fetch(request),
    queue: (batch: MessageBatch, bindings: Bindings): Promise<void> => signerOf(bindings).queue(batch),
    Signer,
  };
}

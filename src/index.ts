// The Worker: HTTP by default, and `Signer` for other Workers by service binding.

import { WorkerEntrypoint } from "cloudflare:workers";
import { type Bindings, checkedBindings } from "./config/bindings.ts";
import type { Problem } from "./problem.ts";
import { createService, type ServiceRequest } from "./service.ts";
import type { Ticket } from "./ticket.ts";

export { default } from "./worker.ts";

/**
 * What another Worker binds, as `entrypoint = "Signer"` under `[[services]]`; it holds no secret itself.
 *
 * @example
 * const answer = await env.SIGNER.sign({ profile: "avatars", claims: { sub: user.id } });
 * if ("code" in answer) return Response.json(answer, { status: answer.status });
 */
export class Signer extends WorkerEntrypoint<Bindings> {
  /** A ticket for whom `claims` names, or the problem that a request over HTTP would be answered with. */
  sign(request: ServiceRequest): Promise<Ticket | Problem> {
    return createService(checkedBindings(this.env))(request);
  }
}

// `GET /health`: whether the signer is configured and its secrets can be had, and which policy it has; no values, and
// no names of profiles.

import { failure } from "../../failure.ts";
import { type Fault, type PublicFault, publicFaults } from "../../fault.ts";
import { secretFaults } from "../../keys/secret-faults.ts";
import { noteFailure } from "../../observe/event.ts";
import { ok } from "../../result.ts";
import { digestHex } from "../../signature/digest.ts";
import type { Handler, Visit } from "../wire/frame.ts";
import { jsonReply, type Reply } from "../wire/reply.ts";
import type { Desk } from "./desk.ts";

/** The answer to `GET /health`. */
export interface Health {
  readonly status: "ok" | "misconfigured";
  /** SHA-256, in hex, of all that decides who may sign what; `null` where it can't be read. */
  readonly policy: string | null;
  /** How many there are. */
  readonly profiles: number;
  /** Present while `CLOUDINARY_URL_PREVIOUS` gives a second key pair. */
  readonly previous?: true;
  /** What is wrong, in words for its owner; of `ok` nothing is. */
  readonly faults: readonly PublicFault[];
}

/** What monitors look at: the status. */
const UNHEALTHY = 503;

function misconfigured(
  { event }: Visit,
  told: Omit<Health, "status" | "faults">,
  faults: readonly Fault[],
): Reply {
  noteFailure(event, failure("misconfigured", { faults }));
  return jsonReply(
    { status: "misconfigured", ...told, faults: publicFaults(faults) } satisfies Health,
    UNHEALTHY,
  );
}

/** Of a wrong configuration. */
export const misconfiguredHealth =
  (faults: readonly Fault[]): Handler =>
  (visit) =>
    ok(misconfigured(visit, { policy: null, profiles: 0 }, faults));

export function answerHealth({ config, platform }: Desk): Handler {
  let policyHash: string | undefined;
  return async (visit) => {
    policyHash ??= await digestHex("sha256", config.policy);
    const told = {
      policy: policyHash,
      profiles: config.profiles.size + config.misconfigured.size,
      ...(config.previous && { previous: true as const }),
    };
    const faults = [...config.faults, ...(await secretFaults(config.secrets, platform.now()))];
    return ok(
      faults.length === 0
        ? jsonReply({ status: "ok", ...told, faults: [] } satisfies Health)
        : misconfigured(visit, told, faults),
    );
  };
}

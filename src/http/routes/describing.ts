// `GET /sign/{profile}`: what a client may know of a profile before it asks.

import { failure } from "../../failure.ts";
import { describe, type ProfileDescription } from "../../policy/decide/describe.ts";
import { err, ok } from "../../result.ts";
import { findProfile } from "../../tickets/enter.ts";
import { checkQuery } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply } from "../wire/reply.ts";
import type { Desk } from "./desk.ts";

/** The answer to `GET /sign/{profile}`. */
export interface Description extends ProfileDescription {
  /** How a ticket is asked for, as a command. */
  readonly ask: string;
}

/** How a ticket is asked for: whoever opens the address in a browser sees this. */
const askFor = (profile: string): string =>
  `curl -X POST https://…/sign/${profile} -H 'Content-Type: application/json' -d '{"params": {}}'`;

export const answerDescription =
  ({ config }: Desk, profileOf: (path: string) => string): Handler =>
  ({ c, event }) => {
    const misplaced = checkQuery(Object.keys(c.req.query()));
    if (misplaced !== undefined) return err(misplaced);
    // Whoever wants a command wants a ticket.
    if (c.req.query("format") !== undefined) return err(failure("describe_format"));
    const profile = findProfile(config, profileOf(c.req.path), event);
    if (!profile.ok) return profile;
    const types = profile.value.access.map((name) => config.access.get(name)!.type);
    return ok(
      jsonReply({
        ...describe(profile.value, types),
        ask: askFor(profile.value.name),
      } satisfies Description),
    );
  };

// `POST /links/{profile}`: a short-lived address that needs no header.

import { failure } from "../../failure.ts";
import { err, ok } from "../../result.ts";
import { fillClaims } from "../../tickets/issue.ts";
import { makeLink } from "../../tickets/link.ts";
import { isTable } from "../../tickets/signing-request.ts";
import { readJson } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply } from "../wire/reply.ts";
import { type Desk, enterByHttp } from "./desk.ts";

const isNothing = (body: unknown): boolean => isTable(body) && Object.keys(body).length === 0;

export const answerLink =
  (desk: Desk, profileOf: (path: string) => string): Handler =>
  async (visit) => {
    const { config, platform } = desk;
    const entered = await enterByHttp(desk, visit, profileOf(visit.c.req.path));
    if (!entered.ok) return entered;
    const { caller, context, profile, secret } = entered.value;
    const body = await readJson(visit.request);
    if (!body.ok) return body;
    if (!isNothing(body.value)) return err(failure("link_members"));
    if (caller.subject === undefined || caller.byLink) return err(failure("link_for_nobody"));
    // A caller whose claims the profile can't use would only learn it from the link.
    const fill = await fillClaims(entered.value, context.now, platform.uuid());
    if (!fill.ok) return fill;
    const link = await makeLink(config, secret, profile, caller, context);
    return link.ok ? ok(jsonReply(link.value)) : link;
  };

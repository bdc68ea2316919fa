// `POST /sign/{profile}`: a ticket, as JSON or as a command, or the signature over what a component chose.

import { type Failure, failure } from "../../failure.ts";
import { err, ok, type Result } from "../../result.ts";
import { curlCommand, MAX_PATH_LENGTH } from "../../tickets/curl.ts";
import { issue } from "../../tickets/issue.ts";
import { readSigningRequest } from "../../tickets/signing-request.ts";
import { checkQuery, readJson } from "../wire/body.ts";
import type { Handler, Visit } from "../wire/frame.ts";
import { jsonReply, textReply } from "../wire/reply.ts";
import { type Desk, enterByHttp } from "./desk.ts";

/** The file to name in the curl command; absent, the answer is JSON. */
function fileForCurl({ c }: Visit): Result<string | undefined, Failure> {
  const format = c.req.query("format");
  if (format === undefined) return ok(undefined);
  if (format !== "curl") return err(failure("unknown_format"));
  const file = c.req.query("file") || "FILE";
  return file.includes("\0") || file.length > MAX_PATH_LENGTH
    ? err(failure("unfit_path", { most: MAX_PATH_LENGTH }))
    : ok(file);
}

export const answerSign =
  (desk: Desk, profileOf: (path: string) => string): Handler =>
  async (visit) => {
    const { c, request } = visit;
    const { config, platform } = desk;
    const file = fileForCurl(visit);
    if (!file.ok) return file;
    const misplaced = checkQuery(Object.keys(c.req.query()));
    if (misplaced !== undefined) return err(misplaced);
    const entered = await enterByHttp(desk, visit, profileOf(c.req.path));
    if (!entered.ok) return entered;
    const body = await readJson(request);
    if (!body.ok) return body;
    const asked = readSigningRequest(body.value);
    if (!asked.ok) return asked;
    const { context } = entered.value;
    const issued = await issue(config, entered.value, asked.value, context.now, platform.uuid());
    if (!issued.ok) return issued;
    if (file.value === undefined) return ok(jsonReply(issued.value));
    if (!("fields" in issued.value)) return err(failure("curl_drop_in"));
    return ok(textReply(curlCommand(issued.value.url, issued.value.fields, file.value)));
  };

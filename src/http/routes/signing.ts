// `POST /sign/{profile}`: a ticket, as JSON or as a command, or the signature over what a component chose.

import { type Failure, failure } from "../../failure.ts";
import { err, ok, type Result } from "../../result.ts";
import { curlCommand, fileFault, MAX_PATH_LENGTH } from "../../tickets/curl.ts";
import { issue } from "../../tickets/issue.ts";
import { renew } from "../../tickets/renew.ts";
import { readSigningRequest } from "../../tickets/signing-request.ts";
import { checkQuery, readJson } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply, textReply } from "../wire/reply.ts";
import { type Desk, enterByHttp } from "./desk.ts";

/** What is asked for as a curl command, and the file to name in it; absent, the answer is JSON. */
function askedAsCurl({
  format,
  file: named,
}: Readonly<Record<string, string>>): Result<{ readonly file: string | undefined } | undefined, Failure> {
  if (format === undefined) return ok(undefined);
  if (format !== "curl") return err(failure("unknown_format"));
  const file = named || undefined;
  const fault = file && fileFault(file);
  if (fault === "unfit_path") return err(failure(fault, { most: MAX_PATH_LENGTH }));
  return fault ? err(failure(fault)) : ok({ file });
}

export const answerSign =
  (desk: Desk, profileOf: (path: string) => string): Handler =>
  async (visit) => {
    const { c, request } = visit;
    const { config, platform } = desk;
    const query = c.req.query();
    const asCurl = askedAsCurl(query);
    if (!asCurl.ok) return asCurl;
    const misplaced = checkQuery(Object.keys(query));
    if (misplaced !== undefined) return err(misplaced);
    const entered = await enterByHttp(desk, visit, profileOf(c.req.path));
    if (!entered.ok) return entered;
    const isUpload = entered.value.profile.method.name === "upload";
    if (asCurl.value?.file !== undefined && !isUpload) return err(failure("takes_no_file"));
    const body = await readJson(request);
    if (!body.ok) return body;
    const asked = readSigningRequest(body.value);
    if (!asked.ok) return asked;
    if (asCurl.value !== undefined && "files" in asked.value) return err(failure("curl_files"));
    const { now } = entered.value.context;
    const issued =
      asked.value.form === "renewal"
        ? await renew(config, entered.value, asked.value, now)
        : await issue(config, entered.value, asked.value, now, platform.uuid);
    if (!issued.ok) return issued;
    if (asCurl.value === undefined) return ok(jsonReply(issued.value));
    if (!("fields" in issued.value)) return err(failure("curl_drop_in"));
    return ok(textReply(curlCommand(issued.value, isUpload ? (asCurl.value.file ?? "FILE") : undefined)));
  };

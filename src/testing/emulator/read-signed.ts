// What every signed method begins with: the cloud, the form, and whether the account signed it.

import { err, ok, type Result } from "../../result.ts";
import { formOf, readForm, type UploadForm } from "./form.ts";
import { holdsSecret, judge, type Needs, type SignedBy } from "./judge-signature.ts";
import type { Account } from "./key-pairs.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** A request that the judge let pass. */
export interface SignedForm extends UploadForm {
  readonly by: SignedBy;
}

/** Reads and judges a request of a method with its needs. What is no POST carries them in its query. */
export async function readSigned(
  request: Request,
  needs: Needs,
  {
    account,
    now,
    maxAge,
  }: { readonly account: Account; readonly now: () => number; readonly maxAge?: number | undefined },
): Promise<Result<SignedForm, Refusal>> {
  const read =
    request.method === "POST" ? await readForm(request) : formOf(new URL(request.url).searchParams);
  if (!read.ok) return read;
  const form = withoutSecretField(read.value);
  if (holdsSecret(form, account)) return err(REFUSALS.holdsSecret());
  const judged = judge(form, account, { ...needs, nowMs: now(), maxAge });
  if (!judged.ok) return judged;
  account.noteUse?.(judged.value.pair.apiKey);
  return ok({ ...form, by: judged.value });
}

/** The SDK, given `api_secret` as an option beside a signature, sends it: it is dropped before all else. */
function withoutSecretField(form: UploadForm): UploadForm {
  return { ...form, fields: new Map([...form.fields].filter(([name]) => name !== "api_secret")) };
}

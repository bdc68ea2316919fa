// What every signed method begins with: the cloud, the form, and whether the account signed it.

import { err, ok, type Result } from "../../result.ts";
import type { SignatureAlgorithm } from "../../signature/digest.ts";
import { formOf, readForm, type UploadForm } from "./form.ts";
import { type Account, holdsSecret, judge, type Needs } from "./judge-signature.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** A request that the judge let pass. */
export interface SignedForm extends UploadForm {
  /** The algorithm of its signature. */
  readonly algorithm: SignatureAlgorithm;
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
  if (holdsSecret(form, account.apiSecret)) return err(REFUSALS.holdsSecret());
  const judged = judge(form, account, { ...needs, nowMs: now(), maxAge });
  return judged.ok ? ok({ ...form, algorithm: judged.value }) : judged;
}

/** The SDK, given `api_secret` as an option beside a signature, sends it: it is dropped before all else. */
function withoutSecretField(form: UploadForm): UploadForm {
  return { ...form, fields: new Map([...form.fields].filter(([name]) => name !== "api_secret")) };
}

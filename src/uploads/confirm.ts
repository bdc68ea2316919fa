// After the upload: (upload ID, what the browser says that Cloudinary answered) -> what Cloudinary itself says, judged,
// told to the application, published where it waited, and a receipt. The same call may be repeated until it is done.
// What is deleted is what Cloudinary holds under this upload's own name, in this version, and nothing else.

import type { ConfirmedUpload, UploadedAsset } from "../config/application.ts";
import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import { underKeyring } from "../keys/under-secret.ts";
import type { RefusedFile } from "../policy/decide/judge-file.ts";
import { err, ok, type Result } from "../result.ts";
import type { Entered } from "../tickets/enter.ts";
import { fillClaims } from "../tickets/issue.ts";
import { type OpenedId, openUploadId } from "../tickets/upload-id.ts";
import {
  type Api,
  deleteAsset,
  findAsset,
  type HeldAsset,
  publishAsset,
  unavailable,
} from "./cloudinary-api.ts";
import type { ConfirmationRequest } from "./confirmation-request.ts";
import { findUpload, judgeUpload, signedType, told } from "./judge-upload.ts";
import { receiptId, signReceipt } from "./receipt.ts";
import { tellApplication } from "./tell-application.ts";

/** A confirmed upload, as it is answered. */
export interface Confirmation {
  /** A JWT that the application verifies. */
  readonly receipt: string;
  readonly asset: UploadedAsset;
  /** What the application's `onUploaded` returned; `null` where there is none. */
  readonly data: unknown;
}

const refused = (why: Omit<RefusedFile, "param">): Result<never, Failure> =>
  err(failure("file_refused", { refused: [{ param: "file", ...why }] }));

/** Deletes what was refused, and says why. */
async function refuse(
  api: Api,
  held: HeldAsset,
  why: Omit<RefusedFile, "param">,
): Promise<Result<never, Failure>> {
  const deleted = await deleteAsset(api, held);
  return deleted.ok ? refused(why) : deleted;
}

/**
 * Makes a quarantined asset public. What is deleted is what this very request published, where it is not the one that
 * was judged: whatever had the name before stays.
 */
async function publish(api: Api, held: HeldAsset): Promise<Result<HeldAsset, Failure>> {
  if (held.type === "upload") return ok(held);
  const renamed = await publishAsset(api, held);
  if (!renamed.ok) return renamed;
  const isOurs = renamed.value !== undefined;
  // Another confirmation of the same upload may have been faster; and not every answer has to tell what it published.
  const found =
    renamed.value?.etag === undefined ? await findAsset(api, { ...held, type: "upload" }) : renamed;
  if (!found.ok) return found;
  const published = found.value;
  const isNamed = published?.public_id === held.public_id && published.type === "upload";
  if (isNamed && published.etag === held.etag) return ok(published);
  if (!isOurs || !isNamed) return err(failure("not_stored"));
  const detail = "upload again: the file was replaced while it was judged";
  return refuse(api, published, { code: "rejected", detail });
}

/** The upload ID and the answer, each and together: nothing is asked of Cloudinary before. */
async function identify(
  config: Config,
  entered: Entered,
  { uploadId, response }: ConfirmationRequest,
  now: number,
): Promise<Result<OpenedId, Failure>> {
  const fill = await fillClaims(entered, now, "");
  if (!fill.ok) return fill;
  const opened = await openUploadId(config, entered, fill.value, uploadId, "confirmation");
  if (!opened.ok) return opened;
  const wrong = err(failure("upload_id_response"));
  const isTickets =
    response.public_id === opened.value.id.publicId && response.type === signedType(entered.profile);
  if (!isTickets) return wrong;
  // By either secret, whichever sealed the ID: a ticket may have been renewed meanwhile.
  const signed = await underKeyring(config, now, entered.event, async (secret) =>
    (await secret.hasSigned(response)) ? ok(opened.value.id) : wrong,
  );
  return signed.ok ? ok({ id: signed.value.value, secret: signed.value.secret }) : signed;
}

/** Confirms an upload. */
export async function confirm(
  config: Config,
  entered: Entered,
  request: ConfirmationRequest,
  { fetch, now: clock }: Pick<Api, "fetch" | "now">,
): Promise<Result<Confirmation, Failure>> {
  const { profile, caller } = entered;
  const { file } = profile;
  if (file === undefined) return err(failure("not_confirmable"));
  const identified = await identify(config, entered, request, clock());
  if (!identified.ok) return identified;
  const { id, secret } = identified.value;

  const api: Api = { config, secret, fetch, now: clock };
  const judged = await judgeUpload(api, profile, id, request.response);
  if (!judged.ok) return judged;
  const { held, broken } = judged.value;
  if (broken !== undefined) return refused(broken);
  // By it alone is told whether what is published is what was judged.
  if (file.quarantine && held.etag === undefined) return unavailable("explicit", "told no etag");

  const jti = await receiptId(config.cloudName, held);
  const upload: ConfirmedUpload = {
    jti,
    profile: profile.name,
    subject: caller.subject ?? null,
    asset: told(held),
  };
  const heard = await tellApplication(config, upload);
  if (!heard.ok) return heard;
  if ("rejected" in heard.value) {
    // It had its time, in which another file may have taken the name: that is no upload of this request's.
    const still = await findUpload(api, profile, id, request.response);
    if (!still.ok) return still;
    return refuse(api, still.value, { code: "rejected", detail: heard.value.rejected });
  }

  const published = file.quarantine ? await publish(api, held) : ok(held);
  if (!published.ok) return published;
  const asset = { ...told(held), secure_url: published.value.secure_url };
  const { cloudName, publicUrl = "" } = config;
  const key = await secret.receiptKey(cloudName, publicUrl);
  const receipt = await signReceipt(key, { ...upload, asset }, { publicUrl, cloudName, now: clock() });
  return ok({ receipt, asset, data: heard.value.data });
}

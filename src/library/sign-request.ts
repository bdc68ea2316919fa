// Requests of other methods, signed in code that holds the secret itself. No route and no binding leads here.

import { signParams } from "../signature/sign.ts";
import type { Scalar, SignableParams } from "../signature/string-to-sign.ts";
import { addressOf, fieldsOf, readAccount, type SigningAccount } from "./signing-account.ts";

type Ids = string | readonly string[];

/** Parameters of each method, by Cloudinary's names. Source: https://cloudinary.com/documentation/image_upload_api_reference */
export interface RequestParams {
  /** Deletes an asset. */
  destroy: { public_id: string; type?: string; invalidate?: boolean; notification_url?: string };
  /** Gives an asset another public ID. */
  rename: {
    from_public_id: string;
    to_public_id: string;
    type?: string;
    to_type?: string;
    overwrite?: boolean;
    invalidate?: boolean;
    context?: string;
    metadata?: string;
    notification_url?: string;
  };
  /** Changes an asset that is there; further parameters are those of an upload. */
  explicit: { public_id: string; type: string; [parameter: string]: Scalar | readonly Scalar[] | undefined };
  /** Changes tags of assets. */
  tags: {
    command: "add" | "remove" | "replace" | "set_exclusive" | "remove_all";
    public_ids: Ids;
    tag?: string;
    type?: string;
  };
  /** Changes the context of assets. */
  context: { command: "add" | "remove_all"; public_ids: Ids; context?: string; type?: string };
  /** Changes the structured metadata of assets. */
  metadata: { metadata: string; public_ids: Ids; type?: string; clear_invalid?: boolean };
  /** Makes an archive of assets. */
  generate_archive: ArchiveParams;
}

interface ArchiveParams {
  public_ids?: Ids;
  fully_qualified_public_ids?: Ids;
  prefixes?: Ids;
  tags?: Ids;
  type?: string;
  mode?: "create" | "download";
  target_format?: "zip" | "tgz";
  target_public_id?: string;
  target_asset_folder?: string;
  target_tags?: Ids;
  transformations?: string;
  allow_missing?: boolean;
  async?: boolean;
  expires_at?: number;
  flatten_folders?: boolean;
  flatten_transformations?: boolean;
  keep_derived?: boolean;
  notification_url?: string;
  skip_transformation_name?: boolean;
  use_original_filename?: boolean;
}

/** A method whose requests can be signed. */
export type RequestMethod = keyof RequestParams;

/** What each method needs to know what to work on: one of these sets of names. */
const NEEDED: Readonly<Record<RequestMethod, readonly (readonly string[])[]>> = {
  destroy: [["public_id"]],
  rename: [["from_public_id", "to_public_id"]],
  explicit: [["public_id", "type"]],
  tags: [["command", "public_ids"]],
  context: [["command", "public_ids"]],
  metadata: [["metadata", "public_ids"]],
  generate_archive: [["public_ids"], ["fully_qualified_public_ids"], ["prefixes"], ["tags"]],
};

/** A signed request: POST the fields to the address. */
export interface SignedRequest {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Whether a field says anything: commas alone are a list of nothing. */
const isTold = (fields: Readonly<Record<string, string>>, name: string): boolean =>
  Object.hasOwn(fields, name) && /[^,\s]/.test(fields[name]!);

/**
 * Signs a request of another method than upload. The method is what Cloudinary's own signature leaves out, so it
 * stands first here: the names that it needs are checked, and the address is made from it.
 *
 * Throws a `TypeError` for an unknown method, a missing parameter, and for all that `signUpload` refuses.
 *
 * @example
 * const { url, fields } = await signRequest("destroy", { public_id: "old" }, { cloudName, apiKey, apiSecret });
 * await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
 */
export async function signRequest<M extends RequestMethod>(
  method: M,
  params: RequestParams[M],
  account: SigningAccount,
): Promise<SignedRequest> {
  const checked = readAccount(account);
  const needed = Object.hasOwn(NEEDED, method) ? NEEDED[method] : undefined;
  if (needed === undefined)
    throw new TypeError(`the method must be one of ${Object.keys(NEEDED).join(", ")}`);
  const { apiKey, apiSecret, signatureAlgorithm, timestamp } = checked;
  const url = addressOf(checked, method);
  const fields = fieldsOf(params as SignableParams, timestamp);
  if (!needed.some((names) => names.every((name) => isTold(fields, name))))
    throw new TypeError(`${method} needs ${needed.map((names) => names.join(" and ")).join(", or ")}`);
  const signature = await signParams(fields, apiSecret, { algorithm: signatureAlgorithm });
  return { url, fields: { api_key: apiKey, ...fields, signature } };
}

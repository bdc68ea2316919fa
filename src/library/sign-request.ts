// Requests of other methods, signed in code that holds the secret itself. No route and no binding leads here.

import { type Parameter, parametersOf, type Rows, UPLOAD_ROWS } from "../policy/tables/parameters.ts";
import { type MethodName, SIGNED_METHODS } from "../policy/tables/signed-methods.ts";
import { signParams } from "../signature/sign.ts";
import type { Scalar, SignableParams } from "../signature/string-to-sign.ts";
import { fieldsOf } from "./signed-fields.ts";
import { addressOf, readAccount, type SigningAccount } from "./signing-account.ts";

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
    /** Whether the answer tells them, too. */
    context?: boolean;
    metadata?: boolean;
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

interface Taken {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** What it needs to know what to work on: one of these sets of names, whole. */
  readonly needs: readonly (readonly string[])[];
}

/** A method as profiles know it, and what is for code that holds the secret alone: profiles never sign that. */
function taken(name: MethodName, more: Rows = {}, needs: Taken["needs"] = []): Taken {
  const method = SIGNED_METHODS.get(name)!;
  const parameters = new Map([...method.parameters, ...parametersOf(more)]);
  return { parameters, needs: [...method.needs, ...needs] };
}

/** What each method takes. */
export const REQUESTS: Readonly<Record<RequestMethod, Taken>> = {
  destroy: taken("destroy"),
  rename: taken("rename", { to_type: ["string", "never"] }),
  explicit: taken("explicit", UPLOAD_ROWS),
  tags: taken("tags"),
  context: taken("context"),
  metadata: taken("metadata"),
  generate_archive: taken(
    "generate_archive",
    { fully_qualified_public_ids: ["csv", "never"], target_asset_folder: ["path", "never"] },
    [["fully_qualified_public_ids"]],
  ),
};

/** A signed request: POST the fields to the address. */
export interface SignedRequest {
  /** Where to POST the form to. */
  readonly url: string;
  /** Every field of the form, the signature too. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Whether a field says anything: commas alone are a list of nothing. */
const isTold = (fields: Readonly<Record<string, string>>, name: string): boolean =>
  Object.hasOwn(fields, name) && /[^,\s]/.test(fields[name]!);

const hasHole = (list: string): boolean => list.split(",").some((item) => item.trim() === "");

/**
 * Signs a request of another method than upload. The method is what Cloudinary's own signature leaves out, so it
 * stands first here: its names are checked, those that it needs too, and the address is made from it.
 *
 * Throws a `TypeError` for an unknown method, a missing parameter, one that the method does not have, and for all that
 * `signUpload` refuses.
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
  const taken = Object.hasOwn(REQUESTS, method) ? REQUESTS[method] : undefined;
  if (taken === undefined)
    throw new TypeError(`the method must be one of ${Object.keys(REQUESTS).join(", ")}`);
  const { apiKey, apiSecret, signatureAlgorithm, timestamp } = checked;
  const url = addressOf(checked, method);
  const fields = fieldsOf(params as SignableParams, timestamp, method, taken.parameters);
  if (!taken.needs.some((names) => names.every((name) => isTold(fields, name))))
    throw new TypeError(`${method} needs ${taken.needs.map((names) => names.join(" and ")).join(", or ")}`);
  // As in a list: a method could read it as any, and a prefix of all names.
  const holed = taken.needs
    .flat()
    .find(
      (name) =>
        Object.hasOwn(fields, name) && taken.parameters.get(name)!.kind.isList && hasHole(fields[name]!),
    );
  if (holed !== undefined) throw new TypeError(`an item of ${holed} is empty: leave it out`);
  const signature = await signParams(fields, apiSecret, { algorithm: signatureAlgorithm });
  return { url, fields: { api_key: apiKey, ...fields, signature } };
}

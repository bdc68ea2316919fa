// What a signed method of the API is, besides `upload`: the fields that it needs, and what it does with a request that
// the judge let pass.

import type { Result } from "../../result.ts";
import type { SignedForm } from "./read-signed.ts";
import type { Refusal } from "./refusals.ts";
import type { UploadContext } from "./store-upload.ts";

/** A judged request. */
export interface Call {
  readonly form: SignedForm;
  /** Of the address. */
  readonly resourceType: string;
  /** Where the assets are, `upload` unless something else was sent. */
  readonly type: string;
  readonly context: UploadContext;
}

/** What is answered: JSON, or a file. */
export type Answered = Result<object | Response, Refusal>;

export interface ApiMethod {
  /** Fields without which it is refused. */
  readonly required: readonly string[];
  readonly resourceTypes: readonly string[];
  /** Whether `expires_at` says how long a request is good, instead of its timestamp. */
  readonly expires?: boolean;
  readonly run: (call: Call) => Answered | Promise<Answered>;
}

/** The resource types of what is stored. */
export const STORED_TYPES: readonly string[] = ["image", "video", "raw"];

// What is known of a request that Cloudinary refused: its words, what was signed, what was sent. All of it is optional,
// and none of it is a secret.

/** Fields as texts, in the order in which they stood; a name may occur more than once, and a list is sent as `name[]`. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** A form as it was sent to Cloudinary. */
export interface Sent {
  /** Where it was sent to. */
  readonly url?: string;
  /** Every field but the file; `api_key` and `signature` are among them. */
  readonly fields: Fields;
  /** Whether there was a `file`; absent where that is not known. */
  readonly hasFile?: boolean;
}

/** What one's own code signed. */
export interface Signed {
  /** The parameters that were given to the function that signs; or those of a ticket, beside its `signature`. */
  readonly fields?: Fields;
  /** The string to sign itself, as a log has it. */
  readonly text?: string;
  /** The fields are the form's, which may be all that was signed or not. */
  readonly isForm?: boolean;
  readonly signature?: string;
  /** Where the signature was meant to be sent to. */
  readonly url?: string;
  readonly apiKey?: string;
  readonly cloudName?: string;
}

/** What is known of the account. */
export interface KnownAccount {
  readonly cloudName?: string;
  readonly apiKey?: string;
  /** What its requests must be signed with. */
  readonly algorithm?: "sha1" | "sha256";
}

export interface Evidence {
  /** Cloudinary's own words, or an error of a browser, an SDK or a signer that was seen in their place. */
  readonly message?: string;
  /** The string to sign by itself, where only that part of Cloudinary's message is known. */
  readonly stringToSign?: string;
  readonly sent?: Sent;
  readonly signed?: Signed;
  readonly account?: KnownAccount;
  /** Code that signs or sends, as it was pasted. It is searched for mistakes and never repeated. */
  readonly code?: string;
  /** Unix seconds at which it happened, by the clock of who asks. */
  readonly now?: number;
  /** Unix seconds at which Cloudinary answered, from the header `Date`. */
  readonly answeredAt?: number;
}

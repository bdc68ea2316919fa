// What Cloudinary answers: as it came, and as far as its documentation promises it.
// Source: https://cloudinary.com/documentation/upload_images#upload_response

/** An answer as it came, whatever it says. */
export interface CloudinaryAnswer {
  readonly status: number;
  /** Those that the page may read, by their names in lower case: `x-cld-error`, where Cloudinary lets it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; JSON where it is Cloudinary that answered. */
  readonly text: string;
}

/** A stored upload. */
export interface UploadResponse {
  readonly asset_id: string;
  readonly public_id: string;
  /** Unix seconds. */
  readonly version: number;
  readonly signature: string;
  readonly resource_type: "image" | "video" | "raw";
  /** `upload`, `private` or `authenticated`. */
  readonly type: string;
  /** Absent for raw files. */
  readonly format?: string;
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly tags: readonly string[];
  readonly url: string;
  readonly secure_url: string;
  readonly original_filename?: string;
  /** An asset of this public ID was there already, and stayed (`overwrite=false`). */
  readonly existing?: boolean;
  /** What depends on the parameters and the account. */
  readonly [member: string]: unknown;
}

/** What `upload` resolves to. */
export interface Uploaded {
  /** Cloudinary's answer; where the signer confirmed it, with what Cloudinary said to the signer. */
  readonly asset: UploadResponse;
  /** For the application's server: a JWT that proves what arrived, where the profile has `file`. */
  readonly receipt?: string;
  /** What the application's `onUploaded` returned, where the profile has `file`; `null` where there is none. */
  readonly data?: unknown;
}

/** What another method answered: `destroy` a `result`, `rename` and `explicit` the asset, `tags` its `public_ids`. */
export interface ActResponse {
  readonly result?: string;
  readonly public_id?: string;
  readonly public_ids?: readonly string[];
  readonly [member: string]: unknown;
}

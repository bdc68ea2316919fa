// What Cloudinary answers: as it came, and as far as its documentation promises it.
// Source: https://cloudinary.com/documentation/upload_images#upload_response

/** An answer as it came, whatever it says. */
export interface CloudinaryAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Those that the page may read, by their names in lower case: `x-cld-error`, where Cloudinary lets it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; JSON where it is Cloudinary that answered. */
  readonly text: string;
}

/** A stored upload. */
export interface UploadResponse {
  /** Cloudinary's own name of it, which stays when it is renamed. */
  readonly asset_id: string;
  /** Its name, as in delivery URLs. */
  readonly public_id: string;
  /** Unix seconds. */
  readonly version: number;
  /** Proves, with public ID and version, that Cloudinary answered it: `verifyUploadResponse`. */
  readonly signature: string;
  /** What Cloudinary took it for. */
  readonly resource_type: "image" | "video" | "raw";
  /** `upload`, `private` or `authenticated`. */
  readonly type: string;
  /** Absent for raw files. */
  readonly format?: string;
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  /** Size of the file, in bytes. */
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly tags: readonly string[];
  /** Where it is delivered, by http. */
  readonly url: string;
  /** Where it is delivered, by https. */
  readonly secure_url: string;
  /** The file's name, without its ending. */
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
  /** `ok`, or what became of it. */
  readonly result?: string;
  /** The asset that was changed. */
  readonly public_id?: string;
  /** The assets that were changed. */
  readonly public_ids?: readonly string[];
  readonly [member: string]: unknown;
}

// What Cloudinary answers to an upload, as far as its documentation promises it.
// Source: https://cloudinary.com/documentation/upload_images#upload_response

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

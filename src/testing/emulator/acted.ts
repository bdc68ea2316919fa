// What the emulator tells of what was done; by itself, so that the types of the package bring nothing of Node with them.

/** The methods that the emulator takes, each by the end of its address. */
export type MethodName =
  | "upload"
  | "destroy"
  | "rename"
  | "explicit"
  | "tags"
  | "context"
  | "metadata"
  | "generate_archive"
  | "download";

/** What a request did that was let pass. */
export interface Act {
  readonly method: MethodName;
  /** The public IDs that it named, the old one of a rename before the new one; of an upload the asset's own. */
  readonly publicIds: readonly string[];
  /** Whether it found something to work on; of an upload, whether it stored something. */
  readonly found: boolean;
  /** `image`, `video` or `raw`; of an archive what its address said. */
  readonly resourceType: string;
  /** `upload`, `private` or `authenticated`. */
  readonly type: string;
  /** Where a rename moved it, if it was to another type. */
  readonly toType?: string;
}

// What `onAct` is told; by itself, so that the types of the package bring nothing of Node with them.

/** What a request of another method than `upload` did. */
export interface Act {
  readonly method: string;
  /** The public IDs that it named, the old one of a rename before the new one. */
  readonly publicIds: readonly string[];
  /** Whether it found something to work on. */
  readonly found: boolean;
}

// Who was let in.

/** A caller who was let in. */
export interface Caller {
  /** The name of the way in. */
  readonly way: string;
}

// How small a part of a chunked upload may be: a module of its own, so that a test of many uploads can say less.

/** "Larger than 5mb"; that it means 5 MiB, and that exactly 5 MiB are enough, is assumed. The last part may have less. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

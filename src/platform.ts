// What the signer takes from its surroundings: the clock, randomness, the network, a place for its log.

/** Tests and other runtimes give their own. */
export interface Platform {
  /** Unix seconds. */
  readonly now: () => number;
  /** A random UUID. */
  readonly uuid: () => string;
  /** Takes one line of JSON a request. */
  readonly log: (line: string) => void;
  readonly fetch: typeof fetch;
  /** The caller's address, as the host knows it: never from a header that a caller can write. */
  readonly address: (request: Request, env: unknown) => string | undefined;
}

export const PLATFORM: Platform = {
  now: () => Math.floor(Date.now() / 1000),
  uuid: () => crypto.randomUUID(),
  log: (line) => console.log(line),
  fetch: (input, init) => fetch(input, init),
  address: () => undefined,
};

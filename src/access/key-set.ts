// A JWKS over the network. jose fetches it, remembers it, and asks again for a key it does not know; this adds
// a bound to its size, and keeps the last good set in use while its server is out of reach.

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type ExportedJWKSCache,
  errors,
  type JWKSCacheInput,
  type JWTVerifyGetKey,
  jwksCache,
} from "jose";
import { FETCH_TIMEOUT_MS, readAnswer } from "./fetch-json.ts";

/** How long a key set is used before it is fetched again, in milliseconds. */
const REFRESH_MS = 10 * 60 * 1000;
/** How long a key set is used when it can't be fetched again, in milliseconds. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** How long a failed or fruitless fetch is not repeated, in milliseconds. */
const COOLDOWN_MS = 30 * 1000;
/** The same while there is no key set at all. */
const COLD_COOLDOWN_MS = 5 * 1000;

/** The set's text, if there is a key in it: an empty one would lock everybody out. */
function withKeys(text: string): string | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) && keys.length > 0 ? text : undefined;
  } catch {
    return undefined;
  }
}

/** There are no keys, and none can be had; the message is for the caller. */
export class KeysUnavailable extends Error {
  constructor(message = "the keys of the token's issuer are out of reach: try again later") {
    super(message);
  }
}

/** A key set, and which one it is at the moment. */
export interface KeySet {
  /** As jose's `jwtVerify` takes it. */
  readonly getKey: JWTVerifyGetKey;
  /** The set in use, another object after each fetch; `undefined` where the next look-up would fetch it. */
  current(): object | undefined;
}

export function keySet(url: URL, fetcher: typeof fetch): KeySet {
  const cache: Partial<ExportedJWKSCache> = {};
  let failedAt = Number.NEGATIVE_INFINITY;
  const remote = createRemoteJWKSet(url, {
    cacheMaxAge: REFRESH_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [jwksCache]: cache as JWKSCacheInput,
    [customFetch]: async (address, init) => {
      const response = await fetcher(address, init);
      const text = await readAnswer(response);
      const keys = withKeys(text ?? "");
      return keys === undefined ? new Response(null, { status: 502 }) : new Response(keys);
    },
  });

  const getKey: JWTVerifyGetKey = async (header, token) => {
    const isKept = cache.jwks !== undefined && Date.now() < (cache.uat ?? 0) + KEEP_MS;
    const isCoolingDown = Date.now() < failedAt + (isKept ? COOLDOWN_MS : COLD_COOLDOWN_MS);
    if (isCoolingDown && !isKept) throw new KeysUnavailable();
    if (!isCoolingDown) {
      try {
        return await remote(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
          throw error;
        failedAt = Date.now();
        if (!isKept) throw new KeysUnavailable();
      }
    }
    return createLocalJWKSet(cache.jwks!)(header, token);
  };
  return { getKey, current: () => (Date.now() < (cache.uat ?? 0) + REFRESH_MS ? cache.jwks : undefined) };
}

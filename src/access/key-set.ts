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
  type RemoteJWKSetOptions,
} from "jose";
import { within } from "../within.ts";
import { FETCH_TIMEOUT_MS, readAnswer } from "./fetch-json.ts";

/** How long a key set is used before it is fetched again, in milliseconds. */
const REFRESH_MS = 10 * 60 * 1000;
/** How long a key set is used when it can't be fetched again, in milliseconds. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** How long a failed or fruitless fetch is not repeated, in milliseconds. */
const COOLDOWN_MS = 30 * 1000;
/** The same while there is no key set at all. */
const COLD_COOLDOWN_MS = 5 * 1000;

/** The set's text, if there are keys in it and nothing else: an empty one would lock everybody out. */
function withKeys(text: string): string | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    const isKey = (one: unknown): boolean => typeof one === "object" && one !== null && !Array.isArray(one);
    return Array.isArray(keys) && keys.length > 0 && keys.every(isKey) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** There are no keys to verify by. */
export class KeysUnavailable extends Error {
  readonly reason: "keys_unreachable" | "unfit_key";

  constructor(reason: "keys_unreachable" | "unfit_key") {
    super(reason);
    this.reason = reason;
  }
}

const unreachable = () => new KeysUnavailable("keys_unreachable");

/** Shortest RSA key that verifies, in bits (RFC 7518, 3.3). */
const MIN_RSA_BITS = 2048;

/** A key of the set that can't be used is for whoever keeps the set to fix, and not for the caller. */
const unfit = () => new KeysUnavailable("unfit_key");

/** jose's own refusals of a token by its header. */
const isRefusal = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;

/** What jose finds, if it is a key that fits; Web Crypto throws over one that it can't import. */
async function fitting(found: Promise<CryptoKey>): Promise<CryptoKey> {
  let key: CryptoKey;
  try {
    key = await found;
  } catch (error) {
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSInvalid)) throw error;
    throw unfit();
  }
  const { modulusLength = MIN_RSA_BITS } = key.algorithm as { modulusLength?: number };
  if (modulusLength < MIN_RSA_BITS) throw unfit();
  return key;
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
  const options: RemoteJWKSetOptions = {
    cacheMaxAge: REFRESH_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [jwksCache]: cache as JWKSCacheInput,
    [customFetch]: async (address, init) => {
      let text: string | undefined;
      try {
        text = await within(FETCH_TIMEOUT_MS, fetcher(address, init).then(readAnswer));
      } catch {
        // As any other answer that holds no keys.
      }
      const keys = withKeys(text ?? "");
      return keys === undefined ? new Response(null, { status: 502 }) : new Response(keys);
    },
  };
  let remote = createRemoteJWKSet(url, options);

  /** What happened at a time that is yet to come, for the clock was set back, would be young until then. */
  function followClock(): void {
    const now = Date.now();
    if (failedAt > now) failedAt = Number.NEGATIVE_INFINITY;
    if (cache.uat === undefined || cache.uat <= now) return;
    cache.uat = now - REFRESH_MS;
    remote = createRemoteJWKSet(url, options);
  }

  const getKey: JWTVerifyGetKey = async (header, token) => {
    followClock();
    const isKept = cache.jwks !== undefined && Date.now() < (cache.uat ?? 0) + KEEP_MS;
    const isCoolingDown = Date.now() < failedAt + (isKept ? COOLDOWN_MS : COLD_COOLDOWN_MS);
    if (isCoolingDown && !isKept) throw unreachable();
    if (!isCoolingDown) {
      try {
        return await fitting(remote(header, token));
      } catch (error) {
        if (isRefusal(error) || error instanceof KeysUnavailable) throw error;
        failedAt = Date.now();
        if (!isKept) throw unreachable();
      }
    }
    return fitting(createLocalJWKSet(cache.jwks!)(header, token));
  };
  const current = (): object | undefined => {
    followClock();
    return Date.now() < (cache.uat ?? 0) + REFRESH_MS ? cache.jwks : undefined;
  };
  return { getKey, current };
}

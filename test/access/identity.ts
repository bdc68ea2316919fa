// An identity provider of our own: keys, tokens, and a key set that can be slow, down, huge or broken.

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export const ISSUER = "https://id.example/";
export const AUDIENCE = "uploads";
export const JWKS_URL = "https://id.example/jwks.json";
export const SHARED_SECRET = "a-shared-secret-of-more-than-32-bytes";

/** Unix seconds now. */
export const now = (): number => Math.floor(Date.now() / 1000);

export type Algorithm = "RS256" | "ES256" | "EdDSA";

export interface Key {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly privateKey: CryptoKey;
  readonly jwk: object;
}

export async function makeKey(kid: string, alg: Algorithm = "ES256"): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** A good payload, changed. `undefined` removes a claim. */
export const payload = (changed: Record<string, unknown> = {}): JWTPayload =>
  JSON.parse(
    JSON.stringify({ iss: ISSUER, aud: AUDIENCE, sub: "42", iat: now(), exp: now() + 600, ...changed }),
  );

export const sign = (key: Key, changed: Record<string, unknown> = {}, header: object = {}): Promise<string> =>
  new SignJWT(payload(changed))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);

export const signShared = (
  changed: Record<string, unknown> = {},
  secret = SHARED_SECRET,
  alg = "HS256",
): Promise<string> =>
  new SignJWT(payload(changed)).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

/** The provider's key set over `fetch`, with a count of how often it was asked. */
export class KeyServer {
  keys: Key[];
  asked = 0;
  /** Answers instead of the key set. */
  broken: (() => Promise<Response>) | undefined;

  constructor(keys: Key[]) {
    this.keys = keys;
  }

  readonly fetch: typeof fetch = async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url !== JWKS_URL) throw new Error("nothing but the key set is asked for");
    this.asked += 1;
    if (this.broken !== undefined) return this.broken();
    return Response.json({ keys: this.keys.map(({ jwk }) => jwk) });
  };
}

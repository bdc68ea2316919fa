// The API secret, once it was checked. It can be used and not read: from here on no other file sees its value.

import { type SignatureScheme, signParams } from "../signature/sign.ts";
import type { SignableParams } from "../signature/string-to-sign.ts";

const REDACTED = "[redacted]";

/** What keys of our own are for; each purpose has a key of its own (R14). */
export type KeyPurpose = "link" | "log";

/** What our own keys are for: 32 bytes of HMAC-SHA-256. */
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 };

const encoder = new TextEncoder();

/** Web Crypto's key, by no name that every runtime's types have. */
export type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A secret that signs, and prints as `[redacted]` wherever it is printed. */
export class Secret {
  readonly #value: string;
  /** By purpose and cloud name. Values and not promises, which a Worker may not share between requests. */
  readonly #keys = new Map<string, HmacKey>();

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** Cloudinary's request signature over `params`, as lower-case hex. */
  sign(params: SignableParams, scheme: SignatureScheme): Promise<string> {
    return signParams(params, this.#value, scheme);
  }

  /**
   * A key of our own, so that nothing we authenticate with it is a Cloudinary signature: HKDF-SHA-256 of the
   * secret, salted with the cloud name. It makes HMAC-SHA-256, and can't be read either.
   */
  async key(purpose: KeyPurpose, cloudName: string): Promise<HmacKey> {
    const name = `${purpose} ${cloudName}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const material = await crypto.subtle.importKey("raw", encoder.encode(this.#value), "HKDF", false, [
      "deriveKey",
    ]);
    const info = encoder.encode(`cloudinary-edge-signer/${purpose}/v1`);
    const derivation = { name: "HKDF", hash: "SHA-256", salt: encoder.encode(cloudName), info };
    const key = await crypto.subtle.deriveKey(derivation, material, HMAC, false, ["sign", "verify"]);
    this.#keys.set(name, key);
    return key;
  }

  /** Whether a text is this secret. Both are the owner's, so how long that takes tells no caller anything. */
  is(text: string): boolean {
    return text === this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  /** What Node's `console.log` prints. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}

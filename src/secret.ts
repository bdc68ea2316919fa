// The API secret. It can be used and not read: this file is the only one that sees its value.

import type { SignatureAlgorithm } from "./signature/digest.ts";
import { signParams } from "./signature/sign.ts";
import type { SignableParams } from "./signature/string-to-sign.ts";

const REDACTED = "[redacted]";

/** What keys of our own are for; each purpose has a key of its own (R14). */
export type KeyPurpose = "link" | "log";

/** Bytes of a derived key. */
const KEY_BYTES = 32;

const encoder = new TextEncoder();

/** A secret that signs, and prints as `[redacted]` wherever it is printed. */
export class Secret {
  readonly #value: string;
  /** By purpose and cloud name. Values and not promises, which a Worker may not share between requests. */
  readonly #keys = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** Cloudinary's request signature over `params`, as lower-case hex. */
  sign(params: SignableParams, algorithm: SignatureAlgorithm): Promise<string> {
    return signParams(params, this.#value, algorithm);
  }

  /**
   * A key of our own, so that nothing we authenticate with it is a Cloudinary signature: HKDF-SHA-256 of the
   * secret, salted with the cloud name, 32 bytes.
   */
  async key(purpose: KeyPurpose, cloudName: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = `${purpose} ${cloudName}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const material = await crypto.subtle.importKey("raw", encoder.encode(this.#value), "HKDF", false, [
      "deriveBits",
    ]);
    const info = encoder.encode(`cloudinary-edge-signer/${purpose}/v1`);
    const derivation = { name: "HKDF", hash: "SHA-256", salt: encoder.encode(cloudName), info };
    const key = new Uint8Array(await crypto.subtle.deriveBits(derivation, material, KEY_BYTES * 8));
    this.#keys.set(name, key);
    return key;
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

// The API secret, once it was checked. It can be used and not read: from here on no other file sees its value.

import { readNotification, type SignedNotification } from "../signature/notification.ts";
import { isResponseSigned, type ResponseMembers } from "../signature/response.ts";
import { type SignatureScheme, signParams } from "../signature/sign.ts";
import type { SignableParams } from "../signature/string-to-sign.ts";
import { derivation } from "./derivation.ts";
import { holdsSecret } from "./holds-secret.ts";
import { deriveReceiptKey, type PublicKey, type ReceiptKey } from "./receipt-key.ts";

const REDACTED = "[redacted]";

/** What keys of our own are for; each purpose has a key of its own (R14). */
export type KeyPurpose = "link" | "log";

/** What our own keys are for: 32 bytes of HMAC-SHA-256. */
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 };
/** What upload IDs are sealed with. */
const AES = { name: "AES-GCM", length: 256 };

const encoder = new TextEncoder();

/** Web Crypto's key, by no name that every runtime's types have. */
export type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A secret as far as it verifies: it can't be handed to anything that signs, which does not compile. */
export type VerifyingSecret = Pick<
  Secret,
  "key" | "sealingKey" | "publicKey" | "hasSigned" | "readNotification"
>;

/** A secret that signs, and prints as `[redacted]` wherever it is printed. */
export class Secret {
  readonly #value: string;
  /** By purpose and cloud name. Values and not promises, which a Worker may not share between requests. */
  readonly #keys = new Map<string, HmacKey>();
  readonly #receiptKeys = new Map<string, ReceiptKey>();

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
    const key = await crypto.subtle.deriveKey(
      derivation(purpose, cloudName),
      await this.#material("deriveKey"),
      HMAC,
      false,
      ["sign", "verify"],
    );
    this.#keys.set(name, key);
    return key;
  }

  /** The key that seals upload IDs, for one signer: another `publicUrl` has another. */
  async sealingKey(cloudName: string, publicUrl = ""): Promise<HmacKey> {
    const name = `upload-id ${cloudName} ${publicUrl}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = await crypto.subtle.deriveKey(
      derivation("upload-id", cloudName, publicUrl),
      await this.#material("deriveKey"),
      AES,
      false,
      ["encrypt", "decrypt"],
    );
    this.#keys.set(name, key);
    return key;
  }

  /** The key that signs receipts, for one signer. */
  async receiptKey(cloudName: string, publicUrl: string): Promise<ReceiptKey> {
    const name = `${cloudName} ${publicUrl}`;
    const known = this.#receiptKeys.get(name);
    if (known !== undefined) return known;
    const key = await deriveReceiptKey(await this.#material("deriveBits"), cloudName, publicUrl);
    this.#receiptKeys.set(name, key);
    return key;
  }

  /** Its public half, by which receipts are verified. */
  async publicKey(cloudName: string, publicUrl: string): Promise<PublicKey> {
    return (await this.receiptKey(cloudName, publicUrl)).jwk;
  }

  #material(usage: "deriveKey" | "deriveBits"): Promise<HmacKey> {
    return crypto.subtle.importKey("raw", encoder.encode(this.#value), "HKDF", false, [usage]);
  }

  /** Whether Cloudinary signed this answer to an upload: its public ID and version, and nothing else of it. */
  hasSigned(response: ResponseMembers): Promise<boolean> {
    return isResponseSigned(response, [this.#value]);
  }

  /** The body of a notification that Cloudinary signed with this secret, or why it is none. */
  readNotification(signed: Omit<SignedNotification, "secrets">): ReturnType<typeof readNotification> {
    return readNotification({ ...signed, secrets: [this.#value] });
  }

  /** Whether a text is this secret, or has it somewhere. Both are the owner's, so how long that takes tells no caller anything. */
  isIn(text: string): boolean {
    return holdsSecret(text, this.#value);
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

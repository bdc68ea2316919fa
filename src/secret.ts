// The API secret. It can be used and not read: this file is the only one that sees its value.

import type { SignatureAlgorithm } from "./signature/digest.ts";
import { signParams } from "./signature/sign.ts";
import type { SignableParams } from "./signature/string-to-sign.ts";

const REDACTED = "[redacted]";

/** A secret that signs, and prints as `[redacted]` wherever it is printed. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** Cloudinary's request signature over `params`, as lower-case hex. */
  sign(params: SignableParams, algorithm: SignatureAlgorithm): Promise<string> {
    return signParams(params, this.#value, algorithm);
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

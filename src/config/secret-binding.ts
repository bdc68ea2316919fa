// A secret by its binding: a text, or a Secrets Store binding that is read when it is first needed.

import { err, ok, type Result } from "../signature/result.ts";

/** Reads a secret; a failure of the store is not remembered. */
export type SecretReader = () => Promise<Result<string, string>>;

/** A binding of Cloudflare's Secrets Store, or anything with its shape. */
interface StoreBinding {
  get(): Promise<string>;
}

/** Whether a binding is read by asking for its value. */
export function isStore(value: unknown): value is StoreBinding {
  return typeof value === "object" && value !== null && typeof (value as StoreBinding).get === "function";
}

/** A reader of a text or a store; what `check` complains about is told and not remembered. */
export function secretReader(
  name: string,
  value: unknown,
  check: (text: string) => string | undefined,
): SecretReader {
  let known: string | undefined;
  return async () => {
    if (known !== undefined) return ok(known);
    let text: unknown = value;
    if (isStore(value)) {
      try {
        text = await value.get();
      } catch {
        return err(`the secret ${name} could not be read from its store`);
      }
    }
    if (typeof text !== "string") return err(`the secret ${name} is no text`);
    const complaint = check(text);
    if (complaint !== undefined) return err(`the secret ${name} ${complaint}`);
    known = text;
    return ok(text);
  };
}

// Verifying by a secret that may have been changed in its store meanwhile.

import type { Failure, FailureReason } from "../failure.ts";
import type { Result } from "../result.ts";
import type { SecretReader } from "./secret-reader.ts";

/** What fails where the secret is not the one that a credential was made with. */
const DOUBTS: ReadonlySet<FailureReason> = new Set([
  "signature",
  "link_signature",
  "notification_signature",
  "turnstile_secret",
  "upload_id_unsealed",
]);

/** Verifies by the secret at hand and, where that fails, by the one that its store has now, if that is another. */
export async function underSecret<S extends object, T>(
  read: SecretReader<S>,
  now: number,
  verify: (secret: S) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const secret = await read(now);
  if (!secret.ok) return secret;
  const verified = await verify(secret.value);
  if (verified.ok || !DOUBTS.has(verified.error.reason)) return verified;
  const again = await read(now, secret.value);
  return again.ok && again.value !== secret.value ? verify(again.value) : verified;
}

// Verifying by a secret that may have been changed in its store meanwhile, and by two while one replaces another.

import type { Failure, FailureReason } from "../failure.ts";
import { ok, type Result } from "../result.ts";
import type { Secret, VerifyingSecret } from "./secret.ts";
import type { SecretReader } from "./secret-reader.ts";

/** What fails where the secret is not the one that a credential was made with. */
const DOUBTS: ReadonlySet<FailureReason> = new Set([
  "signature",
  "link_signature",
  "notification_signature",
  "turnstile_secret",
  "upload_id_unsealed",
  "upload_id_response",
]);

/** Whether another secret would change nothing. */
const isSettled = (verified: Result<unknown, Failure>): boolean =>
  verified.ok || !DOUBTS.has(verified.error.reason);

/** Verifies by the secret at hand and, where that fails, by the one that its store has now, if that is another. */
export async function underSecret<S extends object, T>(
  read: SecretReader<S>,
  now: number,
  verify: (secret: S) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const secret = await read(now);
  if (!secret.ok) return secret;
  const verified = await verify(secret.value);
  if (isSettled(verified)) return verified;
  const again = await read(now, secret.value);
  return again.ok && again.value !== secret.value ? verify(again.value) : verified;
}

/** The account's secrets: one that signs and, in a rotation, one that only verifies. */
export interface Keyring {
  /** The API secret; it may have to be fetched first. */
  readonly apiSecret: SecretReader<Secret>;
  /** That of `CLOUDINARY_URL_PREVIOUS`, which signs nothing. */
  readonly previous?: SecretReader<VerifyingSecret>;
}

/** What was verified, and the secret that signs what comes of it, whichever verified. */
export interface Verified<T> {
  readonly value: T;
  readonly secret: Secret;
}

const by = <T>(secret: Secret, verified: Result<T, Failure>): Result<Verified<T>, Failure> =>
  verified.ok ? ok({ value: verified.value, secret }) : verified;

/**
 * Verifies by the current secret and, where that fails, by the previous one, if there is one: `event` hears that it was
 * needed. Which of the two it was is no secret, so this may be told by how long it takes.
 */
export async function underKeyring<T>(
  { apiSecret, previous }: Keyring,
  now: number,
  event: { previous: true | undefined },
  verify: (secret: VerifyingSecret) => Promise<Result<T, Failure>>,
): Promise<Result<Verified<T>, Failure>> {
  const secret = await apiSecret(now);
  if (!secret.ok) return secret;
  const first = await verify(secret.value);
  if (isSettled(first)) return by(secret.value, first);
  let isPrevious = false;
  const before =
    previous &&
    (await underSecret(previous, now, async (one) => {
      const verified = await verify(one);
      isPrevious = isSettled(verified);
      return verified;
    }));
  if (before !== undefined && isPrevious) {
    event.previous = true;
    return by(secret.value, before);
  }
  const again = await apiSecret(now, secret.value);
  if (again.ok && again.value !== secret.value) {
    const verified = await verify(again.value);
    if (isSettled(verified)) return by(again.value, verified);
  }
  // What is wrong with the previous one is told where nothing else could verify.
  return by(secret.value, before ?? first);
}

// What the signer tells of a profile, kept while the page lives: the limits that a page can show and keep before it asks.

import type { ProfileDescription } from "../policy/decide/describe.ts";
import { declaredBroken } from "../policy/decide/judge-file.ts";
import { afterTicket, askSigner, type SignerAccess, strangeAnswer } from "./ask-signer.ts";
import { declaredOf } from "./declared-file.ts";
import { UploadError } from "./errors.ts";
import { untilAborted, withRetries } from "./retry.ts";
import { addressOf, toldAddress } from "./signer-address.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Where the signer is; `token` and `headers` where an app around it wants them: the signer does not. */
export type DescribeOptions = SignerAccess & Pick<UploadOptions, "retries">;

/** By address, those that are known, and those that are asked for. */
const known = new Map<string, ProfileDescription>();
const asked = new Map<string, Promise<ProfileDescription>>();

/**
 * What a profile is for and what it takes: its method, the access methods, the parameters with their limits, and `file`,
 * the limits on files. It is asked for once, and known while the page lives; from then on `upload` refuses by it what is
 * too large or of another format before anything is asked.
 *
 * Rejects with an `UploadError`, or with the signal's reason when aborted.
 *
 * @example
 * const { file } = await describeProfile({ signer: "https://signer.example.com", profile: "avatars" });
 * input.accept = (file?.formats ?? []).map((format) => `.${format}`).join();
 */
export async function describeProfile(options: DescribeOptions): Promise<ProfileDescription> {
  if (typeof options !== "object" || options === null)
    throw new TypeError('describeProfile wants options, such as { signer: "https://signer.example.com" }');
  const address = addressOf(options, "sign");
  const { signal: _, ...lasting } = options;
  const asking = asked.get(address) ?? withRetries(() => request(lasting), lasting);
  asked.set(address, asking);
  // One that failed is asked for again.
  asking.then(
    (description) => known.set(address, description),
    () => asked.delete(address),
  );
  return untilAborted(asking, options.signal);
}

async function request(options: SignerAccess): Promise<ProfileDescription> {
  const { response, answer } = await askSigner(afterTicket(options), "sign");
  const { name, method, resourceType } = (answer ?? {}) as Partial<ProfileDescription>;
  if ([name, method, resourceType].every((one) => typeof one === "string"))
    return answer as ProfileDescription;
  throw strangeAnswer(response, toldAddress(options));
}

/** The same where it is known already. */
export const knownProfile = (options: SignerAccess): ProfileDescription | undefined =>
  known.get(addressOf(options, "sign"));

/** Throws where a file breaks limits that are known; the signer says the same, in the same words. */
export function checkLimits(file: Blob, options: SignerAccess): void {
  const described = knownProfile(options);
  const broken = described && declaredBroken(described, declaredOf(file));
  if (broken !== undefined)
    throw new UploadError(broken.detail, { code: "file_refused", status: 0, retryable: false });
}

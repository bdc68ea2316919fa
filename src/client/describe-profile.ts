// What the signer tells of a profile: the limits that a page can show and keep before it asks.

import type { ProfileDescription } from "../policy/decide/describe.ts";
import { declaredBroken } from "../policy/decide/judge-file.ts";
import { afterTicket, askSigner, type SignerAccess } from "./ask-signer.ts";
import { declaredOf } from "./declared-file.ts";
import { UploadError } from "./errors.ts";
import { knownProfile, limits, remember } from "./known-profiles.ts";
import { untilAborted, withRetries } from "./retry.ts";
import { addressOf } from "./signer-address.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Where the signer is; `token` and `headers` where an app around it wants them: the signer does not. */
export type DescribeOptions = SignerAccess & Pick<UploadOptions, "retries">;

/** By address, those that are asked for, or were. */
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
  asking.catch(() => asked.delete(address));
  return untilAborted(asking, options.signal);
}

async function request(options: SignerAccess): Promise<ProfileDescription> {
  const description = await askSigner(afterTicket(options), "sign", asDescription);
  limits.check = checkLimits;
  remember(options, description);
  return description;
}

const asDescription = (answer: Partial<ProfileDescription>): ProfileDescription | undefined =>
  [answer.name, answer.method, answer.resourceType].every((one) => typeof one === "string")
    ? (answer as ProfileDescription)
    : undefined;

/** What a file breaks of the limits that are known, if anything; the signer says the same, in the same words. */
export function brokenLimit(file: Blob, options: SignerAccess) {
  const { resourceType, file: within = {} } = knownProfile(options) ?? {};
  return resourceType && declaredBroken({ resourceType, file: within }, declaredOf(file));
}

function checkLimits(file: Blob, options: SignerAccess): void {
  const broken = brokenLimit(file, options);
  if (broken !== undefined) throw new UploadError(broken.detail, { code: "file_refused", status: 0 });
}

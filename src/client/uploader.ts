// One uploader for a page: the signer's options once, and the profiles of its configuration by their types.

import type { ProfileDescription } from "../policy/decide/describe.ts";
import { act } from "./act.ts";
import type { ActResponse } from "./cloudinary.ts";
import { describeProfile } from "./describe-profile.ts";
import type {
  ActProfiles,
  AnyConfig,
  FileProfiles,
  ParamsOf,
  ProfilesOf,
  UnknownConfig,
  UploadedBy,
} from "./profile-types.ts";
import { uploadQueue } from "./queue.ts";
import type { ActOptions, UploadOptions } from "./upload-options.ts";

/** What an uploader says to the signer each time; what a call says stands over it, header by header. */
export interface UploaderOptions
  extends Pick<UploadOptions, "signer" | "token" | "headers" | "credentials" | "chunkSize" | "retries"> {
  /** Uploads at once; the others wait in order. Default 3. */
  readonly concurrency?: number;
}

/** What goes with one file. */
export interface FileOptions<Params> extends Omit<UploadOptions, "signer" | "profile" | "params"> {
  /** Parameters that the profile accepts, by Cloudinary's names. */
  readonly params?: Params;
}

type OneActOptions = Omit<ActOptions, "signer">;

/** Parameters may be left out where none has to be there. */
type ActArguments<Params> =
  Record<never, never> extends Params
    ? [params?: Params, options?: OneActOptions]
    : [params: Params, options?: OneActOptions];

/** `upload`, `act` and `describeProfile` of one signer. */
export interface Uploader<C extends AnyConfig = UnknownConfig, Data = unknown> {
  /** Uploads a file under a profile, as `upload` does, in the uploader's queue. */
  upload<N extends keyof FileProfiles<ProfilesOf<C>> & string>(
    profile: N,
    file: Blob,
    options?: FileOptions<ParamsOf<ProfilesOf<C>[N]>>,
  ): Promise<UploadedBy<ProfilesOf<C>[N], Data>>;
  /** Does what a profile of another method is for, as `act` does. */
  act<N extends keyof ActProfiles<ProfilesOf<C>> & string>(
    profile: N,
    ...args: ActArguments<ParamsOf<ProfilesOf<C>[N]>>
  ): Promise<ActResponse>;
  /** What a profile is for and what it takes, as `describeProfile` does. */
  describe(profile: keyof ProfilesOf<C> & string): Promise<ProfileDescription>;
}

/**
 * An uploader for a signer, whose options are given once. With the type of the configuration, `typeof config` or what
 * `cloudinary-edge-signer types` wrote, it knows the profiles: their names, which are for files, the parameters that each
 * accepts, and which answer a receipt. `Data` is what the application's `onUploaded` returns. Without types it takes every
 * name and any parameters.
 *
 * Files are uploaded in its queue, as by `uploadQueue`: those that come in at once ask for their tickets in one request.
 * Throws a `RangeError` for a `concurrency` below 1, a `TypeError` where there are no options.
 *
 * @example
 * import type config from "../signer.config.ts";
 * const uploader = createUploader<typeof config, { id: number }>({ signer: "https://signer.example.com", token });
 * const { asset, receipt, data } = await uploader.upload("avatars", file, { onProgress });
 */
export function createUploader<C extends AnyConfig = UnknownConfig, Data = unknown>(
  options: UploaderOptions,
): Uploader<C, Data> {
  if (typeof options !== "object" || options === null)
    throw new TypeError('createUploader wants options, such as { signer: "https://signer.example.com" }');
  const { concurrency, ...given } = options;
  const enqueue = uploadQueue(concurrency);
  const over = <T extends Partial<UploadOptions>>(one?: T) => ({
    ...given,
    ...one,
    headers: { ...lowerCased(given.headers), ...lowerCased(one?.headers) },
  });
  const uploader: Uploader = {
    upload: async (profile, file, one) => enqueue(file, { ...over(one), profile: named(profile) }),
    act: async (profile, params = {}, one) => act(profile, params, over(one)),
    describe: async (profile) => describeProfile({ ...given, profile: named(profile) }),
  };
  return uploader as unknown as Uploader<C, Data>;
}

/** Names of headers are the same in any case; in an object both would stand, and be sent as one value. */
const lowerCased = (headers: UploadOptions["headers"] = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Who forgets it would ask for the profile `default`. */
function named(profile: unknown): string {
  if (typeof profile === "string") return profile;
  throw new TypeError('give the name of a profile first, such as "avatars"');
}

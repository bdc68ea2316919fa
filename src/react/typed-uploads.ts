// Options and functions of the store, where the type of the configuration tells which profiles there are. Types alone.

import type {
  AddOptions,
  AnyConfig,
  FilesToAdd,
  UnknownConfig,
  UploadItem,
  Uploads,
  UploadsOptions,
  UploadsSnapshot,
} from "../client/client.ts";
import type { FileProfiles, ParamsOf, ProfilesOf } from "../client/profile-types.ts";

type Names<C> = keyof FileProfiles<ProfilesOf<C>> & string;
type ParamsOfName<C, N> = N extends keyof ProfilesOf<C> ? ParamsOf<ProfilesOf<C>[N]> : never;

/** A profile for files, with parameters that it accepts. */
type NamedProfile<C> = {
  [N in Names<C>]: { readonly profile: N; readonly params?: ParamsOfName<C, N> | undefined };
}[Names<C>];

type AnyChoice = {
  readonly profile?: string | undefined;
  readonly params?: UploadsOptions["params"] | undefined;
};

/** The profile may be left out where there is one that is called `default`. */
type Profile<C> =
  string extends Names<C>
    ? AnyChoice
    :
        | NamedProfile<C>
        | ("default" extends Names<C>
            ? { readonly profile?: undefined; readonly params?: ParamsOfName<C, "default"> | undefined }
            : never);

/** What goes with some of the files: without a profile it is the store's, of which the type is not known. */
export type ProfileChoice<C extends AnyConfig> =
  string extends Names<C>
    ? AnyChoice
    :
        | NamedProfile<C>
        | { readonly profile?: undefined; readonly params?: UploadsOptions["params"] | undefined };

/**
 * Options of `createUploads`. `signer`, `credentials`, `chunkSize`, `retries` and `concurrency` are those of the first
 * rendering; the others are read each time that they are used, so that they may change and come later.
 */
export type TypedUploadsOptions<C extends AnyConfig = UnknownConfig> = Omit<
  UploadsOptions,
  "profile" | "params" | "token" | "headers" | "onSettled"
> & {
  readonly token?: UploadsOptions["token"] | undefined;
  readonly headers?: UploadsOptions["headers"] | undefined;
  readonly onSettled?: UploadsOptions["onSettled"] | undefined;
} & Profile<C>;

/** What a store tells and does: its snapshot and its functions in one object, another one after each change. */
export interface TypedUploads<C extends AnyConfig = UnknownConfig, Data = unknown>
  extends Omit<UploadsSnapshot, "items">,
    Omit<Uploads, "add"> {
  /** In the order in which they were added; `result.data` is what the application's `onUploaded` returned. */
  readonly items: readonly (UploadItem & { readonly result?: { readonly data?: Data | null } })[];
  /** As the store's `add`, with a profile of the configuration. */
  readonly add: (
    files: FilesToAdd,
    options?: Omit<AddOptions, "profile" | "params"> & ProfileChoice<C>,
  ) => Promise<readonly string[]>;
}

// `useUploads`: a store of uploads in a component, made once or given, and what it tells.

import { type RefObject, useInsertionEffect, useMemo, useRef, useSyncExternalStore } from "react";
import {
  type AnyConfig,
  createUploads,
  type UnknownConfig,
  type Uploads,
  type UploadsOptions,
  type UploadsSnapshot,
} from "../client/client.ts";
import type { TypedUploads, TypedUploadsOptions } from "./typed-uploads.ts";

/** What a server renders, and the browser first: before anybody added anything. */
const NOTHING: UploadsSnapshot = {
  items: [],
  total: { files: 0, done: 0, size: 0, sent: 0, progress: 0, speed: 0 },
  counts: { waiting: 0, signing: 0, sending: 0, paused: 0, confirming: 0, done: 0, failed: 0, cancelled: 0 },
  isActive: false,
  isOffline: false,
};
const nothing = (): UploadsSnapshot => NOTHING;

type Options = { readonly [N in keyof UploadsOptions]: UploadsOptions[N] | undefined } & {
  readonly signer: UploadsOptions["signer"];
};
type Given = Uploads | Options;

/** A store has no profile of its own to show; said so, the compiler tells a misspelt one with the names that there are. */
interface NoOptions {
  readonly profile?: undefined;
  readonly params?: undefined;
}

function isStore(given: Given): given is Uploads {
  if (typeof given === "object" && given !== null) return "getSnapshot" in given;
  throw new TypeError(
    'useUploads wants options, such as { signer: "https://signer.example.com" }, or what createUploads returned',
  );
}

/**
 * A store of uploads, as `createUploads` makes it, and what there is to show: `items`, `total`, and the functions `add`,
 * `pause`, `retry` and so on in one object, which the components here take. Give it options, of which it makes a store
 * that lives as long as the component; or a store that you made outside of it, which outlives it and may be used by
 * several. With the type of the configuration it knows the profiles, and with
 * `Data` what the application's `onUploaded` returns.
 *
 * A store is empty on a server and in the first rendering in a browser. What is under way when the component goes away
 * goes on; call `cancelAll` where it shall not.
 *
 * @example
 * const uploads = useUploads<typeof config>({ signer: "https://signer.example.com", profile: "avatars", token });
 * return uploads.items.map(({ id, name, status, reason }) => <li key={id}>{name}: {reason ?? status}</li>);
 */
export function useUploads<C extends AnyConfig = UnknownConfig, Data = unknown>(
  given: ((Uploads | TypedUploads<C>) & NoOptions) | TypedUploadsOptions<C>,
): TypedUploads<C, Data> {
  const now = given as Given;
  const latest = useRef(now);
  useInsertionEffect(() => {
    latest.current = now;
  });
  const made = useRef<Uploads | undefined>(undefined);
  if (!isStore(now)) made.current ??= storeOf(latest as RefObject<Options>);
  const uploads = isStore(now) ? now : made.current!;
  const snapshot = useSyncExternalStore(uploads.subscribe, uploads.getSnapshot, nothing);
  const profile = isStore(now) ? undefined : now.profile;
  // Another function for another profile: who asked what it takes asks again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store reads the profile itself
  const describe = useMemo<Uploads["describe"]>(() => (more) => uploads.describe(more), [uploads, profile]);
  return useMemo(
    () => ({ ...uploads, ...snapshot, describe }) as unknown as TypedUploads<C, Data>,
    [uploads, snapshot, describe],
  );
}

/** A store that reads at the time of use what may change. */
function storeOf(latest: { readonly current: Options }): Uploads {
  const { token: _, onSettled: __, signer, ...lasting } = latest.current;
  // One function, for files whose token is the same one are signed in one request; a token may come later than a file.
  const token = () => {
    const { token } = latest.current;
    return typeof token === "function" ? token() : (token ?? "");
  };
  const withNow = <T extends object>(more?: T): T => {
    const { profile, params, headers } = latest.current;
    return { profile, params, headers, token, ...more } as unknown as T;
  };
  const store = createUploads({
    ...(lasting as UploadsOptions),
    // A path is the page's: on a server, where nobody adds anything, any page will do.
    signer: typeof location === "undefined" && signer ? new URL(signer, "http://localhost") : signer,
    onSettled: (item) => latest.current.onSettled?.(item),
  });
  return {
    ...store,
    add: (files, more) => store.add(files, withNow(more)),
    describe: (more) => store.describe(withNow(more)),
  };
}

// What the button and the dropzone have in common: which uploads, what goes with the files, and how all of it is.

import type { ReactNode } from "react";
import type { AnyConfig, FilesToAdd, Uploads, UploadsSnapshot } from "../client/client.ts";
import type { ProfileChoice, TypedUploads } from "./typed-uploads.ts";
import { useUploads } from "./uploads-hook.ts";

/** `disabled`; `offline` waits for a connection; `pending` while anything is under way; else `idle`. */
export type UploadsStatus = "idle" | "pending" | "offline" | "disabled";

/** What `children` is told where it is a function. */
export interface PickingState extends UploadsSnapshot {
  readonly status: UploadsStatus;
}

/** The profile and its parameters stand over those of the store. */
export type PickingProps<C extends AnyConfig> = ProfileChoice<C> & {
  /** What `useUploads` returned, or `createUploads`. */
  readonly uploads: Uploads | TypedUploads<C>;
  readonly disabled?: boolean | undefined;
  /** The dialog asks for a folder, in place of files. */
  readonly folder?: boolean | undefined;
  /** Takes the IDs of the items that were added. */
  readonly onAdded?: ((ids: readonly string[]) => void) | undefined;
  /** What is in the button; a function is told how the uploads are. */
  readonly children?: ReactNode | ((state: PickingState) => ReactNode);
};

/** The same, whatever is known of the configuration. */
export interface Picking extends Omit<PickingProps<AnyConfig>, "profile" | "params" | "uploads"> {
  readonly uploads: Uploads;
  readonly profile?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** How the uploads are, and what adds files and tells `onAdded`. */
export function usePicking({ uploads, profile, params, disabled = false, onAdded }: Picking) {
  const snapshot = useUploads(uploads);
  const { isActive, isOffline } = snapshot;
  const status = disabled ? "disabled" : isOffline ? "offline" : isActive ? "pending" : "idle";
  return {
    state: { ...snapshot, status } as PickingState,
    // Rejects where no profile can have such a name alone: a mistake, which is the console's to tell.
    take: async (files: FilesToAdd): Promise<void> => {
      const ids = await uploads.add(files, { ...(profile && { profile }), ...(params && { params }) });
      onAdded?.(ids);
    },
  };
}

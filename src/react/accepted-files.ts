// What a file dialog offers for a profile, by what the signer tells of it. A hint alone: what is chosen is judged anyway.

import type { ProfileDescription } from "../client/client.ts";
import { endingsOf } from "../policy/tables/formats.ts";

/** Attributes of `<input type="file">`. */
export interface Offered {
  readonly accept?: string;
  readonly multiple: boolean;
}

/** Of a profile without formats. */
const BY_TYPE: Readonly<Record<string, string>> = { image: "image/*", video: "video/*,audio/*" };

/** Anything, where the signer did not say. */
export function offeredBy(description: ProfileDescription | undefined): Offered {
  const { file, resourceType = "auto" } = description ?? {};
  const accept =
    file?.formats
      ?.flatMap(endingsOf)
      .map((ending) => `.${ending}`)
      .join() ?? BY_TYPE[resourceType];
  return { ...(accept !== undefined && { accept }), multiple: file?.maxFiles !== 1 };
}

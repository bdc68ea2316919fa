// What a person at this page can do about a refusal.

import type { UploadErrorCode, UploadItem } from "../client/client.ts";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { codeOf } from "./uploads.ts";

export interface Fix {
  readonly text: string;
  /** The setting that fixes it. */
  readonly setting?: SettingName;
}

const TOKEN: Fix = { text: TEXTS.fixToken, setting: "token" };
const PROFILE: Fix = { text: TEXTS.fixProfile, setting: "profile" };
const LATER: Fix = { text: TEXTS.fixLater };

const FIXES: Partial<Record<UploadErrorCode, Fix>> = {
  unauthenticated: TOKEN,
  invalid_token: TOKEN,
  expired_token: TOKEN,
  unknown_profile: PROFILE,
  profile_not_allowed: PROFILE,
  network: { text: TEXTS.fixNetwork },
  params_refused: { text: TEXTS.fixParameters, setting: "params" },
  file_refused: { text: TEXTS.fixFile },
  origin_not_allowed: { text: TEXTS.fixOrigin },
  misconfigured: { text: TEXTS.fixConfiguration },
  rate_limited: LATER,
  keys_unavailable: LATER,
  limiter_unavailable: LATER,
  cloudinary_unavailable: LATER,
  application_unavailable: LATER,
};

/** How to fix a refusal, where its code tells. */
export const fixOf = (item: UploadItem): Fix | undefined =>
  // What is empty is told so, with what to do.
  item.size === 0 ? undefined : FIXES[codeOf(item) as UploadErrorCode];

/** Whether trying again may help, as it is or with other settings. */
export const canTryAgain = (item: UploadItem): boolean => item.canRetry || fixOf(item)?.setting !== undefined;

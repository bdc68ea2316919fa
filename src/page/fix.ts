// What a person at this page can do about a refusal.

import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import type { Refused } from "./uploads.ts";

export interface Fix {
  readonly text: string;
  /** The setting that fixes it. */
  readonly setting?: SettingName;
}

const TOKEN: Fix = { text: TEXTS.fixToken, setting: "token" };
const PROFILE: Fix = { text: TEXTS.fixProfile, setting: "profile" };
const LATER: Fix = { text: TEXTS.fixLater };

const FIXES: Partial<Record<Refused["code"], Fix>> = {
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
export const fixOf = ({ code }: Refused): Fix | undefined => FIXES[code];

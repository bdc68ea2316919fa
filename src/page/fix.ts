// What a person at this page can do about a refusal.

import type { SettingName } from "./settings.ts";
import type { Refused } from "./uploads.ts";

export interface Fix {
  readonly text: string;
  /** The setting that fixes it. */
  readonly setting?: SettingName;
}

const TOKEN: Fix = { text: "Give a valid token in Settings, then retry.", setting: "token" };
const PROFILE: Fix = {
  text: "Name another profile in Settings (`npm start` lists those of the demo), then retry.",
  setting: "profile",
};
const LATER: Fix = { text: "Wait a few seconds, then retry." };

const FIXES: Partial<Record<Refused["code"], Fix>> = {
  unauthenticated: TOKEN,
  invalid_token: TOKEN,
  expired_token: TOKEN,
  unknown_profile: PROFILE,
  profile_not_allowed: PROFILE,
  network: { text: "Is it still running? Then retry." },
  params_refused: { text: "Change the parameters in Settings, then retry.", setting: "params" },
  origin_not_allowed: { text: "Add this page's origin to allowedOrigins in the signer's configuration." },
  misconfigured: { text: "Fix the Worker's configuration; GET /health tells what is wrong." },
  rate_limited: LATER,
  keys_unavailable: LATER,
  limiter_unavailable: LATER,
};

/** How to fix what was refused, where its code tells. */
export const fixOf = ({ code }: Refused): Fix | undefined => FIXES[code];

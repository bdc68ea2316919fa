// What a person at this page can do about a refusal.

import type { SettingName } from "./settings.ts";
import type { Refused } from "./uploads.ts";

export interface Mend {
  readonly text: string;
  /** The setting that mends it. */
  readonly setting?: SettingName;
}

const TOKEN: Mend = { text: "Give a valid token in Settings, then retry.", setting: "token" };
const PROFILE: Mend = {
  text: "Name another profile in Settings (`npm start` lists those of the demo), then retry.",
  setting: "profile",
};
const LATER: Mend = { text: "Wait a few seconds, then retry." };

const MENDS: Partial<Record<Refused["code"], Mend>> = {
  unauthenticated: TOKEN,
  invalid_token: TOKEN,
  expired_token: TOKEN,
  unknown_profile: PROFILE,
  profile_not_allowed: PROFILE,
  network: { text: "Is it still running? Then retry." },
  params_refused: { text: "Change the parameters in Settings, then retry.", setting: "params" },
  origin_not_allowed: { text: "Add this page's origin to allowedOrigins in the signer's configuration." },
  misconfigured: { text: "Mend the Worker's configuration; GET /health tells what is wrong." },
  rate_limited: LATER,
  keys_unavailable: LATER,
  limiter_unavailable: LATER,
};

/** How to mend a refusal, where its code tells. */
export const mendOf = ({ code }: Refused): Mend | undefined => MENDS[code];

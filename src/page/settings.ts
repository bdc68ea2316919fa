// What the settings hold as typed, and what an upload takes from them.

import { TEXTS } from "./texts.ts";
import type { Asked } from "./uploads.ts";

/** The fields as typed. The token is kept here alone: in memory, until the page closes. */
export interface Settings {
  readonly profile: string;
  readonly token: string;
  readonly params: string;
}

export type SettingName = keyof Settings;

export const DEFAULTS: Settings = { profile: "default", token: "", params: "" };

/** The parameters as typed, or the sentence to show beside them. */
export function readParams(text: string): { params: Asked["params"] } | { problem: string } {
  if (text.trim() === "") return { params: {} };
  try {
    const params: unknown = JSON.parse(text);
    if (typeof params === "object" && params !== null && !Array.isArray(params)) {
      return { params: params as Asked["params"] };
    }
    return { problem: TEXTS.parametersNotObject };
  } catch (error) {
    return { problem: TEXTS.parametersNotJson((error as Error).message) };
  }
}

/** The token alone, of what was pasted: people copy the whole header. */
export const readToken = (text: string): string => text.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");

/** What an upload that starts now asks for; nothing while the parameters can't be read. */
export function readSettings({ profile, token, params }: Settings): Asked | undefined {
  const read = readParams(params);
  if ("problem" in read) return undefined;
  return {
    profile: profile.trim() || DEFAULTS.profile,
    params: read.params,
    withToken: readToken(token) !== "",
  };
}

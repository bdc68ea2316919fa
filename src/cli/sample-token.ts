// A token of somebody, for an access method whose shared secret `start` made itself.

import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";
import { methodOf } from "./access-methods.ts";

/** A token, and what it is good for. */
export interface SampleToken {
  /** The access method that takes it, as a bearer token. */
  readonly access: string;
  /** The profiles that name the method. */
  readonly profiles: readonly string[];
  readonly token: string;
}

/** A token of the user 42 for the first such method that a profile names, if there is one. */
export async function sampleToken(
  { profiles }: Config,
  settings: Effective,
  secrets: Readonly<Record<string, string>>,
): Promise<SampleToken | undefined> {
  for (const access of Object.keys(settings.access)) {
    const served = [...profiles.values()].filter((profile) => profile.access.includes(access));
    const token = served.length > 0 ? await methodOf(access, settings).token(secrets) : undefined;
    if (token !== undefined) return { access, profiles: served.map(({ name }) => name), token };
  }
  return undefined;
}

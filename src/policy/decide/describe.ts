// What a client may know of a profile before it asks: no prefix, no list of folders or names, no claim, and no value
// that the server sets.

import type { Profile, ResourceType } from "../profile.ts";
import { type DescribedLimits, describeLimits } from "../tables/limits.ts";
import { mostFiles } from "./judge-file.ts";

/** A profile as it is described. */
export interface ProfileDescription {
  /** By which it is asked for: `POST /sign/{name}`. */
  readonly name: string;
  /** `upload`, or another method of Cloudinary's API. */
  readonly method: string;
  /** Where its tickets send to; of `auto` Cloudinary finds it out. */
  readonly resourceType: ResourceType;
  /** Whether it answers clients that choose the parameters themselves. */
  readonly dropIn: boolean;
  /** The types of its access methods: `jwt`, `public`. */
  readonly access: readonly string[];
  /** What a client may send, and the limits that it has to keep. */
  readonly accept: Readonly<Record<string, DescribedLimits>>;
  /** The limits on what arrives; absent, there are none, and nothing is confirmed. */
  readonly file?: {
    /** Largest file, in bytes. */
    readonly maxBytes?: number;
    /** By Cloudinary's names, such as `jpg`. */
    readonly formats?: readonly string[];
    /** Most files of one request. */
    readonly maxFiles: number;
  };
}

/** Describes a profile; `access` are the types of its access methods. */
export function describe(profile: Profile, access: readonly string[]): ProfileDescription {
  const { name, method, resourceType, noDropIn, accept, file } = profile;
  const { quarantine: _, ...limits } = file ?? { quarantine: false, maxFiles: 0 };
  return {
    ...{ name, method: method.name, resourceType, dropIn: noDropIn === undefined },
    access: [...new Set(access)],
    accept: Object.fromEntries(
      [...accept].map(([param, { parameter, limits: within }]) => [param, describeLimits(parameter, within)]),
    ),
    ...(file && { file: { ...limits, maxFiles: mostFiles(profile) } }),
  };
}

// A profile: a named upload policy, as it is written and as it is after its check.

import type { Limits, LimitsInput } from "./tables/limits.ts";
import type { Parameter } from "./tables/parameters.ts";
import type { Template } from "./template.ts";

/** Part of the upload address. No signature binds it. */
export type ResourceType = "image" | "video" | "raw" | "auto";

/** Shortest life of a ticket, in seconds. */
export const MIN_TTL = 60;
/** How long Cloudinary takes a signature after its timestamp, in seconds. */
export const SIGNATURE_LIFE = 3600;

/** A profile as it is written. */
export interface ProfileInput {
  /** Where tickets send the upload; default `auto`. */
  readonly resourceType?: ResourceType | undefined;
  /** Names of ways in; any of them lets a caller in. */
  readonly access: readonly string[];
  /** Life of a ticket in seconds, 60 to 3600; default 3600. */
  readonly ttl?: number | undefined;
  /** Declares the profile for clients that choose the parameters themselves. */
  readonly dropIn?: boolean | undefined;
  /** Named risks that the owner accepts. */
  readonly allow?: readonly string[] | undefined;
  /** What the server sets, by parameter. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** What a client may send, by parameter. */
  readonly accept?: Readonly<Record<string, LimitsInput>> | undefined;
}

/** A parameter that the server sets. */
export interface SetParam {
  readonly parameter: Parameter;
  readonly template: Template;
  /** The keys of `context` and `metadata` that are the server's. */
  readonly keys?: ReadonlySet<string>;
}

/** A parameter that a client may send. */
export interface AcceptParam {
  readonly parameter: Parameter;
  readonly limits: Limits;
}

/** A claim that a profile's templates need. */
export interface ClaimUse {
  readonly claim: string;
  readonly hash: boolean;
  /** Characters that end the claim somewhere, and so may not stand in it. */
  readonly separators: readonly string[];
}

/** A profile after its check. */
export interface Profile {
  readonly name: string;
  readonly resourceType: ResourceType;
  readonly access: readonly string[];
  readonly ttl: number;
  readonly set: ReadonlyMap<string, SetParam>;
  readonly accept: ReadonlyMap<string, AcceptParam>;
  readonly claims: readonly ClaimUse[];
  /** The named risks that the owner accepted and that the profile needs. */
  readonly optIns: readonly string[];
  /** Whether `dropIn = true` was declared. */
  readonly dropIn: boolean;
  /** Why the profile can't answer clients that choose the parameters themselves; absent, it can. */
  readonly noDropIn?: { readonly param: string; readonly reason: string };
}

/** What is wrong with a profile. */
export interface Complaint {
  /** Where it stands, below the profile: `set.folder`. */
  readonly at: string;
  /** What is wrong, and what would mend it. */
  readonly problem: string;
}

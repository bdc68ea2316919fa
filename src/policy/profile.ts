// A profile: a named policy, as it is written and as it is after its check.

import type { Limits, LimitsInput } from "./tables/limits.ts";
import type { Parameter } from "./tables/parameters.ts";
import type { Reason } from "./tables/reasons.ts";
import type { MethodName, SignedMethod } from "./tables/signed-methods.ts";
import type { Template } from "./values/template.ts";

/** Part of the address. No signature binds it. */
export type ResourceType = "image" | "video" | "raw" | "auto";

/** Shortest life of a ticket, in seconds. */
export const MIN_TTL = 60;
/** How long Cloudinary takes a signature after its timestamp, in seconds. */
export const SIGNATURE_LIFE = 3600;

/** What a profile needs to know of the access methods it names. */
export interface AccessTraits {
  /** Whether its callers are back ends of the owner's own. */
  readonly backEnd?: boolean | undefined;
  /** Whether it lets in anybody, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** The claims that its callers have, and that templates may take. */
  readonly claims: ReadonlySet<string>;
  /** Who tells the callers apart: two access methods of one party mean the same person by the same claim. */
  readonly identity?: string;
}

/** Access methods by name. */
export type AccessMethods = ReadonlyMap<string, AccessTraits>;

/** A profile as it is written. */
export interface ProfileInput {
  /** The method of Cloudinary's that it signs for; default `upload`. */
  readonly method?: MethodName | undefined;
  /** Where tickets are sent; an upload's default is `auto`. */
  readonly resourceType?: ResourceType | undefined;
  /** Names of access methods; any of them lets a caller in. */
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
  /** Of a list each item, of anything else the whole. */
  readonly items: readonly Template[];
  /** The keys of `context` and `metadata` that are the server's. */
  readonly keys?: ReadonlySet<string>;
}

/** A parameter that a client may send. */
export interface AcceptParam {
  readonly parameter: Parameter;
  readonly limits: Limits;
}

/** What the server sets and what a client may send, by parameter. */
export type Sets = ReadonlyMap<string, SetParam>;
export type Accepts = ReadonlyMap<string, AcceptParam>;

/** A claim that a profile's templates need. */
export interface ClaimUse {
  readonly claim: string;
  readonly hash: boolean;
  /** Characters that end the claim somewhere, and so may not stand in it. */
  readonly separators: readonly string[];
}

/** Why a profile can't answer clients that choose the parameters themselves. */
export interface NoDropIn {
  readonly param: string;
  readonly why: Reason;
}

/** A profile after its check. */
export interface Profile {
  readonly name: string;
  readonly method: SignedMethod;
  readonly resourceType: ResourceType;
  readonly access: readonly string[];
  readonly ttl: number;
  readonly set: Sets;
  readonly accept: Accepts;
  readonly claims: readonly ClaimUse[];
  /** The named risks that the owner accepted and that the profile needs. */
  readonly optIns: readonly string[];
  /** Whether `dropIn = true` was declared. */
  readonly dropIn: boolean;
  /** Absent, it answers clients that choose the parameters themselves. */
  readonly noDropIn?: NoDropIn;
}

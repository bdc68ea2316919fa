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
/** Longest life of a ticket, in seconds: beyond an hour it is renewed. */
export const MAX_TTL = 86_400;
/** Most files of one request. */
export const MAX_FILES = 50;

/** What a profile needs to know of the access methods it names. */
export interface AccessTraits {
  /** Whether its callers are back ends of the owner's own. */
  readonly backEnd?: boolean | undefined;
  /** Whether it lets in anybody, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** Whether what its callers show is good for one request alone, so that they can't come back with it. */
  readonly once?: boolean | undefined;
  /** The claims that its callers have, and that templates may take. */
  readonly claims: ReadonlySet<string>;
  /** Who tells the callers apart: two access methods of one party mean the same person by the same claim. */
  readonly identity?: string;
}

/** Access methods by name. */
export type AccessMethods = ReadonlyMap<string, AccessTraits>;

/** Limits on what arrives, as they are written; `{}` asks for a receipt alone. */
export interface FileInput {
  /** Largest file: bytes, or a text such as `"5 MB"` (kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024). */
  readonly maxBytes?: number | string | undefined;
  /** Formats by Cloudinary's names, such as `jpg`; signed as `allowed_formats` too. */
  readonly formats?: readonly string[] | undefined;
  /** Most files of one request, at most 50. */
  readonly maxFiles?: number | undefined;
  /** Whether nothing is published before it was confirmed. */
  readonly quarantine?: boolean | undefined;
}

/** Limits on what arrives. */
export interface FileLimits {
  /** Bytes. */
  readonly maxBytes?: number;
  readonly formats?: readonly string[];
  readonly maxFiles: number;
  readonly quarantine: boolean;
}

/** A profile as it is written. */
export interface ProfileInput {
  /** The method of Cloudinary's that it signs for; default `upload`. */
  readonly method?: MethodName | undefined;
  /** Where tickets are sent; an upload's default is `auto`. */
  readonly resourceType?: ResourceType | undefined;
  /** Names of access methods; any of them lets a caller in. */
  readonly access: readonly string[];
  /** Life of a ticket in seconds, 60 to 86,400; default 3600. */
  readonly ttl?: number | undefined;
  /** Limits on what arrives. */
  readonly file?: FileInput | undefined;
  /** Whether Cloudinary reports each upload to the signer. */
  readonly notify?: boolean | undefined;
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
  /** Absent, nothing is asked of what arrives, and nothing is confirmed. */
  readonly file?: FileLimits;
  /** Whether Cloudinary reports each upload to the signer, which judges it then. */
  readonly notify: boolean;
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

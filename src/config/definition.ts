// The configuration as an owner writes it, in types: names of access methods and profiles, parameters, and limits
// that fit their parameter. What types can't say is checked when it is read (schema.ts).

import type { AccessMethod } from "../access/method.ts";
import type { LogSetting } from "../observe/log.ts";
import type { ResourceType } from "../policy/profile.ts";
import type { KindName } from "../policy/tables/kinds.ts";
import type { LimitsFor, LimitsInput } from "../policy/tables/limits.ts";
import type { OptIn } from "../policy/tables/methods.ts";
import type { Row, Rows } from "../policy/tables/parameters.ts";
import type { METHOD_ROWS, MethodName } from "../policy/tables/signed-methods.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";

/** `{ alt: "A cat" }`, or Cloudinary's own text `alt=A cat|caption=Felix`. */
type Pairs = string | Readonly<Record<string, string | number | boolean | readonly string[]>>;
type Json = string | object;

/** How a profile writes a value, by the kind of its parameter. */
interface ValuesByKind {
  string: string;
  path: string;
  integer: number;
  float: number;
  boolean: boolean;
  "boolean|json": boolean | Json;
  csv: string | readonly string[];
  paths: string | readonly string[];
  folders: string | readonly string[];
  "pipe-context": Pairs;
  "pipe-metadata": Pairs;
  "double-array": string | readonly number[];
  transformation: string;
  "transformation-list": string | readonly string[];
  json: Json;
  "json-array": Json;
  "newline-list": string | readonly string[];
}

/** The parameters of a method, by its name: what the compiler tells of a mistake is then short. */
type RowsOf<M extends MethodName> = (typeof METHOD_ROWS)[M];

/** Parameters that a profile may set: all but the time, which is the signer's own. */
type Settable<R extends Rows> = Exclude<keyof R & string, "timestamp">;

type ValueOf<R extends Rows, N extends keyof R> = ValuesByKind[R[N][0]];

/** What the server sets, by Cloudinary's names; `{sub}`, `{uuid}` and such are filled in. */
export type SetDefinition<M extends MethodName = "upload"> = {
  readonly [N in Settable<RowsOf<M>>]?: ValueOf<RowsOf<M>, N>;
};

/** Limits that mean something for one parameter. */
type LimitsOf<R extends Row> = R[1] extends "enum"
  ? Required<Pick<LimitsInput, "enum">>
  : R[0] extends infer K extends KindName
    ? "keys" extends keyof LimitsFor<K>
      ? LimitsFor<K> & Required<Pick<LimitsInput, "keys">>
      : LimitsFor<K>
    : never;

type Acceptable<R extends Rows> = {
  [N in Settable<R>]: R[N][1] extends "never" ? never : N;
}[Settable<R>];

type LimitsIn<R extends Rows, N extends keyof R> = LimitsOf<R[N]>;

/** What a client may send, within limits. */
export type AcceptDefinition<M extends MethodName = "upload"> = {
  readonly [N in Acceptable<RowsOf<M>>]?: LimitsIn<RowsOf<M>, N>;
};

/** What all profiles have in common. */
interface AnyProfile<Access extends string, M extends MethodName> {
  /** Names of access methods, any of which lets in; `["public"]`, anybody, has to be written out. */
  readonly access: readonly (Access | "public")[];
  /** Life of a ticket in seconds, 60 to 3600, of an upload's to 86,400 by renewal; default 3600. */
  readonly ttl?: number;
  /** Risks that the owner accepts by name; the fault that asks for one tells what it means. */
  readonly allow?: readonly OptIn[];
  /** What the server sets, by Cloudinary's names; `{sub}`, `{uuid}` and such are filled in. */
  readonly set?: SetDefinition<M>;
  /** What a client may send, by Cloudinary's names, each within its limits; anything else is refused. */
  readonly accept?: AcceptDefinition<M>;
}

/** Limits on what arrives, asked of Cloudinary itself in the moment after the upload. */
export interface FileDefinition {
  /** Largest file: a number of bytes, or `"5 MB"`; kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024. */
  readonly maxBytes?: number | `${number} ${"B" | "kB" | "MB" | "GB" | "KiB" | "MiB" | "GiB"}`;
  /** Formats by Cloudinary's names, such as `jpg`; signed as `allowed_formats` too. */
  readonly formats?: readonly string[];
  /** Most files of one request; at most, and by default, 50. */
  readonly maxFiles?: number;
  /** Uploads as `authenticated`, and publishes what was confirmed. Needs a public ID with `{uuid}`. */
  readonly quarantine?: boolean;
}

/** A profile for uploads. */
export interface UploadProfile<Access extends string = string> extends AnyProfile<Access, "upload"> {
  /** What is signed for; default `upload`. */
  readonly method?: "upload";
  /** Where tickets send the upload; default `auto`. No signature binds it. */
  readonly resourceType?: ResourceType;
  /** Limits on what arrives; `{}` asks for a receipt alone. What breaks them is deleted. Needs `publicUrl`. */
  readonly file?: FileDefinition;
  /** Has Cloudinary report each upload to the signer, which judges it by `file` though nobody confirms. Needs `file`. */
  readonly notify?: boolean;
  /** For clients that choose the parameters themselves and ask for a signature over them. */
  readonly dropIn?: boolean;
}

/** A profile for another method, for callers who own what it works on. */
export interface MethodProfile<M extends Exclude<MethodName, "upload">, Access extends string = string>
  extends AnyProfile<Access, M> {
  /** What is signed for. */
  readonly method: M;
  /** The type of the assets that it works on, which stands in the address. No signature binds it. */
  readonly resourceType: Exclude<ResourceType, "auto">;
}

/** A profile: who may ask, what is fixed, and what they may choose. */
export type ProfileDefinition<Access extends string = string> =
  | UploadProfile<Access>
  | { [M in Exclude<MethodName, "upload">]: MethodProfile<M, Access> }[Exclude<MethodName, "upload">];

/** What differs by environment. Each is replaced whole, `access` method by method. */
export interface EnvironmentDefinition<Access extends string = string> {
  /** Where the signer is reached there. */
  readonly publicUrl?: string;
  /** Origins whose pages may ask there, in the place of all others. */
  readonly allowedOrigins?: readonly string[];
  /** Whether the page is on there. */
  readonly page?: boolean;
  /** Which requests are logged there. */
  readonly log?: LogSetting;
  /** Access methods of the same names with other options; those that are not named stay. */
  readonly access?: { readonly [Name in Access]?: AccessMethod };
}

/** Everything that is configured, but for the account and its secrets, which are bindings. */
export interface SignerDefinition<A = Record<string, AccessMethod>, P = Record<string, unknown>> {
  /** Where the signer is reached, without a slash at its end: `https://uploads.example.com`. Receipts name it, and Cloudinary reports to it. */
  readonly publicUrl?: string;
  /** Origins whose pages may ask, as browsers write them; `https://*--shop.netlify.app` for previews. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** Access methods by names of your own: `{ members: jwt({ … }) }`. */
  readonly access?: A;
  /** Profiles by name: `POST /sign/{name}`; `default` is `POST /sign`. */
  readonly profiles?: { readonly [Name in keyof P]: ProfileDefinition<NoInfer<keyof A & string>> };
  /** Default `sha256`; `sha1` for accounts that need it. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** The page at `/`, for those who build with it. Default off. */
  readonly page?: boolean;
  /** Which requests are logged: `all` (the default), `refusals`, or a share of those that succeed; refusals always are. */
  readonly log?: LogSetting;
  /** What differs elsewhere, by the value of the variable `SIGNER_ENV`. */
  readonly environments?: { readonly [name: string]: EnvironmentDefinition<NoInfer<keyof A & string>> };
}

/**
 * Where `D` is inferred from what is written, with every literal in it, and asks nothing of that: it is `{}` by the time
 * something is compared. So a mistake is told by `SignerDefinition` alone.
 */
// biome-ignore lint/complexity/noBannedTypes: what any object is, and no name is known in
type Written<D> = [D] extends [never] ? D : {};

/**
 * The configuration of a signer, which types check while it is written: `signer.config.ts` exports what this returns.
 * It only hands it on; `cloudinary-edge-signer check` and the signer itself check what it means. Its type is what is
 * written in it, by which `createUploader<typeof config>` of `cloudinary-edge-signer/client` knows the profiles.
 *
 * @example
 * export default defineSigner({
 *   allowedOrigins: ["https://www.example.com"],
 *   access: { site: origin() },
 *   profiles: { default: { access: ["site"], resourceType: "image" } },
 * });
 */
export function defineSigner<
  const A extends Readonly<Record<string, AccessMethod>> = Record<never, never>,
  const P extends Readonly<Record<string, unknown>> = Record<never, never>,
  const D = SignerDefinition<A, P>,
>(definition: SignerDefinition<A, P> & Written<D>): D {
  return definition as D;
}

export type { LogSetting } from "../observe/log.ts";

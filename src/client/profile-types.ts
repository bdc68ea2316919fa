// What the type of a configuration tells a front end: which profiles are for files, what each takes, and what it answers.
// Types alone; what they can't say, the signer says.

import type { KindName } from "../policy/tables/kinds.ts";
import type { Row } from "../policy/tables/parameters.ts";
import type { METHOD_ROWS, MethodName, NEEDS } from "../policy/tables/signed-methods.ts";
import type { Uploaded } from "./cloudinary.ts";

/** A configuration: `typeof config`, or the `Config` that `cloudinary-edge-signer types` wrote. */
export type AnyConfig = { readonly profiles?: object };

/** A profile of which nothing is known. */
interface AnyProfile {
  readonly method: MethodName;
  readonly accept: Readonly<Record<string, object>>;
  readonly file?: object;
}

/** Where nothing tells which configuration it is: every name will do, with any parameters. */
export type UnknownConfig = { readonly profiles: Readonly<Record<string, AnyProfile>> };

/** The profiles of a configuration, by name. */
export type ProfilesOf<C> = C extends { readonly profiles?: infer P }
  ? string extends keyof P
    ? UnknownConfig["profiles"]
    : NonNullable<P>
  : never;

type MethodOf<P> = P extends { readonly method: infer M extends MethodName } ? M : "upload";

/** The profiles that take a file. */
export type FileProfiles<P> = { [N in keyof P as "upload" extends MethodOf<P[N]> ? N : never]: P[N] };

/** Those of the other methods. */
export type ActProfiles<P> = { [N in keyof P as MethodOf<P[N]> extends "upload" ? never : N]: P[N] };

type Scalar = string | number | boolean;
type Texts = string | readonly string[];

/** How a client writes a value, by the kind of its parameter: JSON that the signer reads as one. */
interface ClientValues {
  string: string;
  path: string;
  integer: number;
  float: number;
  boolean: boolean;
  "boolean|json": boolean | string;
  csv: Texts;
  paths: Texts;
  folders: Texts;
  "pipe-context": Readonly<Record<string, Scalar>>;
  "pipe-metadata": Readonly<Record<string, Scalar | Texts>>;
  "double-array": string | readonly number[];
  transformation: string;
  "transformation-list": string;
  json: string;
  "json-array": string;
  "newline-list": string;
}

/** A value within the limits that a type can tell: those that list what there is. */
type ValueOf<K extends KindName, L> = L extends { readonly enum: readonly (infer E)[] }
  ? string[] extends ClientValues[K]
    ? E | readonly E[]
    : E
  : L extends { readonly keys: readonly (infer Key extends string)[] }
    ? { readonly [X in Key]?: ClientValues[K][X & keyof ClientValues[K]] | undefined }
    : ClientValues[K];

type AcceptOf<P> = P extends { readonly accept: infer A } ? A : unknown;
type SetOf<P> = P extends { readonly set: infer S } ? S : unknown;

type KindOf<M extends MethodName, N> = (typeof METHOD_ROWS)[M] extends infer R
  ? N extends keyof R
    ? R[N] extends Row
      ? R[N][0]
      : never
    : never
  : never;

type Choices<P, A = AcceptOf<P>> = { readonly [N in keyof A]: ValueOf<KindOf<MethodOf<P>, N>, A[N]> };

/**
 * Names that a client has to send: of a set that tells the method what to work on, those that the server does not set.
 * Where there are several sets, each is a type of its own.
 */
type NeededName<P, Needs = (typeof NEEDS)[MethodOf<P>][number]> = Needs extends readonly (infer N)[]
  ? [N] extends [keyof AcceptOf<P> | keyof SetOf<P>]
    ? [Exclude<N, keyof SetOf<P>>]
    : never
  : never;

/** None of an upload. Of several profiles of other methods, which need different names, no parameters will do. */
type NeededNames<P> = [NeededName<P>] extends [never]
  ? [MethodOf<P>] extends ["upload"]
    ? [never]
    : never
  : NeededName<P>;

/** Those that are needed, and those that may be left out, in one object: so it is told in a mistake's message. */
type Filled<T, Needed> = Needed extends [infer N]
  ? { readonly [X in keyof T as X extends N ? X : never]: T[X] } & {
      readonly [X in keyof T as X extends N ? never : X]?: T[X] | undefined;
    } extends infer Both
    ? { readonly [X in keyof Both]: Both[X] }
    : never
  : never;

/** The parameters that a profile accepts. */
export type ParamsOf<P> = string extends keyof AcceptOf<P>
  ? Readonly<Record<string, unknown>>
  : [NeededNames<P>] extends [never]
    ? never
    : [keyof AcceptOf<P>] extends [never]
      ? Readonly<Record<string, never>>
      : Filled<Choices<P>, NeededNames<P>>;

/** An upload that nothing confirms. */
type Stored = Pick<Uploaded, "asset">;

/** An upload that the signer confirmed. */
export interface Confirmed<Data = unknown> extends Stored {
  /** For the application's server: a JWT that proves what arrived. */
  readonly receipt: string;
  /** What the application's `onUploaded` returned; `null` where there is none, or it returned nothing. */
  readonly data: Data | null;
}

/** What an upload resolves to: with a receipt where its profile has `file`. */
export type UploadedBy<P, Data> = P extends { readonly file: object }
  ? Confirmed<Data>
  : "file" extends keyof P
    ? Stored & Partial<Confirmed<Data>>
    : Stored;

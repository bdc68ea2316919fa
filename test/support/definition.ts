// Definitions as tests write them: plain data, in which an access method is `{ type, …options }`, so that they can be
// sent to another process, made wrong in every way, and compared. Web standards alone.

import * as methods from "../../src/access/all.ts";
import type { AccessMethod } from "../../src/access/method.ts";
import { readBindings as read } from "../../src/config/bindings.ts";
import type { Configured } from "../../src/config/checked.ts";
import type { SignerDefinition } from "../../src/config/definition.ts";

const METHODS: Readonly<Record<string, unknown>> = methods;

/** A definition as tests write it; wrong ones too. */
export interface Plain {
  readonly allowedOrigins?: readonly string[];
  readonly access?: Readonly<Record<string, { readonly type: string; readonly [option: string]: unknown }>>;
  // biome-ignore lint/suspicious/noExplicitAny: profiles of many shapes, read by tests that know them
  readonly profiles?: Readonly<Record<string, any>>;
  readonly [setting: string]: unknown;
}

function methodOf(written: unknown): AccessMethod {
  const { type, ...options } = (written ?? {}) as { type?: string };
  const make = METHODS[type ?? ""] as ((options: object) => AccessMethod) | undefined;
  return make === undefined ? (written as AccessMethod) : make(options);
}

/** The definition that a configuration file would export. */
export function definitionOf(plain: unknown): SignerDefinition<Record<string, AccessMethod>> {
  const { access } = (plain ?? {}) as Plain;
  if (typeof access !== "object" || access === null)
    return plain as SignerDefinition<Record<string, AccessMethod>>;
  const made = Object.fromEntries(Object.entries(access).map(([name, one]) => [name, methodOf(one)]));
  return { ...(plain as object), access: made };
}

/** Reads bindings among which the definition stands as `SIGNER`. */
export function readBindings({ SIGNER, ...bindings }: Readonly<Record<string, unknown>>): Configured {
  return read(definitionOf(SIGNER), bindings);
}

/** Where a fault is, as tests expect it: the path inside the definition, or else the binding. */
export const placeOf = ({ binding, at }: { readonly binding: string; readonly at?: string }): string =>
  at ?? binding;

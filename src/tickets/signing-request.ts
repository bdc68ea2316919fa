// What is read of a request to sign: JSON, and the two forms that it can have.

import { type Failure, failure } from "../failure.ts";
import type { ClientParams } from "../policy/decide/client-params.ts";
import type { DeclaredFile } from "../policy/decide/judge-file.ts";
import type { SignedParams } from "../policy/decide/ticket-params.ts";
import { PARAMETERS } from "../policy/tables/parameters.ts";
import { SIGNED_METHODS } from "../policy/tables/signed-methods.ts";
import { err, ok, type Result } from "../result.ts";
import { readDeclared } from "./declared.ts";

/** Largest request, in bytes. Its parameters are a few hundred. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Deepest nesting: body, `params`, `context`, and a list in it. */
const MAX_DEPTH = 4;
/** Most parameters of one request; Cloudinary has fewer than this. */
const MAX_PARAMS = 100;

/** A signing request: a ticket, or the parameters a component chose. */
export interface SigningRequest {
  readonly form: "ticket" | "drop-in";
  readonly params: ClientParams;
  /** Of tickets: one for each of these files. */
  readonly files?: readonly DeclaredFile[];
}

/** A ticket that is to be renewed. */
export interface Renewal {
  readonly form: "renewal";
  readonly uploadId: string;
  readonly fields: SignedParams;
}

export const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function depth(value: unknown, limit: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (limit === 0) return 1;
  let deepest = 0;
  for (const member of Object.values(value)) deepest = Math.max(deepest, depth(member, limit - 1));
  return deepest + 1;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A body's JSON; an empty one is `{}`. */
export function parseJson(bytes: ArrayBuffer | Uint8Array): Result<unknown, Failure> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return err(failure("not_utf8"));
  }
  if (text.trim() === "") return ok({});
  try {
    return ok(JSON.parse(text));
  } catch {
    return err(failure("not_json"));
  }
}

/** A body that is an object, and no deeper than `levels`: by default than any signing request. */
export function readTable(body: unknown, levels = MAX_DEPTH): Result<Record<string, unknown>, Failure> {
  if (!isTable(body)) {
    const kind = body === null ? "null" : Array.isArray(body) ? "a list" : `a ${typeof body}`;
    return err(failure("not_an_object", { kind }));
  }
  if (depth(body, levels) > levels) return err(failure("too_deep", { levels }));
  return ok(body);
}

/** The forms of a request by their members; Cloudinary's own starters spell the second one their way. */
const FORMS: ReadonlyMap<string, (SigningRequest | Renewal)["form"]> = new Map([
  ["params", "ticket"],
  ["files", "ticket"],
  ["paramsToSign", "drop-in"],
  ["params_to_sign", "drop-in"],
  ["renew", "renewal"],
  ["fields", "renewal"],
]);

/** Most names that a message repeats. */
const MAX_NAMED = 5;

/** The parameters of all methods: the profile may be for any. */
const KNOWN = new Set([...SIGNED_METHODS.values()].flatMap(({ parameters }) => [...parameters.keys()]));

/** A body with other members: their values belong one level deeper where they are parameters. */
function unwrapped(names: readonly string[]): Failure {
  const known = names.filter((name) => KNOWN.has(name));
  if (known.length === 0) return failure("unknown_members");
  // Who sends a timestamp has chosen all parameters, as components do, which upload and do nothing else.
  const isUpload = known.every((name) => PARAMETERS.has(name));
  const form = isUpload && known.includes("timestamp") ? "paramsToSign" : "params";
  const listed = known.slice(0, MAX_NAMED).map((name) => `"${name}": …`);
  return failure("unwrapped", { form, members: known.length > MAX_NAMED ? [...listed, "…"] : listed });
}

/** The upload ID and the fields of a ticket. */
function readRenewal({ renew, fields }: Record<string, unknown>): Result<Renewal, Failure> {
  if (typeof renew !== "string" || !isTable(fields)) return err(failure("renew_malformed"));
  const texts = Object.entries(fields);
  if (
    texts.length > MAX_PARAMS ||
    !texts.every((pair): pair is [string, string] => typeof pair[1] === "string")
  )
    return err(failure("renew_malformed"));
  return ok({ form: "renewal", uploadId: renew, fields: Object.fromEntries(texts) });
}

/** The form of a request. What was parsed here is what is checked and signed. */
export function readSigningRequest(body: unknown): Result<SigningRequest | Renewal, Failure> {
  const table = readTable(body);
  if (!table.ok) return table;
  const names = Object.keys(table.value);
  const others = names.filter((name) => !FORMS.has(name));
  if (others.length > 0) return err(unwrapped(others));
  const forms = new Set(names.map((name) => FORMS.get(name)!));
  const [form = "ticket"] = forms;
  const isTwice = table.value.paramsToSign !== undefined && table.value.params_to_sign !== undefined;
  if (forms.size > 1 || isTwice) return err(failure("two_forms", { names }));
  if (form === "renewal") return readRenewal(table.value);
  const name = names.find((one) => one !== "files") ?? "params";
  const { [name]: params = {}, files } = table.value;
  if (!isTable(params)) return err(failure("params_not_an_object", { name }));
  if (Object.keys(params).length > MAX_PARAMS) return err(failure("too_many_params", { most: MAX_PARAMS }));
  if (!Object.hasOwn(table.value, "files")) return ok({ form, params });
  const declared = readDeclared(files);
  return declared.ok ? ok({ form, params, files: declared.value }) : declared;
}

// What is read of a signing request: its kind of body, its JSON, and the two forms it can have.

import type { ClientParams } from "../policy/decide/client-params.ts";
import { PARAMETERS } from "../policy/tables/parameters.ts";
import { broke, type Failure, failure } from "../problem.ts";
import { readBounded } from "../read-bounded.ts";
import { err, ok, type Result } from "../result.ts";
import { within } from "../within.ts";

/** Largest body, in bytes. A request's parameters are a few hundred. */
export const MAX_BODY_BYTES = 64 * 1024;
/** How long a body may take to arrive, in milliseconds. */
export const BODY_TIMEOUT_MS = 10_000;
/** Deepest nesting: body, `params`, `context`, and a list in it. */
const MAX_DEPTH = 4;
/** Most parameters of one request; Cloudinary has fewer than this. */
const MAX_PARAMS = 100;

/** A signing request: a ticket, or the parameters a component chose. */
export interface SigningRequest {
  readonly form: "ticket" | "drop-in";
  readonly params: ClientParams;
}

const EXAMPLE = '{"params": {"context": {"alt": "A cat"}}}';

const malformed = (detail: string): Result<never, Failure> => err(failure("malformed_request", detail));

const NOT_JSON = failure(
  "unsupported_media_type",
  "send JSON with `Content-Type: application/json`; the file itself goes to Cloudinary, not here",
);

/** Whether a request says that its body is a form, which belongs to Cloudinary. */
function isForm({ headers }: Request): boolean {
  const type = (headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  return type.startsWith("multipart/") || type === "application/x-www-form-urlencoded";
}

/**
 * Refuses bodies that say that they are too large, encoded, or a form that holds something. JSON is read with any
 * other type or none, as older components send it, and an empty body with any: some clients call nothing a form.
 */
export function checkBodyHeaders(request: Request): Result<undefined, Failure> {
  const size = declaredSize(request) ?? 0;
  if (size > MAX_BODY_BYTES) return err(BODY_TOO_LARGE);
  if (size > 0 && isForm(request)) return err(NOT_JSON);
  const encoding = (request.headers.get("content-encoding") ?? "").trim().toLowerCase();
  if (encoding !== "" && encoding !== "identity") {
    return err(failure("unsupported_media_type", "send the body without a Content-Encoding"));
  }
  return ok(undefined);
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function depth(value: unknown, limit: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (limit === 0) return 1;
  let deepest = 0;
  for (const member of Object.values(value)) deepest = Math.max(deepest, depth(member, limit - 1));
  return deepest + 1;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function parseJson(bytes: ArrayBuffer | Uint8Array): Result<unknown, Failure> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return malformed("send the body as UTF-8: its bytes are none");
  }
  if (text.trim() === "") return ok({});
  try {
    return ok(JSON.parse(text));
  } catch {
    return malformed(`send JSON, such as ${EXAMPLE}: the body is something else`);
  }
}

export const BODY_TOO_LARGE = failure("body_too_large", `a body may have ${MAX_BODY_BYTES} bytes`);

/** The size of the body in bytes, where the request says it. */
function declaredSize({ headers }: Request): number | undefined {
  const length = headers.get("content-length");
  const isTold = length !== null && /^\d+$/.test(length) && !headers.has("transfer-encoding");
  return isTold ? Number(length) : undefined;
}

/** The app that the signer is mounted in has taken the body. */
const READ_BEFORE = broke(
  "the body was read before it came to the signer: mount the signer before what reads it, or let that read a copy (c.req.raw.clone())",
);

async function readBytes(request: Request): Promise<Result<ArrayBuffer | Uint8Array, Failure>> {
  const size = declaredSize(request);
  if (request.bodyUsed || (size === undefined && request.body?.locked)) return err(READ_BEFORE);
  const stop = new AbortController();
  // A body whose size the server knows is read in one piece.
  const read: Promise<ArrayBuffer | Uint8Array | undefined> =
    size === undefined ? readBounded(request.body, MAX_BODY_BYTES, stop.signal) : request.arrayBuffer();
  const arrived = read.then(
    (bytes) => (bytes === undefined || bytes.byteLength > MAX_BODY_BYTES ? err(BODY_TOO_LARGE) : ok(bytes)),
    () => malformed("send the body whole: it broke off"),
  );
  try {
    const bytes = await within(BODY_TIMEOUT_MS, arrived);
    return bytes.ok && bytes.value.byteLength > 0 && isForm(request) ? err(NOT_JSON) : bytes;
  } catch {
    stop.abort();
    return malformed(`send the body at once: it did not arrive within ${BODY_TIMEOUT_MS / 1000} s`);
  }
}

/** Reads the body as far as its form. What was parsed here is what is checked and signed. */
export async function readSigningRequest(request: Request): Promise<Result<SigningRequest, Failure>> {
  const bytes = await readBytes(request);
  return bytes.ok ? parseSigningRequest(bytes.value) : bytes;
}

/** Reads the body of a request for a link, which has nothing to say. */
export async function readLinkRequest(request: Request): Promise<Result<undefined, Failure>> {
  const bytes = await readBytes(request);
  if (!bytes.ok) return bytes;
  const parsed = parseJson(bytes.value);
  if (!parsed.ok) return parsed;
  const isEmpty = isTable(parsed.value) && Object.keys(parsed.value).length === 0;
  return isEmpty ? ok(undefined) : malformed("send {} or nothing: a request for a link has no members");
}

/** The two forms of a request by their member; Cloudinary's own starters spell the second one their way. */
const FORMS: ReadonlyMap<string, SigningRequest["form"]> = new Map([
  ["params", "ticket"],
  ["paramsToSign", "drop-in"],
  ["params_to_sign", "drop-in"],
]);

/** Most names that a message repeats. */
const MAX_NAMED = 5;

/** What to send in place of a body with other members: their values belong one level deeper where they are parameters. */
function wrapAdvice(names: readonly string[]): string {
  const known = names.filter((name) => PARAMETERS.has(name));
  if (known.length === 0) return `send ${EXAMPLE}, or {"paramsToSign": {…}}, and nothing beside it`;
  // Who sends a timestamp has chosen all parameters, as components do.
  const form = known.includes("timestamp") ? "paramsToSign" : "params";
  const listed = known.slice(0, MAX_NAMED).map((name) => `"${name}": …`);
  const more = known.length > MAX_NAMED ? [...listed, "…"] : listed;
  return `wrap the parameters: {"${form}": {${more.join(", ")}}}, and send nothing beside it`;
}

/** Names of the query that are ours, and of parameters too. */
const OF_QUERY: ReadonlySet<string> = new Set(["format"]);

/** Refuses parameters in the address, where nobody would read them. */
export function checkQuery(names: readonly string[]): Result<undefined, Failure> {
  const [first] = names.filter((name) => PARAMETERS.has(name) && !OF_QUERY.has(name));
  if (first === undefined) return ok(undefined);
  return malformed(`parameters go into the JSON body: {"params": {"${first}": …}}, and not into the address`);
}

/** The form of a body. */
export function parseSigningRequest(bytes: ArrayBuffer | Uint8Array): Result<SigningRequest, Failure> {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const body = parsed.value;
  if (!isTable(body)) {
    const kind = body === null ? "null" : Array.isArray(body) ? "a list" : `a ${typeof body}`;
    return malformed(`send a JSON object, such as ${EXAMPLE}: the body is ${kind}`);
  }
  if (depth(body, MAX_DEPTH) > MAX_DEPTH)
    return malformed(`the body is nested deeper than ${MAX_DEPTH} levels: send a flatter one`);
  const names = Object.keys(body);
  const others = names.filter((name) => !FORMS.has(name));
  if (others.length > 0) return malformed(wrapAdvice(others));
  if (names.length > 1) return malformed(`send one of ${names.join(", ")}: one request has one form`);
  const [name = "params"] = names;
  const params = names.length === 0 ? {} : body[name];
  if (!isTable(params)) return malformed(`send an object as \`${name}\`: the parameters by their names`);
  if (Object.keys(params).length > MAX_PARAMS)
    return malformed(`send fewer parameters: there are more than ${MAX_PARAMS}`);
  return ok({ form: FORMS.get(name)!, params });
}

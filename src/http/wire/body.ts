// The body of a request as bytes: what its headers say of it, and no more of it than is allowed, in time.

import { type Failure, failure } from "../../failure.ts";
import { PARAMETERS } from "../../policy/tables/parameters.ts";
import { readBounded } from "../../read-bounded.ts";
import { err, ok, type Result } from "../../result.ts";
import { MAX_BODY_BYTES, parseJson } from "../../tickets/signing-request.ts";

/** How long a body may take to arrive, in milliseconds. */
export const BODY_TIMEOUT_MS = 10_000;

const tooLarge = (bytes: number): Failure => failure("body_too_large", { what: "the body", bytes });

/** Whether a request says that its body is a form, which belongs to Cloudinary. */
function isForm(headers: Headers): boolean {
  const type = (headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  return type.startsWith("multipart/") || type === "application/x-www-form-urlencoded";
}

/** The size of the body in bytes, where the request says it. */
function declaredSize(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  const isTold = length !== null && /^\d+$/.test(length) && !headers.has("transfer-encoding");
  return isTold ? Number(length) : undefined;
}

/**
 * Refuses bodies that say that they are too large, encoded, or a form that holds something. JSON is read with any
 * other type or none, as older components send it, and an empty body with any: some clients call nothing a form.
 */
export function checkBodyHeaders({ headers }: Request): Failure | undefined {
  const size = declaredSize(headers) ?? 0;
  if (size > MAX_BODY_BYTES) return tooLarge(MAX_BODY_BYTES);
  if (size > 0 && isForm(headers)) return failure("form_body");
  return encodedBody(headers);
}

function encodedBody(headers: Headers): Failure | undefined {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  return !encoding || encoding === "identity" ? undefined : failure("encoded_body");
}

/** The app that the signer is mounted in has taken the body. */
const READ_BEFORE = failure("internal", {
  broke:
    "the body was read before it came to the signer: mount the signer before what reads it, or let that read a copy (c.req.raw.clone())",
});

type Bytes = ArrayBuffer | Uint8Array<ArrayBuffer>;

/**
 * What was read, in time. Each request waits here: with one promise and one timer, and not the five promises of a race
 * (`within`).
 */
function inTime(
  read: Promise<Bytes | undefined>,
  max: number,
  stop: AbortController | undefined,
): Promise<Result<Bytes, Failure>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stop?.abort();
      resolve(err(failure("body_late", { seconds: BODY_TIMEOUT_MS / 1000 })));
    }, BODY_TIMEOUT_MS);
    read.then(
      (bytes) => {
        clearTimeout(timer);
        resolve(bytes === undefined || bytes.byteLength > max ? err(tooLarge(max)) : ok(bytes));
      },
      () => {
        clearTimeout(timer);
        resolve(err(failure("body_broke_off")));
      },
    );
  });
}

/** The bytes of a body that says that it has `size` of them, or nothing: at most `max`. */
async function readBytes(
  request: Request,
  size: number | undefined,
  max: number,
): Promise<Result<Bytes, Failure>> {
  if (request.bodyUsed || (size === undefined && request.body?.locked)) return err(READ_BEFORE);
  // A body whose size the server knows is read in one piece.
  if (size !== undefined) return inTime(request.arrayBuffer(), max, undefined);
  const stop = new AbortController();
  return inTime(readBounded(request.body, max, stop.signal), max, stop);
}

/** The body's JSON. */
export async function readJson(request: Request): Promise<Result<unknown, Failure>> {
  const { headers } = request;
  const size = declaredSize(headers);
  const bytes = await readBytes(request, size, MAX_BODY_BYTES);
  if (!bytes.ok) return bytes;
  // Where the size was told, the headers were looked at with it.
  const isForms = !size && bytes.value.byteLength > 0 && isForm(headers);
  return isForms ? err(failure("form_body")) : parseJson(bytes.value);
}

/** A body as it came, whatever it says that it is: for who verifies a signature over its bytes. */
export async function readRaw(
  request: Request,
  max: number,
): Promise<Result<Uint8Array<ArrayBuffer>, Failure>> {
  const { headers } = request;
  const size = declaredSize(headers);
  if ((size ?? 0) > max) return err(tooLarge(max));
  const encoded = encodedBody(headers);
  if (encoded !== undefined) return err(encoded);
  const bytes = await readBytes(request, size, max);
  return bytes.ok ? ok(new Uint8Array(bytes.value)) : bytes;
}

/** Names of the query that are ours, and of parameters too. */
const OF_QUERY: ReadonlySet<string> = new Set(["format"]);

/** Refuses parameters in the address, where nobody would read them. */
export function checkQuery(names: readonly string[]): Failure | undefined {
  const name = names.find((one) => PARAMETERS.has(one) && !OF_QUERY.has(one));
  return name === undefined ? undefined : failure("params_in_address", { name });
}

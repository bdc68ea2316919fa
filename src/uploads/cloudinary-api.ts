// What Cloudinary is asked after an upload: `explicit` to learn what it holds, `destroy`, and `rename` to publish. Each is
// signed like every request, bounded in time and size, and follows no redirect.

import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import { readBounded } from "../read-bounded.ts";
import { err, ok, type Result } from "../result.ts";
import { isSafeAddress } from "../web-address.ts";
import { within } from "../within.ts";

/** How long each request may take, in milliseconds. */
export const CLOUDINARY_TIMEOUT_MS = 10_000;
/** Largest answer that is read, in bytes; those to `explicit` have a few thousand. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** What the requests stand on. */
export interface Api {
  readonly config: Config;
  readonly secret: Secret;
  readonly fetch: typeof fetch;
  /** Unix seconds. */
  readonly now: () => number;
}

export type StoredType = "image" | "video" | "raw";

/** An asset as Cloudinary answers it. */
export interface HeldAsset {
  readonly public_id: string;
  readonly version: number;
  readonly resource_type: StoredType;
  readonly type: string;
  readonly bytes: number;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly etag?: string;
  readonly secure_url: string;
}

export const unavailable = (method: string, what: string): Result<never, Failure> =>
  err(failure("cloudinary_unavailable", { problem: `Cloudinary's ${method} ${what}` }));

/** Asks one method; `undefined` where there is no such asset, or its new name is taken. */
async function ask(
  { config, secret, fetch, now }: Api,
  resourceType: StoredType,
  method: "explicit" | "destroy" | "rename",
  params: Readonly<Record<string, string>>,
): Promise<Result<Record<string, unknown> | undefined, Failure>> {
  const signed = { ...params, timestamp: String(now()) };
  const signature = await secret.sign(signed, config.signature);
  const url = `${config.uploadPrefix}/v1_1/${config.cloudName}/${resourceType}/${method}`;
  const stop = new AbortController();
  async function read(): Promise<[status: number, text: string]> {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ ...signed, api_key: config.apiKey, signature }),
      redirect: "manual",
      signal: stop.signal,
    });
    const bytes = await readBounded(response.body, MAX_ANSWER_BYTES, stop.signal);
    return [response.status, new TextDecoder().decode(bytes)];
  }
  let answer: unknown;
  let status: number;
  try {
    const [answered, text] = await within(CLOUDINARY_TIMEOUT_MS, read());
    status = answered;
    answer = JSON.parse(text);
  } catch (error) {
    // Its message may hold an address, and nothing else of ours.
    return unavailable(method, `failed: ${error instanceof Error ? error.name : "unknown"}`);
  } finally {
    stop.abort();
  }
  // Assumed, as docs/assumptions.md says: a missing asset is a 404, and a name that is taken a 400. What else may be
  // wrong with a rename we know before.
  if (status === 404 || (status === 400 && method === "rename")) return ok(undefined);
  if (status !== 200 || typeof answer !== "object" || answer === null)
    return unavailable(method, `answered with status ${status}`);
  return ok(answer as Record<string, unknown>);
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isOptional = (value: unknown, type: "string" | "number"): boolean =>
  value == null || typeof value === type;

/** An answer that describes an asset; the rest of it is dropped. */
function asAsset(method: string, answer: Record<string, unknown>): Result<HeldAsset, Failure> {
  const { public_id, version, resource_type, type, bytes, format, width, height, etag, secure_url } = answer;
  const isAsset =
    [public_id, resource_type, type].every((one) => typeof one === "string") &&
    [version, bytes].every(isWhole) &&
    [format, etag].every((one) => isOptional(one, "string")) &&
    [width, height].every((one) => isOptional(one, "number")) &&
    isSafeAddress(secure_url);
  if (!isAsset) return unavailable(method, "described no asset");
  const told = { public_id, version, resource_type, type, bytes, format, width, height, etag, secure_url };
  return ok(
    Object.fromEntries(Object.entries(told).filter(([, value]) => value != null)) as unknown as HeldAsset,
  );
}

/** Names one asset. */
export interface AssetName {
  readonly resource_type: StoredType;
  readonly type: string;
  readonly public_id: string;
}

/** What Cloudinary holds under a name; `undefined` where it holds nothing. */
export async function findAsset(
  api: Api,
  { resource_type, type, public_id }: AssetName,
): Promise<Result<HeldAsset | undefined, Failure>> {
  const found = await ask(api, resource_type, "explicit", { public_id, type });
  return found.ok && found.value !== undefined
    ? asAsset("explicit", found.value)
    : (found as Result<undefined, Failure>);
}

/** Deletes an asset, and what was derived of it, on its delivery servers too; one that is gone already is deleted. */
export async function deleteAsset(
  api: Api,
  { resource_type, type, public_id }: AssetName,
): Promise<Result<undefined, Failure>> {
  const done = await ask(api, resource_type, "destroy", { public_id, type, invalidate: "true" });
  if (!done.ok) return done;
  const { result } = done.value ?? { result: "not found" };
  return result === "ok" || result === "not found"
    ? ok(undefined)
    : unavailable("destroy", "answered something else than that it is done");
}

/** Publishes an authenticated asset under its name; `undefined` where it is gone, or the name is taken. */
export async function publishAsset(
  api: Api,
  { resource_type, type, public_id }: AssetName,
): Promise<Result<HeldAsset | undefined, Failure>> {
  const names = { from_public_id: public_id, to_public_id: public_id, type, to_type: "upload" };
  const done = await ask(api, resource_type, "rename", names);
  return done.ok && done.value !== undefined
    ? asAsset("rename", done.value)
    : (done as Result<undefined, Failure>);
}

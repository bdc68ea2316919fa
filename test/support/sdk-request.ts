// What the official SDK sends for a call: its own request, caught before it would leave, form and all.

import { EventEmitter } from "node:events";
import https from "node:https";
import { v2 as cloudinary } from "cloudinary";
import { vi } from "vitest";
import { API_KEY, API_SECRET, CLOUD_NAME } from "./account.ts";

type Options = Readonly<Record<string, unknown>>;

/** The SDK's methods by what they are called with; its types leave some out. */
export const uploader = cloudinary.uploader as unknown as Record<string, (...args: unknown[]) => unknown>;

/** A request that was sent. */
export interface Sent {
  readonly path: string;
  /** Fields by name, in the form's own spelling: lists are `name[]`, once for each item. */
  readonly fields: readonly (readonly [name: string, text: string])[];
}

/** Calls the SDK with options that name the suite's account, and answers what it would have sent. */
export async function sdkRequest(call: (account: Options) => unknown): Promise<Sent> {
  const chunks: Buffer[] = [];
  const write = (chunk: string | Buffer) => chunks.push(Buffer.from(chunk));
  let sent: { readonly path: string; readonly headers: Record<string, string> } | undefined;
  const request = vi.spyOn(https, "request").mockImplementation(((options: NonNullable<typeof sent>) => {
    sent = options;
    return Object.assign(new EventEmitter(), { write, end: () => {}, setTimeout: () => {} });
  }) as never);
  // The SDK writes all of a form without a file before it returns.
  call({
    cloud_name: CLOUD_NAME,
    api_key: API_KEY,
    api_secret: API_SECRET,
    signature_algorithm: "sha256",
  });
  request.mockRestore();
  const { path, headers } = sent!;
  const type = headers["Content-Type"]!;
  // The SDK draws the boundary, which comes out as short as nothing at all, and could then stand in a value.
  if (/boundary=.{0,5}$/.test(type)) return sdkRequest(call);
  const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": type } }).formData();
  return { path, fields: [...form].map(([name, text]) => [name, String(text)] as const) };
}

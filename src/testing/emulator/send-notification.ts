// One notification over the wire: the official SDK signs its raw body, and it is sent to this machine alone.
// https://cloudinary.com/documentation/notification_signatures

import { randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { v2 as cloudinary } from "cloudinary";
import type { SignatureAlgorithm } from "../../signature/digest.ts";
import { isWebAddress, LOOPBACK } from "../../web-address.ts";
import type { Account } from "./key-pairs.ts";
import type { Attempt } from "./notified.ts";

/** A body and its headers; however often it is sent, they stay as they are (assumed). */
export interface Sealed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function sealed(
  body: string,
  { apiSecret }: Account,
  algorithm: SignatureAlgorithm,
  nowMs: number,
): Sealed {
  const timestamp = Math.floor(nowMs / 1000);
  const options = { api_secret: apiSecret, signature_algorithm: algorithm };
  return {
    body,
    headers: {
      "Content-Type": "application/json",
      "X-Cld-Timestamp": String(timestamp),
      "X-Cld-Signature": cloudinary.utils.webhook_signature(body, timestamp, options),
      // Of 64 bytes, as Ed25519 makes them, and no more than that: the key and what it signs are not published.
      "X-Cld-Signature_v2": randomBytes(64).toString("base64"),
    },
  };
}

/** Whether something may be sent there at all. */
export const isOfThisMachine = (url: string): boolean =>
  isWebAddress(url) && LOOPBACK.test(new URL(url).hostname);

/** Sends it over a connection of its own. A redirect is an answer as any, and is not followed. */
export function send(
  url: string,
  { body, headers }: Sealed,
  signal: AbortSignal,
): Promise<Attempt["status"]> {
  const { request } = new URL(url).protocol === "https:" ? https : http;
  const length = { "Content-Length": Buffer.byteLength(body) };
  const options = { method: "POST", headers: { ...headers, ...length }, agent: false, signal };
  return new Promise((resolve) => {
    const fail = (): void => resolve("no_answer");
    const sent = request(url, options, (response) => {
      resolve(response.statusCode!);
      // What is said beside the status is read and forgotten, and may break off.
      response.on("error", fail).resume();
    });
    // Nobody's process goes on for it.
    sent.on("socket", (socket) => socket.unref());
    sent.on("error", fail).end(body);
  });
}

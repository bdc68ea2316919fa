// The least that a signer with our kind of answer does: the same work with neither router nor policy, callers nor
// configuration. Everything that can be written down beforehand is.

import { hex } from "../../../src/signature/digest.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../account.ts";

/** Seconds that Cloudinary takes a signature for, and that this one is to be good for. */
const LIFE = 3600;
const TTL = 300;

/** The headers of our answer to the listed origin, beside the ID of the request. */
const HEADERS = new Headers({
  "access-control-allow-credentials": "true",
  "access-control-allow-origin": "https://www.example.com",
  "access-control-expose-headers": "retry-after, x-request-id",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "content-type": "application/json",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=15552000",
  vary: "Origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
});

const encoder = new TextEncoder();

export default {
  async fetch(request: Request): Promise<Response> {
    const requestId = crypto.randomUUID();
    const { params } = (await request.json()) as { params: { context: { alt: string } } };
    const timestamp = Math.floor(Date.now() / 1000) - LIFE + TTL;
    const id = crypto.randomUUID();
    const fields = {
      public_id: id,
      overwrite: "false",
      folder: "site/inbox",
      tags: `upload-${id}`,
      allowed_formats: "jpg,png,webp",
      context: `alt=${params.context.alt}`,
      timestamp: String(timestamp),
    };
    const pairs = Object.entries(fields).map(([name, text]) => `${name}=${text}`);
    const bytes = encoder.encode(pairs.sort().join("&") + API_SECRET);
    const signature = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    const ticket = {
      url: `https://api.cloudinary.com/v1_1/${CLOUD_NAME}/image/upload`,
      fields: { api_key: API_KEY, ...fields, signature },
      signature,
      timestamp,
      api_key: API_KEY,
      cloud_name: CLOUD_NAME,
      expires_at: timestamp + LIFE,
    };
    const entry = { route: "/sign/{profile}", profile: "default", access: "public", status: 200, ms: 0 };
    const when = { time: new Date().toISOString(), level: "info" };
    console.log(JSON.stringify({ ...when, request_id: requestId, ...entry }));
    const response = new Response(JSON.stringify(ticket), { headers: HEADERS });
    response.headers.set("x-request-id", requestId);
    return response;
  },
};

// The configuration that the black-box suites run against, and a helper to judge what was signed.

import { expect } from "vitest";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";
import type { Answer } from "../support/targets.ts";

export const LISTED = "https://www.example.com";
export const LISTED_TOO = "https://admin.example.com";
/** Fits a pattern for previews, and is not listed itself. */
export const PREVIEW = "https://pr-7--suite.example.com";
export const UNLISTED = "https://evil.example";

export const SIGNER = {
  allowedOrigins: [LISTED, LISTED_TOO, "https://*--suite.example.com"],
  access: {
    site: { type: "origin", origins: [LISTED] },
    previews: { type: "origin", allow: ["preview-origins"] },
  },
  profiles: {
    default: { access: ["public"], accept: { context: { keys: ["alt", "caption"], maxLength: 50 } } },
    bare: { access: ["public"] },
    // One parameter of each kind a client may choose.
    kinds: {
      resourceType: "image",
      access: ["public"],
      set: { folder: "kinds", tags: ["u-{uuid}"], metadata: { origin_id: "signer" } },
      accept: {
        display_name: { charset: "A-Za-z0-9 .-", maxLength: 20 },
        batch_id: { prefix: "b-", charset: "0-9" },
        format: { enum: ["jpg", "png"] },
        allowed_formats: { enum: ["jpg", "png", "webp"], maxItems: 2 },
        context: { keys: ["alt", "caption"], maxLength: 50 },
        metadata: { keys: ["color", "size"], maxLength: 10, maxItems: 2 },
        face_coordinates: { maxItems: 2, min: 0, max: 5000 },
        colors: {},
        auto_tagging: { enum: [0.6, 0.8] },
        eager: { enum: ["w_400,h_300,c_pad|w_260", "w_100"] },
        quality_analysis: { enum: [true] },
        source: { enum: ["uw"] },
      },
    },
    // For components that choose the parameters.
    widget: {
      access: ["public"],
      dropIn: true,
      ttl: 300,
      set: { folder: "widget", overwrite: false, context: { via: "widget" } },
      accept: {
        source: { enum: ["uw"] },
        custom_coordinates: { min: 0, max: 5000 },
        allowed_formats: { enum: ["jpg", "png"] },
        context: { keys: ["alt"], maxLength: 50 },
      },
    },
    pages: { access: ["site"] },
    previews: { access: ["previews"] },
    short: { access: ["public"], ttl: 60 },
  },
} as const satisfies Plain;

export const BINDINGS = { ...ACCOUNT, SIGNER };

/** Unix seconds now. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** A ticket as answered: every claim it makes is checked, and its signature is the SDK's. */
export function expectTicket(answer: Answer): Record<string, string> {
  expect(answer.status, answer.text).toBe(200);
  const ticket = answer.json();
  const { signature, api_key, ...signed } = ticket.fields as Record<string, string>;
  expect(Object.values(ticket.fields).every((value) => typeof value === "string")).toBe(true);
  expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha256"));
  expect(ticket).toMatchObject({ signature, api_key: API_KEY, cloud_name: CLOUD_NAME });
  expect(api_key).toBe(API_KEY);
  expect(ticket.timestamp).toBe(Number(signed.timestamp));
  expect(ticket.timestamp).toBeLessThanOrEqual(now());
  expect(ticket.expires_at).toBe(ticket.timestamp + 3600);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return signed;
}

/** The answer to `paramsToSign`: its signature is the SDK's over exactly what was sent. */
export function expectDropIn(answer: Answer, sent: Record<string, unknown>): void {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json()).toEqual({
    signature: sdkSignature(sent, API_SECRET, "sha256"),
    timestamp: Number(sent.timestamp),
    api_key: API_KEY,
    cloud_name: CLOUD_NAME,
  });
  expect(answer.headers.get("cache-control")).toBe("no-store");
}

/** A refusal as documented: status, code, the members of a problem, and nothing that signs. */
export function expectProblem(
  answer: Answer,
  status: number,
  code: string,
): { errors?: { param: string; code: string; detail: string }[]; detail: string } {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("vary")).toContain("Origin");
  const problem = answer.json();
  expect(problem).toMatchObject({ status, code });
  for (const member of ["type", "title", "detail", "request_id"])
    expect(problem[member]).toBeTypeOf("string");
  expect(problem.request_id).toBe(answer.headers.get("x-request-id"));
  expect(Object.keys(problem)).not.toContain("signature");
  // No digest of either length, in whatever member.
  expect(answer.text).not.toMatch(/\b([0-9a-f]{40}|[0-9a-f]{64})\b/);
  return problem;
}

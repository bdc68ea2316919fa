// The library against the official SDK on generated inputs.

import { v2 as cloudinary } from "cloudinary";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  signRequest,
  signUpload,
  verifyNotification,
  verifyUploadResponse,
} from "../../src/library/library.ts";
import type { SignableParams } from "../../src/signature/string-to-sign.ts";
import { secrets, texts } from "../signature/generated.ts";
import { cases } from "../support/counts.ts";
import { sdkSignature } from "../support/sdk.ts";
import evidence from "../vectors/upload-params.json" with { type: "json" };

const RUNS = { numRuns: cases(1_000, 50_000), seed: 20261124 };
const algorithms = fc.constantFrom("sha1" as const, "sha256" as const);
const times = fc.integer({ min: 1, max: Math.floor(Date.now() / 1000) });
const UNSIGNED = ["file", "cloud_name", "resource_type", "api_key", "signature", "timestamp"];
/** Items of lists are not empty here and hold no comma: what they would read as is not what they are, and we refuse them. */
const withFitItems = (value: unknown): unknown =>
  Array.isArray(value)
    ? value
        .filter((item) => item !== "")
        .map((item) => (typeof item === "string" ? item.replaceAll(",", ";") : item))
    : value;
/** What the kinds of the tables take, by what they are called in the evidence: any text, but for these. */
const OF_KIND: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  integer: fc.integer({ min: -(10 ** 14), max: 10 ** 14 }),
  float: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(0.6, -0.25, "0.8")),
  boolean: fc.constantFrom<unknown>(true, false, 0, 1, "0", "1", "true", "false"),
  "double-array": fc.oneof(
    fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 4, maxLength: 4 }),
    fc.constantFrom("1,2,3,4", "1,2,3,4|5,6,7.5,8"),
  ),
  csv: fc.oneof(
    texts,
    fc.array(fc.oneof(texts, fc.integer(), fc.boolean()), { maxLength: 4 }).map(withFitItems),
  ),
};
const UPLOAD = evidence.params.filter(({ name }) => !UNSIGNED.includes(name));
const uploadParams: fc.Arbitrary<SignableParams> = fc
  .uniqueArray(fc.constantFrom(...UPLOAD), { maxLength: 10 })
  .chain((rows) =>
    fc.record(
      Object.fromEntries(
        rows.map(({ name, kind }) => [
          name,
          fc.oneof(
            { weight: 8, arbitrary: (OF_KIND[kind] ?? texts) as fc.Arbitrary<SignableParams[string]> },
            { weight: 1, arbitrary: fc.constantFrom(null, undefined, "", []) },
          ),
        ]),
      ),
    ),
  );

/** `sign_request` drops `0`, `false` and `""` from lists before it signs and sends them; we leave lists as they are. */
const withoutFalsyItems = (params: SignableParams): SignableParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.filter((item) => item) : value,
    ]),
  ) as SignableParams;

interface Sdk {
  config(options: object): unknown;
  utils: {
    sign_request(params: object, options: object): Record<string, unknown>;
    webhook_signature(body: string, timestamp: number, options: object): string;
    verifyNotificationSignature(
      body: string,
      timestamp: number,
      signature: string,
      validFor?: number,
    ): boolean;
    verify_api_response_signature(publicId: string, version: number, signature: string): boolean;
  };
}
const sdk = cloudinary as unknown as Sdk;

const accountOf = (apiSecret: string, signatureAlgorithm: "sha1" | "sha256", timestamp: number) => ({
  cloudName: "demo",
  apiKey: "1",
  apiSecret,
  signatureAlgorithm,
  timestamp,
});

/** A signature, sometimes spoilt; so both sides must say no as well as yes. */
const spoil = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text.slice(0, -1),
  (text) => text.replace(/^./, (first) => (first === "0" ? "1" : "0")),
  () => "",
);

/** What is signed: parameters, secret, algorithm, time. */
const SIGNED = [uploadParams, secrets, algorithms, times] as const;

describe("equal to the official SDK", () => {
  it("signUpload and api_sign_request", async () => {
    await fc.assert(
      fc.asyncProperty(...SIGNED, async (params, apiSecret, algorithm, timestamp) => {
        const account = accountOf(apiSecret, algorithm, timestamp);
        const theirs = sdkSignature({ ...params, timestamp }, apiSecret, algorithm);
        // The SDK signs a time alone, and we don't.
        if (theirs === sdkSignature({ timestamp }, apiSecret, algorithm))
          await expect(signUpload(params, account)).rejects.toThrow("at least one parameter");
        else expect((await signUpload(params, account)).signature).toBe(theirs);
      }),
      RUNS,
    );
  });

  it("signRequest and sign_request", async () => {
    await fc.assert(
      fc.asyncProperty(...SIGNED, async (params, apiSecret, algorithm, timestamp) => {
        const account = accountOf(apiSecret, algorithm, timestamp);
        const all = { ...withoutFalsyItems(params), public_id: "a", type: "upload" };
        const { fields } = await signRequest("explicit", all as never, account);
        const options = {
          api_key: "1",
          api_secret: apiSecret,
          signature_algorithm: algorithm,
          signature_version: 2,
        };
        const theirs = sdk.utils.sign_request({ ...all, timestamp }, options);
        expect([fields.signature, fields.api_key]).toEqual([theirs.signature, theirs.api_key]);
      }),
      RUNS,
    );
  });

  it("verifyNotification and verifyNotificationSignature", async () => {
    // The SDK reads the clock: the time is near now. A body of text is where both say the same of the signature.
    const now = Math.floor(Date.now() / 1000);
    const ages = fc.integer({ min: -200, max: 9000 }).filter((age) => Math.abs(age - 7200) > 900);
    let both = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        secrets,
        algorithms,
        ages,
        spoil,
        async (body, apiSecret, algorithm, age, change) => {
          const timestamp = now - age;
          sdk.config({ api_secret: apiSecret, signature_algorithm: algorithm });
          const options = { api_secret: apiSecret, signature_algorithm: algorithm };
          const signature = change(sdk.utils.webhook_signature(body, timestamp, options));
          const theirs = sdk.utils.verifyNotificationSignature(body, timestamp, signature);
          const ours = await verifyNotification(
            { body, timestamp: String(timestamp), signature },
            { apiSecret, now },
          );
          // Ours wants a JSON object, which a notification is; see the docstring.
          expect(ours.ok || (!ours.ok && ours.error === "not_json")).toBe(theirs);
          if (theirs) both += 1;
        },
      ),
      RUNS,
    );
    expect(both).toBeGreaterThan(RUNS.numRuns / 10);
  });

  it("verifyUploadResponse and verify_api_response_signature", async () => {
    const ids = fc.string({ unit: "grapheme", minLength: 1 }).filter((id) => !id.includes("&"));
    const versions = fc.integer({ min: 0, max: 4_000_000_000 });
    let both = 0;
    await fc.assert(
      fc.asyncProperty(
        ids,
        versions,
        secrets,
        algorithms,
        spoil,
        async (public_id, version, apiSecret, algorithm, change) => {
          sdk.config({ api_secret: apiSecret, signature_algorithm: algorithm });
          const sign = cloudinary.utils.api_sign_request as (
            p: object,
            s: string,
            a: string,
            v: number,
          ) => string;
          const signature = change(sign({ public_id, version }, apiSecret, algorithm, 1));
          const theirs = sdk.utils.verify_api_response_signature(public_id, version, signature);
          expect(await verifyUploadResponse({ public_id, version, signature }, { apiSecret })).toBe(theirs);
          if (theirs) both += 1;
        },
      ),
      RUNS,
    );
    expect(both).toBeGreaterThan(RUNS.numRuns / 10);
  });
});

describe("what we refuse and the SDK signs", () => {
  const account = { cloudName: "demo", apiKey: "1", apiSecret: "s3cret", timestamp: 1 };
  it.each(['{"notification_type":"', "l_text:Arial_10:a", "A", "", "__proto__", "tags[]"])(
    "the name %j: its text could be a notification, or a delivery URL",
    async (name) => {
      const params = Object.fromEntries([[name, "1"]]);
      expect(sdkSignature({ ...params, timestamp: 1 }, "s3cret", "sha256")).toMatch(/^[0-9a-f]{64}$/);
      await expect(signUpload(params, account)).rejects.toThrow(TypeError);
    },
  );

  it.each(UNSIGNED)("the name %s, which is none to sign", async (name) => {
    await expect(signUpload({ [name]: "1" }, account)).rejects.toThrow(TypeError);
  });

  it.each(["cloudName", "apiKey", "apiSecret"])("an account without %s", async (part) => {
    await expect(signUpload({ folder: "a" }, { ...account, [part]: "" })).rejects.toThrow(
      `${part} is missing`,
    );
  });

  it.each<[string, object, string]>([
    ["destroy", {}, "destroy needs public_id"],
    ["rename", { from_public_id: "a" }, "rename needs from_public_id and to_public_id"],
    ["generate_archive", { mode: "create" }, "generate_archive needs public_ids, or "],
    ["upload", { public_id: "a" }, "the method must be one of destroy, "],
    ["toString", { public_id: "a" }, "the method must be one of destroy, "],
  ])("a request of %s with %j", async (method, params, message) => {
    await expect(signRequest(method as "destroy", params as { public_id: string }, account)).rejects.toThrow(
      message,
    );
  });

  it.each<[string, object]>([
    ["resourceType", { resourceType: "image/destroy?" }],
    ["resourceType", { resourceType: "../x" }],
    ["cloudName", { cloudName: ".." }],
  ])("a %s that chooses another method: %j", async (name, change) => {
    await expect(signUpload({ folder: "a" }, { ...account, ...change } as never)).rejects.toThrow(name);
  });

  it("the resource type auto, for another method than upload", async () => {
    const auto = { ...account, resourceType: "auto" } as const;
    await expect(signRequest("destroy", { public_id: "a" }, auto)).rejects.toThrow("resourceType");
  });

  it.each<[unknown[]]>([[["a,b"]], [[null]], [[["a"]]]])(
    "the list %j, which would read as another",
    async (tags) => {
      await expect(signUpload({ tags } as never, account)).rejects.toThrow(TypeError);
    },
  );

  it("the method decides the address", async () => {
    const { url } = await signRequest("destroy", { public_id: "a" }, { ...account, resourceType: "video" });
    expect(url).toBe("https://api.cloudinary.com/v1_1/demo/video/destroy");
  });
});

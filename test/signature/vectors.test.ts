// Known answers, published by Cloudinary or computed with its SDK (test/vectors/README.md tells their origin).

import { describe, expect, it } from "vitest";
import { digestHex } from "../../src/signature/digest.ts";
import { signParams } from "../../src/signature/sign.ts";
import { type SignableParams, stringToSign } from "../../src/signature/string-to-sign.ts";
import file from "../vectors/signatures.json" with { type: "json" };

interface Vector {
  name: string;
  params: SignableParams;
  secret: string;
  algorithm: "sha1" | "sha256";
  string_to_sign: string;
  expected: string;
}

const requests = file.vectors.filter(
  (vector) => vector.type === "request_signature" && vector.signature_version === 2,
) as unknown as Vector[];

describe("request signatures, version 2", () => {
  it("has vectors of both algorithms", () => {
    expect(new Set(requests.map(({ algorithm }) => algorithm))).toEqual(new Set(["sha1", "sha256"]));
    expect(requests.length).toBeGreaterThan(15);
  });

  it.each(requests)("$name: string to sign", ({ params, string_to_sign }) => {
    expect(stringToSign(params)).toBe(string_to_sign);
  });

  it.each(requests)("$name: digest alone", async ({ string_to_sign, secret, algorithm, expected }) => {
    expect(await digestHex(algorithm, string_to_sign + secret)).toBe(expected);
  });

  it.each(requests)("$name: signature", async ({ params, secret, algorithm, expected }) => {
    expect(await signParams(params, secret, { algorithm })).toBe(expected);
  });

  it.each<[string, SignableParams]>([
    ["a=2&b=1", { b: "1", a: "2" }],
    ["a=2&b=1", { a: "2", b: "1" }],
    ["a=2&c=1", { c: "1", a: "2" }],
    ["a=2", { c: "", a: "2" }],
    ["", { c: "", a: [] }],
    ["a=2&b=1&c=3", { c: "3", b: "1", a: "2" }],
    ["a=2&b%26=1", { "b&": "1", a: "2" }],
    ["a=2&b=1", { b: "1", a: "2" }],
  ])("%s: names are sorted whatever was signed before", (text, params) => {
    expect(stringToSign(params)).toBe(text);
  });

  it("never makes a version 1 signature of a value with an ampersand", async () => {
    const v1 = file.vectors.find(
      (vector) => "signature_version" in vector && vector.signature_version === 1 && "params" in vector,
    );
    const { params, secret, expected } = v1 as unknown as Vector;
    expect(await signParams(params, secret, { algorithm: "sha1" })).not.toBe(expected);
  });
});

// R14: receipts are signed by Ed25519 under a key that HKDF derives, for one signer. The judges are Node's own HKDF and
// Ed25519, and jose's thumbprint.

import { createPrivateKey, createPublicKey, hkdfSync, verify } from "node:crypto";
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { receiptKeyOf } from "../../src/keys/receipt-key.ts";
import { Secret } from "../../src/keys/secret.ts";
import { API_SECRET, CLOUD_NAME } from "../support/account.ts";

const HERE = "https://uploads.example.com";
const STAGING = "https://uploads-staging.example.com";

/** The public half of a seed, as Node has it. RFC 8410, section 7: what stands before it in PKCS #8. */
function publicHalf(seed: Uint8Array) {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  return { key, jwk: key.export({ format: "jwk" }) as { kty: string; crv: string; x: string } };
}

// RFC 8032, section 7.1: secret key and public key of tests 1 to 3.
it.each([
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  ],
])("the seed %s has the public half of RFC 8032", async (seed, half) => {
  const { jwk } = await receiptKeyOf(Buffer.from(seed, "hex"));
  expect(Buffer.from(jwk.x, "base64url").toString("hex")).toBe(half);
});

describe.each([
  [CLOUD_NAME, HERE],
  [CLOUD_NAME, STAGING],
  ["another-cloud", HERE],
])("the key of %s at %s", (cloud, publicUrl) => {
  const secret = new Secret(API_SECRET);
  const info = `cloudinary-edge-signer/receipt/v1/${publicUrl}`;
  const expected = publicHalf(new Uint8Array(hkdfSync("sha256", API_SECRET, cloud, info, 32)));

  it("has the public half that Node derives, by its thumbprint", async () => {
    const { jwk } = await secret.receiptKey(cloud, publicUrl);
    const kid = await calculateJwkThumbprint(expected.jwk, "sha256");
    expect(jwk).toEqual({ ...expected.jwk, kid, alg: "EdDSA", use: "sig" });
    expect((await secret.receiptKey(cloud, publicUrl)).jwk).toBe(jwk);
  });

  it("signs what Node and jose verify", async () => {
    const { key, jwk } = await secret.receiptKey(cloud, publicUrl);
    const text = Buffer.from("a text");
    const signature = Buffer.from(await crypto.subtle.sign("Ed25519", key, text));
    expect(verify(null, text, expected.key, signature)).toBe(true);
    expect(verify(null, Buffer.from("another"), expected.key, signature)).toBe(false);
    const token = await new SignJWT({ a: 1 }).setProtectedHeader({ alg: "EdDSA" }).sign(key as CryptoKey);
    expect((await jwtVerify(token, await importJWK({ ...jwk }))).payload).toEqual({ a: 1 });
  });

  it("can be used and not read", async () => {
    const { key, jwk } = await secret.receiptKey(cloud, publicUrl);
    for (const format of ["pkcs8", "jwk"] as const)
      await expect(crypto.subtle.exportKey(format, key as CryptoKey)).rejects.toThrow();
    expect(jwk).not.toHaveProperty("d");
  });
});

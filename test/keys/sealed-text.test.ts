// R14: upload IDs are sealed by AES-256-GCM under a key of their own, for one signer. The judge is Node's own HKDF and
// AES: it opens what is sealed here, and what it seals is opened here.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openText, sealText } from "../../src/keys/sealed-text.ts";
import { Secret } from "../../src/keys/secret.ts";
import { API_SECRET, CLOUD_NAME } from "../support/account.ts";

const URL_HERE = "https://uploads.example.com";
const secret = new Secret(API_SECRET);
const VALUE = ["avatars", null, 1_795_468_800, "ä 𝄞"];

const keyOf = (cloud: string, publicUrl: string): Buffer =>
  Buffer.from(hkdfSync("sha256", API_SECRET, cloud, `cloudinary-edge-signer/upload-id/v1/${publicUrl}`, 32));

/** A text as it has to be: 12 bytes of nonce, what was encrypted, 16 bytes of tag. */
function sealedByNode(key: Buffer, plain: string | Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

function openedByNode(key: Buffer, text: string): unknown {
  const bytes = Buffer.from(text, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  return JSON.parse(plain.toString());
}

describe.each([
  [CLOUD_NAME, URL_HERE],
  [CLOUD_NAME, "https://uploads-staging.example.com"],
  ["another-cloud", URL_HERE],
  [CLOUD_NAME, ""],
])("the key of %s at %j", (cloud, publicUrl) => {
  const key = keyOf(cloud, publicUrl);

  it("seals what Node opens, and opens what Node sealed", async () => {
    const ours = await secret.sealingKey(cloud, publicUrl);
    expect(openedByNode(key, await sealText(ours, VALUE))).toEqual(VALUE);
    expect(await openText(ours, sealedByNode(key, JSON.stringify(VALUE)))).toEqual(VALUE);
    // Asked again, it is at hand.
    expect(await secret.sealingKey(cloud, publicUrl)).toBe(ours);
  });

  it("can be used and not read", async () => {
    const ours = await secret.sealingKey(cloud, publicUrl);
    await expect(crypto.subtle.exportKey("raw", ours)).rejects.toThrow();
  });
});

it("without an address it is that of an empty one", async () => {
  const text = sealedByNode(keyOf(CLOUD_NAME, ""), "[]");
  expect(await openText(await secret.sealingKey(CLOUD_NAME), text)).toEqual([]);
});

it("seals the same value anew each time, and tells nothing of it but its length", async () => {
  const key = await secret.sealingKey(CLOUD_NAME, URL_HERE);
  const texts = await Promise.all(Array.from({ length: 100 }, () => sealText(key, VALUE)));
  expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(100);
  expect(new Set(texts.map((text) => text.length)).size).toBe(1);
  for (const text of texts)
    expect(Buffer.from(text, "base64url").toString("latin1")).not.toContain("avatars");
});

describe("what was not sealed so is not opened", () => {
  const right = keyOf(CLOUD_NAME, URL_HERE);
  const text = sealedByNode(right, JSON.stringify(VALUE));
  const open = async (sealed: string) => openText(await secret.sealingKey(CLOUD_NAME, URL_HERE), sealed);

  it("its twin is", async () => {
    expect(await open(text)).toEqual(VALUE);
  });

  it.each<[what: string, sealed: string]>([
    ["nothing", ""],
    ["too little for a nonce", "AAAA"],
    ["a nonce alone", text.slice(0, 16)],
    ["without its end", text.slice(0, -4)],
    ["with more at its end", `${text}AAAA`],
    ["padded", `${text}=`],
    ["in base64", Buffer.from(text, "base64url").toString("base64").replace(/=*$/, "+")],
    ["with a space", ` ${text}`],
    ["with what is no base64", `%${text.slice(1)}`],
    ["a text in the clear", Buffer.from(JSON.stringify(VALUE)).toString("base64url")],
    ["another cloud's", sealedByNode(keyOf("another-cloud", URL_HERE), JSON.stringify(VALUE))],
    ["another address's", sealedByNode(keyOf(CLOUD_NAME, `${URL_HERE}/`), JSON.stringify(VALUE))],
    [
      "by the key of links",
      sealedByNode(
        Buffer.from(hkdfSync("sha256", API_SECRET, CLOUD_NAME, "cloudinary-edge-signer/link/v1", 32)),
        JSON.stringify(VALUE),
      ),
    ],
    ["what is no JSON", sealedByNode(right, "no JSON")],
  ])("%s", async (_, sealed) => {
    expect(await open(sealed)).toBeUndefined();
  });

  it("with any bit of it turned", async () => {
    const bytes = Buffer.from(text, "base64url");
    for (let i = 0; i < bytes.length; i += 1) {
      const turned = Buffer.from(bytes);
      turned[i]! ^= 1 << (i % 8);
      expect(await open(turned.toString("base64url")), String(i)).toBeUndefined();
    }
  });
});

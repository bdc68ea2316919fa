// The proofs against the requests that the official SDK really sends: each method is called, and the signature of
// its request must prove the attack that claims to forge it.

import http from "node:http";
import { v2 as cloudinary } from "cloudinary";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { isProven } from "../../../src/testing/audit/proofs.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../../support/account.ts";
import { type Server, serveLocally } from "./naive.ts";

const VICTIM = "audit-victim-0123456789ab";

type Options = Record<string, unknown>;
/** The SDK's methods by what they are called with; its types leave some out. */
const uploader = cloudinary.uploader as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;

/** Attack, and the SDK's call that it forges; `call` is given what points the SDK at this test. */
const CALLS: readonly [id: string, call: (options: Options) => Promise<unknown>][] = [
  ["destroy", (o) => uploader.destroy!(VICTIM, o)],
  ["destroy-private", (o) => uploader.destroy!(VICTIM, { ...o, type: "private", invalidate: true })],
  [
    "destroy-and-tell",
    (o) => uploader.destroy!(VICTIM, { ...o, notification_url: "https://audit.invalid/gone" }),
  ],
  ["explicit", (o) => uploader.explicit!(VICTIM, { ...o, tags: `${VICTIM}-tag`, type: "upload" })],
  [
    "explicit-access",
    (o) => uploader.explicit!(VICTIM, { ...o, access_mode: "public", type: "authenticated" }),
  ],
  ["explode", (o) => uploader.explode!(VICTIM, { ...o, page: "all" })],
  ["archive-tags", (o) => uploader.create_archive!({ ...o, tags: VICTIM })],
  ["archive-ids", (o) => uploader.create_archive!({ ...o, public_ids: [VICTIM] })],
  [
    "archive-qualified",
    (o) => uploader.create_archive!({ ...o, fully_qualified_public_ids: [`image/authenticated/${VICTIM}`] }),
  ],
  ["rename", (o) => uploader.rename!(VICTIM, `${VICTIM}-gone`, o)],
  ["tags-add", (o) => uploader.add_tag!(`${VICTIM}-tag`, [VICTIM], o)],
  ["tags-remove", (o) => uploader.remove_all_tags!([VICTIM], o)],
  ["context", (o) => uploader.add_context!({ alt: VICTIM }, [VICTIM], o)],
  ["metadata", (o) => uploader.update_metadata!({ approved: VICTIM }, [VICTIM], o)],
  ["sprite", (o) => uploader.generate_sprite!(VICTIM, o)],
  ["multi", (o) => uploader.multi!(VICTIM, { ...o, width: 100, crop: "scale" })],
  ["text", (o) => uploader.text!("audit", { ...o, public_id: VICTIM })],
];

let server: Server;
let form: FormData;
beforeAll(async () => {
  server = await serveLocally(async (request) => {
    form = await request.formData();
    return Response.json({});
  });
});
afterAll(() => server.close());

describe.each(["sha1", "sha256"] as const)("%s", (signature_algorithm) => {
  it.each(CALLS)("%s", async (id, call) => {
    await call({
      upload_prefix: new URL(server.url).origin,
      // The SDK would speak TLS: it chooses when it is loaded, and an agent overrules it.
      agent: new http.Agent(),
      cloud_name: CLOUD_NAME,
      api_key: API_KEY,
      api_secret: API_SECRET,
      signature_algorithm,
    });
    const attack = ATTACKS.find((attack) => attack.id === id)!;
    const now = Number(form.get("timestamp"));
    const claim = {
      signature: String(form.get("signature")),
      account: { secret: API_SECRET, algorithm: signature_algorithm },
      victim: VICTIM,
      now,
      base: {},
      signed: { ...attack.ask(VICTIM, now), timestamp: now },
    };
    expect(isProven(attack.proof, claim)).toBe(true);
    expect(isProven(attack.proof, { ...claim, victim: "somebody-else" })).toBe(false);
  });
});

it("every forgery that is a method of the SDK's uploader is tried here", () => {
  // Addresses that the SDK makes, what it verifies, the console and methods that are no part of it, and a call that
  // takes its credentials from the SDK's settings alone.
  const others =
    /^(sprite-urls|concat|slideshow|collage|destroy-by-asset-id|download-by-asset-id|search|download|download-private|archive-download|archive-folder|tag-zip|backup|login|response|notification|delivery)(-around)?$/;
  const methods = ATTACKS.filter(({ id, kind }) => kind === "forgery" && !others.test(id)).map(
    ({ id }) => id,
  );
  expect(CALLS.map(([id]) => id).sort()).toEqual(methods.sort());
});

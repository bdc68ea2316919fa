// Secrets in real Secrets Store bindings, in workerd.

import type { Json } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AUDIENCE, ISSUER, signShared } from "../access/identity.ts";
import { API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { sdkSignature } from "../support/sdk.ts";
import { builtWorker, startWorkers, type Workers } from "../support/workers.ts";

const signer = (
  name: string,
  SIGNER: Json,
  bindings: Record<string, string>,
  stored: Record<string, string>,
) =>
  builtWorker(
    name,
    { CLOUDINARY_CLOUD_NAME: CLOUD_NAME, CLOUDINARY_API_KEY: API_KEY, SIGNER, ...bindings },
    {
      secretsStoreSecrets: Object.fromEntries(
        Object.entries(stored).map(([binding, name]) => [binding, { store_id: "store", secret_name: name }]),
      ),
    },
  );

const members = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE };
let workers: Workers;
beforeAll(async () => {
  workers = await startWorkers([
    signer(
      "open",
      { profiles: { default: { access: ["public"] } } },
      {},
      { CLOUDINARY_API_SECRET: "cloudinary" },
    ),
    signer(
      "members",
      { access: { members }, profiles: { default: { access: ["members"], set: { folder: "users/{sub}" } } } },
      { CLOUDINARY_API_SECRET: API_SECRET },
      { JWT_SECRET: "jwt" },
    ),
  ]);
});
afterAll(() => workers.close());

it("the API secret is out of reach until it exists, and then signs", async () => {
  const url = workers.urlOf("open");
  const ask = async () =>
    JSON.parse(unseen(await (await fetch(new URL("/sign", url), { method: "POST" })).text()));
  expect(await ask()).toMatchObject({ status: 503, code: "keys_unavailable" });

  const admin = await workers.miniflare.getSecretsStoreSecretAPI("CLOUDINARY_API_SECRET", "open");
  await admin().create(API_SECRET);
  // It is not asked again for a few seconds, however many want it.
  await expect.poll(async () => (await ask()).code, { interval: 500 }).toBe(undefined);
  const { fields } = await ask();
  const { signature, api_key, ...signed } = fields;
  expect(api_key).toBe(API_KEY);
  expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha256"));
});

it("a shared secret that is changed lets in at once, by requests that ask the store at the same time", async () => {
  const OLD = "the-old-secret-of-more-than-32-bytes";
  const NEW = "the-new-secret-of-more-than-32-bytes";
  const url = workers.urlOf("members");
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(new URL("/sign", url), { method: "POST", headers });
    const body = JSON.parse(unseen(await answer.text()));
    return body.code ?? body.fields.folder;
  };
  const admin = (await workers.miniflare.getSecretsStoreSecretAPI("JWT_SECRET", "members"))();
  const id = await admin.create(OLD);
  const before = await signShared({}, OLD);
  // No secret is at hand yet, and each of them asks for it.
  expect(new Set(await Promise.all(Array.from({ length: 8 }, () => ask(before))))).toEqual(
    new Set(["users/42"]),
  );
  await admin.update(NEW, id);
  expect(await ask(before)).toBe("users/42");
  expect(await ask(await signShared({}, NEW))).toBe("users/42");
  expect(await ask(before)).toBe("invalid_token");
  const shown = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => signShared({ sub: `${i}` }, NEW)),
  );
  expect(await Promise.all(shown.map(ask))).toEqual(shown.map((_, i) => `users/${i}`));
});

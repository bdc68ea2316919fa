// The API secret in a real Secrets Store binding, in workerd.

import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { expect, inject, it } from "vitest";
import { API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { sdkSignature } from "../support/sdk.ts";

it("is out of reach until it exists, and then signs", async () => {
  const build = inject("workerBuild");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: join(build, "index.js") }],
      modulesRoot: build,
      rootPath: build,
      compatibilityDate: "2026-10-20",
      compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
      bindings: {
        CLOUDINARY_CLOUD_NAME: CLOUD_NAME,
        CLOUDINARY_API_KEY: API_KEY,
        SIGNER: { profiles: { default: { access: ["public"] } } },
      },
      secretsStoreSecrets: { CLOUDINARY_API_SECRET: { store_id: "store", secret_name: "cloudinary" } },
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    }),
  );
  const url = await miniflare.ready;
  const ask = async () =>
    JSON.parse(unseen(await (await fetch(new URL("/sign", url), { method: "POST" })).text()));
  expect(await ask()).toMatchObject({ status: 503, code: "keys_unavailable" });

  const admin = await miniflare.getSecretsStoreSecretAPI("CLOUDINARY_API_SECRET");
  await admin().create(API_SECRET);
  const { fields } = await ask();
  const { signature, api_key, ...signed } = fields;
  expect(api_key).toBe(API_KEY);
  expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha256"));
  await miniflare.dispose();
});

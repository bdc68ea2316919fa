// A deployment in a folder of its own, of which a test makes one thing wrong.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

export const WRANGLER = `name = "signer"
main = "index.ts"
compatibility_date = "2026-10-20"

[vars]
CLOUDINARY_CLOUD_NAME = "my-cloud"
CLOUDINARY_API_KEY = "123456789012345"

[[ratelimits]]
name = "LIMIT_BY_IP"
namespace_id = "1001"
simple = { limit = 100, period = 60 }

[env.staging.vars]
CLOUDINARY_CLOUD_NAME = "my-staging-cloud"
CLOUDINARY_API_KEY = "123456789012346"
SIGNER_ENV = "staging"

[[env.staging.ratelimits]]
name = "LIMIT_BY_IP"
namespace_id = "1002"
simple = { limit = 100, period = 60 }
`;

/** The module of the package that a definition imports. */
export const CONFIG_MODULE = join(PROJECT, "src/config.ts");
const MODULES = JSON.stringify(CONFIG_MODULE);
export const DEFINITION = `import { defineSigner, jwt, origin } from ${MODULES};

export default defineSigner({
  allowedOrigins: ["https://www.example.com"],
  access: {
    members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" }),
    site: origin(),
  },
  profiles: {
    avatars: {
      access: ["members"],
      resourceType: "image",
      ttl: 300,
      set: { public_id: "users/{sub}/{uuid}", overwrite: false },
      accept: { context: { keys: ["alt"], maxLength: 200 } },
    },
    form: { access: ["site"], set: { folder: "form", allowed_formats: ["jpg", "png"] } },
  },
  environments: {
    staging: { allowedOrigins: ["https://staging.example.com"], log: "refusals" },
  },
});
`;

export const RIGHT = { "wrangler.toml": WRANGLER, "signer.config.ts": DEFINITION };

/** Writes a deployment, and answers what removes it. */
export async function deployment(files: Readonly<Record<string, string>>, below = tmpdir()) {
  const folder = await mkdtemp(join(below, "edge-signer-deployment-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return {
    folder,
    config: join(folder, "wrangler.toml"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

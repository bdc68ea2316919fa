// What stands in for secrets and bindings, which no file holds, so that a check can do as the Worker itself will. None
// of it is ever used to sign.

import type { Effective } from "../config/environment.ts";
import { bindingsOf, type WranglerConfig } from "./wrangler-toml.ts";

const SECRET = "stand-in-for-the-secret";

/** The names of the access methods' secrets, which stand in the option `secret` of every method that has one. */
export function namedSecrets(access: Readonly<Record<string, object>>): string[] {
  const names = Object.values(access).flatMap((method) => {
    const { secret } = method as { secret?: unknown };
    return typeof secret === "string" ? [secret] : [];
  });
  return [...new Set(names)];
}

/** By which bindings the account is told: the one secret, or the three. */
function account(
  file: WranglerConfig,
  plain: Readonly<Record<string, unknown>>,
  stores: ReadonlySet<string>,
) {
  const url = { CLOUDINARY_URL: `cloudinary://1:${SECRET}@stand-in` };
  const required = new Set(file.secrets?.required);
  const isByThree =
    plain.CLOUDINARY_CLOUD_NAME !== undefined ||
    plain.CLOUDINARY_API_KEY !== undefined ||
    stores.has("CLOUDINARY_API_SECRET") ||
    required.has("CLOUDINARY_API_SECRET") ||
    required.has("CLOUDINARY_API_KEY");
  return {
    ...(isByThree && { CLOUDINARY_API_SECRET: SECRET }),
    ...(required.has("CLOUDINARY_CLOUD_NAME") && { CLOUDINARY_CLOUD_NAME: "stand-in" }),
    ...(required.has("CLOUDINARY_API_KEY") && { CLOUDINARY_API_KEY: "1" }),
    ...((!isByThree || required.has("CLOUDINARY_URL")) && url),
  };
}

/** The bindings of an environment; `plain` are the variables that are none of the secrets. */
export function standIns(
  file: WranglerConfig,
  settings: Effective | undefined,
  plain: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const bound = [...bindingsOf(file)];
  const of = (table: string, value: unknown) =>
    Object.fromEntries(bound.filter(([, one]) => one === table).map(([name]) => [name, value]));
  const stores = of("secrets_store_secrets", { get: async () => SECRET });
  return {
    ...Object.fromEntries(
      namedSecrets(settings?.access ?? {}).map((name) => [name, `stand-in-for-${name}-${"x".repeat(32)}`]),
    ),
    ...account(file, plain, new Set(Object.keys(stores))),
    ...stores,
    ...of("ratelimits", { limit: async () => ({ success: true }) }),
    ...of("assets", { fetch }),
    ...of("services", { fetch }),
    ...of("queues.producers", { send: async () => {} }),
    ...of("analytics_engine_datasets", { writeDataPoint: () => {} }),
    ...plain,
  };
}

// The names that a signer reads in wrangler.toml: variables, secrets and bindings.

/** Variables of the account, without which another account would be asked for, or none. */
export const ACCOUNT_VARIABLES: readonly string[] = ["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY"];

/** Variables that may well differ by environment, and that are forgotten easily. */
export const SETTINGS: readonly string[] = ["CLOUDINARY_UPLOAD_PREFIX", "ALLOWED_ORIGINS"];

export const VARIABLES: readonly string[] = [...ACCOUNT_VARIABLES, ...SETTINGS, "SIGNER_ENV"];

/** Secrets of the account: one of them is enough. */
export const ACCOUNT_SECRETS: readonly string[] = ["CLOUDINARY_URL", "CLOUDINARY_API_SECRET"];

/** The other key pair of a rotation. */
export const PREVIOUS = "CLOUDINARY_URL_PREVIOUS";

/** Secrets, which are variables by mistake alone: none of them may stand in a file. */
export const SECRETS: readonly string[] = [...ACCOUNT_SECRETS, PREVIOUS];

export const LIMITERS: readonly string[] = ["LIMIT_BY_IP", "LIMIT_BY_SUBJECT"];

/** Bindings by the table of wrangler.toml that each of them stands in. */
export const TABLE_OF: ReadonlyMap<string, string> = new Map([
  ...LIMITERS.map((name) => [name, "ratelimits"] as const),
  ["ASSETS", "assets"],
  ["APP", "services"],
  ["NOTIFICATIONS", "queues.producers"],
  ["ANALYTICS", "analytics_engine_datasets"],
]);

/** Those that are of no use to anybody in another table, or as a variable. */
export const ALONE: readonly string[] = [...LIMITERS, "APP", "NOTIFICATIONS", "ANALYTICS"];

export const BINDINGS: readonly string[] = [...TABLE_OF.keys()];

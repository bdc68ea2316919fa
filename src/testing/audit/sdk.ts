// The official SDK as the judge of forgeries. Every argument is given, and its settings are put back, so that
// neither the environment nor another user of the SDK takes part.

import { type ConfigOptions, v2 as cloudinary } from "cloudinary";

export type Params = Readonly<Record<string, unknown>>;
export type Algorithm = "sha1" | "sha256";

/** What signatures are proven with. */
export interface Account {
  readonly secret: string;
  readonly algorithm: Algorithm;
}

type Options = Readonly<Record<string, unknown>>;

/** The functions used here; the SDK's own types leave out some of them, and arguments of others. */
interface Utils {
  api_sign_request(params: object, secret: string, algorithm: Algorithm, version: 1 | 2): string;
  archive_params(options: Options): Params;
  build_explicit_api_params(publicId: string, options: Options): [Params];
  build_multi_and_sprite_params(tag: string | Options, options?: Options): Params;
  encode_context(context: object): string;
  download_backedup_asset(assetId: string, versionId: string, options: Options): string;
  download_folder(path: string, options: Options): string;
  download_zip_url(options: Options): string;
  private_download_url(publicId: string, format: string | undefined, options: Options): string;
  zip_download_url(tag: string, options: Options): string;
  webhook_signature(
    body: string,
    timestamp: number,
    options: { api_secret: string; signature_algorithm: Algorithm },
  ): string;
  verifyNotificationSignature(body: string, timestamp: number, signature: string): boolean;
  verify_api_response_signature(publicId: string, version: number, signature: string): boolean;
}

export const utils = cloudinary.utils as unknown as Utils;

/** Signature version 2 is today's; version 1 is what endpoints of older SDKs make. */
const VERSIONS = [1, 2] as const;

/** Whether `signature` is the SDK's over `params`. */
export const isSignatureOf = (params: Params, signature: string, { secret, algorithm }: Account): boolean =>
  VERSIONS.some((version) => utils.api_sign_request(params, secret, algorithm, version) === signature);

/** The SDK's signature of a notification, over its raw body. */
export const signedWebhook = (raw: string, timestamp: number, { secret, algorithm }: Account): string =>
  utils.webhook_signature(raw, timestamp, { api_secret: secret, signature_algorithm: algorithm });

/** Options that the SDK's makers of addresses take in place of its settings. */
export const optionsFor = ({ secret, algorithm }: Account, timestamp: unknown): Options => ({
  cloud_name: "audit",
  api_key: "1",
  api_secret: secret,
  signature_algorithm: algorithm,
  signature_version: 2,
  timestamp,
});

/** The signed delivery URL of an authenticated image. */
export const signedUrl = (publicId: string, transformation: string, { secret, algorithm }: Account): string =>
  cloudinary.url(publicId, {
    cloud_name: "audit",
    type: "authenticated",
    raw_transformation: transformation,
    sign_url: true,
    api_secret: secret,
    signature_algorithm: algorithm,
    long_url_signature: algorithm === "sha256",
    auth_token: false,
    analytics: false,
  } as unknown as ConfigOptions);

/** The signed address of a search over the account, which the SDK signs by SHA-256 whatever its settings say. */
export const searchUrl = (expression: string, ttl: number, { secret }: Pick<Account, "secret">): string =>
  cloudinary.search
    .expression(expression)
    .to_url(ttl, undefined as never, { cloud_name: "audit", api_secret: secret } as ConfigOptions);

/** Runs what reads the secret from the SDK's settings alone. */
export function withSettings<T>({ secret, algorithm }: Account, run: () => T): T {
  const settings = cloudinary.config() as Record<string, unknown>;
  const before = { ...settings };
  try {
    Object.assign(settings, { api_secret: secret, signature_algorithm: algorithm });
    return run();
  } finally {
    for (const name of Object.keys(settings)) delete settings[name];
    Object.assign(settings, before);
  }
}

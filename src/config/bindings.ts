// The one reader of the Worker's environment: bindings -> Config, or what is wrong with them.

import type { Fault } from "../fault.ts";
import { type Setting, splitCloudinaryUrl } from "../keys/account.ts";
import { err, ok } from "../result.ts";
import { readHooks } from "./application.ts";
import type { Configured } from "./checked.ts";
import { configure } from "./configure.ts";
import type { Source } from "./source.ts";

/** The Worker's bindings. All are `unknown` until they are checked. */
export interface Bindings {
  /** Variable: the account's cloud name. */
  readonly CLOUDINARY_CLOUD_NAME?: unknown;
  /** Variable: the account's API key. */
  readonly CLOUDINARY_API_KEY?: unknown;
  /** Secret: the account's API secret, a text or a Secrets Store binding. */
  readonly CLOUDINARY_API_SECRET?: unknown;
  /** Secret, instead of the three: `cloudinary://key:secret@cloud`. */
  readonly CLOUDINARY_URL?: unknown;
  /** Secret, a text or a Secrets Store binding: the other key pair during a rotation, which verifies and signs nothing. */
  readonly CLOUDINARY_URL_PREVIOUS?: unknown;
  /** Variable: another address of Cloudinary's API, as in the SDKs. */
  readonly CLOUDINARY_UPLOAD_PREFIX?: unknown;
  /** Variable: which of the definition's `environments` this is. */
  readonly SIGNER_ENV?: unknown;
  /** Variable: origins beside those of the definition, with commas between. */
  readonly ALLOWED_ORIGINS?: unknown;
  /** Rate-limit binding: requests by address, asked before anything is verified. */
  readonly LIMIT_BY_IP?: unknown;
  /** Rate-limit binding: requests by caller. */
  readonly LIMIT_BY_SUBJECT?: unknown;
  /** Service binding: the application, whose methods `onUploaded` and `onNotification` hear of confirmed uploads and of notifications. */
  readonly APP?: unknown;
  /** Queue: notifications on their way to the application. */
  readonly NOTIFICATIONS?: unknown;
  /** Analytics Engine dataset: a data point a request, for metrics. */
  readonly ANALYTICS?: unknown;
  /** Static assets: the files of the page, served where `page` is true. */
  readonly ASSETS?: unknown;
  /** Secrets that the definition names. */
  readonly [secretBinding: string]: unknown;
}

/** How a variable is written, in an environment of wrangler.toml; `undefined` is the one without a name. */
const variable = (name: string, env: string | undefined): string =>
  `write ${name} = "…" under ${env === undefined ? "[vars]" : `[env.${env}.vars]`} in wrangler.toml`;
const secret = (name: string, env: string | undefined): string =>
  `run \`npx wrangler secret put ${name}${env === undefined ? "" : ` --env ${env}`}\` and paste the bare value (on this machine: a line ${name}=… in .dev.vars)`;

const ACCOUNT_BINDINGS = ["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET"] as const;

/** The three values of the account, by whichever bindings they are told. */
export function readAccount(bindings: Bindings, env: string | undefined): Source["account"] {
  const url = bindings.CLOUDINARY_URL;
  const setting = (name: string, howTo: string): Setting => ({ value: bindings[name], name, howTo });
  if (url === undefined) {
    return ok({
      cloudName: setting("CLOUDINARY_CLOUD_NAME", variable("CLOUDINARY_CLOUD_NAME", env)),
      apiKey: setting("CLOUDINARY_API_KEY", variable("CLOUDINARY_API_KEY", env)),
      apiSecret: setting("CLOUDINARY_API_SECRET", secret("CLOUDINARY_API_SECRET", env)),
    });
  }
  const twice = ACCOUNT_BINDINGS.filter((name) => bindings[name] !== undefined);
  if (twice.length > 0) {
    return err(
      twice.map(
        (binding): Fault => ({ binding, problem: "remove one of the two: it is set beside CLOUDINARY_URL" }),
      ),
    );
  }
  return splitCloudinaryUrl(setting("CLOUDINARY_URL", secret("CLOUDINARY_URL", env)));
}

/** The other key pair of a rotation. */
export const readPrevious = (bindings: Bindings, env: string | undefined): Setting => {
  const name = "CLOUDINARY_URL_PREVIOUS";
  return { value: bindings[name], name, howTo: secret(name, env) };
};

/** What a definition is called where it was written. */
const DEFINITION = "signer.config.ts";

/**
 * Checks a definition, and the bindings for which it was written. `env` is the environment of wrangler.toml where it is
 * known, which a Worker itself does not know.
 */
export function readBindings(definition: unknown, bindings: Bindings, env?: string): Configured {
  const setting = (name: string, howTo: string): Setting => ({ value: bindings[name], name, howTo });
  return configure({
    account: readAccount(bindings, env),
    previous: readPrevious(bindings, env),
    uploadPrefix: setting(
      "CLOUDINARY_UPLOAD_PREFIX",
      "leave it out, or write an address such as https://api-eu.cloudinary.com",
    ),
    definition,
    definitionName: DEFINITION,
    environment: setting("SIGNER_ENV", "leave it out, or name one of `environments`"),
    allowedOrigins: setting("ALLOWED_ORIGINS", "write origins such as https://www.example.com"),
    secrets: {
      value: (name) => (Object.hasOwn(bindings, name) ? bindings[name] : undefined),
      howTo: (name) => secret(name, env),
    },
    limiters: { LIMIT_BY_IP: bindings.LIMIT_BY_IP, LIMIT_BY_SUBJECT: bindings.LIMIT_BY_SUBJECT },
    hooks: readHooks(bindings.APP, bindings.NOTIFICATIONS),
    analytics: bindings.ANALYTICS,
    assets: bindings.ASSETS,
  });
}

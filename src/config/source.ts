// What there is to configure, wherever it was written.

import type { Fault } from "../fault.ts";
import type { Account, Setting } from "../keys/account.ts";
import type { NamedSecrets } from "../keys/named-secrets.ts";
import type { Result } from "../result.ts";
import type { Hooks } from "./application.ts";

/** What there is to configure, and what each part is called where it was written. */
export interface Source {
  readonly account: Result<Readonly<Record<keyof Account, Setting>>, Fault[]>;
  /** The key pair that is replaced, or that replaces the account's own. */
  readonly previous: Setting;
  readonly uploadPrefix: Setting;
  readonly definition: unknown;
  /** The name of the definition, or `""` where it has none of its own. */
  readonly definitionName: string;
  /** Which of the definition's environments, and what says so. */
  readonly environment: Setting;
  /** Origins beside those of the definition. */
  readonly allowedOrigins: Setting;
  readonly secrets: NamedSecrets;
  /** Rate limiters by the names of their bindings. */
  readonly limiters: Readonly<Record<"LIMIT_BY_IP" | "LIMIT_BY_SUBJECT", unknown>>;
  /** Who hears of uploads. */
  readonly hooks: Result<Hooks, Fault[]>;
  /** A dataset for metrics. */
  readonly analytics?: unknown;
  /** The files of the page. */
  readonly assets?: unknown;
}

// Which account is asked: that of CLOUDINARY_URL or, where it is asked for, a new one that lives 24 hours.
// Source: https://cloudinary.com/documentation/claimable_cloud_provisioning and https://cloudinary.com/auth.md. Its answer
// has been told with the credentials in `product_environments`, and beside it, with a key of two names: all are read.

import { type Account, checkAccount, splitCloudinaryUrl } from "../../src/keys/account.ts";
import { err, type Result } from "../../src/result.ts";

/** Why nobody can be asked: `none` is no mistake of anybody's. */
export interface NoAccount {
  readonly kind: "none" | "wrong";
  readonly why: string;
}

const TIMEOUT_MS = 30_000;

const SETTING = { name: "CLOUDINARY_URL", howTo: "set CLOUDINARY_URL to cloudinary://key:secret@cloud" };

export function accountOf(url: string): Result<Account, NoAccount> {
  const split = splitCloudinaryUrl({ ...SETTING, value: url });
  const checked = split.ok ? checkAccount(split.value) : split;
  return checked.ok
    ? checked
    : err({
        kind: "wrong",
        why: checked.error.map(({ binding, problem }) => `${binding}: ${problem}`).join("; "),
      });
}

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null;
const first = (value: unknown): Table => {
  const one: unknown = Array.isArray(value) ? value[0] : undefined;
  return isTable(one) ? one : {};
};

/** The credentials in an answer, in each form that was told of. */
export function readCloud(answer: unknown): Result<Account, NoAccount> {
  const all = isTable(answer) ? { ...answer, ...first(answer.product_environments) } : {};
  const key = first((all as Table).api_access_keys);
  const { cloud_name, api_key = key.key, api_secret = key.secret } = all as Table;
  const isWhole = [cloud_name, api_key, api_secret].every((one) => typeof one === "string" && one !== "");
  if (!isWhole) return err({ kind: "none", why: "Cloudinary answered no credentials that are known here" });
  return accountOf(`cloudinary://${api_key}:${api_secret}@${cloud_name}`);
}

/** Asks for an account of its own. Delivery is for this machine alone, which asks for what it uploads. */
export async function claimableCloud(
  prefix: string,
  fetch: typeof globalThis.fetch,
): Promise<Result<Account, NoAccount>> {
  const none = (why: string): Result<never, NoAccount> => err({ kind: "none", why });
  try {
    const response = await fetch(`${prefix}/v1_1/provisioning/clouds`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ delivery_ips: ["requester_ip"] }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return readCloud(await response.json());
    const { error } = (await response.json().catch(() => ({}))) as { error?: { code?: unknown } };
    return none(`Cloudinary gives no account now: ${response.status} ${error?.code ?? ""}`.trim());
  } catch (error) {
    return none(`${new URL(prefix).host} can't be reached (${reasonOf(error)})`);
  }
}

/** Fetch hides why it failed in the cause of a cause. */
export function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? name;
}

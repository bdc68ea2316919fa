// How often: the platform's rate-limit bindings, used where they are bound.

import { within } from "../within.ts";

/** How long a limiter may take, in milliseconds; the platform's own answers in a few. */
export const LIMITER_TIMEOUT_MS = 2000;

/** A rate-limit binding of Workers, or anything with its shape. */
export interface RateLimiter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** `failed`: the limiter itself could not be asked, did not answer in time, or answered something else. */
export type Verdict = "pass" | "limited" | "failed";

/** Asks a limiter; one that is not bound lets everybody pass. */
export async function askLimiter(limiter: RateLimiter | undefined, key: string): Promise<Verdict> {
  if (limiter === undefined) return "pass";
  // An async function, so that one that throws at once rejects like any other.
  const ask = async (): Promise<unknown> => (await limiter.limit({ key })).success;
  try {
    const success = await within(LIMITER_TIMEOUT_MS, ask());
    return typeof success !== "boolean" ? "failed" : success ? "pass" : "limited";
  } catch {
    return "failed";
  }
}

/** Hextets of an IPv6 address that name a network: who has one address has its whole /64. */
const NETWORK_HEXTETS = 4;

/** Two hextets as an IPv4 address. */
const ipv4 = (hextets: readonly string[]): string =>
  hextets
    .map((hextet) => Number.parseInt(hextet, 16))
    .flatMap((number) => [number >> 8, number & 255])
    .join(".");

/** The key of an address: an IPv4 address, or the /64 of an IPv6 one. */
export function addressKey(address: string | undefined): string {
  if (address === undefined || !address.includes(":")) return address ?? "unknown";
  const url = `http://[${address}]`;
  if (!URL.canParse(url)) return "unknown";
  // The URL parser writes any IPv6 address in one way, without brackets: 2001:db8::1.
  const [head = "", tail = ""] = new URL(url).hostname.slice(1, -1).split("::");
  const first = head.split(":").filter((part) => part !== "");
  const last = tail.split(":").filter((part) => part !== "");
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  const hextets = [...first, ...zeros, ...last];
  // ::ffff:192.0.2.1 is the IPv4 address 192.0.2.1, and has the same key.
  const isMapped = hextets.slice(0, 6).join(":") === "0:0:0:0:0:ffff";
  return isMapped ? ipv4(hextets.slice(6)) : `${hextets.slice(0, NETWORK_HEXTETS).join(":")}::/64`;
}

// The no-oracle audit: asks a signing endpoint for signatures that are really forgeries, and tells which it made.

import { checkAddress } from "./address.ts";
import { CANT_SEND, type Endpoint, readHeaders, type Shape, TIMEOUT_MS } from "./ask.ts";
import { ATTACKS, type Attack } from "./attacks.ts";
import { fitsSecret, isForgery, type Verdict } from "./judge.ts";
import type { Params } from "./sdk.ts";
import { askHarmless, NOT_ASKED, settle, type Trial, tryAttack } from "./trial.ts";
import { otherWays, ownWay } from "./ways.ts";

/** Which endpoint is tried, how it is asked, and by which attacks. */
export interface AuditOptions {
  /** The endpoint; an address that is not loopback needs `iOwnThis`. */
  readonly url: string;
  /** Where the endpoint wants the parameters; default `params`. */
  readonly shape?: Shape;
  /** Sent with each request: what lets the caller in. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The API secret, to prove what was signed; it is never sent. */
  readonly secret?: string | undefined;
  /** That the endpoint is yours, where it is not on this machine. */
  readonly iOwnThis?: boolean;
  /** Parameters that the endpoint signs for everyone, without the timestamp; default none. */
  readonly harmless?: Params;
  /** Longest wait for one answer, in milliseconds; default 10,000. */
  readonly timeoutMs?: number;
  /** The attacks to try; default all. */
  readonly attacks?: readonly Attack[];
  /**
   * Asks in place of the global `fetch`: an app in the same process is
   * `(input, init) => app.fetch(new Request(input, init))`.
   */
  readonly fetch?: Endpoint["fetch"];
  /** Called after each attack. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What came of one attack. */
export interface Finding {
  /** What was tried. */
  readonly attack: Attack;
  /** What came of it. */
  readonly verdict: Verdict;
  /** How it was asked, where another way than the endpoint's own shape brought it: `by renewing a ticket`. */
  readonly by?: string;
}

/** `asked: false` means that nothing could be learnt, and `why` is a sentence. */
export type AuditReport = { readonly asked: false; readonly why: string } | AuditFindings;

/** An audit that could ask. */
export interface AuditFindings {
  /** It answered what it was asked. */
  readonly asked: true;
  /** One for each attack that was tried. */
  readonly findings: readonly Finding[];
  /** How many findings are `proven` or `signed, unproven`. */
  readonly forgeries: number;
  /** Why no forgeries need not mean that it is safe; empty where everything was asked and answered. */
  readonly doubts: readonly string[];
}

/** After so many attacks without an answer, one after the other, the rest is not asked. */
export const MAX_UNANSWERED = 3;

/**
 * Audits an endpoint, one request after the other: harmless ones before and after, and the attacks between
 * them. It rejects for nothing that an endpoint does.
 *
 * @example
 * const report = await audit({ url: "http://localhost:8787/sign", secret: apiSecret });
 * if (report.asked) console.log(report.forgeries, report.findings, report.doubts);
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { shape = "params", secret, harmless = {}, attacks = ATTACKS, onProgress } = options;
  const url = checkAddress(options.url, options.iOwnThis ?? false);
  if (!url.ok) return { asked: false, why: url.error };
  const headers = readHeaders(options.headers ?? {});
  if (headers === undefined) return { asked: false, why: CANT_SEND };
  const { timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const endpoint: Endpoint = { url: url.value, shape, headers, timeoutMs, fetch };

  const before = await askHarmless(endpoint, harmless);
  if ("why" in before) return { asked: false, why: before.why };

  const ways = [ownWay(shape, harmless), ...(await otherWays(endpoint, before))];
  const trials: Trial[] = [];
  let unanswered = 0;
  for (const attack of attacks) {
    const trial = unanswered < MAX_UNANSWERED ? await tryAttack(endpoint, attack, ways, secret) : NOT_ASKED;
    unanswered = trial === NOT_ASKED ? unanswered + 1 : 0;
    trials.push(trial);
    onProgress?.(trials.length, attacks.length);
  }
  const after = await askHarmless(endpoint, harmless);

  const verdicts = settle(trials, before.answer);
  const notAsked = verdicts.filter((verdict) => verdict === "could not ask").length;
  const isKey =
    secret === undefined || verdicts.includes("proven") || fitsSecret(before.asked, before.answer, secret);
  return {
    asked: true,
    findings: attacks.map((attack, i) => {
      const { by } = trials[i]!;
      return { attack, verdict: verdicts[i]!, ...(by !== undefined && { by }) };
    }),
    forgeries: verdicts.filter(isForgery).length,
    doubts: [
      ...(notAsked > 0 ? [`${notAsked} of ${attacks.length} attacks were not answered`] : []),
      ...("why" in after ? [`at the end, ${after.why}`] : []),
      ...(isKey ? [] : [WRONG_SECRET]),
    ],
  };
}

const WRONG_SECRET =
  "its harmless signature can't be proven with the given secret: either that is another account's, or the endpoint signs parameters that it does not tell, which then belong in the harmless request";

// The audit of an endpoint that Cloudinary notifies: sends it what Cloudinary never sent, and tells what it takes. An honest
// twin is sent first and last, for an endpoint that refuses everything is not a safe one, but a broken one.

import type { Result } from "../../result.ts";
import { checkAddress } from "./address.ts";
import { type Address, askText, CANT_SEND, readHeaders, TIMEOUT_MS } from "./ask.ts";
import { type AuditOptions, MAX_UNANSWERED } from "./audit.ts";
import type { Algorithm } from "./sdk.ts";
import { type SentWebhook, WEBHOOK_ATTACKS, type WebhookAttack, webhookParts } from "./webhook-attacks.ts";

/** Which address is tried, how, and by which attacks. */
export interface WebhookAuditOptions
  extends Pick<
    AuditOptions,
    "url" | "headers" | "secret" | "iOwnThis" | "timeoutMs" | "fetch" | "onProgress"
  > {
  /** Members of the notifications, in the place of an upload's: `{ notification_type: "moderation" }`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The attacks to try; default all. */
  readonly attacks?: readonly WebhookAttack[];
}

/**
 * `accepted` is a status 2xx, which Cloudinary takes for received, and `refused` one of 4xx. `unclear` is any other: what
 * redirects or breaks may have done what it was told all the same.
 */
export type WebhookVerdict = "accepted" | "unclear" | "refused" | "could not ask";

/** What came of one attack. */
export interface WebhookFinding {
  /** What was sent. */
  readonly attack: WebhookAttack;
  /** What came of it. */
  readonly verdict: WebhookVerdict;
  /** Of an attack in several forms, which one brought it. */
  readonly by?: string;
}

/** An audit that could ask. */
export interface WebhookFindings {
  /** It answered what it was sent. */
  readonly asked: true;
  /** Of the attacks that could be tried: without the secret some can't be made. */
  readonly findings: readonly WebhookFinding[];
  /** How many were accepted. */
  readonly forgeries: number;
  /** Why no forgeries need not mean that it is safe; empty where an honest one was taken and each attack refused. */
  readonly doubts: readonly string[];
}

/** `asked: false` means that nothing could be learnt, and `why` is a sentence. */
export type WebhookReport = { readonly asked: false; readonly why: string } | WebhookFindings;

type Members = NonNullable<WebhookAuditOptions["members"]>;
type Answered = Result<{ readonly status: number }, string>;
type Trial = Omit<WebhookFinding, "attack">;

const ALGORITHMS: readonly Algorithm[] = ["sha1", "sha256"];
const RANKED: readonly WebhookVerdict[] = ["accepted", "unclear", "could not ask", "refused"];

function sendWebhook(address: Address, sent: SentWebhook): Promise<Answered> {
  const headers = new Headers(address.headers);
  const own = {
    "x-cld-timestamp": sent.timestamp,
    "x-cld-signature": sent.signature,
    "x-cld-signature_v2": sent.signatureV2,
  };
  for (const [name, value] of Object.entries(own))
    if (value === undefined) headers.delete(name);
    else headers.set(name, String(value));
  return askText({ ...address, headers }, sent.raw);
}

const isTaken = (answered: Answered): boolean => verdictOf(answered) === "accepted";

function verdictOf(answered: Answered): WebhookVerdict {
  if (!answered.ok) return "could not ask";
  const { status } = answered.value;
  if (status >= 200 && status < 300) return "accepted";
  return status >= 400 && status < 500 ? "refused" : "unclear";
}

/** A genuine notification, signed by the secret. */
function sendHonest(address: Address, members: Members, secret: string, by: Algorithm): Promise<Answered> {
  const { raw, now, sign } = webhookParts(members, secret, by);
  return sendWebhook(address, { raw, timestamp: now, signature: sign(raw, now) });
}

/** The worst of what the forms of an attack bring, by each hash that the endpoint knows. */
async function tryWebhook(
  address: Address,
  attack: WebhookAttack,
  members: Members,
  secret: string,
  algorithms: readonly Algorithm[],
): Promise<Trial> {
  let worst: Trial = { verdict: "refused" };
  for (const algorithm of algorithms)
    for (const { by, ...sent } of attack.send(webhookParts(members, secret, algorithm))) {
      const verdict = verdictOf(await sendWebhook(address, sent));
      if (RANKED.indexOf(verdict) < RANKED.indexOf(worst.verdict))
        worst = { verdict, ...(by !== undefined && { by }) };
      // One without an answer costs a time of waiting, and a proof is a proof.
      if (verdict === "accepted" || verdict === "could not ask") return worst;
    }
  return worst;
}

/** Which hashes the endpoint takes a genuine notification by, or why it takes none. */
async function askHonest(
  address: Address,
  members: Members,
  secret: string | undefined,
): Promise<{ taken: readonly Algorithm[]; why: string }> {
  if (secret === undefined)
    return { taken: [], why: "no honest notification could be sent without the secret" };
  const taken: Algorithm[] = [];
  let why = "";
  for (const algorithm of ALGORITHMS) {
    const answered = await sendHonest(address, members, secret, algorithm);
    if (isTaken(answered)) taken.push(algorithm);
    else why ||= answered.ok ? `status ${answered.value.status}` : answered.error;
  }
  return { taken, why: `it does not take an honest notification (${why}; is the secret its account's?)` };
}

/**
 * Audits an endpoint that receives Cloudinary's notifications, one request after the other. It rejects for nothing that
 * an endpoint does. What it takes it may act on: the notifications are of an upload `audit-victim-…` that never was.
 *
 * @example
 * const report = await auditWebhook({ url: "http://localhost:3000/api/cloudinary", secret: apiSecret });
 * assertNoForgeries(report);
 */
export async function auditWebhook(options: WebhookAuditOptions): Promise<WebhookReport> {
  const { secret, members = {}, attacks = WEBHOOK_ATTACKS, onProgress } = options;
  const url = checkAddress(options.url, options.iOwnThis ?? false);
  if (!url.ok) return { asked: false, why: url.error };
  const headers = readHeaders(options.headers ?? {});
  if (headers === undefined) return { asked: false, why: CANT_SEND };
  const { timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const address: Address = { url: url.value, headers, timeoutMs, fetch };

  const { taken, why } = await askHonest(address, members, secret);
  const tried = attacks.filter(({ needsSecret }) => !needsSecret || taken.length > 0);
  const findings: WebhookFinding[] = [];
  let unanswered = 0;
  for (const attack of tried) {
    const trial: Trial =
      unanswered < MAX_UNANSWERED
        ? await tryWebhook(address, attack, members, secret ?? "", taken.length > 0 ? taken : ALGORITHMS)
        : { verdict: "could not ask" };
    unanswered = trial.verdict === "could not ask" ? unanswered + 1 : 0;
    findings.push({ attack, ...trial });
    onProgress?.(findings.length, tried.length);
  }
  const count = (verdict: WebhookVerdict) => findings.filter((one) => one.verdict === verdict).length;
  if (taken.length === 0 && count("could not ask") === tried.length) return { asked: false, why };
  const doubts = [
    ...(count("could not ask") > 0
      ? [`${count("could not ask")} of ${tried.length} attacks were not answered`]
      : []),
    ...(count("unclear") > 0
      ? [`${count("unclear")} of ${tried.length} attacks were neither taken nor refused (status 3xx or 5xx)`]
      : []),
    ...(await honestDoubts(taken, why, attacks.length - tried.length, (by) =>
      sendHonest(address, members, secret!, by),
    )),
  ];
  return { asked: true, findings, forgeries: count("accepted"), doubts };
}

/** Why refusals prove nothing: no honest one is taken, or none any more. */
async function honestDoubts(
  [algorithm]: readonly Algorithm[],
  why: string,
  left: number,
  again: (by: Algorithm) => Promise<Answered>,
): Promise<readonly string[]> {
  if (algorithm === undefined)
    return [
      `${why}, so that a refusal proves nothing${left > 0 ? `, and ${left} more attacks were not tried` : ""}`,
    ];
  return isTaken(await again(algorithm)) ? [] : ["at the end, it takes no honest notification any more"];
}

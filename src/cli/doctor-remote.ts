// The doctor's table for a running signer: its health, CORS for a page of yours, a ticket, and an upload with it.

import type { ProblemCode } from "../problem.ts";
import { isSafeAddress } from "../web-address.ts";
import { type Answer, askServer, type NoAnswer } from "./ask-server.ts";
import { type Check, couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import { REMOVE_PREVIOUS } from "./doctor-previous.ts";
import { type TicketParts, uploadChecks } from "./doctor-upload.ts";
import type { Headers as Given } from "./option-values.ts";

export interface RemoteOptions {
  readonly url: string;
  readonly profile: string;
  readonly origin?: string;
  readonly header?: Given;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly upload?: boolean;
  readonly timeoutMs?: number;
}

/** What to do about each refusal of a signer's, beside what its detail says. */
const FIXES: Readonly<Partial<Record<ProblemCode, string>>> = {
  malformed_request: "give --params as a JSON object",
  unauthenticated: "send a credential: --header 'Authorization: Bearer …'",
  invalid_token:
    "send a credential from the signer's issuer, for its audience: --header 'Authorization: Bearer …'",
  expired_token: "send a fresh credential",
  origin_not_allowed: "list the page's origin in allowedOrigins or ALLOWED_ORIGINS, and name it by --origin",
  profile_not_allowed: "name a profile that this caller may use: --profile",
  unknown_profile: "name a profile of signer.config.ts: --profile",
  not_found: "give the signer's own address",
  method_not_allowed: "give the signer's own address",
  body_too_large: "give fewer --params",
  unsupported_media_type: "leave out the --header Content-Type",
  params_refused: "give --params that the profile accepts; `try` explains each",
  rate_limited: "wait, and ask again",
  misconfigured: "run doctor beside its wrangler.toml, fix what it finds, and deploy",
  internal: "read the Worker's log",
  keys_unavailable: "check whether the issuer's key set (jwks) answers",
  limiter_unavailable: "see Cloudflare's status, and ask again",
  application_unavailable: "check whether the application answers",
};

const NOBODY = "nothing answers at this address";

const noAnswer = (base: string, { why, hangs }: NoAnswer): readonly Outcome[] =>
  hangs
    ? found(`${base} ${why}`, "check that it is a signer, and what its log says")
    : couldNot(`${base} ${why}`);

/** What answers and is no signer. */
function stranger(base: string, { status, headers }: Answer): readonly Outcome[] {
  const isElsewhere = status >= 300 && status < 400;
  return found(
    `what answers at ${base} (status ${status}) ${isElsewhere ? "redirects elsewhere, and redirects are not followed" : "is not a signer"}`,
    isElsewhere && headers.has("location")
      ? "use the address that it redirects to"
      : "give the signer's own address, with the path that it is mounted at",
  );
}

const UNSAFE: Outcome = {
  state: "warning",
  problem: "over http, anyone on the network path can read and change what is sent",
  fix: "use the signer's https:// address",
};

const PREVIOUS_BOUND: Outcome = {
  state: "warning",
  problem: "a previous key pair verifies beside the current one, as in a rotation",
  fix: REMOVE_PREVIOUS,
};

function healthOf(base: string, answer: Answer): readonly Outcome[] {
  const { status, policy, profiles, faults, previous } = answer.json ?? {};
  if (status === "misconfigured" && Array.isArray(faults))
    return faults.flatMap((fault) => found(`${fault?.binding}: ${fault?.problem}`, FIXES.misconfigured));
  if (answer.status !== 200 || status !== "ok") return stranger(base, answer);
  if (profiles === 0)
    return [
      { state: "warning", problem: "it has no profile, so it signs for nobody", fix: "add one, and deploy" },
    ];
  const sound = fine(`${profiles} ${profiles === 1 ? "profile" : "profiles"}, policy ${policy}`);
  return previous === true ? [...sound, PREVIOUS_BOUND] : sound;
}

/** What a preflight must let pass, by the names of headers in lower case. */
function corsOf(answer: Answer, origin: string, wanted: readonly string[]): readonly Outcome[] {
  const list = (name: string) => (answer.headers.get(name) ?? "").toLowerCase().split(/\s*,\s*/);
  const allowed = answer.headers.get("access-control-allow-origin");
  if (allowed !== origin && allowed !== "*")
    return found(
      `pages of ${origin} may not ask: the preflight is answered ${answer.status}${allowed === null ? " without Access-Control-Allow-Origin" : `, for ${allowed}`}`,
      "list exactly this origin in allowedOrigins or ALLOWED_ORIGINS, and deploy",
    );
  if (answer.status < 200 || answer.status > 299)
    return found(`the preflight is answered ${answer.status}`, "let OPTIONS reach the signer");
  const headers = list("access-control-allow-headers");
  const lacking = wanted.filter((name) => !headers.includes(name));
  if (lacking.length > 0)
    return found(`pages may not send ${lacking.join(", ")}`, "use an access method that reads these headers");
  return fine(`pages of ${origin} may ask`);
}

function refusalOf(base: string, answer: Answer): readonly Outcome[] {
  const { code, detail } = answer.json ?? {};
  if (typeof code !== "string" || typeof detail !== "string") return stranger(base, answer);
  const fix = Object.hasOwn(FIXES, code) ? FIXES[code as ProblemCode] : undefined;
  return found(`${code}: ${detail}`, fix);
}

/** What is signed by nobody has to be refused, wherever notifications are taken. */
function webhookOf(base: string, answer: Answer): readonly Outcome[] {
  const { status, json } = answer;
  if (status === 401 && json?.code === "invalid_notification")
    return fine(`${base}/notifications refuses what Cloudinary did not sign`);
  if (status >= 200 && status < 300)
    return found(
      `${base}/notifications accepts a notification that nobody signed`,
      "check what answers there in the signer's place",
    );
  // The code of any signer whose account or definition is at fault.
  return json?.code === "misconfigured"
    ? refusalOf(base, answer)
    : found(
        `no notification reaches the signer: ${base}/notifications answers ${status}`,
        "let POST /notifications and what lies below it through to the signer",
      );
}

/** Asks without a signature. */
const notificationsCheck = (isThere: () => boolean, base: string, timeoutMs?: number): Check => ({
  name: "notifications",
  async run() {
    if (!isThere()) return couldNot(NOBODY);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    const asked = await askServer(`${base}/notifications`, init, timeoutMs);
    return asked.ok ? webhookOf(base, asked.value) : noAnswer(base, asked.error);
  },
});

/** The rows; what one of them learns another one needs. */
export function remoteChecks(options: RemoteOptions): readonly Check[] {
  const { url: base, profile, origin, header = {}, params = {}, timeoutMs } = options;
  const address = `${base}/sign/${encodeURIComponent(profile)}`;
  const headers = { "content-type": "application/json", ...(origin && { origin }), ...header };
  let isThere = false;
  let ticket: TicketParts | undefined;

  async function health(): Promise<readonly Outcome[]> {
    const asked = await askServer(`${base}/health`, {}, timeoutMs);
    if (!asked.ok) return noAnswer(base, asked.error);
    isThere = true;
    return [...healthOf(base, asked.value), ...(isSafeAddress(base) ? [] : [UNSAFE])];
  }

  async function cors(): Promise<readonly Outcome[]> {
    if (origin === undefined) return couldNot("name an origin of your pages by --origin https://…");
    if (!isThere) return couldNot(NOBODY);
    const wanted = ["content-type", ...Object.keys(header).map((name) => name.toLowerCase())].filter(
      (name) => name !== "origin",
    );
    const asking = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": wanted.sort().join(","),
    };
    const asked = await askServer(address, { method: "OPTIONS", headers: asking }, timeoutMs);
    return asked.ok ? corsOf(asked.value, origin, wanted) : noAnswer(base, asked.error);
  }

  async function getTicket(): Promise<readonly Outcome[]> {
    if (!isThere) return couldNot(NOBODY);
    const init = { method: "POST", headers, body: JSON.stringify({ params }) };
    const asked = await askServer(address, init, timeoutMs);
    if (!asked.ok) return noAnswer(base, asked.error);
    const { url, fields, upload_id } = asked.value.json ?? {};
    if (asked.value.status !== 200 || !isSafeAddress(url) || typeof fields !== "object" || fields === null)
      return refusalOf(base, asked.value);
    ticket = { url, fields: fields as TicketParts["fields"], upload_id };
    const readable = asked.value.headers.get("access-control-allow-origin");
    if (origin !== undefined && readable !== origin && readable !== "*")
      return found(
        `pages of ${origin} may not read the answer`,
        "check what stands in front of the signer: it removes Access-Control-Allow-Origin",
      );
    return fine(`of the profile ${profile}, for ${new URL(url).host}`);
  }

  const rows: Check[] = [
    { name: "health", run: health },
    { name: "CORS", run: cors },
    { name: "ticket", run: getTicket },
    notificationsCheck(() => isThere, base, timeoutMs),
  ];
  if (!options.upload) return rows;
  const confirmAt = `${base}/confirm/${encodeURIComponent(profile)}`;
  return [...rows, ...uploadChecks(() => ticket, { address, confirmAt, headers, timeoutMs })];
}

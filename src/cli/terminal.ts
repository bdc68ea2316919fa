// What `start` shows of what happens: uploads, and refusals by the Worker's log.

import { styleText } from "node:util";
import { explain } from "../explain/explain.ts";
import type { Act, Notified, StoredUpload } from "../testing/emulator/emulator.ts";

const bold = (text: string) => styleText("bold", text);
const dim = (text: string) => styleText("dim", text);
const clock = () => dim(new Date().toTimeString().slice(0, 8));

/** What a stranger sent, without what a terminal would obey or turn around. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");

/** Bytes for people. */
export function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An upload as it arrives. */
export function uploadLine({ resource_type, public_id, bytes, secure_url }: StoredUpload): string {
  return `  ${clock()} ${styleText("green", "✓ uploaded")} ${resource_type} ${bold(plain(public_id))}, ${size(bytes)}  ${secure_url}`;
}

/** What is said of a method that was done; others go by their names. */
const DONE: Readonly<Record<string, string>> = {
  destroy: "destroyed",
  rename: "renamed",
  generate_archive: "archived",
};

type Done = Pick<Act, "publicIds" | "found"> & { readonly method: string };

/** A request of another method than upload, as it was done, or found nothing. */
export function actLine({ method, publicIds, found }: Done): string {
  const names = publicIds.map((one) => bold(plain(one))).join(method === "rename" ? " to " : ", ");
  const did = found ? styleText("green", `✓ ${DONE[method] ?? method}`) : `${method} found nothing by`;
  return `  ${clock()} ${did} ${names}`.trimEnd();
}

/** What came of a notification: an attempt, or that there was none. */
export function notificationLine({ type, publicId, url, state, attempts, due }: Notified): string {
  const last = attempts.at(-1);
  const what = plain([type, publicId].filter(Boolean).join(" "));
  const answer =
    typeof last?.status === "number" ? `${last.status}` : NOT_ANSWERED[last?.status ?? "no_answer"];
  const said: Readonly<Record<Notified["state"], string>> = {
    delivered: `${styleText("green", "✓ notified")} ${bold(what)}`,
    waiting: `${styleText("yellow", "✗ not notified")} ${bold(what)}, ${answer}; again ${inMinutes(last, due)}`,
    sending: `notifying ${bold(what)}`,
    lost: `${styleText("red", "✗ notification lost")} ${bold(what)}, ${answer} at the last of ${attempts.length} attempts`,
    withheld: `${styleText("yellow", "✗ not notified")} ${bold(what)}, for its address is not of this machine`,
  };
  return `  ${clock()} ${said[state]}  ${dim(plain(shortened(url)))}`;
}

const NOT_ANSWERED = { timeout: "no answer within 20 s", no_answer: "no answer" } as const;

/** `in 3 min`; `now` where the clock was moved past it. */
function inMinutes(last: Notified["attempts"][number] | undefined, due = 0): string {
  const minutes = Math.round((due - (last?.at ?? due)) / 60);
  return minutes > 0 ? `in ${minutes} min` : "now";
}

/** An address without what is too long to be read, as sealed IDs are, and without its query. */
function shortened(url: string): string {
  const [path = ""] = url.split(/[?#]/, 1);
  return path.replace(/(?<=[^/]\/)[^/]{25,}/g, "…");
}

/** A request that the emulator refused, and what Cloudinary's words give away of the reason; `explainer` is the command that tells more. */
export function refusedByCloudinary(
  { method = "request", status, message }: Refused,
  explainer: string,
): string {
  const said = `  ${clock()} ${styleText("red", `✗ ${method} refused`)} ${status} ${plain(message)}`;
  const [cause] = explain({ message }).causes;
  const isTelling = cause !== undefined && cause.certainty !== "possible";
  const why = isTelling ? `${cause.sentence} ${cause.fix}` : `Paste this into \`${explainer}\`.`;
  return cause === undefined || cause.code === "other_refusal"
    ? said
    : `${said}\n           ${dim(plain(why))}`;
}

interface Refused {
  readonly method?: string;
  readonly status: number;
  readonly message: string;
}

const LIST_ORIGIN = "list the page's origin in allowedOrigins in signer.config.ts, and restart";

/** What fixes a refusal that its caller may not have seen, or could not: by the log's reason, or else by its code. */
const HINTS: Readonly<Record<string, string>> = {
  origin_not_allowed: LIST_ORIGIN,
  page_wanted: "ask from a page, or name its origin: -H 'Origin: http://localhost:3000'",
  other_page:
    "list the page's origin in allowedOrigins, and in `origins` of the profile's access method where it has any, and restart",
  malformed_request: 'send a JSON object such as {"params": {"context": {"alt": "A cat"}}}',
  confirm_malformed:
    'send {"upload_id": …, "response": …}: the ticket\'s, and Cloudinary\'s answer to the upload',
  files_malformed: 'send {"files": [{"name": "a.jpg", "size": 81234, "type": "image/jpeg"}]}',
  renew_malformed: 'send {"renew": …, "fields": …}: the `upload_id` of the ticket, and its `fields`',
  takes_no_file: "leave `file` out of the address: the profile's method takes none",
  unfit_address: "percent-encode the address in `file`, and leave user and password out",
  unfit_path: "name a shorter path in `file`",
  unknown_format: "leave `format` out of the address, or send format=curl",
  method_not_allowed: "ask by POST: curl -X POST …",
  unsupported_media_type: "send JSON; the file itself goes to Cloudinary",
  unauthenticated:
    "send a credential: -H 'Authorization: Bearer TOKEN', for an access method that reads it there",
  malformed: "write `Authorization: Bearer TOKEN`, with `Bearer` once and the whole token",
  notification_unheard: "look at onNotification of your Worker that APP binds: it is told again",
  unknown_profile: "ask for one of the profiles that are listed above",
};
/** A file or a sandboxed frame: no list has it. */
const NO_ORIGIN = "serve the page over http: opened as a file it has no origin";

/** What the application was told, by the log of the Worker that stands in for it. */
function toldLine({ told, type, name, enforced, broke }: Told): string {
  const what = plain([type, name].filter(Boolean).join(" "));
  const came = [enforced?.replace("_", " "), broke?.replace("_", " ")].filter(Boolean).join(", ");
  return `  ${clock()} ${styleText("green", `✓ APP.${told}`)} ${bold(what)}${came && `: ${came}`}`.trimEnd();
}

interface Told {
  readonly told?: string;
  readonly type?: string | null;
  readonly name?: string;
  readonly enforced?: string;
  readonly broke?: string;
}

/** A line of the Worker's log, if it tells of a failure, or of what the application was told. */
export function logLine(line: string): string | undefined {
  let entry: Told & {
    status?: number;
    code?: string;
    reason?: string;
    profile?: string;
    refused?: string[];
    origin?: string;
    detail?: string;
  };
  try {
    entry = JSON.parse(line);
  } catch {
    return `  ${clock()} ${line}`;
  }
  if (entry.told !== undefined) return toldLine(entry);
  if (entry.code === undefined) return undefined;
  const hint = entry.origin === "null" ? NO_ORIGIN : (HINTS[entry.reason ?? ""] ?? HINTS[entry.code]);
  const reason = entry.code === "origin_not_allowed" ? undefined : entry.reason;
  const origin = entry.origin && plain(entry.origin);
  const what = [entry.profile, entry.refused?.join(", "), origin, reason, entry.detail, hint].filter(
    (part) => part,
  );
  return `  ${clock()} ${styleText("red", "✗ refused")} ${[entry.status, entry.code, what.join(": ")].join(" ").trimEnd()}`;
}

// What `start` shows of the Worker's log.

import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { actLine, logLine, notificationLine, refusedByCloudinary } from "../../src/cli/terminal.ts";
import type { Notified } from "../../src/testing/emulator/emulator.ts";

const shown = (entry: object): string | undefined => {
  const line = logLine(JSON.stringify(entry));
  return line && stripVTControlCharacters(line).replace(/^ {2}\d\d:\d\d:\d\d /, "");
};
const refused = { status: 403, code: "origin_not_allowed" };
const HINT = "list the page's origin in allowedOrigins in signer.config.ts, and restart";

describe("a refused origin", () => {
  it.each([
    [{ origin: "http://localhost:5174" }, `http://localhost:5174: ${HINT}`],
    [{ origin: "https://a.example", profile: "widget" }, `widget: https://a.example: ${HINT}`],
    [{ origin: "null" }, "null: serve the page over http: opened as a file it has no origin"],
    [{ origin: "(not an origin)" }, `(not an origin): ${HINT}`],
    [{ origin: "http://a\u001b[31m\u202e" }, `http://a\ufffd[31m\ufffd: ${HINT}`],
    [{}, HINT],
    [{ reason: "unlisted_origin", origin: "http://localhost:5174" }, `http://localhost:5174: ${HINT}`],
    [
      { reason: "page_wanted", profile: "widget" },
      "widget: ask from a page, or name its origin: -H 'Origin: http://localhost:3000'",
    ],
    [
      { reason: "other_page", origin: "http://localhost:5174", profile: "widget" },
      "widget: http://localhost:5174: list the page's origin in allowedOrigins, and in `origins` of the profile's access method where it has any, and restart",
    ],
  ])("%j is named, and what to do", (entry, text) => {
    expect(shown({ ...refused, ...entry })).toBe(`✗ refused 403 origin_not_allowed ${text}`);
  });
});

it("what the application was told, by the Worker that stands in for it", () => {
  const told = "onNotification";
  expect(
    shown({ told, type: "upload", profile: "a", enforced: "destroyed", broke: "too_large", name: "a" }),
  ).toBe("✓ APP.onNotification upload a: destroyed, too large");
  expect(shown({ told, type: null, profile: null })).toBe("✓ APP.onNotification");
  expect(shown({ told: "onUploaded", profile: "a", name: "a\u001b[31m" })).toBe(
    "✓ APP.onUploaded a\ufffd[31m",
  );
});

it("a notification that nobody heard: where to look", () => {
  const entry = {
    ...{ status: 503, code: "application_unavailable", reason: "notification_unheard", route: "queue" },
    detail: "onNotification threw TypeError",
  };
  expect(shown(entry)).toBe(
    "✗ refused 503 application_unavailable notification_unheard: onNotification threw TypeError: look at onNotification of your Worker that APP binds: it is told again",
  );
});

it("a wrong configuration is told whole", () => {
  const detail = "signer.config.ts, profiles.avatars.ttl: must be 60 to 3600";
  expect(shown({ status: 500, code: "misconfigured", detail })).toBe(`✗ refused 500 misconfigured ${detail}`);
});

it.each([
  [
    { status: 401, code: "invalid_token", reason: "iss_mismatch", profile: "members" },
    "members: iss_mismatch",
  ],
  [
    { status: 401, code: "invalid_token", reason: "malformed", profile: "members" },
    "members: malformed: write `Authorization: Bearer TOKEN`, with `Bearer` once and the whole token",
  ],
  [
    { status: 401, code: "unauthenticated", profile: "members" },
    "members: send a credential: -H 'Authorization: Bearer TOKEN', for an access method that reads it there",
  ],
  [{ status: 405, code: "method_not_allowed" }, "ask by POST: curl -X POST …"],
  [
    { status: 400, code: "malformed_request", profile: "default" },
    'default: send a JSON object such as {"params": {"context": {"alt": "A cat"}}}',
  ],
  [
    { status: 400, code: "malformed_request", reason: "confirm_malformed", profile: "avatars" },
    'avatars: confirm_malformed: send {"upload_id": …, "response": …}: the ticket\'s, and Cloudinary\'s answer to the upload',
  ],
  [
    { status: 400, code: "malformed_request", reason: "takes_no_file", profile: "remove" },
    "remove: takes_no_file: leave `file` out of the address: the profile's method takes none",
  ],
  [
    { status: 400, code: "malformed_request", reason: "unfit_address" },
    "unfit_address: percent-encode the address in `file`, and leave user and password out",
  ],
  [
    { status: 400, code: "malformed_request", reason: "unfit_path" },
    "unfit_path: name a shorter path in `file`",
  ],
  [
    { status: 400, code: "malformed_request", reason: "unknown_format" },
    "unknown_format: leave `format` out of the address, or send format=curl",
  ],
  [{ status: 415, code: "unsupported_media_type" }, "send JSON; the file itself goes to Cloudinary"],
  [{ status: 422, code: "params_refused", profile: "default", refused: ["folder"] }, "default: folder"],
])("%j says why, and what to do", (entry, text) => {
  expect(shown(entry)).toBe(`✗ refused ${entry.status} ${entry.code} ${text}`);
});

it("a signature is no refusal", () => {
  expect(shown({ status: 200 })).toBeUndefined();
});

it.each([
  ["destroy", ["users/42/avatar"], true, "✓ destroyed users/42/avatar"],
  ["destroy", ["users/42/avatar"], false, "destroy found nothing by users/42/avatar"],
  ["rename", ["users/42/a", "users/42/b"], true, "✓ renamed users/42/a to users/42/b"],
  ["context", ["users/42/a", "users/42/b"], true, "✓ context users/42/a, users/42/b"],
  ["generate_archive", [], true, "✓ archived"],
  ["tags", ["a\u001b[31m"], true, "✓ tags a\ufffd[31m"],
])("what another method did is one line: %s %j", (method, publicIds, found, text) => {
  const line = stripVTControlCharacters(actLine({ method, publicIds, found }));
  expect(line).toMatch(/^ {2}\d\d:\d\d:\d\d /);
  expect(line.slice(11)).toBe(text);
});

it.each([
  ["rename", "✗ rename refused 400 to_public_id"],
  [undefined, "✗ request refused 400 to_public_id"],
])("a refusal is told by its method: %s", (method, text) => {
  const line = refusedByCloudinary(
    { ...(method && { method }), status: 400, message: "to_public_id" },
    "explain",
  );
  expect(stripVTControlCharacters(line)).toContain(text);
});

const HOOK = "http://127.0.0.1:8787/notifications";
it.each<[string, Partial<Notified>, string]>([
  ["delivered", {}, `✓ notified upload users/42/a  ${HOOK}`],
  [
    "refused",
    { state: "waiting", attempts: [{ at: 1000, status: 503 }], due: 1180 },
    `✗ not notified upload users/42/a, 503; again in 3 min  ${HOOK}`,
  ],
  [
    "refused, and due again on a clock that was moved",
    { state: "waiting", attempts: [{ at: 2000, status: 503 }], due: 1180 },
    `✗ not notified upload users/42/a, 503; again now  ${HOOK}`,
  ],
  [
    "hanging",
    { state: "waiting", attempts: [{ at: 1000, status: "timeout" }], due: 1180 },
    `✗ not notified upload users/42/a, no answer within 20 s; again in 3 min  ${HOOK}`,
  ],
  [
    "lost",
    { state: "lost", attempts: Array(4).fill({ at: 1000, status: "no_answer" }) },
    `✗ notification lost upload users/42/a, no answer at the last of 4 attempts  ${HOOK}`,
  ],
  [
    "withheld",
    { state: "withheld", attempts: [], url: "https://www.example.com/hook" },
    "✗ not notified upload users/42/a, for its address is not of this machine  https://www.example.com/hook",
  ],
  [
    "of a long address",
    { url: `${HOOK}/${"s".repeat(80)}?key=1` },
    `✓ notified upload users/42/a  ${HOOK}/…`,
  ],
  [
    "of a long host",
    { url: `https://${"h".repeat(80)}/a` },
    `✓ notified upload users/42/a  https://${"h".repeat(80)}/a`,
  ],
  ["of no asset", { type: "x\u001b[31m", publicId: undefined as never }, `✓ notified x\ufffd[31m  ${HOOK}`],
])("an attempt of a notification is one line: %s", (_, notified, text) => {
  const usual = { type: "upload", publicId: "users/42/a", url: HOOK, body: "{}" } as const;
  const attempts = [{ at: 1000, status: 200 }];
  const line = stripVTControlCharacters(
    notificationLine({ ...usual, state: "delivered", attempts, ...notified }),
  );
  expect(line).toMatch(/^ {2}\d\d:\d\d:\d\d /);
  expect(line.slice(11)).toBe(text);
});

const SIGNATURE = "0a".repeat(32);
it.each([
  [
    401,
    `Invalid Signature ${SIGNATURE}. String to sign - 'source=uw&timestamp=1700000000'.`,
    "The Upload Widget adds",
  ],
  [
    401,
    `Invalid Signature ${SIGNATURE}. String to sign - 'timestamp=1700000000'.`,
    "Paste this into `npm run explain`.",
  ],
  [400, "Missing required parameter - api_key", "`api_key` is missing"],
  [400, "This emulator fetches nothing", undefined],
])("a refused upload is told with what its words give away: %i %s", (status, message, why) => {
  const [said = "", more] = stripVTControlCharacters(
    refusedByCloudinary({ method: "upload", status, message }, "npm run explain"),
  ).split("\n");
  expect(said).toContain(`✗ upload refused ${status} ${message}`);
  if (why === undefined) expect(more).toBeUndefined();
  else expect(more).toContain(why);
});

// What judges signatures from outside finds what it looks for, in what a signer of everything signs.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { utils } from "../../src/testing/audit/sdk.ts";
import { sdkSignature } from "../support/sdk.ts";
import evidence from "../vectors/upload-params.json" with { type: "json" };
import {
  notificationBodies,
  provenForgeries,
  SELECTORS,
  scopeComplaints,
  textComplaints,
} from "./property-forgeries.ts";
import { ACCOUNT, type Signed } from "./property-trial.ts";

const NOW = 1_795_478_399;
const time = String(NOW);
const hashOf = (text: string) =>
  createHash("sha256")
    .update(text + ACCOUNT.secret)
    .digest("hex");

const signed = (params: Record<string, string>): Signed => ({
  profile: { access: ["members"] },
  asker: { access: "members", claims: { sub: "a" } },
  form: "ticket",
  sent: {},
  params: { timestamp: time, ...params },
  at: { uuid: "00000000-0000-4000-8000-000000000000", now: NOW },
});

/** The string to sign, as the SDK writes it. */
const written = (params: Record<string, string>): string =>
  Object.entries(params)
    .map(([name, text]) => `${name}=${text}`.replaceAll("&", "%26"))
    .sort()
    .join("&");

function isQuery(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

it("the table of selectors has every method of the evidence, with names that it takes", () => {
  const methods: Record<string, string[]> = evidence.other_methods;
  expect(Object.keys(SELECTORS).sort()).toEqual([...Object.keys(methods), "explicit"].sort());
  for (const [method, names] of Object.entries(methods))
    for (const row of SELECTORS[method]!) expect(names).toEqual(expect.arrayContaining([...row]));
});

it.each<[string, Record<string, string>]>([
  ["destroy", { public_id: "victim" }],
  ["download", { public_id: "victim" }],
  ["explode", { public_id: "victim", transformation: "pg_all" }],
  ["rename", { from_public_id: "victim", to_public_id: "victim-gone" }],
  ["tag-zip", { tag: "victim" }],
  ["backup", { asset_id: "victim", version_id: "victim-1" }],
  ["login", { cloud_name: "victim", username: "victim@audit.invalid" }],
  ["destroy-by-asset-id", { asset_id: "victim", invalidate: "true" }],
  ["download-by-asset-id", { asset_id: "victim" }],
  ["archive-qualified", { fully_qualified_public_ids: "image/authenticated/victim" }],
  ["slideshow", { manifest_json: '{"vars":{"slides":[{"media":"i:victim"}]}}' }],
  ["collage", { manifest_json: '{"template":"grid","assets":[{"media":"victim"}]}' }],
  [
    "concat",
    { urls: "https://victim.invalid/a.mp4,https://victim.invalid/b.mp4", public_id: "victim-video" },
  ],
])("the forgery %s", (id, params) => {
  const forged = signed(params);
  const signature = sdkSignature(forged.params, ACCOUNT.secret, "sha256");
  expect(provenForgeries(forged, signature, ACCOUNT, ["victim"])).toContain(`${id} of victim`);
  expect(scopeComplaints(forged, false)).not.toEqual([]);
});

it("an archive of everything that carries a tag", () => {
  const { mode: _, ...params } = utils.archive_params({ tags: "victim", timestamp: time }) as Record<
    string,
    string
  >;
  const signature = sdkSignature({ ...params, mode: "create" }, ACCOUNT.secret, "sha256");
  const found = provenForgeries(signed({ ...params, mode: "create" }), signature, ACCOUNT, ["victim"]);
  expect(found).toContain("archive-tags of victim");
  expect(scopeComplaints(signed({ tags: "u-b" }), false).join()).toContain("generate_archive");
});

it.each<[string, string, string]>([
  ["an answer to an upload", `public_id=victim&version=${time}`, "response of victim"],
  ["a delivery URL", "w_100/victim", "delivery of victim"],
  [
    "a signed search URL",
    `300${Buffer.from('{"expression":"public_id:victim"}').toString("base64")}`,
    "search of victim",
  ],
  ["a delivery URL without a transformation", "victim", "delivery of victim"],
])("%s in a text", (_, text, found) => {
  expect(provenForgeries(signed({}), hashOf(text), ACCOUNT, ["victim"])).toContain(found);
  expect(textComplaints(text)).not.toEqual([]);
});

it("a notification in a text; and every text is one, but its body is no JSON", () => {
  const body = '{"notification_type":"upload"}';
  expect(notificationBodies(body + time, hashOf(body + time), ACCOUNT)).toContain(body);
  expect(textComplaints(body + time)).toContain("a notification whose body is JSON");
  const ticket = `folder=a&timestamp=${time}`;
  expect(notificationBodies(ticket, hashOf(ticket), ACCOUNT)).toContain("folder=a&timestamp=");
  expect(textComplaints(ticket)).toEqual([]);
});

describe("a client's text that holds the query of a search, in base64", () => {
  const query = Buffer.from('{"expression":"public_id:victim"}').toString("base64");
  const unpadded = Buffer.from('{"expression":"public_id:victim "}').toString("base64");
  it.each([query, `300${query}`, unpadded, `300${unpadded}`, `300/${query}`, `${query}=`, `x ${query}`])(
    "%s",
    (text) => {
      for (const params of [
        { context: `alt=${text.replaceAll("=", "\\=")}` },
        { display_name: text },
        { folder: `users/a/${text}`, type: "upload" },
      ]) {
        const signedText = written({ timestamp: time, ...params });
        expect(textComplaints(signedText)).toEqual([]);
        expect(provenForgeries(signed(params), hashOf(signedText), ACCOUNT, ["victim"])).toEqual([]);
        // An address of the signed text would need a TTL that is no number, wherever it is cut …
        expect(signedText).toMatch(/^[a-z]/);
        // … and then a query that is no base64: what is left of strict base64 at the end is no JSON.
        const [tail] = /[\w+/-]*={0,2}$/.exec(signedText)!;
        for (let cut = 0; cut < tail.length; cut += 1)
          expect(isQuery(Buffer.from(tail.slice(cut), "base64").toString())).toBe(false);
      }
    },
  );

  it("would be seen: a decoder that skips what is no base64 reads it", () => {
    const signedText = written({ timestamp: time, display_name: `${unpadded}=` });
    const lenient = signedText.slice(signedText.indexOf(unpadded)).split("&")[0]!;
    expect(isQuery(Buffer.from(lenient, "base64").toString())).toBe(true);
  });
});

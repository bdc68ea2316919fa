// docs/rules.md tells the truth: each fenced example is run. What is called refused is refused by that rule, what is
// called accepted is accepted and signed as it says, and what the official SDK is said to confirm, it confirms.
//
// The first word of a fence is its language; the others say what to expect:
// `js refused R5 avatar.accept.overwrite`, `http refused R1 eval`, `http refused 401 invalid_token`, `accepted`.

import { readFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { v2 as cloudinary } from "cloudinary";
import { SignJWT } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { readBindings } from "../src/config/bindings.ts";
import * as config from "../src/config.ts";
import { createApp } from "../src/http/app.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { ACCOUNT, API_SECRET, OPTIONS, unseen } from "./support/account.ts";
import type { Plain } from "./support/definition.ts";
import { newOwnerFolder } from "./support/owner.ts";
import { sdkSignature } from "./support/sdk.ts";
import { serveLocally } from "./testing/audit/naive.ts";

const TEXT = await readFile(join(PROJECT, "docs/rules.md"), "utf8");
/** Unix seconds, as the page says. */
const NOW = 1_795_468_800;
const MEMBERS_SECRET = "a-secret-of-members-with-32-bytes-and-more";
const SECRETS = { MEMBERS_SECRET, PARTNERS_SECRET: `partners-${MEMBERS_SECRET}` };
const RULES = Array.from({ length: 14 }, (_, i) => `R${i + 1}`);

const folder = await newOwnerFolder();
afterAll(() => folder.close());

interface Block {
  readonly section: string;
  readonly language: string;
  readonly expected: readonly string[];
  readonly text: string;
}

const SECTIONS = new Map(
  TEXT.split(/^(?=## )/m).map((text) => [/^## (R\d+)/.exec(text)?.[1] ?? "", text] as const),
);
const BLOCKS: readonly Block[] = TEXT.split(/^(?=## )/m).flatMap((part) =>
  [...part.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", expected = "", text = ""]) => ({
      section: /^## (R\d+)/.exec(part)?.[1] ?? "",
      language,
      expected: expected === "" ? [] : expected.split(" "),
      text,
    }),
  ),
);
const of = (language: string, expected: string) =>
  BLOCKS.filter((block) => block.language === language && block.expected[0] === expected);

const [whole, ...others] = BLOCKS.filter(({ language }) => language === "ts");
const BASE = (await folder.load(whole!.text)) as Plain;

/** A fragment of a configuration, with the rest of it around. */
function definitionOf(fragment: string): Plain {
  const names = Object.keys(config);
  const read = new Function(...names, `return ({ ${fragment} });`) as (...given: unknown[]) => Plain;
  const { access = {}, ...more } = read(...Object.values(config));
  return { ...BASE, ...more, access: { ...BASE.access, ...access } } as Plain;
}

const configure = (definition: Plain, bindings: object = {}) =>
  readBindings(definition, { ...ACCOUNT, ...SECRETS, ...bindings });

const app = (bindings: object = {}) =>
  createApp(configure(BASE, bindings), { now: () => NOW, log: (line) => void unseen(line) });
const APP = app();

const tokenOf = (sub: string): Promise<string> =>
  new SignJWT({ iss: "https://id.example.com/", aud: "uploads", sub, iat: NOW, exp: NOW + 600 })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(MEMBERS_SECRET));

async function linkOf(sub: string, by = APP): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenOf(sub)}` };
  const answer = await by.request("https://signer.example/links/pictures", { method: "POST", headers });
  const { url } = (await answer.json()) as { url: string };
  return encodeURIComponent(new URL(url).searchParams.get("link")!);
}

/** The places of a request as it is written: `<token of 42>`. */
const PLACES: readonly (readonly [RegExp, (sub: string) => Promise<string>])[] = [
  [/<token of ([^>]+)>/, tokenOf],
  [/<link of ([^> ]+)>/, (sub) => linkOf(sub)],
  [/<link of ([^> ]+) in another cloud>/, (sub) => linkOf(sub, app({ CLOUDINARY_CLOUD_NAME: "another" }))],
];

/** Sends a request as it is written. */
async function send(written: string) {
  let text = written;
  for (const [place, fill] of PLACES) {
    const [found, sub] = place.exec(text) ?? [];
    if (found !== undefined) text = text.replace(found, await fill(sub!));
  }
  const [head = "", body = ""] = text.split("\n\n");
  const [line = "", ...headers] = head.split("\n");
  const [method = "", path = ""] = line.split(" ");
  const init = { method, headers: headers.map((one) => one.split(": ") as [string, string]), body };
  const answer = await APP.request(`https://signer.example${path}`, init);
  return { status: answer.status, body: JSON.parse(unseen(await answer.text())) };
}

const named = (blocks: readonly Block[]) =>
  blocks.map((block) => [`${block.section}: ${block.text.trim().replace(/\s+/g, " ")}`, block] as const);

describe("the page", () => {
  it("has every rule under its anchor, with an attack, a refusal and what is accepted in its place", () => {
    expect([...SECTIONS.keys()].filter((rule) => rule !== "")).toEqual(RULES);
    for (const rule of RULES) {
      expect(TEXT).toContain(`<a id="${rule.toLowerCase()}"></a>\n\n## ${rule}: `);
      expect(TEXT).toMatch(new RegExp(`^- \\[${rule}: .+\\]\\(#${rule.toLowerCase()}-`, "m"));
      const section = SECTIONS.get(rule)!;
      expect(section).toContain("**The attack.** ");
      expect(section).toMatch(/^Tested in \[/m);
      const expected = BLOCKS.filter((block) => block.section === rule).map((block) => block.expected[0]);
      expect(expected).toContain("refused");
      expect(expected).toContain("accepted");
    }
  });

  it("has no block that is not run", () => {
    expect(others).toEqual([]);
    for (const [i, { language, expected, text }] of BLOCKS.entries()) {
      expect(
        ["ts undefined", "js refused", "js accepted", "http refused", "http accepted", "json signed"],
        text,
      ).toContain(`${language} ${expected[0]}`);
      if (language === "json")
        expect(BLOCKS[i - 1]).toMatchObject({ language: "http", expected: ["accepted"] });
    }
  });

  it("is a configuration that is right, in strict TypeScript too", async () => {
    expect(configure(BASE)).toMatchObject({ ok: true });
    await folder.write("rules/signer.config.ts", whole!.text);
    expect(await folder.tsc(["rules/signer.config.ts"])).toBe("");
  });
});

describe("a profile that is refused", () => {
  it.each(named(of("js", "refused")))("%s", (_, { expected: [, rule, at], section, text }) => {
    expect(rule).toBe(section);
    const configured = configure(definitionOf(text));
    const faults = configured.ok ? [] : configured.error;
    const found = faults.filter((fault) => fault.at === `profiles.${at}`);
    expect(found.length, JSON.stringify(faults)).toBeGreaterThan(0);
    expect(found.map((fault) => fault.rule)).toContain(rule);
  });
});

describe("a profile that is accepted", () => {
  it.each(named(of("js", "accepted")))("%s", (_, { text }) => {
    const configured = configure(definitionOf(text));
    expect(configured.ok ? [] : configured.error).toEqual([]);
  });
});

describe("a request that is refused", () => {
  it.each(named(of("http", "refused")))("%s", async (_, { expected: [, ...wanted], section, text }) => {
    const { status, body } = await send(text);
    expect(body).not.toHaveProperty("signature");
    if (/^\d+$/.test(wanted[0]!)) {
      expect([String(status), body.code]).toEqual(wanted);
      return;
    }
    expect([status, body.code]).toEqual([422, "params_refused"]);
    const param = wanted.at(-1);
    const errors = body.errors as { param: string; detail: string; rule?: string }[];
    const refused = errors.find((one) => one.param === param);
    expect(refused, JSON.stringify(body)).toBeDefined();
    if (wanted.length === 1) return;
    expect(wanted[0]).toBe(section);
    expect(refused!.rule).toBe(section);
  });
});

describe("a request that is accepted", () => {
  it.each(named(of("http", "accepted")))("%s", async (_, block) => {
    const { status, body } = await send(block.text);
    expect(status, JSON.stringify(body)).toBe(200);
    const sent = JSON.parse(block.text.split("\n\n")[1] ?? "{}");
    const { api_key: _key, signature = body.signature, ...params } = body.fields ?? sent.paramsToSign;
    expect(signature).toBe(sdkSignature(params, API_SECRET, "sha256"));
    const next = BLOCKS[BLOCKS.indexOf(block) + 1];
    if (next?.expected[0] === "signed") expect(params).toMatchObject(JSON.parse(next.text));
  });
});

describe("what the SDK is said to confirm", () => {
  it("R3: the ticket of a fixed name has the fields that its method destroy sends, signed alike", async () => {
    let form = new FormData();
    const server = await serveLocally(async (request) => {
      form = await request.formData();
      return Response.json({});
    });
    const { cloudName: cloud_name, apiKey: api_key, apiSecret: api_secret } = OPTIONS;
    await cloudinary.uploader.destroy("logo", {
      upload_prefix: new URL(server.url).origin,
      // The SDK picks http or https when it is loaded; an agent says which.
      agent: new http.Agent(),
      cloud_name,
      api_key,
      api_secret,
      signature_algorithm: "sha256",
    } as object);
    await server.close();

    const allow = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"];
    const logo = { access: ["members"], set: { public_id: "logo" }, allow };
    const asked = createApp(configure({ ...BASE, profiles: { logo } }), { now: () => NOW, log: () => {} });
    const headers = { authorization: `Bearer ${await tokenOf("mallory")}` };
    const answer = await asked.request("https://signer.example/sign/logo", { method: "POST", headers });
    const { fields } = (await answer.json()) as { fields: Record<string, string> };

    const destroyed = Object.fromEntries(form.entries());
    expect(Object.keys(fields).sort()).toEqual(Object.keys(destroyed).sort());
    for (const { api_key: _, signature, ...params } of [fields, destroyed]) {
      expect(params.public_id).toBe("logo");
      expect(signature).toBe(sdkSignature(params, API_SECRET, "sha256"));
    }
  });

  it("R9: `a&b` and `a%26b` have one signature", () => {
    const [one, other] = ["a&b", "a%26b"].map((context) =>
      sdkSignature({ context, timestamp: NOW }, API_SECRET, "sha256"),
    );
    expect(one).toBe(other);
  });
});

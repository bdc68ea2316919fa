// Many files in one request: a ticket each, in order and under a name of its own, or one refusal and nothing signed.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bearer, outcome, signer } from "../access/signer.ts";
import { API_SECRET } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";

const TOKEN = "a-token-of-a-back-end-of-this-test";
const DEFINITION: Plain = {
  publicUrl: "https://uploads.example.com",
  access: { jobs: { type: "token", tokens: { ci: createHash("sha256").update(TOKEN).digest("hex") } } },
  profiles: {
    default: { access: ["public"], accept: { context: { keys: ["alt"] } } },
    avatars: {
      ...{ access: ["public"], resourceType: "image" },
      file: { maxBytes: "1 MB", formats: ["jpg", "png"], maxFiles: 3 },
    },
    own: { access: ["jobs"], set: { public_id: "users/{sub}/a" } },
    widget: { access: ["public"], dropIn: true, set: { folder: "w" } },
    remove: {
      ...{ method: "destroy", resourceType: "image", access: ["jobs"] },
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
  },
};

function start(bindings: object = {}) {
  const { post, logs } = signer(
    DEFINITION,
    { address: () => "192.0.2.1" },
    bindings as Record<string, unknown>,
  );
  const ask = (profile: string, body: unknown, query = "") =>
    post(`/sign/${profile}${query}`, ["own", "remove"].includes(profile) ? bearer(TOKEN) : {}, body);
  return { ask, line: () => JSON.parse(logs.at(-1)!) };
}

type Ticket = { readonly fields: Record<string, string>; readonly upload_id?: string };
const JPG = { name: "a.jpg", size: 81_234, type: "image/jpeg" };

describe("signed", () => {
  it.each<[profile: string, files: object[], ids: boolean]>([
    ["avatars", [JPG], true],
    ["avatars", [JPG, {}, { name: "b.png" }], true],
    ["default", [JPG, JPG], false],
    ["default", Array(50).fill({}), false],
    ["own", [JPG], false],
  ])("%s: %j", async (profile, files, ids) => {
    const { body } = await start().ask(profile, { files });
    const tickets = body.tickets as Ticket[];
    expect(Object.keys(body)).toEqual(["tickets"]);
    expect(tickets).toHaveLength(files.length);
    for (const { fields } of tickets) {
      const { api_key: _, signature, ...params } = fields;
      expect(signature).toBe(sdkSignature(params, API_SECRET, "sha256"));
    }
    expect(new Set(tickets.map(({ fields }) => fields.public_id)).size).toBe(files.length);
    expect(new Set(tickets.flatMap(({ upload_id }) => upload_id ?? [])).size).toBe(ids ? files.length : 0);
  });

  it("the parameters are those of each", async () => {
    const { body } = await start().ask("default", { files: [{}, {}], params: { context: { alt: "A cat" } } });
    expect((body.tickets as Ticket[]).map(({ fields }) => fields.context)).toEqual([
      "alt=A cat",
      "alt=A cat",
    ]);
  });
});

describe("refused, and nothing is signed", () => {
  it.each<[what: string, profile: string, body: object, codes: string]>([
    ["one too large", "avatars", { files: [JPG, { size: 1_000_001 }] }, "files[1] too_large"],
    ["one of another format", "avatars", { files: [{ name: "a.gif" }] }, "files[0] format"],
    ["one of another type", "avatars", { files: [{ type: "video/mp4" }] }, "files[0] resource_type"],
    ["one too many", "avatars", { files: [JPG, JPG, JPG, JPG] }, "files[3] too_many"],
    ["two under one name", "own", { files: [JPG, JPG] }, "files[1] too_many"],
    [
      "several, each by its index",
      "avatars",
      { files: [{ size: 2e6 }, JPG, { name: "a.gif" }] },
      "files[0] too_large, files[2] format",
    ],
  ])("%s", async (_, profile, body, codes) => {
    const { ask, line } = start();
    const answer = await ask(profile, body);
    expect(outcome(answer)).toBe("422 file_refused");
    const errors = answer.body.errors as { param: string; code: string }[];
    expect(errors.map(({ param, code }) => `${param} ${code}`).join(", ")).toBe(codes);
    expect(line()).toMatchObject({ code: "file_refused", detail: codes });
    expect(JSON.stringify(line())).not.toContain("a.gif");
  });

  it("parameters that are refused are so for all", async () => {
    const answer = await start().ask("default", { files: [{}, {}], params: { folder: "a" } });
    expect(outcome(answer)).toBe("422 params_refused");
    expect(answer.body.errors).toHaveLength(1);
  });

  it.each<[what: string, body: object, reason: string]>([
    ["no list", { files: {} }, "files_malformed"],
    ["null", { files: null }, "files_malformed"],
    ["an empty list", { files: [] }, "files_malformed"],
    ["more than anybody may", { files: Array(51).fill({}) }, "files_malformed"],
    ["a text", { files: ["a.jpg"] }, "files_malformed"],
    ["null in it", { files: [null] }, "files_malformed"],
    ["a list in it", { files: [[]] }, "files_malformed"],
    ["another member", { files: [{ path: "a" }] }, "files_malformed"],
    ["a name that is no text", { files: [{ name: 1 }] }, "files_malformed"],
    ["a type that is no text", { files: [{ type: null }] }, "files_malformed"],
    ["a size in words", { files: [{ size: "1 MB" }] }, "files_malformed"],
    ["a size below nothing", { files: [{ size: -1 }] }, "files_malformed"],
    ["half a byte", { files: [{ size: 0.5 }] }, "files_malformed"],
    ["more bytes than a number can count", { files: [{ size: 2 ** 53 }] }, "files_malformed"],
    ["too deep", { files: [{ name: { a: [1] } }] }, "too_deep"],
    ["beside a component's", { files: [{}], paramsToSign: {} }, "two_forms"],
    ["both spellings of a component's", { paramsToSign: {}, params_to_sign: {} }, "two_forms"],
  ])("%s", async (_, body, reason) => {
    const { ask, line } = start();
    expect(outcome(await ask("default", body))).toBe("400 malformed_request");
    expect(line().reason).toBe(reason);
  });

  it.each<[what: string, profile: string, query: string, reason: string]>([
    ["as one command", "default", "?format=curl", "curl_files"],
    ["for a method that takes none", "remove", "", "takes_no_file"],
  ])("%s", async (_, profile, query, reason) => {
    const { ask, line } = start();
    const body = { files: [{}], params: profile === "remove" ? { public_id: "users/ci/a" } : {} };
    if (query === "") expect(outcome(await ask(profile, body))).toBe("400 malformed_request");
    else await expect(ask(profile, body, query)).rejects.toThrow(SyntaxError);
    expect(line()).toMatchObject({ code: "malformed_request", reason });
  });
});

describe("counted as that many", () => {
  /** Passes so many, and then no more. */
  const limiter = (passes: number) => {
    const keys: string[] = [];
    return { keys, limit: async ({ key }: { key: string }) => ({ success: keys.push(key) <= passes }) };
  };

  it.each<[files: number, passes: number, expected: string, counted: number]>([
    [1, 1, "signed", 1],
    [20, 20, "signed", 20],
    [20, 19, "429 rate_limited", 20],
    [20, 5, "429 rate_limited", 6],
  ])("%i files where %i pass: %s", async (files, passes, expected, counted) => {
    for (const [binding, profile] of [
      ["LIMIT_BY_IP", "default"],
      ["LIMIT_BY_SUBJECT", "batch"],
    ] as const) {
      const one = limiter(passes);
      const definition = {
        ...DEFINITION,
        profiles: { ...DEFINITION.profiles, batch: { access: ["jobs"], set: { overwrite: false } } },
      };
      const { post } = signer(definition, { address: () => "192.0.2.1" }, { [binding]: one });
      const answer = await post(`/sign/${profile}`, bearer(TOKEN), { files: Array(files).fill({}) });
      expect(outcome(answer)).toBe(expected);
      expect(one.keys).toHaveLength(counted);
      expect(new Set(one.keys).size).toBe(1);
    }
  });

  it("one that fails is asked, and waited for, once", async () => {
    for (const binding of ["LIMIT_BY_IP", "LIMIT_BY_SUBJECT"]) {
      const asked: string[] = [];
      const limit = async ({ key }: { key: string }) => {
        asked.push(key);
        throw new Error("down");
      };
      const { post } = signer(
        { ...DEFINITION, profiles: { batch: { access: ["jobs"], set: { overwrite: false } } } },
        { address: () => "192.0.2.1" },
        { [binding]: { limit } },
      );
      expect(outcome(await post("/sign/batch", bearer(TOKEN), { files: Array(50).fill({}) }))).toBe("signed");
      expect(asked).toHaveLength(1);
    }
  });

  it("what is refused for its files is counted as one", async () => {
    const one = limiter(5);
    const { ask } = start({ LIMIT_BY_IP: one });
    expect(outcome(await ask("avatars", { files: Array(50).fill({}) }))).toBe("422 file_refused");
    expect(one.keys).toHaveLength(1);
  });
});

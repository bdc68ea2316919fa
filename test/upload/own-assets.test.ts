// The cookbook's recipes for what is there already, end to end: the configuration and the page's lines as they stand there,
// a signer over HTTP, and an emulator that shows what became of whose assets.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { act, upload } from "../../src/client/client.ts";
import { createApp } from "../../src/http/app.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { JWKS_URL, type Key, KeyServer, makeKey, sign } from "../access/identity.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { type Server, serveLocally } from "../testing/audit/naive.ts";

const TEXT = await readFile(join(PROJECT, "docs/cookbook.md"), "utf8");
const SAMPLE = new File([await readFile(join(PROJECT, "src/testing/sample.jpg"))], "a.jpg", {
  type: "image/jpeg",
});
const SUPPORT_TOKEN = "a-token-of-the-support-desk";

/** The code of one recipe. */
function codeOf(title: string) {
  const section = TEXT.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`))!;
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(section)![1]!;
  return { config: block("ts"), page: block("js") };
}

const RECIPES = ["Avatar", "Gallery that its owner edits", "Support that deletes for users"].map(codeOf);
const [avatarLines, galleryLines, supportLines] = RECIPES.map(({ page }) => page);

/** Runs lines as they stand, with what is around them; `const` of the last names is answered. */
function run(lines: string, around: Readonly<Record<string, unknown>>, answers: readonly string[] = []) {
  const own = lines.replace(/^import .*$/gm, "").replaceAll('"https://uploads.example.com"', "SIGNER");
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const body = `${own}\nreturn { ${answers.join(", ")} };`;
  return new AsyncFunction(...Object.keys(around), body)(...Object.values(around)) as Promise<
    Record<string, unknown>
  >;
}

const folder = await newOwnerFolder();
let emulator: Emulator;
let server: Server;
let key: Key;
let loaded: Plain[];
beforeAll(async () => {
  key = await makeKey("k1", "RS256");
  const hash = createHash("sha256").update(SUPPORT_TOKEN).digest("hex");
  loaded = await Promise.all(
    RECIPES.map(async ({ config }) => (await folder.load(config.replace("0".repeat(64), hash))) as Plain),
  );
});
beforeEach(async () => {
  const merged = {
    allowedOrigins: ["https://www.example.com"],
    access: Object.assign({}, ...loaded.map(({ access }) => access)),
    profiles: Object.assign({}, ...loaded.map(({ profiles }) => profiles)),
  };
  emulator = await startEmulator(OPTIONS);
  const configured = readBindings({
    ...ACCOUNT,
    ...{ CLOUDINARY_UPLOAD_PREFIX: emulator.url, SIGNER: merged },
  });
  const keys = new KeyServer([key]);
  const app = createApp(configured, {
    log: (line) => void unseen(line),
    fetch: (_, init) => keys.fetch(JWKS_URL, init),
  });
  server = await serveLocally((request) => app.fetch(request));
  return async () => {
    await server.close();
    await emulator.close();
  };
});
afterAll(() => folder.close());

const tokenOf = (sub: string) => sign(key, { iss: "https://id.example.com/", aud: "uploads", sub });
const options = async (sub: string) => ({
  signer: new URL(server.url).origin,
  token: await tokenOf(sub),
});
/** What stands around a page's lines. */
const pageOf = async (sub: string) => ({
  ...{ act, upload, file: SAMPLE, SIGNER: new URL(server.url).origin, token: await tokenOf(sub) },
});
const uploadAs = async (sub: string, profile: string, params = {}) =>
  (await upload(SAMPLE, { ...(await options(sub)), profile, params })).asset;
const held = () => emulator.uploads().map(({ public_id }) => public_id);
const REFUSED = { code: "params_refused", status: 422 };

describe("one's avatar", () => {
  it("is replaced and deleted by its owner, and nobody else's is", async () => {
    await uploadAs("43", "avatars");
    const first = await uploadAs("42", "avatars");
    const { asset, result } = await run(avatarLines!, await pageOf("42"), ["asset", "result"]);
    expect(asset).toMatchObject({ public_id: first.public_id });
    expect(result).toBe("ok");
    expect(held()).toEqual(["users/43/avatar"]);
    const again = await act("delete-avatar", {}, await options("42"));
    expect(again).toEqual({ result: "not found" });
    expect(held()).toEqual(["users/43/avatar"]);
  });

  it("is not told by a client", async () => {
    await uploadAs("43", "avatars");
    const asked = act("delete-avatar", { public_id: "users/43/avatar" }, await options("42"));
    await expect(asked).rejects.toMatchObject(REFUSED);
    expect(held()).toEqual(["users/43/avatar"]);
  });
});

describe("a gallery", () => {
  it("is edited and deleted picture by picture by its owner", async () => {
    const asset = await uploadAs("42", "pictures", { context: { alt: "A cat", caption: "Cat" } });
    const other = await uploadAs("42", "pictures");
    const seen: unknown[] = [];
    const watched = async (...asked: Parameters<typeof act>) => {
      const answer = await act(...asked);
      seen.push([answer, emulator.uploads().map(({ public_id, context }) => [public_id, context?.custom])]);
      return answer;
    };
    await run(galleryLines!, { ...(await pageOf("42")), act: watched, asset });
    const { public_id } = asset;
    expect(seen).toEqual([
      [
        { public_ids: [public_id] },
        [
          [public_id, { alt: "A cat", caption: "Salt & pepper" }],
          [other.public_id, undefined],
        ],
      ],
      [
        expect.objectContaining({ public_id: "users/42/gallery/holiday" }),
        expect.arrayContaining([
          ["users/42/gallery/holiday", { alt: "A cat", caption: "Salt & pepper" }],
          [other.public_id, undefined],
        ]),
      ],
      [{ result: "ok" }, [[other.public_id, undefined]]],
    ]);
  });

  it("is nobody else's to edit or to delete", async () => {
    const { public_id } = await uploadAs("42", "pictures");
    const own = await uploadAs("43", "pictures");
    const before = JSON.stringify(emulator.uploads());
    const as43 = await options("43");
    const context = { caption: "Mine" };
    for (const public_ids of [[public_id], [own.public_id, public_id], `${own.public_id},${public_id}`])
      await expect(act("captions", { public_ids, context }, as43)).rejects.toMatchObject(REFUSED);
    await expect(act("delete-picture", { public_id }, as43)).rejects.toMatchObject(REFUSED);
    expect(JSON.stringify(emulator.uploads())).toBe(before);
  });
});

describe("support", () => {
  it("deletes what any user uploaded, and nothing else", async () => {
    await uploadAs("42", "avatars");
    await uploadAs("43", "avatars");
    const { token: _, ...around } = await pageOf("42");
    await run(supportLines!, { ...around, process: { env: { SUPPORT_TOKEN } } });
    expect(held()).toEqual(["users/43/avatar"]);

    const asSupport = { signer: around.SIGNER, token: SUPPORT_TOKEN };
    for (const public_id of ["imports/nightly/a", "users/../imports/nightly/a", "users", "USERS/43/avatar"])
      await expect(act("support-delete", { public_id }, asSupport)).rejects.toMatchObject(REFUSED);
    await expect(
      act("support-delete", { public_id: "users/43/avatar" }, await options("42")),
    ).rejects.toMatchObject({ status: 401 });
    expect(held()).toEqual(["users/43/avatar"]);
  });
});

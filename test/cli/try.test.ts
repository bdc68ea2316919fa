// `cloudinary-edge-signer try`, as a person runs it: its text and its exit code.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { type Ran, runHere, runProcess } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { sdkSignature } from "../support/sdk.ts";
import { expectWords } from "../support/words.ts";
import { CONFIG_MODULE } from "./deployment.ts";

const SECRET = "Zq8_a-Real-Looking-SECRET-77";
const SECRETS = { CLOUDINARY_API_SECRET: SECRET, CLOUDINARY_URL: `cloudinary://1:${SECRET}@x` };

const WRANGLER = 'name = "x"\ncompatibility_date = "2026-10-20"\n';
const RISKY = `
import { jwt, origin, token } from ${JSON.stringify(await configModule())};
export default {
  allowedOrigins: ["https://www.example.com"],
  access: {
    members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example/", audience: "uploads" }),
    jobs: token({ tokens: { nightly: "${"0".repeat(64)}" } }),
    people: jwt({ secret: "JWT_SECRET", issuer: "https://people.example/", audience: "uploads", claims: ["email"] }),
    site: origin({ origins: ["https://www.example.com"] }),
  },
  profiles: {
    avatars: {
      access: ["members", "jobs"],
      ttl: 300,
      set: { public_id: "users/{access}/{sub}/{uuid}", overwrite: false },
      accept: {
        tags: { prefix: "{access}/{sub}/", charset: "a-z", maxItems: 2 },
        context: { keys: ["alt"], maxLength: 20 },
        detection: { enum: ["captioning"] },
      },
    },
    mails: {
      access: ["people"],
      set: { public_id: "mails/{email|hash}/{uuid}", overwrite: false },
    },
    widget: {
      access: ["site"],
      dropIn: true,
      allow: ["archive-by-tag"],
      set: { folder: "widget", tags: ["site"] },
      accept: { source: { enum: ["uw"] } },
    },
  },
};
`;
/** Without the risk that it takes. */
const WRONG = RISKY.replace('allow: ["archive-by-tag"],', "");
const DEMO = 'export default { profiles: { demo: { access: ["public"] } } };';

/** Folders that hold a deployment each; the first has a demo below it. */
const DEPLOYMENTS = {
  ...{ ".": RISKY, demo: DEMO, plain: RISKY, wrong: WRONG },
  // A process has loaded none of the sources.
  bundled: RISKY.replace(await configModule(), CONFIG_MODULE),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "policy-"));
  for (const [name, definition] of Object.entries(DEPLOYMENTS)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "wrangler.toml"), WRANGLER);
    await writeFile(join(folder, name, "signer.config.ts"), definition);
  }
  for (const [name, value] of Object.entries(SECRETS)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Said {
  readonly code: number | undefined;
  readonly text: string;
}

/** What was printed, after a look for what may not be. */
function said({ code, stdout, stderr }: Ran): Said {
  const text = (stdout + stderr).replaceAll(`${folder}/`, "");
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(sdkSignature({ timestamp: 1 }, SECRET, "sha256"));
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(text).not.toMatch(/\b([0-9a-f]{64}|[0-9a-f]{40})\b/);
  return { code, text };
}

/** Explains in this process, whose environment holds the secret; files are those of the folder. */
async function explain(...args: string[]): Promise<Said> {
  const files = args.map((arg) => (arg.endsWith(".toml") ? join(folder, arg) : arg));
  const config = ["--config", join(folder, "wrangler.toml")];
  return said(await runHere(main, ["try", ...config, ...files], SECRETS));
}

const CLAIMS = '{"sub":"42"}';
/** The mark, the parameter and the number of the rule, of each refused parameter. */
const refusals = (text: string) =>
  [...text.matchAll(/^ {2}✗ (\S+) .*\n {4,}(R\d+|.*?)(?::.*)?$/gm)]
    .map(([, name, rule]) => `${name} ${rule}`)
    .sort();

describe("cloudinary-edge-signer try", () => {
  it("tells a profile, and what would be signed", async () => {
    const { code, text } = await explain("avatars", CLAIMS, '{"context":{"alt":"Tea & milk"}}');
    expect(code).toBe(0);
    for (const words of [
      "who shows a token of https://id.example/",
      "back ends with a token; its name is the caller's sub: nightly",
      "users/{access}/{sub}/{uuid}, here users/members/42/",
      "beginning with members/42/; of the characters a-z",
      "the keys alt; at most 20 characters each",
      "lives 300 s",
      "not served: it sets public_id to a random value",
      "It would be signed.",
    ])
      expect(text).toContain(words);
    const [line = ""] = /context=alt=.*timestamp=.*/.exec(text) ?? [];
    const timestamp = Number(/timestamp=(\d+)$/.exec(line)?.[1]);
    const uuid = "00000000-0000-4000-8000-000000000000";
    expect(line).toBe(
      `context=alt=Tea %26 milk&overwrite=false&public_id=users/members/42/${uuid}&timestamp=${timestamp}`,
    );
    expect(Math.abs(Date.now() / 1000 - 3300 - timestamp)).toBeLessThan(60);
  });

  it("is a process, in the folder of the wrangler.toml", async () => {
    const cwd = join(folder, "bundled");
    const run = async (...args: string[]) =>
      said(await runProcess("cli.ts", ["try", ...args], { cwd, env: SECRETS }));
    const here = await explain("avatars", '{"sub":"a/b"}');
    expect(await run("avatars", '{"sub":"a/b"}')).toEqual(here);
    expect(here.code).toBe(1);
  });

  it("names the rule of each refusal, and gives no string to sign", async () => {
    const sent = {
      nonsense: 1,
      file: "a",
      timestamp: 1,
      eval: "x",
      eager: "l_fetch:x",
      folder: "x",
      overwrite: true,
      context: { alt: "%26" },
      tags: ["members/43/a"],
      detection: "other",
    };
    const { code, text } = await explain("avatars", CLAIMS, JSON.stringify(sent));
    expect(code).toBe(1);
    expect(refusals(text)).toEqual([
      "context R9",
      "detection R6",
      "eager R6",
      "eval R5",
      "file R1",
      "folder the profile does not accept it",
      "nonsense R1",
      "overwrite R12",
      "tags R3",
      "timestamp R2",
    ]);
    expect(text).toContain("must begin with members/42/");
    expect(text).toContain("none: the request is refused as a whole");
    expect(text).toContain("It would be refused.");
  });

  it("refuses claims that no template takes", async () => {
    const { code, text } = await explain("avatars", '{"sub":"a/b"}');
    expect(code).toBe(1);
    expect(text).toMatch(/✗ the claim sub must be .*\n\s+R10: /);
  });

  it("names the claims that are needed and not given", async () => {
    for (const claims of ["{}", '{"email":"a@example.com"}']) {
      const { code, text } = await explain("avatars", claims);
      expect(code).toBe(1);
      expect(text).toContain(
        `✗ give the claims that the profile needs: sub\n      for example: cloudinary-edge-signer try avatars '{"sub":"42"}'\n`,
      );
    }
    expect((await explain("avatars", '{"sub":"42"}')).code).toBe(0);
    const email = await explain("mails", '{"email":"a@example.com"}');
    expect(email.code).toBe(1);
    const [, claims = ""] =
      /needs: email, email_verified\n +for example: cloudinary-edge-signer try mails '(.*)'$/m.exec(
        email.text,
      ) ?? [];
    expect((await explain("mails", claims)).code).toBe(0);
    expect((await explain("mails", claims.replace("true", "false"))).text).toContain(
      "the claim email is not verified",
    );
  });

  it("takes the access method that is named", async () => {
    const { text } = await explain("avatars", '{"sub":"nightly"}', "{}", "--access", "jobs");
    expect(text).toContain("public_id=users/jobs/nightly/");
    expect((await explain("avatars", CLAIMS, "{}", "--access", "site")).text).toContain("members, jobs");
  });

  it("explains drop-in, and the risks that were accepted", async () => {
    const timestamp = Math.floor(Date.now() / 1000);
    const good = { timestamp, source: "uw", folder: "widget", tags: "site" };
    const signed = await explain("widget", "{}", JSON.stringify(good), "--drop-in");
    expect(signed.code).toBe(0);
    expect(signed.text).toContain(`folder=widget&source=uw&tags=site&timestamp=${timestamp}`);
    expect(signed.text).toMatch(/archive-by-tag {2}whoever holds .* can download .*generate_archive/);
    const bad = { timestamp: timestamp * 1000, source: "x", folder: "other", public_id: "a" };
    const refused = await explain("widget", "{}", JSON.stringify(bad), "--drop-in");
    expect(refused.code).toBe(1);
    expect(refusals(refused.text)).toEqual([
      "folder R12",
      "public_id the profile does not accept it",
      "source a limit that the profile sets",
      "tags R12",
      "timestamp R2",
    ]);
    const unstamped = await explain("widget", "{}", '{"folder":"widget","tags":"site"}', "--drop-in");
    expect(unstamped.code).toBe(0);
    expect(unstamped.text).toContain("with the time now as its timestamp");
    const notServed = await explain("avatars", CLAIMS, JSON.stringify(good), "--drop-in");
    expect([notServed.code, ...refusals(notServed.text)]).toEqual([
      1,
      "public_id the profile signs nothing that a client chose",
    ]);
  });

  it("finds a profile of the demo, and says where it is", async () => {
    const { code, text } = await explain("demo");
    expect(code).toBe(0);
    expect(text).toContain("Profile demo of demo/wrangler.toml");
  });

  it.each([
    ["an unknown profile", ["nope"], "wrangler.toml: avatars, mails, widget\n  demo/wrangler.toml: demo"],
    ["broken JSON", ["avatars", "{sub:42}"], "write CLAIMS as a JSON object"],
    ["a list for parameters", ["avatars", CLAIMS, "[]"], "write PARAMS as a JSON object"],
    ["too deep parameters", ["avatars", CLAIMS, '{"a":{"b":{"c":{"d":{}}}}}'], "PARAMS: send a flatter body"],
    [
      "an unknown profile of a file without a demo",
      ["nope", "--config", "plain/wrangler.toml"],
      "plain/wrangler.toml: avatars, mails, widget",
    ],
    [
      "a wrong configuration",
      ["widget", "--config", "wrong/wrangler.toml"],
      "signer.config.ts, profiles.widget.set.tags: ",
    ],
    ["no such file", ["widget", "--config", "none.toml"], "none.toml is not there"],
    ["an unknown environment", ["widget", "--env", "x"], 'there is no "x"'],
    ["an unknown option", ["widget", "--x"], "unknown option '--x'"],
  ])("%s is a sentence", async (_, args, words) => {
    const { code, text } = await explain(...args);
    expectWords(text, words);
    expect(code).toBe(2);
  });
});

// What `check` and `try` say of limits on files: in words, who holds each, where nobody does; and of the binding that hears
// of uploads.

import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { fileText } from "../../src/cli/file-words.ts";
import { compileProfile } from "../../src/policy/compile/compile.ts";
import { type Ran, runHere } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { deployment, WRANGLER } from "./deployment.ts";

const MODULE = JSON.stringify(await configModule());

/** A definition with these profiles, of callers with a token, and of anybody. */
const definition = (profiles: string): string => `import { defineSigner, jwt } from ${MODULE};

export default defineSigner({
  publicUrl: "https://uploads.example.com",
  access: { members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" }) },
  profiles: { ${profiles} },
  environments: { staging: { publicUrl: "https://staging.example.com" } },
});
`;

const MEMBERS = 'access: ["members"], resourceType: "image"';
const FRESH = 'set: { public_id: "users/{sub}/{uuid}", overwrite: false }';
/** One name for each caller, where what was there may be lost. */
const OWN = 'allow: ["lose-previous"], set: { public_id: "users/{sub}/avatar", overwrite: true }';

const APP = `[[services]]
binding = "APP"
service = "shop"

[[env.staging.services]]
binding = "APP"
service = "shop-staging"

[env.staging.vars]
`;
const withApp = WRANGLER.replace("[env.staging.vars]\n", APP);

async function run(
  args: readonly [command: string, ...more: string[]],
  profiles: string,
  toml = WRANGLER,
): Promise<Ran> {
  const { config, folder, remove } = await deployment({
    "wrangler.toml": toml,
    "signer.config.ts": definition(profiles),
  });
  const ran = await runHere(main, [...args, "--config", config]);
  await remove();
  const plain = (text: string) => stripVTControlCharacters(text).replaceAll(`${folder}/`, "");
  return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr) };
}

const warningsOf = ({ stdout }: Ran): string[] =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith("! "))
    .map((line) => line.replace("! wrangler.toml: ", ""));

const UNCONFIRMED =
  "or accept that maxBytes holds for who confirms: who never does keeps what was uploaded, whatever its size";
const REPLACED =
  "while a ticket lives, its holder can replace what was confirmed by a file that nobody judges";

describe("warnings, none of which fails the check", () => {
  it.each([
    [
      "a size that nobody holds without a confirmation",
      `a: { ${MEMBERS}, ${FRESH}, file: { maxBytes: "5 MB" } }`,
      [`profiles.a.file: write notify: true or quarantine: true, ${UNCONFIRMED}`],
    ],
    [
      "the same, reported by Cloudinary",
      `a: { ${MEMBERS}, ${FRESH}, file: { maxBytes: "5 MB" }, notify: true }`,
      [],
    ],
    [
      "a name that one may be replaced under, reported too",
      `a: { ${MEMBERS}, ${OWN}, file: { maxBytes: 1000 }, notify: true }`,
      [],
    ],
    [
      "the same in quarantine",
      `a: { ${MEMBERS}, ${FRESH}, file: { maxBytes: "5 MB", quarantine: true } }`,
      [],
    ],
    ["formats, which Cloudinary holds", `a: { ${MEMBERS}, ${FRESH}, file: { formats: ["jpg"] } }`, []],
    ["a receipt alone", `a: { ${MEMBERS}, ${FRESH}, file: {} }`, []],
    [
      "a name that one may be replaced under",
      `a: { ${MEMBERS}, ${OWN}, file: { maxBytes: 1000 } }`,
      [
        `profiles.a.file: write notify: true, or set a public_id with {uuid} and quarantine: true, ${UNCONFIRMED}`,
        `profiles.a.set.overwrite: write overwrite: false, notify: true, or set a public_id with {uuid} and quarantine: true: ${REPLACED}`,
      ],
    ],
    [
      "a fresh name that is overwritten unless that is refused",
      `a: { ${MEMBERS}, set: { public_id: "users/{sub}/{uuid}" }, file: {} }`,
      [`profiles.a.set.overwrite: write overwrite: false, notify: true or quarantine: true: ${REPLACED}`],
    ],
    ["no limits", `a: { ${MEMBERS}, ${FRESH} }`, []],
    ["the random name of strangers", 'a: { access: ["public"], file: {} }', []],
  ])("%s", async (_, profiles, warnings) => {
    const ran = await run(["check", "--env", ""], profiles);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(warningsOf(ran)).toEqual(warnings);
  });

  it("for machines too", async () => {
    const { code, stdout } = await run(
      ["check", "--json", "--env", ""],
      `a: { ${MEMBERS}, ${FRESH}, file: { maxBytes: "5 MB" } }`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      environments: [{ faults: [], warnings: [expect.stringContaining(UNCONFIRMED)] }],
    });
  });
});

describe("check --print", () => {
  const ALL = `
    pictures: { ${MEMBERS}, ${FRESH}, ttl: 86400,
      file: { maxBytes: "2.5 MiB", formats: ["jpg", "png"], maxFiles: 1, quarantine: true } },
    avatars: { ${MEMBERS}, ${OWN}, file: { maxBytes: "1 MB" } },
    papers: { access: ["members"], resourceType: "raw", ${FRESH}, file: {} },
    reported: { ${MEMBERS}, ${FRESH}, file: { maxBytes: "1 MB" }, notify: true },
    anything: { access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false, allowed_formats: ["jpg"] }, file: {} },
  `;

  it("says what may arrive, who holds each limit, how long a ticket is renewed, and who hears of it", async () => {
    const { code, stdout } = await run(["check", "--print", "--env", ""], ALL, withApp);
    expect(code).toBe(0);
    await expect(stdout.replaceAll(/[0-9a-f]{64}/g, "<hash>")).toMatchFileSnapshot("check-print-files.txt");
  });

  it("and that nobody hears of it where nothing is bound", async () => {
    const { stdout } = await run(["check", "--print", "--env", ""], ALL);
    expect(stdout).toContain("application  hears of no upload: no APP is bound; receipts tell it");
  });
});

describe("try", () => {
  it("says the same, and what is missing for a file that is to be found", async () => {
    const profiles = `a: { ${MEMBERS}, set: { overwrite: false }, accept: { public_id: { prefix: "users/{sub}/" } }, file: { maxBytes: "1 kB" } }`;
    const ran = await run(["try", "a", '{"sub":"42"}', "{}"], profiles);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("What may arrive\n  size       at most 1 kB (1000 bytes)\n");
    expect(ran.stdout).toContain(
      "✗ public_id  send a public_id: what arrives is looked for by its name\n      a profile with limits on files finds them by their names",
    );
  });

  it("that components get no signature", async () => {
    const profiles = `a: { ${MEMBERS}, ${FRESH}, file: {} }`;
    const ran = await run(["try", "--drop-in", "a", '{"sub":"42"}', "{}"], profiles);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("its files are confirmed by an upload ID, which only tickets have");
  });
});

describe("the binding APP", () => {
  const PROFILES = `a: { ${MEMBERS}, ${FRESH}, file: {} }`;

  it("bound in each environment is right", async () => {
    const ran = await run(["check"], PROFILES, withApp);
    expect([ran.code, ran.stderr, warningsOf(ran)]).toEqual([0, "", []]);
  });

  it("bound in one alone is told", async () => {
    const ran = await run(["check"], PROFILES, withApp.replace(/\[\[env\.staging\.services\]\][^[]*/, ""));
    expect(ran.code).toBe(0);
    expect(warningsOf(ran)).toEqual([
      "! wrangler.toml --env staging: APP: add it under [[env.staging.services]], unless it is left out on purpose: it is bound in another environment and not here, and environments don't inherit it",
    ]);
  });

  it.each([
    [
      "as a variable",
      WRANGLER.replace("[vars]\n", '[vars]\nAPP = "shop"\n'),
      "APP: write it under [[services]]: it is not a variable",
    ],
    [
      "as another kind of binding",
      withApp.replaceAll("services]]", "kv_namespaces]]").replaceAll(/service = /g, "id = "),
      "APP: write it under [[services]]: it is under [[kv_namespaces]]",
    ],
    [
      "beside the tables",
      `APP = "shop"\n${WRANGLER}`,
      "APP: write it under [[services]]: nothing reads it where it is",
    ],
  ])("%s is found", async (_, toml, line) => {
    const ran = await run(["check"], PROFILES, toml);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(line);
  });
});

it.each([
  [{}, "files: any size, any format; confirmed by POST /confirm/p"],
  [
    { maxBytes: "1 MB", formats: ["jpg", "png"], quarantine: true },
    "files: at most 1 MB, jpg, png; confirmed by POST /confirm/p, and published then",
  ],
])("in one line, as start prints it: %j", (file, words) => {
  const anybody = new Map([["public", { anonymous: true, claims: new Set<string>() }]]);
  const compiled = compileProfile("p", { access: ["public"], file }, anybody);
  expect(compiled.ok && fileText(compiled.value)).toBe(words);
});

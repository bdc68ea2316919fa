// Profiles of other methods than upload, as `check --print`, `try` and the banner tell them: what they do, to whose
// assets, and where their tickets go; nothing of files and components.

import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { banner } from "../../src/cli/banner.ts";
import { main } from "../../src/cli/cli.ts";
import { checkProject } from "../../src/cli/environments.ts";
import { METHOD_NAMES } from "../../src/policy/tables/signed-methods.ts";
import { runHere } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { deployment } from "./deployment.ts";

const OWN = '{ prefix: "users/{sub}/" }';
const OWN_LIST = `public_ids: { prefix: "users/{sub}/", maxItems: 50 }`;
/** A profile of each, by what it is called after its method. */
const PROFILES: Readonly<Record<string, string>> = {
  destroy: `set: { invalidate: true }, accept: { public_id: ${OWN} }`,
  rename: `accept: { from_public_id: ${OWN}, to_public_id: ${OWN} }`,
  explicit: `set: { type: "upload" }, accept: { public_id: ${OWN}, context: { keys: ["alt"] } }`,
  tags: `accept: { command: { enum: ["add", "remove"] }, ${OWN_LIST}, tag: { prefix: "u-{sub}-" } }`,
  context: `set: { command: "add" }, accept: { ${OWN_LIST}, context: { keys: ["alt"] } }`,
  metadata: `accept: { ${OWN_LIST}, metadata: { keys: ["size"] } }`,
  generate_archive: `set: { prefixes: "users/{sub}/", mode: "download" }`,
};
const DEFINITION = `import { defineSigner, jwt, token } from ${JSON.stringify(await configModule())};
export default defineSigner({
  access: {
    members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" }),
    support: token({ tokens: { desk: "${"0".repeat(64)}" } }),
  },
  profiles: {
    ${Object.entries(PROFILES)
      .map(
        ([method, more]) =>
          `my_${method}: { method: "${method}", access: ["members"], resourceType: "image", ttl: 300, ${more} },`,
      )
      .join("\n    ")}
    support: {
      method: "destroy", access: ["support"], resourceType: "image", allow: ["others-assets"],
      accept: { public_id: { prefix: "users/" } },
    },
  },
});
`;
const WRANGLER = `name = "signer"
main = "index.ts"
compatibility_date = "2026-10-20"
[vars]
CLOUDINARY_CLOUD_NAME = "my-cloud"
CLOUDINARY_API_KEY = "123456789012345"
`;

let made: Awaited<ReturnType<typeof deployment>>;
beforeAll(async () => {
  made = await deployment({ "wrangler.toml": WRANGLER, "signer.config.ts": DEFINITION });
});
afterAll(() => made.remove());

const run = async (command: string, ...args: string[]) => {
  const { code, stdout, stderr } = await runHere(main, [command, "--config", made.config, ...args]);
  return { code, text: stripVTControlCharacters(stdout + stderr) };
};

describe("check --print", () => {
  let profiles: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const { code, text } = await run("check", "--print");
    expect(code, text).toBe(0);
    profiles = new Map(
      text.split(/^(?=Profile )/m).map((part) => [/^Profile (\S+)/.exec(part)?.[1] ?? "", part]),
    );
  });

  it("has a profile of every method here", () => {
    expect(["upload", ...Object.keys(PROFILES)].sort()).toEqual([...METHOD_NAMES].sort());
  });

  it.each(Object.keys(PROFILES))("%s: what it does, its address, and nothing of files", (method) => {
    const text = profiles.get(`my_${method}`)!;
    expect(text).toMatch(new RegExp(`What it does\n {2}${method} {2,}\\w`));
    expect(text).toMatch(/\n {2}whose {2,}the caller's own alone: /);
    expect(text).toContain(`is a POST to …/image/${method} without a file; no signature binds that part`);
    expect(text).toContain("nobody counts how often one ticket is used");
    expect(text).not.toMatch(/Drop-in|paramsToSign|the file's|\bupload the|sends the upload/);
  });

  it("others' assets: whose they are, and the risk", () => {
    const text = profiles.get("support")!;
    expect(text).toContain("anybody's that its names reach, as accepted below");
    expect(text).toMatch(
      /Accepted risks\n {2}others-assets {2}whoever holds a signature can do the same to every/,
    );
  });
});

describe("try", () => {
  const CLAIMS = '{"sub":"42"}';
  it("tells what would be signed, parameter by parameter", async () => {
    const { code, text } = await run("try", "my_destroy", CLAIMS, '{"public_id":"users/42/avatar"}');
    expect(code, text).toBe(0);
    expect(text).toContain("public_id  beginning with users/42/");
    expect(text).toMatch(/✓ signed, within the limits {2}public_id=users\/42\/avatar/);
    expect(text).toMatch(/invalidate=true&public_id=users\/42\/avatar&timestamp=\d+\n/);
  });

  it.each([
    ["another's asset", "my_destroy", '{"public_id":"users/43/avatar"}', "must begin with users/42/"],
    ["nothing to work on", "my_destroy", "{}", "send public_id, which destroy needs"],
    [
      "nothing to work on, where the rest is set",
      "my_context",
      '{"context":{"alt":"A"}}',
      "✗ public_ids  send public_ids, which context needs\n      its method needs to be told",
    ],
    [
      "two that are lacking",
      "my_tags",
      '{"tag":"u-42-a"}',
      "✗ command  send command and public_ids, which tags needs",
    ],
    ["an upload's parameter", "my_destroy", '{"tags":"a"}', "tags  is not a parameter of destroy"],
    [
      "a name onto another's",
      "my_rename",
      '{"from_public_id":"users/42/a","to_public_id":"users/43/a"}',
      "✗ to_public_id  must begin with users/42/",
    ],
    [
      "fine by itself",
      "my_tags",
      '{"command":"add","public_ids":["users/43/a"]}',
      "✓ command  fine by itself",
    ],
  ])("tells what would be refused: %s", async (_, profile, params, words) => {
    const { code, text } = await run("try", profile, CLAIMS, params);
    expect([code, text]).toEqual([1, expect.stringContaining(words)]);
  });

  it("says that components ask for uploads alone", async () => {
    const { code, text } = await run("try", "my_destroy", CLAIMS, '{"public_id":"users/42/a"}', "--drop-in");
    expect(code).toBe(1);
    expect(text).toContain(
      'ask for a ticket with {"params": {…}}: its method is destroy, and components choose the parameters of uploads alone',
    );
    expect(text).not.toContain("dropIn: true");
  });
});

it("the banner names the method, and has no line that would upload by it", async () => {
  const [checked] = await checkProject(made.config);
  const { config, settings } = checked!;
  if (!config.ok || settings === undefined) throw new Error("misconfigured");
  const text = stripVTControlCharacters(
    banner({
      ...{ title: "t", definition: "signer.config.ts", worker: "http://w", emulator: "http://e" },
      ...{ config: config.value, settings, sample: "/a.jpg", origin: "http://localhost:1313" },
      ...{ token: undefined, notes: [] },
    }),
  );
  expect(text).toMatch(
    /my_destroy {2,}tickets of the method destroy, for members\n {2,}sets invalidate\n {2,}accepts public_id/,
  );
  expect(text).toMatch(
    /my_rename {2,}tickets of the method rename, for members\n {2,}sets nothing but the time/,
  );
  expect(text).toContain("No line to try it with: no profile takes the sample, which is a picture.");
  expect(text).not.toContain("curl");
});

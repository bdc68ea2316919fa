// `types`: what is written of a configuration, and of what it holds nothing; the file, and whether it is in step.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { runHere } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { CONFIG_MODULE, deployment, RIGHT, WRANGLER } from "./deployment.ts";

/** Each run would bundle the same sources. */
const MODULE = await configModule();
const SOUND = RIGHT["signer.config.ts"].replace(CONFIG_MODULE, MODULE);

let files: Awaited<ReturnType<typeof deployment>>;
let out: string;
const definition = (profiles: string): string => `import { defineSigner, jwt } from ${JSON.stringify(MODULE)};
export default defineSigner({
  publicUrl: "https://uploads.example.com",
  access: { members: jwt({ secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" }) },
  profiles: { ${profiles} },
});
`;
async function deploy(profiles?: string): Promise<void> {
  await files?.remove();
  const text = profiles === undefined ? SOUND : definition(profiles);
  files = await deployment({ "wrangler.toml": WRANGLER, "signer.config.ts": text });
  out = join(files.folder, "signer-types.ts");
}
const run = (...args: string[]) => runHere(main, ["types", "--config", files.config, ...args]);

beforeEach(() => deploy());
afterEach(() => files.remove());

const EXPECTED = `// Written by \`cloudinary-edge-signer types\` from signer.config.ts: run it again after a change there.

export type Config = {
  readonly profiles: {
    readonly avatars: {
      readonly accept: { readonly context: { readonly keys: readonly ["alt"] } };
    };
    readonly form: object;
  };
};
`;

describe("what is written", () => {
  it("is printed", async () => {
    expect(await run()).toEqual({ code: 0, stdout: EXPECTED, stderr: "" });
  });

  const own = 'access: ["members"], resourceType: "image"';
  const upload = 'access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false }';
  it.each([
    [
      "a profile for files that are confirmed",
      `a: { ${upload}, file: { maxBytes: 9 } }`,
      "readonly a: { readonly file: object };",
    ],
    ["a name that is none in TypeScript", `"a-1": { ${upload} }`, 'readonly "a-1": object;'],
    [
      "values that are listed",
      `a: { ${upload}, accept: { auto_tagging: { enum: [0.5] }, exif: { enum: [true] }, display_name: { enum: ['a"b'] } } }`,
      'readonly auto_tagging: { readonly enum: readonly [0.5] };\n        readonly exif: { readonly enum: readonly [true] };\n        readonly display_name: { readonly enum: readonly ["a\\"b"] };',
    ],
    [
      "keys",
      `a: { ${upload}, accept: { metadata: { keys: ["credit line", "size"] } } }`,
      'readonly metadata: { readonly keys: readonly ["credit line", "size"] }',
    ],
    [
      "limits of which no type can tell",
      `a: { ${upload}, accept: { custom_coordinates: { max: 9 } } }`,
      "readonly accept: { readonly custom_coordinates: object }",
    ],
    [
      "another method, and which names the server sets of what it works on",
      `a: { method: "context", ${own}, set: { command: "add" }, accept: { public_ids: { prefix: "users/{sub}/" }, context: { keys: ["alt"] } } }`,
      'readonly method: "context";\n      readonly set: { readonly command: unknown };',
    ],
    ["no profiles", "", "readonly profiles: object"],
  ])("has %s", async (_, profiles, text) => {
    await deploy(profiles);
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(text);
  });

  it("has nothing that could name people, or that the server sets", async () => {
    await deploy(`
      a: {
        access: ["members"],
        set: { tags: ["set-tag-{sub}-"], display_name: "set-name", overwrite: false },
        accept: { folder: { prefix: "wanted/{sub}/", enum: ["listed-folder"] }, context: { keys: ["alt"], charset: "xyz", maxLength: 77 } },
      },
      b: { method: "destroy", ${own}, set: { public_id: "set-folder/{sub}/a" } },
      c: { method: "destroy", ${own}, accept: { public_id: { prefix: "wanted/{sub}/" } } },`);
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain("readonly folder: object");
    for (const text of [
      "set-",
      "listed",
      "wanted",
      "{sub}",
      "xyz",
      "77",
      "members",
      "JWT",
      "example.com",
      'cloud"',
    ])
      expect(stdout).not.toContain(text);
    expect(stdout).not.toMatch(/\bimport\b/);
  });
});

describe("the file", () => {
  it("is written, and then in step until the configuration changes", async () => {
    expect(await run("--out", out)).toEqual({ code: 0, stdout: `✓ wrote ${out}\n`, stderr: "" });
    expect(await readFile(out, "utf8")).toBe(EXPECTED);
    const inStep = { code: 0, stdout: `✓ ${out} is in step with signer.config.ts\n`, stderr: "" };
    expect(await run("--out", out, "--check")).toEqual(inStep);
    const changed = SOUND.replace('keys: ["alt"]', 'keys: ["alt", "caption"]');
    await writeFile(join(files.folder, "signer.config.ts"), changed);
    const { code, stderr } = await run("--out", out, "--check");
    expect([code, stderr]).toEqual([
      1,
      `✗ run \`cloudinary-edge-signer types --out ${out}\`: the file is not in step with signer.config.ts\n`,
    ]);
    expect(await readFile(out, "utf8")).toBe(EXPECTED);
    expect((await run("--out", out)).code).toBe(0);
    expect(await readFile(out, "utf8")).toContain('["alt", "caption"]');
  });

  it("is in step with the line ends of another system", async () => {
    await writeFile(out, EXPECTED.replaceAll("\n", "\r\n"));
    expect((await run("--out", out, "--check")).code).toBe(0);
  });

  it("is not in step where it is not there, and the check writes none", async () => {
    expect((await run("--out", out, "--check")).code).toBe(1);
    await expect(readFile(out)).rejects.toThrow("ENOENT");
  });

  it.each([
    ["no file to check", () => ["--check"], "✗ give the file that is checked: --out <file>\n"],
    [
      "a folder that is not there",
      () => ["--out", join(files.folder, "web", "types.ts")],
      /^✗ give --out a file in a folder that there is: .*types\.ts can't be written \(ENOENT\)\n$/,
    ],
  ])("can't be: %s", async (_, args, told) => {
    const { code, stderr } = await run(...args());
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
  });

  it("is not written of a configuration with faults", async () => {
    await deploy('a: { access: ["members"], ttl: 7 }');
    const { code, stderr } = await run("--out", out);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^✗ fix what `cloudinary-edge-signer check` finds first: signer\.config\.ts, profiles\.a\.ttl: .*60.*\n$/,
    );
    await expect(readFile(out)).rejects.toThrow("ENOENT");
  });
});

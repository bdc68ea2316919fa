// HTTP clients, and languages by their standard libraries: each asks for a ticket, and sends the file with its fields.

import type { AnyClient, Client } from "./client.ts";
import { onPhone } from "./react-native.ts";
import type { Scene } from "./scene.ts";
import { environmentOf } from "./snippets.ts";

/** Parameters that the profile accepts, and that it refuses. */
const ACCEPTED = { context: { alt: "A = cat | & ü" } };
const REFUSED = { folder: "cats" };

/** The first line of what a program says of itself. */
const saysOf = async (scene: Scene, program: string, ...args: string[]): Promise<string> =>
  (await scene.run(program, args)).stdout.split("\n")[0]!.trim();

/** Throws what a program said, where it failed. */
async function succeeds(scene: Scene, program: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await scene.run(program, args);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stdout}${stderr}`);
}

/** What a program said to its terminal as it failed. */
async function fails(scene: Scene, program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await scene.run(program, args);
  if (code === 0) throw new Error(`${program} ended well: ${stdout}`);
  return stderr + stdout;
}

const curl: Client = {
  name: "curl",
  group: "languages",
  set: "`?format=curl`: the answer is the command",
  program: "curl",
  version: async (scene) => (await saysOf(scene, "curl", "--version")).split(" ").slice(0, 2).join(" "),
  upload: (scene) => succeeds(scene, "sh", ["-c", scene.snippet()]),
  refusal: (scene) => fails(scene, "sh", ["-c", scene.snippet(1)]),
};

/** A page that uploads the file chosen in it, and says what came of that. */
async function inPage(scene: Scene, params: object, reason: string): Promise<string> {
  const { page } = await scene.page({
    body: '<input type="file"><output></output>',
    script: `import * as own from "snippet";
      const reasonOf = ${reason};
      document.querySelector("input").addEventListener("change", async ({ target }) => {
        const said = await own.upload(target.files[0], ${JSON.stringify(params)}).then(
          ({ secure_url }) => secure_url,
          (error) => "✗ " + reasonOf(error),
        );
        document.querySelector("output").textContent = said;
      });`,
  });
  await page.locator("input").setInputFiles(scene.file);
  const output = page.locator("output:not(:empty)");
  return (await output.textContent()) ?? "";
}

/** A client of pages, whose code is a function `upload`; `reason` is code that reads an error. */
const ofPages = (name: string, reason: string): Client => ({
  name,
  group: "languages",
  set: "the signer's address",
  version: async (scene) => `${await scene.versionOf(name)}, in Chromium`,
  upload: async (scene) => {
    const said = await inPage(scene, ACCEPTED, reason);
    if (!said.startsWith(scene.emulator)) throw new Error(said);
  },
  refusal: (scene) => inPage(scene, REFUSED, reason),
});

/** Code that Node runs, with a call of its function after it: `call` is code over the file's path and the parameters. */
const inNode = async (scene: Scene, call: string, params: object, n = 0): Promise<string[]> => {
  const written = `${scene.snippet(n)}\n${call}`;
  return [await scene.write("client.ts", written), scene.file, JSON.stringify(params), scene.signer];
};

const GOT = "console.log(await upload(process.argv[2], JSON.parse(process.argv[3])));";

const got: Client = {
  name: "got",
  group: "languages",
  set: "the signer's address",
  version: (scene) => scene.versionOf("got"),
  upload: async (scene) => succeeds(scene, "node", await inNode(scene, GOT, ACCEPTED)),
  refusal: async (scene) => fails(scene, "node", await inNode(scene, GOT, REFUSED)),
};

const SDK = "await uploadSigned(process.argv[2]!, process.argv[4]!, JSON.parse(process.argv[3]!));";
/** The line for the environment stands before the code. */
const runSdk = async (scene: Scene, params: object) =>
  scene.run("node", await inNode(scene, SDK, params, 1), environmentOf(scene.snippet()));

const sdk: Client = {
  name: "Node SDK",
  group: "languages",
  set: "the ticket's `fields`, cloud and resource type as options of `uploader.upload`",
  version: (scene) => scene.versionOf("cloudinary"),
  upload: async (scene) => {
    const { code, stderr } = await runSdk(scene, ACCEPTED);
    if (code !== 0) throw new Error(stderr);
  },
  refusal: async (scene) => (await runSdk(scene, REFUSED)).stderr,
};

/** A program that takes the file's path and the parameters. */
const ofLanguage = (
  about: Pick<Client, "name" | "version"> & { readonly set?: string },
  program: string,
  file: string,
  before: readonly string[] = [],
): Client => {
  const args = async (scene: Scene, params: object): Promise<string[]> => {
    await scene.write(file, scene.snippet());
    return [...before, file, scene.file, JSON.stringify(params)];
  };
  return {
    group: "languages",
    set: "the signer's address",
    program,
    ...about,
    upload: async (scene) => succeeds(scene, program, await args(scene, ACCEPTED)),
    refusal: async (scene) => fails(scene, program, await args(scene, REFUSED)),
  };
};

const python = ofLanguage(
  {
    name: "Python",
    version: async (scene) => `${await saysOf(scene, "python3", "--version")}, urllib`,
  },
  "python3",
  "client.py",
);

const php = ofLanguage(
  {
    name: "PHP",
    version: async (scene) => `PHP ${await saysOf(scene, "php", "-r", "echo PHP_VERSION;")}, curl`,
  },
  "php",
  "client.php",
);

const go = ofLanguage(
  {
    name: "Go",
    version: async (scene) =>
      `${(await saysOf(scene, "go", "version")).split(" ")[2]!.replace("go", "Go ")}, net/http`,
  },
  "go",
  "client.go",
  ["run"],
);

const reactNative: Client = {
  name: "React Native",
  group: "languages",
  set: "the signer's address",
  with: "its form as `FormData.js` of React Native writes it, and Node's `fetch`: not on a phone",
  version: async () => "React Native 0.88.1, its form",
  upload: async (scene) => {
    const { code, stdout, stderr } = await onPhone(scene, ACCEPTED);
    if (code !== 0 || stdout !== "") throw new Error(stdout + stderr);
  },
  refusal: async (scene) => (await onPhone(scene, REFUSED)).stdout,
};

export const LANGUAGES: readonly AnyClient[] = [
  curl,
  ofPages("axios", "own.reasonOf"),
  ofPages("ky", "({ message }) => message"),
  got,
  sdk,
  python,
  php,
  go,
  reactNative,
];

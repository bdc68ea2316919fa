// HTTP clients, and languages by their standard libraries: each asks for a ticket, and sends the file with its fields.

import type { AnyClient, Client } from "./client.ts";
import type { Scene } from "./scene.ts";

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

export const LANGUAGES: readonly AnyClient[] = [curl];

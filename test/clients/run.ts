// `npm run test:clients [-- NAME …]`: uploaders of other people against the built Worker and the emulator. What became of
// them goes into docs/clients.json; of clients that were not asked for, what stands there stays.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type AnyClient, type Client, isTried } from "./client.ts";
import { CLIENTS } from "./clients.ts";
import { type Outcome, readOutcomes, writeOutcomes } from "./outcomes.ts";
import { type Judged, openStage, type Stage } from "./scene.ts";

/** Longest time of one client, in milliseconds: what hangs has failed. */
const TIMEOUT = 180_000;

const asked = process.argv.slice(2);
const names = CLIENTS.map(({ name }) => name);
const isAsked = (name: string): boolean =>
  asked.length === 0 || asked.some((one) => one.toLowerCase() === name.toLowerCase());
const unknown = asked.filter((one) => !names.some((name) => name.toLowerCase() === one.toLowerCase()));
if (unknown.length > 0) {
  console.error(`✗ no client ${unknown.join(", ")}: there are ${names.join(", ")}`);
  process.exit(1);
}

function hasProgram(name: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v '${name}'`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hung for ${TIMEOUT / 1000} s`)), TIMEOUT);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Throws unless exactly this file arrived, and nothing was refused on its way. */
async function judgeUpload(client: Client, scene: Judged, { hold }: Stage): Promise<void> {
  const before = hold.uploads().length;
  await client.upload(scene);
  const stored = hold.uploads().slice(before);
  if (stored.length !== 1) throw new Error(`the emulator holds ${stored.length} more uploads, and not one`);
  const etag = createHash("md5")
    .update(await readFile(scene.file))
    .digest("hex");
  if (stored[0]!.etag !== etag) throw new Error("another file arrived than the scene's");
  if (scene.terminal().length > 0) throw new Error(`something was refused: ${scene.terminal().join("\n")}`);
}

/** The sentence that a person saw as the signer refused. Throws where it does not help. */
async function judgeRefusal(client: Client, scene: Judged, { hold }: Stage): Promise<string | undefined> {
  if (client.refusal === undefined) return undefined;
  const before = hold.uploads().length;
  const seen = (await client.refusal(scene)).trim();
  if (hold.uploads().length !== before) throw new Error("what the signer refused was uploaded");
  const said = scene.details();
  if (said.length === 0) throw new Error("the signer refused nothing");
  const sentence = said.find((detail) => seen.includes(detail));
  if (sentence !== undefined) return sentence;
  if (scene.terminal().includes(seen)) return `in the terminal: ${seen}`;
  throw new Error(`a person saw "${seen}", and the signer had said "${said.join('", "')}"`);
}

async function outcomeOf(client: AnyClient, stage: Stage): Promise<Outcome> {
  const { name, group, set } = client;
  const row = { name, group, set };
  if (!isTried(client))
    return "cant" in client
      ? { ...row, outcome: "cant", why: client.cant }
      : { ...row, outcome: "not-run", why: client.notRun };
  if (client.program !== undefined && !hasProgram(client.program))
    return { ...row, outcome: "not-run", why: `no \`${client.program}\` on the machine that ran the others` };
  const scene = await stage.sceneFor(name);
  try {
    const version = await client.version(scene);
    await inTime(judgeUpload(client, scene, stage));
    const refusal = await inTime(judgeRefusal(client, scene, stage));
    return {
      ...row,
      version,
      outcome: client.with === undefined ? "works" : "works-with",
      ...(client.with !== undefined && { why: client.with }),
      ...(refusal !== undefined && { refusal }),
    };
  } finally {
    await scene.close();
  }
}

const outcomes = new Map((await readOutcomes()).map((one) => [one.name, one]));
const stage = await openStage();
let [passed, failed, skipped] = [0, 0, 0];
for (const client of CLIENTS.filter(({ name }) => isAsked(name))) {
  process.stdout.write(`  ${client.name} … `);
  const { program } = client as Partial<Client>;
  if (program !== undefined && outcomes.has(client.name) && !hasProgram(program)) {
    skipped++;
    console.log(`– no ${program} here: what was recorded with it stays`);
    continue;
  }
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const outcome = await outcomeOf(client, stage);
    outcomes.set(client.name, outcome);
    const isRun = outcome.outcome.startsWith("works");
    isRun ? passed++ : skipped++;
    console.log(isRun ? `✓ ${outcome.version}, ${took()}` : `– ${outcome.why}`);
    if (outcome.refusal !== undefined) console.log(`      refused: ${outcome.refusal}`);
  } catch (error) {
    failed++;
    outcomes.delete(client.name);
    console.log(`✗ ${took()}`);
    console.log(String((error as Error).stack ?? error).replace(/^/gm, "      "));
  }
}
await stage.close();
await writeOutcomes(CLIENTS.flatMap(({ name }) => outcomes.get(name) ?? []));
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

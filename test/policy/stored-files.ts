// After the file is stored: two callers of one configuration upload to the emulator, and what counts is what it
// holds and answers. Nothing here compares templates, or knows how a public ID is made.

import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PNG_3X2 } from "../testing/emulator/support.ts";
import { METHODS, NOW, type Sent } from "./generators.ts";
import { filled, fixedText, type Moment } from "./property-texts.ts";
import { ACCOUNT, answered, compiled, decided } from "./property-trial.ts";

/** A profile, and one who asks by it. */
export interface Uploader {
  readonly profile: ProfileInput;
  readonly caller: Caller;
}

/** Whether the configuration of both profiles is accepted, in either order. */
export function isAccepted(profiles: readonly ProfileInput[]): boolean {
  const checked = profiles.map((profile, i) => compiled(profile, `p${i}`));
  if (checked.includes(undefined)) return false;
  const accepted = sharedNames(checked as Profile[], METHODS).length === 0;
  if (accepted !== (sharedNames((checked as Profile[]).toReversed(), METHODS).length === 0))
    throw new Error(`the order of profiles decides: ${JSON.stringify(profiles)}`);
  return accepted;
}

const uuid = (digit: number): string => `0000000${digit}-9b1d-4e5f-8a7b-c0ffee15dead`;
const at = (digit: number): Moment => ({ uuid: uuid(digit), now: NOW });

/** Each request that the profile could answer: a ticket, what it sets as drop-in, and each folder that it accepts. */
function requestsOf({ profile, caller }: Uploader, moment: Moment): ["ticket" | "drop-in", Sent][] {
  const fixed = Object.fromEntries(
    Object.keys(profile.set ?? {}).map((name) => [name, fixedText(profile, name, caller, moment)]),
  );
  const { enum: folders = [], prefix } = profile.accept?.folder ?? {};
  const choices: Sent[] = [{}, ...folders.map((folder) => ({ folder }))];
  if (prefix !== undefined) choices.push({ folder: `${filled(prefix, caller, moment)}a` });
  return choices.flatMap((chosen): ["ticket" | "drop-in", Sent][] => [
    ["ticket", chosen],
    ["drop-in", { ...fixed, ...chosen, timestamp: NOW }],
  ]);
}

interface Answer {
  readonly public_id: string;
  readonly etag: string;
  readonly secure_url: string;
}

/** An emulator, and how one uploads to it: every answer that the signer gives is used. */
async function start() {
  const emulator = await startEmulator({
    cloudName: "suite-cloud",
    apiKey: "415926535897932",
    apiSecret: ACCOUNT.secret,
    now: () => NOW * 1000,
  });
  async function send(fields: Sent, content: string, fileName: string): Promise<Answer | undefined> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    form.append("file", new File([PNG_3X2, content], fileName));
    const response = await fetch(`${emulator.url}/v1_1/suite-cloud/image/upload`, {
      method: "POST",
      body: form,
    });
    return response.ok ? ((await response.json()) as Answer) : undefined;
  }
  /** Uploads by each request that is signed; the answers of those that the emulator took. */
  async function upload(who: Uploader, moment: Moment, content: string, fileName: string): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const [form, sent] of requestsOf(who, moment)) {
      const signed = await decided(who.profile, who.caller, form, sent, moment);
      if (signed === undefined) continue;
      const { signature, over } = await answered(signed);
      const fields = { api_key: "415926535897932", ...over, signature };
      const answer = await send(fields, content, fileName);
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  }
  const read = async (url: string): Promise<string> =>
    Buffer.from(await (await fetch(url)).arrayBuffer())
      .subarray(PNG_3X2.length)
      .toString();
  return { upload, read, close: () => emulator.close() };
}

/** Every end of a public ID behind a slash, and the whole: what a file can be called to get there. */
function endsOf(publicId: string): string[] {
  const segments = publicId.split("/");
  return segments.map((_, i) => segments.slice(i).join("/"));
}

export interface Outcome {
  /** What the victim was answered or is served instead of the bytes that the victim sent. */
  readonly got: readonly string[];
  /** How many uploads of the victim, and of the attacker, were stored. */
  readonly stored: readonly [victim: number, attacker: number];
}

/**
 * The attacker, who knows who the victim is and by which profile the victim will upload, calls files as it pleases,
 * before and after the victim uploads. What of the victim's is random the attacker learns afterwards alone. How the
 * victim's own file is called it can guess.
 */
export async function attack(attacker: Uploader, victim: Uploader): Promise<Outcome> {
  const rehearsal = await start();
  const expected = await rehearsal.upload(victim, at(1), "victim", "image.png");
  await rehearsal.close();
  const emulator = await start();
  try {
    let attacks = 0;
    const squat = async (publicIds: readonly string[]) => {
      for (const name of new Set(publicIds.flatMap(endsOf)))
        attacks += (await emulator.upload(attacker, at(2), "attacker", `${name}.png`)).length;
    };
    await squat(expected.map(({ public_id }) => public_id));
    const answers = await emulator.upload(victim, at(3), "victim", "image.png");
    const got: string[] = [];
    const look = async () => {
      for (const { public_id, secure_url } of answers) {
        const content = await emulator.read(secure_url);
        if (content !== "victim") got.push(`${public_id}: ${content}`);
      }
    };
    await look();
    await squat(answers.map(({ public_id }) => public_id));
    await look();
    return { got, stored: [answers.length, attacks] };
  } finally {
    await emulator.close();
  }
}

// Asks every question, of Cloudinary or of the emulator, and leaves nothing behind.

import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { Cloud } from "./cloud.ts";
import { CONFIRMING } from "./confirming-questions.ts";
import { NOTIFYING } from "./notifying-questions.ts";
import type { Learnt, Question } from "./question.ts";
import { UPLOADS } from "./upload-questions.ts";

export const QUESTIONS: readonly Question[] = [...CONFIRMING, ...NOTIFYING, ...UPLOADS];

/** What was learnt by question; of those that taught nothing, why. */
export interface Asked {
  readonly learnt: ReadonlyMap<string, Learnt>;
  readonly failed: ReadonlyMap<string, string>;
  /** What could not be deleted. */
  readonly left: readonly string[];
}

/** One question after the other; `onAsked` hears of each. */
export async function askAll(
  cloud: Cloud,
  {
    questions = QUESTIONS,
    onAsked,
  }: { questions?: readonly Question[]; onAsked?: (id: string) => void } = {},
): Promise<Asked> {
  const learnt = new Map<string, Learnt>();
  const failed = new Map<string, string>();
  let left: readonly string[] = [];
  try {
    for (const { id, ask } of questions) {
      try {
        const answer = await ask(cloud);
        if (answer !== undefined) learnt.set(id, answer);
      } catch (error) {
        failed.set(id, (error as Error).message);
      }
      onAsked?.(id);
    }
  } finally {
    left = (await cloud.clear()).map((name) => Object.values(name).join(" "));
  }
  return { learnt, failed, left };
}

const EMULATED = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "Xx1-a_Test-Secret0123456789" };

/** What the emulator does: it is what the code is tested with, and so what is assumed. */
export async function askEmulator({
  fetch = globalThis.fetch,
  questions = QUESTIONS,
}: {
  fetch?: typeof globalThis.fetch;
  questions?: readonly Question[];
} = {}): Promise<Asked> {
  const emulator = await startEmulator(EMULATED);
  try {
    const { url: prefix, clock } = emulator;
    const now = () => Math.floor(clock.now() / 1000);
    const cloud = new Cloud({ account: EMULATED, prefix, fetch, now, pause: async () => clock.advance(2) });
    const asked = await askAll(cloud, { questions });
    return { ...asked, left: [...asked.left, ...emulator.uploads().map(({ public_id }) => public_id)] };
  } finally {
    await emulator.close();
  }
}

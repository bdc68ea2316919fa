// `npm run test:live [-- --claimable]`: asks a real Cloudinary account what its documentation leaves open, and writes the
// answers into docs/assumptions.md. Exit 0: all as assumed, or not run; 1: something is otherwise; 2: it could not.

import { parseArgs } from "node:util";
import { ARGS, type Io, isStarted, PROCESS } from "../../src/cli/io.ts";
import { type Account, checkUploadPrefix } from "../../src/keys/account.ts";
import { err, type Result } from "../../src/result.ts";
import { LOOPBACK } from "../../src/web-address.ts";
import type { Asked } from "./ask-all.ts";
import type { Cloud } from "./cloud.ts";
import { accountOf, claimableCloud, type NoAccount, reasonOf } from "./find-account.ts";
import type { Learnt, Question } from "./question.ts";

/** What tests replace. */
export interface Given {
  readonly fetch?: typeof globalThis.fetch;
  readonly pause?: () => Promise<void>;
  readonly questions?: readonly Question[];
  /** Keeps what was learnt; default in docs/. */
  readonly keep?: (learnt: ReadonlyMap<string, Learnt>) => Promise<void>;
}

const HOW =
  "set CLOUDINARY_URL to cloudinary://key:secret@cloud, or have Cloudinary make an account for 24 hours: npm run test:live -- --claimable";

function findAccount(
  { CLOUDINARY_URL: url }: Io["env"],
  isClaimable: boolean,
  prefix: string,
  fetch: typeof globalThis.fetch,
): Result<Account, NoAccount> | Promise<Result<Account, NoAccount>> {
  if (url) return accountOf(url);
  if (isClaimable) return claimableCloud(prefix, fetch);
  return err({ kind: "none", why: `no account to ask: ${HOW}` });
}

/** Keeps them in docs/, and writes the page. */
async function keepInDocs(learnt: ReadonlyMap<string, Learnt>): Promise<void> {
  const { keep, writePage } = await import("./page.ts");
  await keep(learnt, new Date().toISOString().slice(0, 10));
  await writePage();
}

/** Whom to ask, where, or the exit code of a run that ends here. */
async function readAsked(
  args: readonly string[],
  { env, out, err: say }: Io,
  fetch: typeof globalThis.fetch,
): Promise<{ readonly account: Account; readonly prefix: string } | number> {
  const wrong = (why: string): number => {
    say(`✗ ${why}`);
    return 2;
  };
  let isClaimable: boolean;
  try {
    const { values } = parseArgs({ args: [...args], options: { claimable: { type: "boolean" } } });
    isClaimable = values.claimable ?? false;
  } catch {
    return wrong("leave out what is not --claimable");
  }
  const value = env.CLOUDINARY_UPLOAD_PREFIX || undefined;
  const prefix = checkUploadPrefix({ value, name: "CLOUDINARY_UPLOAD_PREFIX", howTo: "correct it" });
  if (!prefix.ok)
    return wrong(prefix.error.map(({ binding, problem }) => `${binding}: ${problem}`).join("; "));
  const account = await findAccount(env, isClaimable, prefix.value, fetch);
  if (account.ok) return { account: account.value, prefix: prefix.value };
  if (account.error.kind === "wrong") return wrong(account.error.why);
  out(`not run: ${account.error.why}`);
  return 0;
}

/** Whether the account can be asked at all, or the exit code of a run that ends here. */
async function knock(cloud: Cloud, host: string, { out, err: say }: Io): Promise<number | undefined> {
  try {
    const name = { resource_type: "image", type: "upload", public_id: cloud.newId() } as const;
    const { status, message } = await cloud.explicit(name);
    if (status !== 401 && status !== 403) return undefined;
    say(`✗ correct CLOUDINARY_URL: ${host} refuses it with ${status}`);
    // Its words hold the string to sign, and no secret.
    say(`  ${message}`);
    return 2;
  } catch (error) {
    out(`not run: ${host} can't be reached (${reasonOf(error)}): ${HOW}`);
    return 0;
  }
}

/** Tells what was learnt beside what is assumed; answers how much is otherwise. */
function tell(questions: readonly Question[], asked: Asked, assumed: Asked, out: Io["out"]): number {
  let others = 0;
  for (const { id, question } of questions) {
    const [learnt, expected] = [asked.learnt.get(id), assumed.learnt.get(id)];
    const isOther = learnt !== undefined && expected !== undefined && learnt.answer !== expected.answer;
    if (isOther) others += 1;
    const mark = learnt === undefined ? "?" : isOther ? "✗" : "✓";
    const why = asked.failed.get(id);
    out(`${mark} ${question} ${learnt?.answer ?? `nothing learnt${why === undefined ? "" : `: ${why}`}`}`);
    if (learnt?.detail !== undefined) out(`    ${learnt.detail}`);
    if (isOther) out(`    the emulator, and what is assumed: ${expected.answer}`);
  }
  return others;
}

export async function main(args: readonly string[], io: Io, given: Given = {}): Promise<number> {
  const { out, err: say } = io;
  const { fetch = globalThis.fetch, pause, keep = keepInDocs } = given;
  const read = await readAsked(args, io, fetch);
  if (typeof read === "number") return read;

  // The SDK reads CLOUDINARY_URL when it is loaded: one that is wrong was told before.
  const { Cloud } = await import("./cloud.ts");
  const { askAll, askEmulator, QUESTIONS } = await import("./ask-all.ts");
  const { questions = QUESTIONS } = given;
  const { host, hostname } = new URL(read.prefix);
  const cloud = new Cloud({ ...read, fetch, ...(pause && { pause }) });
  const ended = await knock(cloud, host, io);
  if (ended !== undefined) return ended;

  out(`Asking ${host}, cloud ${read.account.cloudName}, in the folder ${cloud.folder} …`);
  // Who stops it leaves nothing behind either.
  const listening = io.onStop?.((code) => void cloud.clear().finally(() => process.exit(code)));
  const assumed = await askEmulator({ questions });
  const asked = await askAll(cloud, { questions, onAsked: (id) => out(`  asked ${id}`) });
  listening?.();
  const others = tell(questions, asked, assumed, out);
  for (const name of asked.left) say(`! delete it by hand: ${name}`);
  if (LOOPBACK.test(hostname)) out("kept nothing: an emulator's answers are no account's");
  else await keep(asked.learnt);
  return others > 0 ? 1 : 0;
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);

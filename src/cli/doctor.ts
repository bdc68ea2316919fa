// `cloudinary-edge-signer doctor [URL]`: what is wrong with the project here, or with a running signer. Exit 0 nothing,
// 1 it found something, 2 it could not look.

import { within } from "../within.ts";
import type { Check, Told } from "./doctor-outcome.ts";
import { codeOf, couldNot, lineOf } from "./doctor-outcome.ts";
import { type RemoteOptions, remoteChecks } from "./doctor-remote.ts";
import { DrawnLines } from "./drawn-lines.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";

export interface DoctorOptions extends Omit<RemoteOptions, "url"> {
  /** The signer's address; absent, the project is looked at. */
  readonly url?: string | undefined;
  readonly config: string;
  readonly env?: string;
  readonly scan?: string;
  readonly message?: string;
  readonly json?: boolean;
}

/** How long one check may take, in milliseconds: a large folder has its time. */
const CHECK_TIMEOUT_MS = 5 * 60_000;

async function outcomesOf({ name, run }: Check): Promise<Told[]> {
  try {
    return (await within(CHECK_TIMEOUT_MS, run())).map((outcome) => ({ name, ...outcome }));
  } catch (error) {
    if (error instanceof Fixable) throw error;
    // Its message may hold what nobody should read.
    return couldNot(`this check failed unexpectedly (${(error as Error).name})`).map((outcome) => ({
      name,
      ...outcome,
    }));
  }
}

async function checksOf(options: DoctorOptions, io: Io): Promise<readonly Check[]> {
  const { url } = options;
  if (url !== undefined) {
    if (options.scan !== undefined || options.message !== undefined)
      throw new Fixable("leave out the address: --scan and --message are for a project here");
    return remoteChecks({ ...options, url });
  }
  const { upload, origin, header, params } = options;
  if (upload || [origin, header, params].some((one) => one !== undefined))
    throw new Fixable(
      "name the signer's address: --origin, --header, --params and --upload are for a running one",
    );
  const { pastedText } = await import("./pasted-text.ts");
  // What was typed wrong is said before anything is looked at.
  const refused = options.message === undefined ? undefined : await pastedText(options.message, io);
  const { lookAround } = await import("./doctor-place.ts");
  const { localChecks } = await import("./doctor-local.ts");
  return localChecks(await lookAround(options, io), { ...options, refused });
}

/** Looks, and tells of each check as it ends. */
export async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const { json = false } = options;
  const all: Told[] = [];
  let name = "";
  const drawn = new DrawnLines(json ? undefined : io.terminal, () => [`  ${name} …`]);
  try {
    for (const check of await checksOf(options, io)) {
      ({ name } = check);
      drawn.draw();
      const told = await outcomesOf(check);
      all.push(...told);
      drawn.clear();
      if (!json) for (const one of told) io.out(lineOf(one));
    }
  } finally {
    drawn.clear();
  }
  const code = codeOf(all);
  if (json) io.out(jsonText({ ok: code !== 1, checks: all }));
  return code;
}

// Whether every secret can be had now: what `/health` tells of those in stores. They are read as requests read them,
// so that asking for `/health` asks the stores no more often.

import { detailOf, type Failure } from "../failure.ts";
import { type PublicFault, publicFaults } from "../fault.ts";
import type { ReadableSecret } from "./named-secrets.ts";

/** What to do about a secret, and what is wrong with it; the fault names its binding. */
function problemOf(failed: Failure): string {
  if (failed.reason === "unfit_secret") return `${failed.fix}: it ${failed.problem}`;
  if (failed.reason === "secret_unavailable") return `look at its store: it ${failed.problem}`;
  return detailOf(failed);
}

/** What is wrong with secrets at `now`, in Unix seconds; each by its binding, and without any value. */
export async function secretFaults(
  secrets: readonly ReadableSecret[],
  now: number,
): Promise<readonly PublicFault[]> {
  const told = await Promise.all(
    secrets.map(async ({ binding, read }): Promise<readonly PublicFault[]> => {
      const secret = await read(now);
      if (secret.ok) return [];
      const failed = secret.error;
      return failed.reason === "misconfigured" ? failed.faults : [{ binding, problem: problemOf(failed) }];
    }),
  );
  return publicFaults(told.flat());
}

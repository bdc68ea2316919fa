// Whether every secret can be had now: what `/health` tells of those in stores. They are read as requests read them,
// so that asking for `/health` asks the stores no more often.

import type { Config } from "../config/checked.ts";
import type { PublicFault } from "../fault.ts";

/** What is wrong with secrets at `now`, in Unix seconds; each by its binding, and without any value. */
export async function secretFaults(
  { secrets }: Pick<Config, "secrets">,
  now: number,
): Promise<PublicFault[]> {
  const told = await Promise.all(
    secrets.map(async ({ binding, read }): Promise<PublicFault[]> => {
      const secret = await read(now);
      if (secret.ok) return [];
      const { detail } = secret.error;
      const name = `${binding}: `;
      return [{ binding, problem: detail.startsWith(name) ? detail.slice(name.length) : detail }];
    }),
  );
  return [...new Map(told.flat().map((fault) => [`${fault.binding} ${fault.problem}`, fault])).values()];
}

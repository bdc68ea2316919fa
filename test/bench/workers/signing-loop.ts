// A Worker that signs so many times a request. Clocks stand still inside a Worker, so the time is taken outside.

import type { SignatureAlgorithm } from "../../../src/signature/digest.ts";
import { type ParameterSet, parameterSets } from "../parameter-sets.ts";

/** What to sign, and how often. */
export interface LoopJob {
  readonly loop: string;
  readonly algorithm: SignatureAlgorithm;
  /** How many parameters a set has. */
  readonly parameters: number;
  readonly count: number;
}

export interface Loop {
  readonly sets: readonly ParameterSet[];
  readonly algorithm: SignatureAlgorithm;
  readonly count: number;
}

/** Signs the sets in turn, `count` times, and returns the last signature of each. */
export type RunLoop = (loop: Loop) => Promise<string[]>;

export const loopWorker = (loops: Readonly<Record<string, RunLoop>>) => ({
  async fetch(request: Request): Promise<Response> {
    const { loop, algorithm, parameters, count } = (await request.json()) as LoopJob;
    return Response.json(await loops[loop]!({ sets: parameterSets(parameters), algorithm, count }));
  },
});

// How many generated cases run: a quick count in `npm test`, the full one in `npm run test:full`.

export const FULL = process.env.FULL === "1";

/** How many times the quick count: mutants want more than a quick run. */
const TIMES = Number(process.env.TIMES ?? 1);

/**
 * `quick` cases, or `full` ones where all were asked for. `remote` is the quick count where a case asks another
 * runtime many questions (`npm run test:runtimes`).
 */
export const cases = (quick: number, full: number, remote = quick): number =>
  FULL ? full : process.env.TEST_RUNTIME === undefined ? quick * TIMES : remote;

/** One in `step` of them, the one at `first` and on, or all where all were asked for. */
export const sampled = <T>(all: readonly T[], step: number, first = 0): readonly T[] =>
  FULL ? all : all.filter((_, i) => i % step === first);

// How many generated cases run: a quick count in `npm test`, the full one in `npm run test:full`.

export const FULL = process.env.FULL === "1";

/** `quick` cases, or `full` ones where all were asked for. */
export const cases = (quick: number, full: number): number => (FULL ? full : quick);

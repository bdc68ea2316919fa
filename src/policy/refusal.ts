// Why a parameter was refused. The codes are part of the public contract.

/** What is wrong with a parameter of a request. */
export type RefusalCode = "forbidden" | "missing" | "different" | "invalid";

/** One refused parameter: its name, why, and what is allowed. */
export interface Refusal {
  readonly param: string;
  readonly code: RefusalCode;
  readonly detail: string;
}

/** Longest parameter name that a refusal repeats; a longer one is cut. */
const MAX_SHOWN_NAME = 64;

/** A refusal of `param`; a very long name is cut, so that an answer stays smaller than its request. */
export function refusal(param: string, code: RefusalCode, detail: string): Refusal {
  const shown = param.length > MAX_SHOWN_NAME ? `${param.slice(0, MAX_SHOWN_NAME)}…` : param;
  return { param: shown.toWellFormed(), code, detail };
}

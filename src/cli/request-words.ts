// One request under a profile: what the policy decides of each parameter, in words. Nothing is signed.

import type { ClientParams } from "../policy/decide/client-params.ts";
import { dropInParams } from "../policy/decide/drop-in.ts";
import { type SignedParams, ticketParams } from "../policy/decide/ticket-params.ts";
import type { Profile } from "../policy/profile.ts";
import type { Fill } from "../policy/values/template.ts";
import { pairText, sentParameters, stringToSign } from "../signature/string-to-sign.ts";
import { columns, type Section } from "./profile-words.ts";
import { refusalLines } from "./rules-words.ts";

/** How a client asks: for a ticket, or for a signature over what it chose. */
export type Form = "ticket" | "drop-in";

export interface Explained {
  readonly signed: boolean;
  readonly sections: readonly Section[];
  /** What would be signed, or what was refused, for machines. */
  readonly told:
    | { readonly fields: Readonly<Record<string, string>>; readonly stringToSign: string }
    | { readonly refusals: readonly { param: string; detail: string; rule: string }[] };
}

/** A name as it can be printed: what a terminal would obey is escaped. */
const printable = (name: string): string => (/^[a-z_]+$/.test(name) ? name : JSON.stringify(name));

const TITLE = "This request, parameter by parameter";

function signedSections(signed: SignedParams, sent: ClientParams, form: Form): Section[] {
  const verdict = (name: string): string => {
    if (!Object.hasOwn(sent, name)) return "✓ set by the server";
    if (name === "timestamp" || form === "drop-in") return "✓ signed as sent";
    return "✓ signed, within the limits";
  };
  const lines = sentParameters(signed).map(([name, text]) => [verdict(name), pairText(name, text)] as const);
  const unsent = Object.keys(sent).filter((name) => !Object.hasOwn(signed, name));
  const left = unsent.map((name) => ["· left out", `${printable(name)} is empty, and so not sent`] as const);
  return [
    [TITLE, columns([...lines, ...left])],
    [
      "String to sign, as it would be signed; nothing was, and a uuid in it is a sample",
      [stringToSign(signed)],
    ],
  ];
}

/** Explains what `params` brings, as a ticket's `params` or as `paramsToSign`. */
export function explainRequest(profile: Profile, params: ClientParams, fill: Fill, form: Form): Explained {
  const decide = form === "ticket" ? ticketParams : dropInParams;
  const decided = decide(profile, params, fill);
  if (decided.ok) {
    const told = {
      fields: Object.fromEntries(sentParameters(decided.value)),
      stringToSign: stringToSign(decided.value),
    };
    return { signed: true, sections: signedSections(decided.value, params, form), told };
  }

  const whole = form === "drop-in" && profile.noDropIn !== undefined;
  const refusals = decided.error.map((refusal) => {
    const [detail, rule] = refusalLines(refusal);
    return { param: refusal.param, detail, rule };
  });
  const refused = refusals.flatMap(({ param, detail, rule }) => [
    `✗ ${printable(param)}  ${detail}`,
    `    ${rule}`,
  ]);
  const names = new Set(decided.error.map(({ param }) => param));
  const known = profile.method.parameters;
  const fine = whole ? [] : Object.keys(params).filter((name) => known.has(name) && !names.has(name));
  return {
    signed: false,
    told: { refusals },
    sections: [
      [TITLE, [...refused, ...fine.map((name) => `✓ ${printable(name)}  fine by itself`)]],
      ["String to sign", ["none: the request is refused as a whole"]],
    ],
  };
}

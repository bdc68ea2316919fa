// The doctor's check of a refused request: with the secret at hand it is proven which mistake made its signature.

import { readAccount } from "../config/bindings.ts";
import { miscopied } from "../copied-text.ts";
import { CAUSES } from "../explain/causes.ts";
import type { Evidence } from "../explain/evidence.ts";
import { explain } from "../explain/explain.ts";
import type { Cause } from "../explain/explanation.ts";
import { readFacts } from "../explain/facts.ts";
import { readPaste } from "../explain/read/paste.ts";
import { faultPlace } from "../fault.ts";
import { couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import type { Place } from "./doctor-place.ts";
import { Fixable } from "./fixable.ts";
import { type OwnerAccount, type Proof, prove } from "./prove.ts";

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** What a refusal is tried with: the secret alone is enough. */
export function secretToTry({ bindings, env }: Place): OwnerAccount | readonly Outcome[] {
  if (bindings.CLOUDINARY_URL === undefined && bindings.CLOUDINARY_API_SECRET === undefined)
    throw new Fixable(
      "give the API secret, for there is none here to try it with: set CLOUDINARY_API_SECRET (or CLOUDINARY_URL) in the environment, or write it into .dev.vars or .env in this folder",
    );
  const settings = readAccount(bindings, env);
  if (!settings.ok) return settings.error.flatMap((fault) => found(`${faultPlace(fault)}: ${fault.problem}`));
  const { apiSecret: secret, apiKey, cloudName } = settings.value;
  const apiSecret = textOf(secret.value);
  if (apiSecret === undefined)
    return couldNot("the API secret is in a Secrets Store, which can't be read from here");
  const wrong = miscopied(apiSecret);
  if (wrong !== undefined) return found(`${secret.name} ${wrong.problem}`, wrong.fix);
  const [key, cloud] = [textOf(apiKey.value), textOf(cloudName.value)];
  return { apiSecret, ...(key && { apiKey: key }), ...(cloud && { cloudName: cloud }) };
}

const causesFound = (causes: readonly Cause[]): readonly Outcome[] =>
  causes.flatMap(({ sentence, fix }) => found(sentence, fix));

/** The signature is right, by the secret at hand, over the string that Cloudinary signed. */
function isRight(evidence: Evidence): readonly Outcome[] {
  const { causes } = explain(evidence);
  const shown = causes.filter(({ code, certainty }) => certainty === "certain" && code !== "secret_or_key");
  if (shown.length > 0) return causesFound(shown);
  const isSha1 = readFacts(evidence).signature?.length === 40;
  return found(
    `the signature is right by the secret at hand, so ${isSha1 ? "either the account takes SHA-256 alone, and this is a SHA-1 (40 digits), or " : ""}Cloudinary has another secret for this API key`,
    `${isSha1 ? `${CAUSES.sha1_refused.fix} If that is not it: copy` : "copy"} key and secret anew, from one line of Cloudinary's Settings > API Keys`,
  );
}

/** The secret at hand made the signature, of another string than Cloudinary's: what differs is what is wrong. */
function isOfOtherText(evidence: Evidence): readonly Outcome[] {
  const { causes } = explain(evidence);
  const sure = causes.filter(({ certainty }) => certainty !== "possible");
  return [
    ...fine(
      "the secret at hand made this signature, of the string that you signed, which is not Cloudinary's",
    ),
    ...causesFound(sure.length > 0 ? sure : causes),
  ];
}

function outcomesOf(proof: Proof | undefined, evidence: Evidence): readonly Outcome[] {
  if (proof === undefined)
    return couldNot("paste Cloudinary's whole answer, with the signature and the string to sign");
  if (!proof.proven)
    return found(
      "no mistake that doctor knows makes this signature with the secret at hand",
      "it was made with another secret, or of fields that were not pasted: compare what runs there with this account",
    );
  const mistakes = proof.mistakes.flatMap(({ code, fields = [] }) =>
    found(`${CAUSES[code].title}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}`, CAUSES[code].fix),
  );
  if (proof.isOfOtherText) return [...mistakes, ...isOfOtherText(evidence)];
  return mistakes.length > 0 ? mistakes : isRight(evidence);
}

/** `text` is what was pasted of it. */
export function checkRefused(text: string, account: OwnerAccount | readonly Outcome[]): readonly Outcome[] {
  if (!("apiSecret" in account)) return account;
  const evidence = { ...readPaste(text), code: text };
  return outcomesOf(prove(evidence, account), evidence);
}

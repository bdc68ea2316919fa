// The evidence, read: both sides by name and as one text, and what Cloudinary said.

import { type Answer, readAnswer } from "./answer.ts";
import type { Evidence, Fields, Sent, Signed } from "./evidence.ts";
import { asReceived, readHashed, readPairs, stringOf } from "./pairs-of.ts";
import { type SecretPlace, withoutSecretIn } from "./secret-in-text.ts";
import { SECRET_NAME, withoutSecrets } from "./without-secrets.ts";

/** One side of the comparison. */
export interface Side {
  /** Every field by its name, those that are never signed too. */
  readonly pairs: ReadonlyMap<string, string>;
  /** The string to sign. */
  readonly text: string;
}

export interface Facts {
  /** Without secrets. */
  readonly evidence: Evidence;
  /** The fields in which one was sent. */
  readonly secretNames: readonly string[];
  readonly answer?: Answer;
  /** What Cloudinary signed of what arrived. */
  readonly received?: Side;
  /** Whether that is by Cloudinary's own words, and not worked out of the form. */
  readonly isTold: boolean;
  /** What one's own code signed. */
  readonly signed?: Side & { readonly isText: boolean };
  /** The signed side is the form once more, so it says nothing of what was signed. */
  readonly isCopy: boolean;
  /** The signature that was sent. */
  readonly signature?: string;
  readonly apiKey?: string;
  /** Where a text had the secret in it: a part of a log, which is told and never repeated. */
  readonly secretPlace?: SecretPlace;
}

const sideOf = (pairs: ReadonlyMap<string, string>, text = stringOf(pairs)): Side => ({ pairs, text });

function signedSide(signed: Signed, received: Side | undefined) {
  if (signed.text !== undefined) {
    const { text, ...place } = withoutSecretIn(signed.text, received?.text, received?.pairs);
    return {
      ...place,
      signed: { ...sideOf(new Map(readHashed(text, received?.pairs)), text), isText: true },
    };
  }
  if (signed.fields === undefined) return {};
  return { signed: { ...sideOf(asReceived(signed.fields)), isText: false } };
}

const CREDENTIALS = new Set(["api_key", "signature"]);
const isSameForm = (signed: Fields | undefined, sent: Fields | undefined): boolean => {
  if (signed === undefined || sent === undefined) return false;
  const [one, other] = [signed, sent].map((fields) =>
    JSON.stringify(fields.filter(([name]) => !CREDENTIALS.has(name))),
  );
  return one === other;
};

function receivedSide(told: string | undefined, sent: Sent | undefined): Side | undefined {
  if (told !== undefined) return sideOf(new Map(readPairs(told)), told);
  return sent === undefined || sent.fields.length === 0 ? undefined : sideOf(asReceived(sent.fields));
}

/** A string to sign that the message has in its quotes, word for word; a quote inside ends it no earlier. */
const isQuoted = (message = "", text = ""): boolean => text !== "" && message.includes(`'${text}'`);

/** What people put in the place of a signature that they don't show. */
const MASKED = /^([*x.…•#_-]+|<.*>|\[.*(hidden|redacted).*\]|REDACTED|signature)$/i;

const secretsIn = (received: Side | undefined): string[] =>
  [...(received?.pairs.keys() ?? [])].filter((name) => SECRET_NAME.test(name));

export function readFacts(given: Evidence): Facts {
  const { evidence, secretNames } = withoutSecrets(given);
  const { message, sent, signed } = evidence;
  const answer = message === undefined ? undefined : readAnswer(message);
  const said = answer?.said === "invalid signature" ? answer : undefined;
  const told = isQuoted(message, signed?.text) ? signed?.text : (said?.stringToSign ?? evidence.stringToSign);
  const received = receivedSide(told, sent);
  const form = sent && asReceived(sent.fields);
  const signature = [said?.signature, form?.get("signature")].find(
    (one) => one !== undefined && !MASKED.test(one),
  );
  const apiKey = form?.get("api_key") ?? (answer?.said === "unknown key" ? answer.key : undefined);
  return {
    evidence,
    secretNames: [...new Set([...secretNames, ...secretsIn(received)])],
    isTold: told !== undefined,
    isCopy: signed?.text === undefined && signed?.isForm === true && isSameForm(signed.fields, sent?.fields),
    ...(answer && { answer }),
    ...(received && { received }),
    ...(signature !== undefined && { signature }),
    ...(apiKey !== undefined && { apiKey }),
    ...(signed && signedSide(signed, received)),
  };
}

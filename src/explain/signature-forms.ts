// The text that was sent as the signature: what else it may be than 40 or 64 lower-case hexadecimal digits.

import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

const HEX = /^[0-9a-f]+$/;
const RIGHT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

export const hasRightForm = (signature = ""): boolean => RIGHT.test(signature);

/** Longest text that is repeated as it was sent. */
const MAX_SHOWN = 40;

const certain = (code: Finding["code"], detail?: string): Finding => ({
  code,
  certainty: "certain",
  ...(detail !== undefined && { detail }),
});

/** 20, 32 or more bytes in base64, with or without its end. */
const isBase64 = (text: string): boolean =>
  /^[\w+/-]{27}=?$|^[\w+/-]{43}=?$|^[\w+/-]{64}$|^[\w+/-]{86}(==)?$/.test(text);

function formOf(signature: string): Finding | undefined {
  if (RIGHT.test(signature)) return undefined;
  if (/^s--.{8,32}--$/.test(signature)) return certain("delivery_signature");
  if (RIGHT.test(signature.toLowerCase())) return certain("upper_case_signature");
  if (HEX.test(signature.toLowerCase()) && signature.length >= 8)
    return certain("other_hash", String(signature.length));
  if (isBase64(signature)) return certain("base64_signature");
  return certain("signature_not_text", signature.slice(0, MAX_SHOWN));
}

export function findInSignature({ signature, evidence, answer }: Facts): Finding[] {
  const isAsked = answer === undefined || answer.said === "invalid signature";
  const form = signature === undefined || signature === "" || !isAsked ? undefined : formOf(signature);
  if (form !== undefined) return [form];
  const made = evidence.signed?.signature;
  const isOther = made !== undefined && signature !== undefined && RIGHT.test(made) && made !== signature;
  if (isOther) return [certain("mixed_tickets")];
  const isShort = signature?.length === 40 && evidence.account?.algorithm === "sha256";
  return isShort && isAsked && answer !== undefined ? [certain("sha1_refused")] : [];
}

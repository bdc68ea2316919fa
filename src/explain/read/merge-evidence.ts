// What several parts of one text say, put together.

import type { Evidence, Fields, Sent, Signed } from "../evidence.ts";
import { rankOf } from "./refusal-words.ts";

/** Evidence, and fields that are what was signed unless something else says what that was. */
export interface Found extends Evidence {
  readonly perhapsSigned?: Signed;
}

type Known<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** An object without the members that are not known. */
export const known = <T extends object>(members: T): Partial<Known<T>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Known<T>>;

function betterMessage(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return rankOf(b) > rankOf(a) ? b : a;
}

const isFilled = (fields: Fields | undefined): boolean => fields !== undefined && fields.length > 0;

function mergeSent(a: Sent | undefined, b: Sent | undefined): Sent | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  // An address without a form belongs to the form that is found elsewhere.
  if (isFilled(a.fields)) return isFilled(b.fields) ? a : { ...b, ...a };
  return { ...a, ...b };
}

const both = <T extends object>(a: T | undefined, b: T | undefined): T | undefined =>
  a && b ? { ...b, ...a } : (a ?? b);

/** Both; where they speak of the same, the first. */
export function merge(a: Found, b: Found): Found {
  return known({
    message: betterMessage(a.message, b.message),
    stringToSign: a.stringToSign ?? b.stringToSign,
    sent: mergeSent(a.sent, b.sent),
    signed: both(a.signed, b.signed),
    account: both(a.account, b.account),
    now: a.now ?? b.now,
    answeredAt: a.answeredAt ?? b.answeredAt,
    perhapsSigned: a.perhapsSigned ?? b.perhapsSigned,
  });
}

/** What is left to decide once all has been read. */
export function settled({ perhapsSigned, ...found }: Found): Evidence {
  const isSignedKnown = found.signed?.fields !== undefined || found.signed?.text !== undefined;
  const signed = isSignedKnown ? found.signed : both(found.signed, perhapsSigned);
  const { stringToSign, ...rest } = { ...found, ...(signed && { signed }) };
  if (stringToSign === undefined || !rest.message?.includes("String to sign"))
    return { ...rest, ...known({ stringToSign }) };
  // Cloudinary's own string is in its message: another one is what the asker's code made.
  if (rest.message.endsWith(` - '${stringToSign}'.`)) return rest;
  return { ...rest, signed: { text: stringToSign, ...rest.signed } };
}

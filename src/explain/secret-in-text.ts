// A text that was hashed, as a log has it: with the secret before or behind it, which is told and never repeated.

import { PARAMETERS } from "../policy/tables/parameters.ts";

export type SecretPlace = "before" | "after" | "after &" | "by name";

export interface WithoutSecret {
  readonly text: string;
  /** Where the secret stood. */
  readonly secretPlace?: SecretPlace;
}

/** What may stand beside a string to sign in a log, and is not a part of it: long, and of the letters of a secret. */
const SECRET_LIKE = /^[\w+/=-]{6,100}$/;

/** Behind a time or a boolean, and before a name, only something else than a value can be so long. */
const LONG = "[\\w+/=-]{16,100}";
const BEFORE_NAME = new RegExp(`^${LONG}$`);
const BEHIND_VALUE = new RegExp(`^(timestamp=\\d{9,13}|[a-z_]{1,40}=(?:true|false))(?!\\d*$)${LONG}$`);
/** Behind any other value it must look like one: Cloudinary's have 27 characters. */
const SECRET = /^(?=.*[a-z])(?=.*[A-Z])[\w-]{27}$/;

/** A text that goes on behind the value which the field has on the other side. */
function behindValue(last: string, received: ReadonlyMap<string, string>): string | undefined {
  const name = last.slice(0, Math.max(last.indexOf("="), 0));
  const value = received.get(name);
  const plain = `${name}=${value}`;
  if (value !== undefined && value !== "" && last.startsWith(plain) && SECRET.test(last.slice(plain.length)))
    return plain;
  return BEHIND_VALUE.exec(last)?.[1];
}

/** The first name where the secret stands before it: known names alone are told from a secret's end. */
function nameBehind(first: string): string | undefined {
  const found = [...PARAMETERS.keys()].filter(
    (name) => first.endsWith(name) && BEFORE_NAME.test(first.slice(0, -name.length)),
  );
  return found.sort((a, b) => b.length - a.length)[0];
}

/** The text without a secret that shows by the form of the text, or by the other side's values. */
function byForm(text: string, received: ReadonlyMap<string, string>): WithoutSecret {
  const from = text.lastIndexOf("&") + 1;
  const plain = behindValue(text.slice(from), received);
  if (plain !== undefined) return { text: text.slice(0, from) + plain, secretPlace: "after" };
  const first = text.slice(0, Math.max(text.indexOf("="), 0));
  const name = nameBehind(first);
  return name === undefined
    ? { text }
    : { text: text.slice(first.length - name.length), secretPlace: "before" };
}

/** `received` is the string of the other side, and its fields. */
export function withoutSecretIn(
  text: string,
  received = "",
  pairs: ReadonlyMap<string, string> = new Map(),
): WithoutSecret {
  if (text === received) return { text };
  if (received !== "" && text.startsWith(received)) {
    const rest = text.slice(received.length);
    if (/^&?\w*secret\w*[=:]/i.test(rest)) return { text: received, secretPlace: "by name" };
    if (SECRET_LIKE.test(rest)) return { text: received, secretPlace: "after" };
    if (rest.startsWith("&") && !/^&[a-z_]+=/.test(rest)) return { text: received, secretPlace: "after &" };
  }
  const before = text.slice(0, text.length - received.length);
  if (
    received !== "" &&
    text.endsWith(received) &&
    SECRET_LIKE.test(before.replace(/&$/, "")) &&
    !/^[a-z_]+=/.test(before)
  )
    return { text: received, secretPlace: "before" };
  return byForm(text, pairs);
}

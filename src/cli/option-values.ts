// Values of options as they are typed. What is wrong with one is a sentence that does not repeat it: it may be a token.

import { Fixable } from "./fixable.ts";

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>;

/** One `--header 'Name: value'` more. */
export function addHeader(text: string, before: Headers = {}): Headers {
  const colon = text.indexOf(":");
  if (colon < 1) throw new Fixable("write --header as 'Name: value'");
  const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new Fixable("write --header 'Name: value' anew: it has a name or a value that can't be sent");
  return { ...before, [name]: value };
}

/** A moment in Unix seconds, as a text or as a date. */
export function unixSeconds(text: string): number {
  const seconds = /^\d{9,11}$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isFinite(seconds)) return Math.floor(seconds);
  throw new Fixable("write --now as Unix seconds or as a date, such as 2026-11-26T10:00:00Z");
}

/** A JSON object; quotes are the usual reason why it is none. */
export const jsonObject =
  (name: string, example: string) =>
  (text: string): Readonly<Record<string, unknown>> => {
    try {
      const value = JSON.parse(text);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    } catch {
      // Said below.
    }
    throw new Fixable(`write ${name} as a JSON object between single quotes, as in ${example}`);
  };

/** An origin as browsers send it. */
export function webOrigin(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text) return text;
  throw new Fixable("write --origin as browsers send it, such as https://www.example.com, without a path");
}

/** An address of the web, without what may stand behind its path. */
export function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Fixable("write the whole address, such as https://signer.example.com");
  if (url.username !== "" || url.password !== "")
    throw new Fixable("leave user and password out of the address: send a --header instead");
  if (url.search !== "" || url.hash !== "") throw new Fixable("leave out what follows ? or # in the address");
  // Components take the address with its /sign, so it is what people have at hand.
  return (url.origin + url.pathname).replace(/\/+$/, "").replace(/(?<=[^/:])\/sign$/, "");
}

/** A whole number from 1 to the most. */
export const atMost =
  (name: string, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= 1 && value <= most) return value;
    throw new Fixable(`write ${name} as a whole number from 1 to ${most}`);
  };

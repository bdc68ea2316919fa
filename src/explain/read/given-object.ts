// What an object says: one that was written for this (`{ "message", "fields" }`), a ticket, an error, or parameters.

import { PARAMETERS } from "../../policy/tables/parameters.ts";
import type { Fields, KnownAccount, Sent, Signed } from "../evidence.ts";
import { fieldsOf, sentForm, urlEncoded } from "./form-fields.ts";
import { isLiterals, type Literal, type Literals } from "./literal.ts";
import { type Found, known, merge } from "./merge-evidence.ts";

/** Reads evidence out of a text that an object holds. */
export type ReadText = (text: string) => Found;

const has = (object: Literals, name: string): boolean => Object.hasOwn(object, name);

function textOf(value: Literal): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Unix seconds, also where they were written as milliseconds. */
function secondsOf(value: Literal): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return Math.floor(number > 100_000_000_000 ? number / 1000 : number);
}

function accountOf(object: Literals): KnownAccount | undefined {
  const algorithm = textOf(object.algorithm ?? object.signature_algorithm ?? object.signatureAlgorithm)
    ?.toLowerCase()
    .replace("-", "");
  const account = known({
    cloudName: textOf(object.cloudName ?? object.cloud_name),
    apiKey: textOf(object.apiKey ?? object.api_key),
    algorithm: algorithm === "sha1" || algorithm === "sha256" ? (algorithm as "sha1" | "sha256") : undefined,
  });
  return Object.keys(account).length > 0 ? account : undefined;
}

/** Fields as they were signed: beside a signature, which is told by itself, and the key. */
function signedOf(fields: Fields): Signed {
  const of = (wanted: string) => fields.find(([name]) => name === wanted)?.[1];
  return {
    fields: fields.filter(([name]) => name !== "signature" && name !== "api_key"),
    ...known({ signature: of("signature"), apiKey: of("api_key") }),
  };
}

/** The side that was signed: a ticket, the fields alone, or the string. */
function readSigned(value: Literal): Signed | undefined {
  if (typeof value === "string") return { text: value };
  if (!isLiterals(value)) {
    const pairs = fieldsOf(value, "signed");
    return pairs && signedOf(pairs);
  }
  const inner = fieldsOf(value.fields, "signed");
  const isPlain = inner === undefined && typeof value.text !== "string";
  const fields = inner ?? (isPlain ? fieldsOf(value, "signed") : undefined);
  const members = isPlain
    ? {}
    : known({
        text: textOf(value.text),
        signature: textOf(value.signature),
        url: textOf(value.url),
        ...namesOf(value),
      });
  return { ...(fields && signedOf(fields)), ...members };
}

const namesOf = (value: Literals) => ({
  apiKey: textOf(value.api_key ?? value.apiKey),
  cloudName: textOf(value.cloud_name ?? value.cloudName),
});

const readText = (value: Literal, read: ReadText): Found => (typeof value === "string" ? read(value) : {});

/** Whether a text is a body of a form, and not a command or a call. */
const isEncoded = (text: string): boolean => /^[\w.~%[\]+-]{1,60}=\S*$/.test(text);

function readSent(value: Literal, read: ReadText): Found {
  if (typeof value === "string")
    return isEncoded(value) ? { sent: sentForm(urlEncoded(value), true) } : read(value);
  const inner = isLiterals(value) ? fieldsOf(value.fields, "sent") : undefined;
  const fields = inner ?? fieldsOf(value, "sent");
  if (fields === undefined) return {};
  const { url, hasFile } = isLiterals(value) && inner ? value : {};
  const form = sentForm(fields, false, textOf(url));
  return { sent: typeof hasFile === "boolean" ? { ...form, hasFile } : form };
}

/** `fields` beside a message: what was sent, where a signature is among them, and else what was signed. */
function readFields(object: Literals): Found {
  const { fields } = object;
  const encoded = typeof fields === "string" && isEncoded(fields) ? urlEncoded(fields) : undefined;
  const sent = encoded ?? fieldsOf(fields, "sent");
  const signed = encoded ?? fieldsOf(fields, "signed");
  if (sent === undefined || signed === undefined) return {};
  const perhapsSigned = signedOf(signed.filter(([name]) => name !== "file"));
  if (!sent.some(([name]) => name === "signature")) return { perhapsSigned: signedOf(signed) };
  return {
    sent: sentForm(sent, false, textOf(object.url)),
    perhapsSigned: { ...perhapsSigned, isForm: true },
  };
}

const PARAMS = ["paramsToSign", "params_to_sign", "params"] as const;

/** Names of an object that was written to be explained; any other text is then a message, too. */
const WRITTEN = [
  "fields",
  "signed",
  "sent",
  "ticket",
  "curl",
  "fetch",
  "account",
  "stringToSign",
  "string_to_sign",
  ...PARAMS,
];

function readSignedMembers(object: Literals): Found {
  const params = PARAMS.map((name) => fieldsOf(object[name], "signed")).find(
    (fields) => fields !== undefined,
  );
  const signature = textOf(object.signature);
  const signed: Signed = {
    ...(params && withTimestamp(givenToSign(params), object.timestamp)),
    ...(signature !== undefined && { signature }),
    ...readSigned(object.signed),
  };
  const found: Found = Object.keys(signed).length > 0 ? { signed } : {};
  return isLiterals(object.ticket) ? merge(found, { signed: readSigned(object.ticket) ?? {} }) : found;
}

/** Without a signature among them, all were given to the function that signs, the key too. */
const givenToSign = (params: Fields): Signed =>
  params.some(([name]) => name === "signature") ? signedOf(params) : { fields: params };

/** A timestamp that stands beside the parameters was signed with them. */
function withTimestamp(signed: Signed, timestamp: Literal): Signed {
  const text = textOf(timestamp);
  if (text === undefined || signed.fields?.some(([name]) => name === "timestamp")) return signed;
  return { ...signed, fields: [...(signed.fields ?? []), ["timestamp", text]] };
}

function readWritten(object: Literals, read: ReadText): Found {
  const account = isLiterals(object.account) ? accountOf(object.account) : accountOf(object);
  const parts: Found[] = [
    known({
      stringToSign: textOf(object.stringToSign ?? object.string_to_sign),
      account,
      now: secondsOf(object.now),
    }),
    readSignedMembers(object),
    readSent(object.sent, read),
    readFields(object),
    ...["curl", "fetch"].map((name) => readText(object[name], read)),
  ];
  const found = parts.reduce(merge);
  const url = textOf(object.url);
  if (url === undefined || found.sent === undefined || found.sent.url !== undefined) return found;
  return { ...found, sent: { ...found.sent, url } satisfies Sent };
}

/** An answer to a signing request: ours, with `fields`, or one made by hand, with the parameters beside the signature. */
function readTicket(object: Literals): Found {
  if (isLiterals(object.fields)) return { signed: readSigned(object) ?? {} };
  const names = Object.keys(object);
  // A form, and not the answer of a signer.
  if (has(object, "file") && has(object, "signature")) return readFields({ fields: object });
  const signature = textOf(object.signature);
  const params = (fieldsOf(object, "signed") ?? []).filter(([name]) => PARAMETERS.has(name));
  const isTimed = /^\d{9,14}$/.test(textOf(object.timestamp) ?? "");
  if (!isTimed || names.includes("notification_type") || (params.length < 2 && signature === undefined))
    return {};
  // An answer with the time alone leaves the rest to whoever asked, who knows it.
  const signed = known({ fields: params.length > 1 ? params : undefined, signature, ...namesOf(object) });
  return Object.keys(signed).length > 0 ? { signed } : {};
}

const isProblem = (object: Literals): boolean =>
  typeof object.code === "string" && typeof object.status === "number" && typeof object.title === "string";

/** The words of an error object; any words, where only Cloudinary writes them so. */
function readMessage(object: Literals, read: ReadText, isWritten: boolean): Found {
  const { error, message } = object;
  const inner = isLiterals(error) ? error.message : undefined;
  for (const words of [inner, message]) {
    if (typeof words !== "string") continue;
    const found = read(words);
    if (found.message !== undefined) return found;
    if (words !== "" && (words === inner || isWritten || has(object, "http_code"))) return { message: words };
  }
  return {};
}

/** What the object says, whose own text is `source`. */
export function readObject(object: Literals, source: string, read: ReadText): Found {
  if (isProblem(object)) return { message: source };
  const isWritten = WRITTEN.some((name) => has(object, name));
  const message = readMessage(object, read, isWritten);
  const isTicket =
    has(object, "fields") && (has(object, "url") || has(object, "signature")) && !has(object, "message");
  if (isWritten && !isTicket) return merge(message, readWritten(object, read));
  const ticket = readTicket(object);
  if (ticket.signed !== undefined || ticket.sent !== undefined) return merge(message, ticket);
  const account = accountOf(object);
  if (account?.cloudName !== undefined && account.apiKey !== undefined) return merge(message, { account });
  return merge(message, readInside(object, read));
}

/** What stands deeper inside an object that says nothing itself, such as a printed error of an HTTP client. */
function readInside(object: Literals, read: ReadText): Found {
  let found: Found = {};
  for (const value of Object.values(object)) {
    if (typeof value === "string" && value.length > 12) found = merge(found, read(value));
    else if (isLiterals(value)) found = merge(found, readObject(value, JSON.stringify(value), read));
    else if (Array.isArray(value))
      for (const item of value)
        if (isLiterals(item)) found = merge(found, readObject(item, JSON.stringify(item), read));
  }
  return found;
}

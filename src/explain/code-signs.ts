// Mistakes that show in code which somebody pasted beside the message. Nothing of the code is repeated but names that
// Cloudinary knows.

import { PARAMETERS, UNSIGNED_NAMES } from "../policy/tables/parameters.ts";
import type { CauseCode } from "./causes.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { hasRightForm } from "./signature-forms.ts";

/** What turns a text into a part of an address. */
const ENCODERS =
  "encodeURIComponent|encodeURI\\b|http_build_query|urlencode|urllib|quote_plus|URLSearchParams|querystring|qs\\.stringify|to_query|QueryEscape|encode_query";
/** What a signature is made by, or kept in. */
const SIGNING = "(?:to_?sign|sign\\w{0,20}|sha\\w{0,6}|update|digest|hash\\w{0,10})";

/** Each by the words that people write it with, in the languages in which they sign. */
const SIGNS: readonly (readonly [CauseCode, RegExp])[] = [
  [
    "hmac",
    /\b(?:createHmac|hash_hmac|hmac\.new|HmacSHA(?:1|256)|OpenSSL::HMAC|Mac\.getInstance|HMAC<)|\bopenssl\s[^\n|]{0,60}-h?mac\b|\bHmac(?:SHA)?(?:1|256)?\s?\(|name:\s?["']HMAC["']/i,
  ],
  [
    "secret_first",
    /secret\w{0,20}(?:["'}`]?\s?(?:\+|\.|\$\{)\s?|["']?\s?\.\s?\$|\}#?\{|\}?\$)(?:to_?sign|params|sign|query|payload|text|string|str)\w{0,20}|secret\w{0,20}(?:\s?[+.]\s?["'`]|\})[a-z_]{2,20}=/i,
  ],
  [
    "separator",
    /(?<![&(,\s])&(?:api_?secret=(?=["'`$#{%])|(?:["'`]\s?[+.]\s?\$?|\$\{?|#?\{)[\w.]{0,60}secret)/i,
  ],
  ["secret_white_space", /\becho\s(?!-n)[^\n|]{0,300}\|\s?(?:openssl|shasum|sha1sum|sha256sum)\b/],
  ["key_as_secret", /api_?sign_?request\([^;]{0,300},\s?[\w.]{0,60}api_?key\w{0,20}["'\]]{0,2}\s?\)/i],
  [
    "milliseconds",
    /timestamp["']?\s?[:=,]\s?(?:Date\.now\(\)|new Date\(\)\.getTime\(\)|\+new Date\(\)|System\.currentTimeMillis\(\))(?!\s?\/)/,
  ],
  ["url_encoded", new RegExp(`${SIGNING}["'\\s]{0,3}[=(:][^\\n;]{0,80}(?:${ENCODERS})`, "i")],
  [
    "json_signed",
    /(?:update|sign|sha1|sha256|digest|hash)\w{0,20}\s?\(\s?\(?(?:JSON\.stringify|json_encode|json\.dumps|to_json)/i,
  ],
  ["sorted_otherwise", /\.localeCompare\(|sort\(\)\.reverse\(\)/],
  [
    "base64_signature",
    /digest\(\s?["']base64(?:url)?["']|toString\(\s?(?:CryptoJS\.enc\.Base64|["']base64["'])|enc\.Base64/,
  ],
  ["other_hash", /\b(?:md5|sha512|sha384)\s?\(|createHash\(\s?["'](?:md5|sha512|sha384)/i],
];

/** What a signature that has the right form is not, whatever else the code does. */
const SHOWN_BY_FORM: ReadonlySet<CauseCode> = new Set(["base64_signature", "other_hash"]);

const isParameter = (name: string): boolean => PARAMETERS.has(name);

/** A text of pairs that is written out, with places for values in it. */
const WRITTEN =
  /(?<![\w?&]|(?:-F|-d|--form|--data)\s["']?)[a-z_]{2,40}=[^\s&]{0,60}(?:\s?[+.]\s?[\w.$()]{1,40}\s?[+.]\s?["'`])?(?:&[a-z_]{2,40}=[^\s&]{0,60}(?:\s?[+.]\s?[\w.$()]{1,40}\s?[+.]\s?["'`])?){0,20}/g;
/** How the place of the time begins in it, in place of digits. */
const PLACE = /^(?:[$#]?\{|\$\w|%\w|\\\(|["'`](?!\d))/;

/** The pairs of each string to sign that code writes out; a form's body has a signature in it. */
const writtenStrings = (code: string) =>
  [...code.matchAll(WRITTEN)]
    .map(([text]) => [...text.matchAll(/(?<![^&])([a-z_]{2,40})=([^&]*)/g)])
    .map((found) => new Map(found.map(([, name, value]) => [name!, value!])))
    .filter((pairs) => PLACE.test(pairs.get("timestamp") ?? "") && !pairs.has("signature"));

/** What a variable is filled with; nothing where more is put into it later. */
function filledIn(code: string, variable: string): string {
  const filled = new RegExp(`(?<!\\w)${variable}\\s?:?=\\s?[[{]([^{}[\\]]{1,500})[\\]}]`).exec(code)?.[1];
  const more = new RegExp(
    `(?<!\\w)${variable}(?:(?:\\.\\w{1,40}|\\[[^\\]\\n]{1,60}\\])\\s?=(?!=)|\\.(?:update|put|merge|set|append|add)\\()`,
  );
  return filled === undefined || more.test(code) ? "" : filled;
}

/** The parameters as code gives them to the function that signs: there, or as a variable that it fills at once. */
function givenToSign(code: string): string {
  const inPlace = /api_?sign_?request\(\s?[[({]{1,2}([^{}[\]]{1,500})[\])}]/i.exec(code)?.[1];
  const variable = /(?:sign_?request|ksort|sorted|Object\.(?:keys|entries))\(\s?\$?(\w{1,40})[\s,.)]/i.exec(
    code,
  )?.[1];
  const given = inPlace ?? (variable === undefined ? "" : filledIn(code, variable));
  // What is spread into it shows no names.
  return /\.\.\.|\*\*/.test(given) ? "" : given;
}

/** The names that code gives to the function that signs, or writes into the string itself. */
function signedNames(code: string): string[] {
  const given = givenToSign(code);
  const keys = given.split(",").flatMap((part) => /^[\s"':]*(\w{1,40})/.exec(part)?.[1] ?? []);
  const written = writtenStrings(code).flatMap((pairs) => [...pairs.keys()]);
  const names = keys.filter((name) => isParameter(name) || UNSIGNED_NAMES.has(name));
  return [...names, ...written.filter(isParameter)];
}

/** Names that code signs against those that arrived, where no string shows what was signed. */
function findNames(code: string, { received, signed }: Facts): Finding[] {
  const names = [...new Set(signedNames(code))];
  if (received === undefined || signed !== undefined || !names.includes("timestamp")) return [];
  const arrived = [...received.pairs.keys()].filter((name) => !UNSIGNED_NAMES.has(name));
  const found: readonly (readonly [CauseCode, string[]])[] = [
    ["unsigned_name_signed", names.filter((name) => UNSIGNED_NAMES.has(name))],
    ["source_not_signed", arrived.filter((name) => name === "source" && !names.includes(name))],
    ["sent_not_signed", arrived.filter((name) => name !== "source" && !names.includes(name))],
    ["signed_not_sent", names.filter((name) => isParameter(name) && !arrived.includes(name))],
  ];
  return found.flatMap(([code, fields]) =>
    fields.length > 0 ? [{ code, certainty: "likely" as const, fields }] : [],
  );
}

/** A parameter, or an item of a list, that code sets to nothing. */
function findEmpty(code: string): Finding[] {
  const named = [...code.matchAll(/\b([a-z_]{2,40})["']?\s?(?::|=>)\s?(?:null|undefined|None|nil)\b/g)];
  const written = writtenStrings(code).flatMap((pairs) =>
    [...pairs].flatMap(([name, value]) => (value === "" ? [name] : [])),
  );
  const fields = [...new Set([...named.map(([, name]) => name!), ...written])].filter(isParameter);
  const isInList = /[[,]\s?(?:null|undefined|None|nil)\s?[\],]/.test(code);
  return fields.length > 0 || isInList ? [{ code: "empty_value_signed", certainty: "likely", fields }] : [];
}

/** Names in another order than Cloudinary's. */
function findOrder(code: string): Finding[] {
  const isMixed = writtenStrings(code)
    .map((pairs) => [...pairs.keys()].filter(isParameter))
    .some((names) => [...names].sort().join() !== names.join());
  return isMixed ? [{ code: "sorted_otherwise", certainty: "likely" }] : [];
}

/** Code in which an official SDK both signs and sends, so that nothing changes in between. */
const SDK =
  /http_code["']?\s?[:=]|uploader\.upload|Uploader::|uploader\(\)\.upload|UploadAsync|CloudinaryDotNet|com\.cloudinary\.|Cloudinary\\Error|uploader\.py/;

/** Whether an SDK signed and sent, and nobody else. */
export const isBySdk = ({ evidence }: Facts): boolean =>
  evidence.code !== undefined && SDK.test(evidence.code);

export function findInCode(facts: Facts): Finding[] {
  const { code } = facts.evidence;
  if (code === undefined) return [];
  const isRight = hasRightForm(facts.signature);
  const shown = SIGNS.flatMap(([cause, pattern]): Finding[] =>
    pattern.test(code) && !(isRight && SHOWN_BY_FORM.has(cause))
      ? [{ code: cause, certainty: "likely" }]
      : [],
  );
  return [...shown, ...findOrder(code), ...findNames(code, facts), ...findEmpty(code)];
}

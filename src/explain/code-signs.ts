// Mistakes that show in code which somebody pasted beside the message. Nothing of the code is repeated but names that
// Cloudinary knows.

import { PARAMETERS, UNSIGNED_NAMES } from "../policy/tables/parameters.ts";
import type { CauseCode } from "./causes.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What turns a text into a part of an address. */
const ENCODERS =
  "encodeURIComponent|encodeURI\\b|http_build_query|urlencode|urllib|quote_plus|URLSearchParams|querystring|qs\\.stringify|to_query|QueryEscape|encode_query";
/** What a signature is made by, or kept in. */
const SIGNING = "(?:to_?sign|sign\\w{0,20}|sha\\w{0,6}|update|digest|hash\\w{0,10})";

/** Each by the words that people write it with, in the languages in which they sign. */
const SIGNS: readonly (readonly [CauseCode, RegExp])[] = [
  [
    "hmac",
    /\b(?:createHmac|hash_hmac|hmac\.new|HmacSHA(?:1|256)|OpenSSL::HMAC|Mac\.getInstance|HMAC<)|\bHmac(?:SHA)?(?:1|256)?\s?\(|name:\s?["']HMAC["']/i,
  ],
  [
    "secret_first",
    /secret\w{0,20}["'}`]?\s?(?:\+|\.|\$\{)\s?(?:params|sign|query|payload|text|string|str)\w{0,20}/i,
  ],
  ["key_as_secret", /api_?sign_?request\([^;]{0,300},\s?[\w.]{0,60}api_?key\w{0,20}["'\]]{0,2}\s?\)/i],
  [
    "milliseconds",
    /timestamp["']?\s?[:=,]\s?(?:Date\.now\(\)|new Date\(\)\.getTime\(\)|\+new Date\(\)|System\.currentTimeMillis\(\))(?!\s?\/)/,
  ],
  ["url_encoded", new RegExp(`${SIGNING}["'\\s]{0,3}[=(:][^\\n;]{0,80}(?:${ENCODERS})`, "i")],
  [
    "json_signed",
    /(?:update|sign|sha1|sha256|digest|hash)\w{0,20}\s?\(\s?(?:JSON\.stringify|json_encode|json\.dumps|to_json)/i,
  ],
  ["sorted_otherwise", /\.localeCompare\(|sort\(\)\.reverse\(\)/],
  [
    "base64_signature",
    /digest\(\s?["']base64(?:url)?["']|toString\(\s?(?:CryptoJS\.enc\.Base64|["']base64["'])|enc\.Base64/,
  ],
  ["other_hash", /\b(?:md5|sha512|sha384)\s?\(|createHash\(\s?["'](?:md5|sha512|sha384)/i],
];

const isParameter = (name: string): boolean => PARAMETERS.has(name);

/** The names that code gives to the function that signs, or writes into the string itself. */
function signedNames(code: string): string[] {
  const given = /api_?sign_?request\(\s?[[({]{1,2}([^{}[\]]{1,500})[\])}]/i.exec(code)?.[1] ?? "";
  const keys = given.split(",").flatMap((part) => /^[\s"':]*(\w{1,40})/.exec(part)?.[1] ?? []);
  const written = [...code.matchAll(/\b([a-z_]{2,40})=(?:\$\{|#\{|\{|%s|["']\s?[+.])/g)].map(
    ([, name]) => name!,
  );
  const names = keys.filter((name) => isParameter(name) || UNSIGNED_NAMES.has(name));
  // An address that is put together looks alike, but has no time in it.
  return [...names, ...(written.includes("timestamp") ? written.filter(isParameter) : [])];
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
  const fields = [...new Set(named.map(([, name]) => name!))].filter(isParameter);
  const isInList = /[[,]\s?(?:null|undefined|None|nil)\s?[\],]/.test(code);
  return fields.length > 0 || isInList ? [{ code: "empty_value_signed", certainty: "likely", fields }] : [];
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
  const shown = SIGNS.flatMap(([cause, pattern]): Finding[] =>
    pattern.test(code) ? [{ code: cause, certainty: "likely" }] : [],
  );
  return [...shown, ...findNames(code, facts), ...findEmpty(code)];
}

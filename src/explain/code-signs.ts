// Mistakes that show in code which somebody pasted beside the message. Nothing of the code is repeated.

import type { CauseCode } from "./causes.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** Each by the words that people write it with, in the languages in which they sign. */
const SIGNS: readonly (readonly [CauseCode, RegExp])[] = [
  [
    "hmac",
    /\b(createHmac|hash_hmac|hmac\.new|HmacSHA(1|256)|Hmac(SHA)?(1|256)?\s*\(|OpenSSL::HMAC|Mac\.getInstance|hmac\.New|HMAC<|name:\s*["']HMAC["'])/i,
  ],
  [
    "secret_first",
    /\b\w*secret\w*["'}`]?\s*(\+|\.|\$\{)\s*\w*(params|sign|query|payload|text|string|str)\w*/i,
  ],
  [
    "milliseconds",
    /timestamp["']?\s*[:=,]\s*(Date\.now\(\)|new Date\(\)\.getTime\(\)|\+new Date\(\)|System\.currentTimeMillis\(\))(?!\s*\/)/,
  ],
  [
    "url_encoded",
    /\b(encodeURIComponent|encodeURI|http_build_query|urlencode|urllib\.parse|quote_plus|URLSearchParams|querystring\.stringify|qs\.stringify|to_query|url\.QueryEscape)\b/,
  ],
  [
    "json_signed",
    /(update|sign|sha1|sha256|digest|hash)\w*\s*\(\s*(JSON\.stringify|json_encode|json\.dumps|to_json)/i,
  ],
  ["sorted_otherwise", /\.localeCompare\(|\.reverse\(\)/],
  [
    "base64_signature",
    /digest\(\s*["']base64(url)?["']|b64encode|base64_encode|enc\.Base64|toString\(\s*(CryptoJS\.enc\.Base64|["']base64["'])/,
  ],
  ["other_hash", /\b(md5|sha512|sha384)\b\s*\(|createHash\(\s*["'](md5|sha512|sha384)/i],
];

export function findInCode({ evidence }: Facts): Finding[] {
  const { code } = evidence;
  if (code === undefined) return [];
  return SIGNS.flatMap(([cause, pattern]): Finding[] =>
    pattern.test(code) ? [{ code: cause, certainty: "likely" }] : [],
  );
}

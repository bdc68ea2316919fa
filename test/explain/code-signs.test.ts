// Code that people paste beside the message, in the languages in which they sign: what is wrong with it, and right code
// of the same kind.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is code that people paste.

import { describe, expect, it } from "vitest";
import { explainPaste } from "../../src/explain/read/explain-paste.ts";

const causesOf = (code: string, string = "folder=a&timestamp=1765108774") =>
  explainPaste(`Invalid Signature ${"a1".repeat(20)}. String to sign - '${string}'.\n\n${code}`)?.causes ??
  [];

describe("wrong code: the cause is among the first two", () => {
  it.each([
    ["secret_first", "hashlib.sha1((api_secret + to_sign).encode())"],
    ["secret_first", "$signature = sha1($apiSecret . $paramsToSign);"],
    ["secret_first", 'sha1("$secret$paramsToSign")'],
    ["secret_first", "sha1(`${secret}${toSign}`)"],
    ["secret_first", 'hashlib.sha1(f"{api_secret}{to_sign}".encode())'],
    ["secret_first", 'Digest::SHA1.hexdigest("#{secret}#{to_sign}")'],
    ["secret_first", 'echo -n "$API_SECRET$TO_SIGN" | sha1sum'],
    ["secret_first", 'sha1(API_SECRET + "folder=a&timestamp=" + ts)'],
    ["secret_first", "sha1(`${process.env.API_SECRET}folder=${folder}&timestamp=${ts}`)"],
    ["separator", 'sha1(toSign + "&" + apiSecret)'],
    ["separator", "sha1($to_sign . '&' . $secret)"],
    ["separator", "sha1(`timestamp=${timestamp}&${apiSecret}`)"],
    ["separator", "sha1(f'{to_sign}&{api_secret}')"],
    ["separator", "sha1(toSign + '&api_secret=' + secret)"],
    ["sorted_otherwise", "sha1(`timestamp=${ts}&folder=${folder}${secret}`)"],
    ["sorted_otherwise", 'sha1("timestamp=" + ts + "&folder=" + folder + secret)'],
    ["sorted_otherwise", '$s = "timestamp=$ts&folder=$folder" . $secret;'],
    ["sorted_otherwise", 'let s = "timestamp=\\(ts)&folder=\\(folder)\\(secret)"'],
    ["sorted_otherwise", 'fmt.Sprintf("timestamp=%d&folder=%s%s", ts, folder, secret)'],
    ["secret_white_space", 'echo "folder=a&timestamp=$TS$API_SECRET" | openssl dgst -sha1'],
    ["hmac", 'printf %s "$TEXT" | openssl dgst -sha1 -hmac "$API_SECRET"'],
    ["hmac", "openssl dgst -sha256 -mac HMAC -macopt key:$API_SECRET"],
    ["sent_not_signed", "$params = ['timestamp' => $ts];\n$sig = ApiUtils::signRequest($params, $c);"],
    ["sent_not_signed", 'params = {"timestamp": ts}\nto_sign = join(sorted(params.items()))'],
    ["unsigned_name_signed", 'params = {"api_key": key, "timestamp": ts}\nfor k in sorted(params):'],
    [
      "signed_not_sent",
      "const p = { timestamp, folder, eager };\ncloudinary.utils.api_sign_request(p, secret)",
    ],
    ["empty_value_signed", '$str = "context=&folder=a&timestamp=$ts" . $secret;'],
    ["json_signed", "hashlib.sha1((json.dumps(params) + secret).encode())"],
  ])("%s: %s", (cause, code) => {
    const codes = causesOf(code).map((one) => one.code);
    expect(codes.slice(0, 2)).toContain(cause);
  });
});

describe("right code: the secret alone may be wrong", () => {
  it.each([
    "cloudinary.utils.api_sign_request({ timestamp, folder: 'a' }, process.env.CLOUDINARY_API_SECRET);",
    "const toSign = `folder=${folder}&timestamp=${timestamp}${process.env.API_SECRET}`;",
    "to_sign = '&'.join(f'{k}={v}' for k, v in sorted(params.items()))\nsha1((to_sign + api_secret).encode())",
    "$params = ['folder' => 'a', 'timestamp' => time()]; ksort($params);",
    'printf \'folder=a&timestamp=%s%s\' "$TS" "$API_SECRET" | sha1sum',
    'echo -n "folder=a&timestamp=$TS$API_SECRET" | openssl dgst -sha1 -hex',
    "sha1.Sum([]byte(toSign + apiSecret))\njson.Unmarshal(b, &secret)",
    'Digest::SHA1.hexdigest("folder=#{folder}&timestamp=#{ts}#{secret}")',
    'String toSign = "folder=" + folder + "&timestamp=" + ts + apiSecret;',
    'var toSign = $"folder={folder}&timestamp={ts}{apiSecret}";',
    'let toSign = "folder=\\(folder)&timestamp=\\(ts)\\(secret)"',
    "const params = { timestamp };\nparams.folder = 'a';\ncloudinary.utils.api_sign_request(params, secret)",
    "const params = { timestamp, ...req.body };\ncloudinary.utils.api_sign_request(params, secret)",
    "if (apiKey && apiSecret) { sign(params, apiSecret) }",
    "sha1(paramsToSign + apiSecret.toString())",
    'curl -F "timestamp=$TS" -F "folder=a" -F "api_key=$KEY" -F "signature=$SIG" https://api.cloudinary.com/v1_1/x/image/upload',
    "const body = `timestamp=${ts}&folder=${folder}&api_key=${key}&signature=${signature}`",
    'const etag = md5(file); createHash("md5").update(file).digest("base64")',
  ])("%s", (code) => {
    const named = causesOf(code).filter(({ certainty }) => certainty !== "possible");
    expect(named.map((one) => one.code).filter((one) => one !== "secret_or_key")).toEqual([]);
  });
});

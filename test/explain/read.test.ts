// What people paste, read: messages in all the forms they arrive in, commands, calls, tickets, JSON and labelled lines.
// Shell words are judged by a real bash, multipart bodies are the platform's own.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence, Fields } from "../../src/explain/evidence.ts";
import { explainPaste } from "../../src/explain/read/explain-paste.ts";
import { readPaste } from "../../src/explain/read/paste.ts";
import { bashWords } from "../../src/explain/read/shell-words.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { anyText } from "../support/any-text.ts";
import { cases, sampled } from "../support/counts.ts";
import { SHELLS } from "../support/programs.ts";

const SIGNATURE = "b4ad47fb4e25c7bf5f92a20089f9db59bc302313";
const STRING = "folder=users/42&timestamp=1700000000";
const MESSAGE = `Invalid Signature ${SIGNATURE}. String to sign - '${STRING}'.`;
const URL = "https://api.cloudinary.com/v1_1/demo/image/upload";
const FIELDS: Fields = [
  ["folder", "users/42"],
  ["timestamp", "1700000000"],
  ["api_key", "415926535897932"],
  ["signature", SIGNATURE],
];
const SENT: Evidence = { sent: { url: URL, fields: FIELDS, hasFile: true } };
const WITHOUT_FILE: Evidence = { sent: { url: URL, fields: FIELDS, hasFile: false } };

const messageOf = (string: string, signature = SIGNATURE) =>
  `Invalid Signature ${signature}. String to sign - '${string}'.`;

describe("Cloudinary's message", () => {
  it.each([
    ["by itself", MESSAGE],
    ["between other lines", `POST /upload 401\n${MESSAGE}\nplease help`],
    ["as JSON", JSON.stringify({ error: { message: MESSAGE } })],
    ["as a header", `HTTP/2 401\nx-cld-error: ${MESSAGE}\r\ncontent-type: application/json`],
    ["as curl -v prints it", `< HTTP/2 401\n< X-Cld-Error: ${MESSAGE}\n<`],
    [
      "as an error with its stack",
      `Error: ${MESSAGE}\n    at IncomingMessage.<anonymous> (/app/uploader.js:1:2)`,
    ],
    ["as Node prints the SDK's error", `{\n  message: "${MESSAGE}",\n  name: 'Error',\n  http_code: 401\n}`],
    ["in quotes of the same kind", `{ message: '${MESSAGE}', http_code: 401 }`],
    [
      "of Java",
      `java.lang.RuntimeException: Server returned unexpected status code - 401 - {"error":{"message":"${MESSAGE}"}}`,
    ],
    ["of Python", `cloudinary.exceptions.AuthorizationRequired: ${MESSAGE}`],
    [
      "of PHP",
      `PHP Fatal error:  Uncaught Cloudinary\\Api\\Exception\\AuthorizationRequired: ${MESSAGE} in /app/Api.php:12`,
    ],
    ["of Ruby", `CloudinaryException (${MESSAGE}):\n  app/models/photo.rb:3`],
    [
      "escaped for HTML",
      `<p>Invalid Signature ${SIGNATURE}. String to sign - &#39;folder=users/42&amp;timestamp=1700000000&#39;.</p>`,
    ],
    [
      "escaped for HTML twice",
      `Invalid Signature ${SIGNATURE}. String to sign - &amp;#39;folder=users/42&amp;amp;timestamp=1700000000&amp;#39;.`,
    ],
    [
      "with &amp; alone",
      `Invalid Signature ${SIGNATURE}. String to sign - 'folder=users/42&amp;timestamp=1700000000'.`,
    ],
    [
      "with \\u0026",
      `{"error":{"message":"Invalid Signature ${SIGNATURE}. String to sign - 'folder=users/42\\u0026timestamp=1700000000'."}}`,
    ],
    [
      "in JSON that lost its end",
      `{"error":{"message":"Invalid Signature ${SIGNATURE}. String to sign - 'folder=users/42\\u0026timestamp=1700000000'.`,
    ],
    [
      "in JSON inside of JSON",
      JSON.stringify({ level: "error", body: JSON.stringify({ error: { message: MESSAGE } }) }),
    ],
    ["in JSON as a text in a log", `body="{\\"error\\":{\\"message\\":\\"${MESSAGE}\\"}}"`],
    ["in quotes escaped by PHP", `Invalid Signature ${SIGNATURE}. String to sign - \\'${STRING}\\'.`],
    ["with typographic quotes", `Invalid Signature ${SIGNATURE}. String to sign - ‘${STRING}’.`],
    ["without its last full stop", `Invalid Signature ${SIGNATURE}. String to sign - '${STRING}'`],
    ["after prose that names it", `Why do I get "Invalid Signature"?\n\n${MESSAGE}`],
    ["broken over lines", MESSAGE.replace("String to", "String\nto")],
    ["twice", `${MESSAGE}\n${MESSAGE}`],
  ])("%s", (_, text) => {
    expect(readPaste(text)).toEqual({ message: MESSAGE });
  });

  it.each([
    ["a quote", "context=alt=It's&timestamp=1"],
    ["what looks like its end", "context=alt=the 'best'. Really&timestamp=1"],
    ["lines", "context=caption=one\n\ntwo\r\nthree&timestamp=1"],
    ["other writing", "public_id=猫/🐈/ünïcode&timestamp=1"],
    ["JSON", 'metadata={"a":"b"}&timestamp=1'],
    ["what is read elsewhere", "context=alt=curl -F a=b|x={message}&timestamp=1"],
    ["a key that is called so", "context=secret=a|b=c&timestamp=1"],
    ["nothing", ""],
  ])("a string to sign that holds %s", (_, string) => {
    expect(readPaste(messageOf(string))).toEqual({ message: messageOf(string) });
    expect(readPaste(JSON.stringify({ error: { message: messageOf(string) } }))).toEqual({
      message: messageOf(string),
    });
  });

  it.each(["", "undefined", "[object Object]", "sha256:abc.def"])("the signature %o", (signature) => {
    expect(readPaste(messageOf(STRING, signature))).toEqual({ message: messageOf(STRING, signature) });
  });
});

describe("other messages", () => {
  it.each([
    "Stale request - reported time is 2016-12-15 04:02:46 +0000 which is more than 1 hour ago",
    "Unknown API key 123",
    "Missing required parameter - api_key",
    "Upload preset must be specified when using unsigned upload",
    "Invalid cloud_name demo2",
    "Must supply api_key",
    "Access to fetch at 'https://sign.example/sign' from origin 'http://localhost:3000' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    "TypeError: Failed to fetch",
    "TypeError: NetworkError when attempting to fetch resource.",
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://sign.example/.",
  ])("%s", (message) => {
    expect(readPaste(message)).toEqual({ message });
    expect(readPaste(`log\n${message}\nend`)).toEqual({ message });
    expect(readPaste(JSON.stringify({ error: { message } }))).toEqual({ message });
  });

  it("any words that only Cloudinary writes so", () => {
    expect(readPaste('{"error":{"message":"Something new"}}')).toEqual({ message: "Something new" });
    expect(readPaste("x-cld-error: Something new\n")).toEqual({ message: "Something new" });
  });

  it("a signer's problem, as its JSON", () => {
    const problem = `{"type":"about:blank","title":"Some parameters were refused","status":422,"detail":"folder","code":"params_refused","request_id":"r"}`;
    expect(readPaste(`422 ${problem}\n`)).toEqual({ message: problem });
  });

  it("the one that tells most", () => {
    expect(readPaste(`TypeError: Failed to fetch\nUnknown API key 1\n${MESSAGE}`)).toEqual({
      message: MESSAGE,
    });
  });
});

const FORM = `-F folder=users/42 -F timestamp=1700000000 -F api_key=415926535897932 -F signature=${SIGNATURE}`;
const BODY = `folder=users%2F42&timestamp=1700000000&api_key=415926535897932&signature=${SIGNATURE}`;

describe("a curl command", () => {
  it.each([
    ["typed", `curl ${URL} -X POST ${FORM} -F file=@a.png`, SENT],
    ["after a prompt, over lines", `$ curl -sS \\\n  ${FORM} \\\r\n  -F 'file=@"a b.png"' '${URL}'\n`, SENT],
    ["options glued and long", `curl --url ${URL} ${FORM.replaceAll("-F ", "-F")} -sFfile=@a.png`, SENT],
    [
      "--form and --form-string",
      `curl ${URL} ${FORM.replaceAll("-F", "--form-string")} --form "file=@a.png"`,
      SENT,
    ],
    [
      "settings behind a value",
      `curl ${URL} ${FORM} -F 'file=@a.png;type=image/png'`.replace("users/42", "'users/42;type=text/plain'"),
      SENT,
    ],
    [
      "a value in quotes for curl",
      `curl ${URL} ${FORM} -F file=@a.png`.replace("users/42", `'"users/42"'`),
      SENT,
    ],
    ["-d", `curl ${URL} -d '${BODY}'`, WITHOUT_FILE],
    [
      "several -d",
      `curl ${URL} ${BODY.split("&")
        .map((pair) => `-d ${pair}`)
        .join(" ")}`,
      WITHOUT_FILE,
    ],
    [
      "--data-urlencode",
      `curl ${URL} ${FORM.replaceAll("-F", "--data-urlencode")} -d file=https://a.example/b.png`,
      SENT,
    ],
    ["fields in the address", `curl -X POST '${URL}?${BODY}'`, WITHOUT_FILE],
    [
      "a key in the address",
      `curl ${URL.replace("//", "//415926535897932:abcd@")} -d '${BODY}'`,
      WITHOUT_FILE,
    ],
    [
      "JSON",
      `curl ${URL} --json '{"folder":"users/42","timestamp":1700000000,"api_key":"415926535897932","signature":"${SIGNATURE}"}'`,
      WITHOUT_FILE,
    ],
    [
      "a variable, which isn't known",
      `curl ${URL} ${FORM} -F "file=$DATA" -F "tags=$TAGS" -F public_id=$(uuidgen -r)`,
      SENT,
    ],
    ["another command behind it", `curl ${URL} ${FORM} -F file=@a.png | jq -F x=y`, SENT],
    [
      "other options with values",
      `curl -H 'Referer: https://a.example/v1_1/' -A x -o out --referer https://b.example ${URL} ${FORM} -F file=@a.png`,
      SENT,
    ],
    [
      "for cmd.exe",
      `curl ^"${URL}^" ^\r\n  -H ^"accept: */*^" ^\r\n  --data-raw ^"${BODY.replaceAll("&", "^&").replaceAll("%", "%^")}^"\r\n`,
      WITHOUT_FILE,
    ],
  ])("%s", (_, text, expected) => {
    expect(readPaste(text)).toEqual(expected);
  });

  it("what a component asked a signer for", () => {
    expect(
      readPaste(`curl http://127.0.0.1:8787/sign/widget -d '{"paramsToSign":{"timestamp":1,"source":"uw"}}'`),
    ).toEqual({
      signed: {
        fields: [
          ["timestamp", "1"],
          ["source", "uw"],
        ],
      },
    });
  });

  it("to somewhere else says nothing", () => {
    expect(readPaste("curl -sS https://example.com -d folder=x -H 'Authorization: Bearer abc'")).toEqual({});
  });
});

/** Text for bash's `$'…'`, as a browser writes it. */
const ansiC = (text: string) =>
  `$'${text
    .replace(/[\\']/g, "\\$&")
    .replace(/\r/g, "\\r")
    .replace(/\n/g, "\\n")
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;

/** A form as the platform writes it, and its body without the file's bytes, as browsers copy it. */
async function multipartOf(fields: Fields, file: boolean): Promise<string> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  if (file) form.append("file", new Blob([], { type: "image/png" }), 'a "b".png');
  return new Response(form).text();
}

describe("a multipart body", () => {
  const values: Fields = [
    ...FIELDS,
    ["context", 'alt=It\'s "a" \\ 猫 {x} & `y` $z|b=--c'],
    ["tags[]", "a"],
    ["tags[]", "b"],
    ["empty", ""],
  ];

  it.each([true, false])("copied in each form, a file: %s", async (file) => {
    const body = await multipartOf(values, file);
    const expected = { sent: { url: URL, fields: values, hasFile: file } };
    const type = "content-type: multipart/form-data; boundary=x";
    expect(readPaste(`curl '${URL}' \\\n  -H '${type}' \\\n  --data-raw ${ansiC(body)}`)).toEqual(expected);
    const options = {
      headers: { accept: "*/*", cookie: "a=b" },
      referrer: "https://a.example/",
      body,
      method: "POST",
    };
    for (const indent of [undefined, 2, 4])
      expect(readPaste(`await fetch("${URL}", ${JSON.stringify(options, null, indent)});`)).toEqual(expected);
    expect(readPaste(`POST\n\n${body}\n`)).toEqual({ sent: { fields: values, hasFile: file } });
  });

  it("generated", async () => {
    const value = fc.stringMatching(/^[a-z"'\\&=|{}$;\-%^` 猫]{0,12}$/);
    for (const fields of fc.sample(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,9}$/), value), { maxLength: 6 }),
      { numRuns: cases(100, 2000), seed: 14 },
    )) {
      const wanted = fields.filter(([name]) => !/secret|^file$/.test(name));
      const body = await multipartOf(wanted, true);
      const expected = { sent: { url: URL, fields: wanted, hasFile: true } };
      expect(readPaste(`curl ${URL} --data-raw ${ansiC(body)}`)).toEqual(expected);
      expect(readPaste(`fetch("${URL}", ${JSON.stringify({ body })})`)).toEqual(expected);
    }
  });

  it("that is cut off says what is whole", async () => {
    const body = (await multipartOf(FIELDS, true)).split('name="signature"')[0]!;
    expect(readPaste(`fetch("${URL}", ${JSON.stringify({ body })})`)).toEqual({
      sent: { url: URL, fields: FIELDS.slice(0, 3) },
    });
  });
});

describe("code that fills a form", () => {
  it("literal values are taken, others are not known", () => {
    const code = `
      headers.append("Content-Type", "text/plain");
      const formData = new FormData();
      formData.append("file", file);
      formData.append('folder', "users/42");
      formData.append("timestamp", 1700000000);
      formData.append("overwrite", true);
      formData.append("tags", tags.join(","));
      formData.append("public_id", \`\${id}\`);
      formData.append("context", 'a' + b);
      await fetch("${URL}", { method: "POST", body: formData });`;
    const fields = [
      ["folder", "users/42"],
      ["timestamp", "1700000000"],
      ["overwrite", "true"],
    ];
    expect(readPaste(code)).toEqual({ sent: { url: URL, fields, hasFile: true } });
    expect(readPaste(code.replace("await fetch(", "axios.post("))).toEqual({
      sent: { url: URL, fields, hasFile: true },
    });
  });
});

const TICKET = {
  url: URL,
  fields: Object.fromEntries(FIELDS),
  signature: SIGNATURE,
  timestamp: 1700000000,
  api_key: "415926535897932",
  cloud_name: "demo",
  expires_at: 1700003600,
};
const PARAMS: Fields = FIELDS.slice(0, 2);
const SIGNED_TICKET: Evidence = {
  signed: { fields: PARAMS, signature: SIGNATURE, url: URL, apiKey: "415926535897932", cloudName: "demo" },
};
const params = Object.fromEntries(PARAMS);

describe("a form's fields, copied from a browser's list", () => {
  const lines = ["file: (binary)", ...FIELDS.map(([name, value]) => `${name}: ${value}`)];
  it.each(["\n", "\r\n", "\n\n"])("lines that end with %j", (end) => {
    expect(readPaste(`Form Data\n${lines.join(end)}\n\n${MESSAGE}`)).toEqual({
      message: MESSAGE,
      sent: { fields: FIELDS, hasFile: true },
    });
  });

  it("lines without a signature are none", () => {
    expect(readPaste("type: error\ntags: a, b\ntimestamp: 1700000000")).toEqual({});
  });
});

describe("objects", () => {
  it.each<readonly [string, unknown, Evidence]>([
    ["a ticket", TICKET, SIGNED_TICKET],
    ["tickets", { tickets: [TICKET] }, SIGNED_TICKET],
    [
      "a message and what was signed",
      { message: MESSAGE, fields: params },
      { message: MESSAGE, signed: { fields: PARAMS } },
    ],
    [
      "a message and what was sent",
      { message: MESSAGE, fields: { ...TICKET.fields, file: "data:," } },
      {
        message: MESSAGE,
        sent: { fields: FIELDS, hasFile: true },
        signed: { fields: PARAMS, signature: SIGNATURE, apiKey: "415926535897932", isForm: true },
      },
    ],
    [
      "what was sent, and what was signed",
      { message: MESSAGE, fields: TICKET.fields, paramsToSign: { timestamp: 1 } },
      { message: MESSAGE, sent: { fields: FIELDS }, signed: { fields: [["timestamp", "1"]] } },
    ],
    [
      "the key among the parameters that were signed",
      { message: MESSAGE, paramsToSign: { timestamp: 1, api_key: "1" } },
      {
        message: MESSAGE,
        signed: {
          fields: [
            ["timestamp", "1"],
            ["api_key", "1"],
          ],
        },
      },
    ],
    ["a message and a ticket", { message: MESSAGE, ticket: TICKET }, { message: MESSAGE, ...SIGNED_TICKET }],
    [
      "any message beside fields",
      { message: "refused", fields: params },
      { message: "refused", signed: { fields: PARAMS } },
    ],
    ...["paramsToSign", "params_to_sign", "params"].map(
      (name) =>
        [name, { [name]: params, signature: "ab" }, { signed: { fields: PARAMS, signature: "ab" } }] as const,
    ),
    [
      "a timestamp beside the parameters",
      { params: { folder: "x" }, timestamp: 1 },
      {
        signed: {
          fields: [
            ["folder", "x"],
            ["timestamp", "1"],
          ],
        },
      },
    ],
    ["signed, as fields", { signed: params }, { signed: { fields: PARAMS } }],
    ["signed, as a string", { signed: STRING }, { signed: { text: STRING } }],
    ["signed, as a ticket", { signed: TICKET }, SIGNED_TICKET],
    ["sent, as fields", { sent: TICKET.fields, url: URL }, { sent: { fields: FIELDS, url: URL } }],
    ["sent, as a form", { sent: { url: URL, fields: FIELDS, hasFile: true } }, SENT],
    ["a command", { curl: `curl ${URL} ${FORM} -F file=@x` }, SENT],
    ["a call", { fetch: `fetch("${URL}", {"body": "${BODY}"})` }, WITHOUT_FILE],
    ["the string to sign", { stringToSign: STRING }, { stringToSign: STRING }],
    [
      "a string of one's own",
      { message: MESSAGE, string_to_sign: "timestamp=1" },
      { message: MESSAGE, signed: { text: "timestamp=1" } },
    ],
    [
      "an account",
      { account: { cloudName: "demo", api_key: 1, algorithm: "SHA-256" } },
      { account: { cloudName: "demo", apiKey: "1", algorithm: "sha256" } },
    ],
    [
      "the time",
      { message: MESSAGE, fields: {}, now: 1700000000123 },
      { message: MESSAGE, signed: { fields: [] }, now: 1700000000 },
    ],
    [
      "an answer made by hand",
      { signature: "ab", timestamp: 1700000000, folder: "x", apiKey: "1", cloudName: "demo" },
      {
        signed: {
          fields: [
            ["timestamp", "1700000000"],
            ["folder", "x"],
          ],
          signature: "ab",
          apiKey: "1",
          cloudName: "demo",
        },
      },
    ],
    [
      "an answer that doesn't tell what was signed",
      { signature: "ab", timestamp: 1700000000 },
      { signed: { signature: "ab" } },
    ],
    [
      "values of each kind, as signed",
      { params: { a: true, b: 0.5, c: ["x", "y"], d: null, e: { f: 1 }, g: "", h: [] } },
      {
        signed: {
          fields: [
            ["a", "true"],
            ["b", "0.5"],
            ["c", "x,y"],
            ["e", '{"f":1}'],
            ["g", ""],
            ["h", ""],
          ],
        },
      },
    ],
    [
      "values of each kind, as sent",
      { sent: { a: false, c: ["x", "y"], d: null } },
      {
        sent: {
          fields: [
            ["a", "false"],
            ["c[]", "x"],
            ["c[]", "y"],
          ],
        },
      },
    ],
    [
      "an error of an HTTP client",
      { status: 401, config: { url: URL }, response: { data: { error: { message: MESSAGE } } } },
      { message: MESSAGE },
    ],
    ["fields as pairs", { sent: FIELDS }, { sent: { fields: FIELDS } }],
    [
      "fields as objects",
      { sent: FIELDS.map(([name, value]) => ({ name, value })) },
      { sent: { fields: FIELDS } },
    ],
    ["fields as a body", { sent: BODY }, { sent: { fields: FIELDS, hasFile: false } }],
    [
      "a form as JSON",
      { file: "data:,", ...TICKET.fields },
      {
        sent: { fields: FIELDS, hasFile: true },
        signed: { fields: PARAMS, signature: SIGNATURE, apiKey: "415926535897932", isForm: true },
      },
    ],
    ["a log line", { level: "info", timestamp: 1700000000, message: "started" }, {}],
    ["a notification", { notification_type: "upload", timestamp: 1700000000, public_id: "x" }, {}],
    ["nothing", {}, {}],
  ])("%s", (_, object, expected) => {
    for (const text of [JSON.stringify(object), JSON.stringify(object, null, 2)])
      expect(readPaste(text)).toEqual(expected);
    expect(readPaste(`see:\n${JSON.stringify(object)}\n`)).toEqual(expected);
  });

  it("as a console prints them", () => {
    expect(
      readPaste("params {\n  timestamp: 1700000000,\n  folder: 'it\\'s',\n  eager: [ 'a', 'b' ],\n}"),
    ).toEqual({
      signed: {
        fields: [
          ["timestamp", "1700000000"],
          ["folder", "it's"],
          ["eager", "a,b"],
        ],
      },
    });
    expect(readPaste("{'timestamp': 1700000000, 'overwrite': True, 'tags': None}")).toEqual({
      signed: {
        fields: [
          ["timestamp", "1700000000"],
          ["overwrite", "True"],
        ],
      },
    });
  });

  it("names of JavaScript's own are plain names", () => {
    const names = '{"params":{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}}';
    expect(readPaste(names)).toEqual({
      signed: {
        fields: [
          ["__proto__", "a"],
          ["constructor", "b"],
          ["toString", "c"],
          ["hasOwnProperty", "d"],
        ],
      },
    });
    expect(
      readPaste('{"__proto__":{"message":"x","fields":{"a":"b"}},"constructor":1}').sent,
    ).toBeUndefined();
  });
});

describe("strings to sign", () => {
  it.each<readonly [string, Evidence]>([
    [STRING, { stringToSign: STRING }],
    [` "${STRING}"\n`, { stringToSign: STRING }],
    [`String to sign: ${STRING}`, { stringToSign: STRING }],
    [`String to sign - '${STRING}'.`, { stringToSign: STRING }],
    [`Signed: ${STRING}`, { signed: { text: STRING } }],
    [`[server] signing: "${STRING}"\nok`, { signed: { text: STRING } }],
    [`my string to sign: ${STRING}\r\n`, { signed: { text: STRING } }],
    [`My string to sign was '${STRING}'`, { signed: { text: STRING } }],
    [`${MESSAGE}\nString to sign: timestamp=1`, { message: MESSAGE, signed: { text: "timestamp=1" } }],
    [`${MESSAGE}\nString to sign: ${STRING}`, { message: MESSAGE }],
    [`${MESSAGE}\nI signed: ${STRING}`, { message: MESSAGE, signed: { text: STRING } }],
    [`I signed: ?${STRING}`, { signed: { text: `?${STRING}` } }],
    [`my string to sign: '{"timestamp":1}'`, { signed: { text: '{"timestamp":1}' } }],
    // Code that writes one is none.
    ...[
      '"folder=#{folder}&timestamp=#{ts}"',
      '"folder=a&timestamp=$TS$API_SECRET"',
      "'folder=a&timestamp=%s'",
    ].map((code) => [`${MESSAGE}\nto_sign = ${code}`, { message: MESSAGE }] as const),
    [BODY, { sent: { fields: FIELDS } }],
    [`open ${URL}?${BODY}`, { sent: { url: URL, fields: FIELDS } }],
    ["const stringToSign = `folder=$" + "{folder}&timestamp=1`", {}],
    ["Signed: Jane Doe", {}],
    ["https://example.com/?a=b", {}],
  ])("%s", (text, expected) => {
    expect(readPaste(text)).toEqual(expected);
  });
});

describe("mixed", () => {
  const parts = [
    MESSAGE,
    `curl ${URL} ${FORM} -F file=@a.png`,
    JSON.stringify(TICKET, null, 2),
    "date: Tue, 14 Nov 2023 22:13:20 GMT",
    "CLOUDINARY_CLOUD_NAME=demo",
  ];
  const expected = {
    message: MESSAGE,
    ...SENT,
    ...SIGNED_TICKET,
    answeredAt: 1700000000,
    account: { cloudName: "demo" },
  };
  it.each([
    [0, 1, 2, 3, 4],
    [4, 3, 2, 1, 0],
    [2, 0, 4, 1, 3],
    [1, 2, 0, 3, 4],
  ])("in the order %j", (...order) => {
    expect(readPaste(order.map((i) => parts[i]).join("\n\n"))).toEqual(expected);
  });
});

describe("no evidence", () => {
  it.each([
    "",
    " \n",
    "Hello, my upload does not work",
    "function f() { return { a: 1 }; }",
    "invalid signature",
    "{",
    "<p>&#39;</p>",
    "The upload preset is fine, and so is Date: today",
  ])("%o", (text) => {
    expect(readPaste(text)).toEqual({});
  });
});

const SECRET = "Zk3-planted_SECRETvalue";

describe("secrets are not carried over", () => {
  it.each([
    `CLOUDINARY_URL=cloudinary://415926535897932:${SECRET}@demo`,
    `api_secret: "${SECRET}"`,
    `cloudinary.config({ cloud_name: 'demo', api_key: '415926535897932', api_secret: '${SECRET}' })`,
    JSON.stringify({ account: { cloudName: "demo", apiKey: "415926535897932", apiSecret: SECRET } }),
    JSON.stringify({ message: "x", fields: { timestamp: 1, api_secret: SECRET } }),
    JSON.stringify(JSON.stringify({ api_secret: SECRET, error: { message: MESSAGE } })),
    `curl ${URL} -F api_secret=${SECRET} -F signature=ab -F file=@a`,
    `curl ${URL} --data-raw 'api_secret=${SECRET}&signature=ab'`,
    `formData.append("api_secret", "${SECRET}"); formData.append("folder", "x")`,
    `fetch("${URL}", { body: "--a\\r\\nContent-Disposition: form-data; name=\\"api_secret\\"\\r\\n\\r\\n${SECRET}\\r\\n--a--" })`,
    `export APP_SECRET_KEY=${SECRET}\n`,
    `const secret = "${SECRET}"; Failed to fetch`,
    `API_SECRET=${SECRET}\nI signed: folder=x&timestamp=1${SECRET}`,
    `"api_secret" => "${SECRET}", Failed to fetch ${SECRET}`,
    `{&quot;api_secret&quot;:&quot;${SECRET}&quot;} Failed to fetch &quot;${SECRET}&quot;`,
  ])("%s", (text) => {
    for (const mixed of [text, `${text}\n${MESSAGE}`, `${MESSAGE}\n${text}`]) {
      expect(JSON.stringify(readPaste(mixed))).not.toMatch(/Zk3|planted|SECRETvalue/);
    }
    expect(readPaste(`${text}\n${MESSAGE}`).message).toBe(MESSAGE);
  });

  it("the key and the cloud beside one are", () => {
    expect(readPaste(`CLOUDINARY_URL=cloudinary://415926535897932:${SECRET}@demo`)).toEqual({
      account: { apiKey: "415926535897932", cloudName: "demo" },
    });
  });

  it("what reads one from somewhere hides nothing", () => {
    expect(readPaste(`api_secret: process.env.API_SECRET\n${MESSAGE}`)).toEqual({ message: MESSAGE });
  });
});

describe.skipIf(!SHELLS.includes("bash"))("shell words, judged by bash", () => {
  const quoted: readonly ((word: string) => string)[] = [
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
    (word) => `"${word.replace(/["\\$`]/g, "\\$&")}"`,
    (word) => word.replace(/[^\w\n]/gu, "\\$&").replaceAll("\n", () => "$'\\n'") || "''",
    ansiC,
    (word) =>
      `$'${[...Buffer.from(word)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}'`,
    (word) => `$'${[...Buffer.from(word)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}'`,
  ];
  const plain = fc.stringMatching(/^[a-z'"\\$`\n\t {};&|<>()#!*?~=@éß猫]{0,10}$/u);
  const words = fc
    .array(
      fc.array(fc.tuple(plain, fc.integer({ min: 0, max: quoted.length - 1 })), {
        minLength: 1,
        maxLength: 3,
      }),
      { maxLength: 5 },
    )
    .chain((list) =>
      fc.constantFrom(" ", "  ", "\t", " \\\n  ").map((space) => ({
        line: list.map((parts) => parts.map(([word, style]) => quoted[style]!(word)).join("")).join(space),
        words: list.map((parts) => parts.map(([word]) => word).join("")),
      })),
    );

  /** What bash makes of each line; nothing where it can't read one. */
  function byBash(lines: readonly string[]): (readonly string[] | undefined)[] {
    const script = `for line in "$@"; do eval "printf '%s\\0' x $line" 2>/dev/null || printf '\\1'; printf '\\2'; done`;
    const { stdout } = spawnSync("bash", ["--norc", "-c", script, "bash", ...lines], {
      env: { LC_ALL: "C.UTF-8" },
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const answers = stdout.split("\x02").slice(0, -1);
    expect(answers).toHaveLength(lines.length);
    return answers.map((answer) => (answer.endsWith("\x01") ? undefined : answer.split("\0").slice(1, -1)));
  }

  it("generated arguments, quoted in each way", () => {
    const sample = fc.sample(words, { numRuns: cases(250, 5000), seed: 1414 });
    for (let from = 0; from < sample.length; from += 500) {
      const batch = sample.slice(from, from + 500);
      byBash(batch.map(({ line }) => line)).forEach((judged, i) => {
        const { line, words: meant } = batch[i]!;
        expect(judged, line).toEqual(meant);
        expect(
          bashWords(line, 0).words.map(({ text }) => text),
          line,
        ).toEqual(judged);
      });
    }
  });

  it("any line that bash reads", () => {
    const lines = fc.sample(fc.stringMatching(/^[ab\\'" $=ux41]{0,14}$/), {
      numRuns: cases(250, 5000),
      seed: 1415,
    });
    let judged = 0;
    for (let from = 0; from < lines.length; from += 500) {
      const batch = lines.slice(from, from + 500);
      byBash(batch).forEach((expected, i) => {
        const { words: read } = bashWords(batch[i]!, 0);
        if (expected === undefined || read.some(({ isKnown }) => !isKnown)) return;
        judged++;
        expect(
          read.map(({ text }) => text),
          batch[i],
        ).toEqual(expected);
      });
    }
    expect(judged).toBeGreaterThan(lines.length / 10);
  });
});

describe("any text at all", () => {
  const SAMPLES = [
    MESSAGE,
    JSON.stringify({ error: { message: messageOf('context=alt=It\'s "x"\n&timestamp=1') } }),
    `Invalid Signature ab. String to sign - &#39;a=1&amp;timestamp=1&#39;.`,
    `curl '${URL}' ${FORM} -F "context=alt=a\\"b" --form-string $'tags=a\\u00e9\\n' -F file=@a.png`,
    `fetch("${URL}", ${JSON.stringify({ headers: { a: "b" }, body: BODY })});`,
    `fetch("${URL}", ${JSON.stringify({ body: '--ab\r\nContent-Disposition: form-data; name="folder"\r\n\r\nx y\r\n--ab--\r\n' })});`,
    JSON.stringify(
      {
        message: MESSAGE,
        ticket: TICKET,
        sent: TICKET.fields,
        params: { tags: ["a", "b"], ok: true, n: null },
      },
      null,
      1,
    ),
    `formData.append("folder", "x"); formData.append('timestamp', 17);`,
    `I signed: ${STRING}\nString to sign: timestamp=1\ndate: Tue, 14 Nov 2023 22:13:20 GMT`,
    `CLOUDINARY_URL=cloudinary://1:${SECRET}@demo`,
    "Stale request - reported time is 2016\nTypeError: Failed to fetch",
  ];
  const TRICKS = [
    "'",
    '"',
    "`",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "&",
    "&amp;",
    "\\u0026",
    "$'",
    "$(",
    "${",
    "^",
    "\n",
    "\r\n",
    "'.",
    "--",
    "=",
    ",",
    ":",
    "\0",
    "\ud800",
    "🐈",
    "__proto__",
    "curl ",
    "fetch(",
    "Invalid Signature ",
    "String to sign - '",
    "null",
    "1e999",
    "-0",
  ];

  const mutated = fc
    .tuple(
      fc.array(fc.constantFrom(...SAMPLES), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.oneof(fc.constantFrom(...TRICKS), anyText(6))), {
        maxLength: 6,
      }),
    )
    .map(([samples, cuts]) =>
      cuts.reduce((text, [at, length, put]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + put + text.slice(from + length);
      }, samples.join("\n")),
    );
  const texts = fc.oneof(
    { weight: 3, arbitrary: mutated },
    { weight: 1, arbitrary: anyText(300) },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...TRICKS), { maxLength: 60 }).map((parts) => parts.join("")),
    },
  );

  const unHtml = (text: string) =>
    text.replace(
      /&#39;|&amp;|&quot;|&lt;|&gt;/g,
      (entity) => ({ "&amp;": "&", "&lt;": "<", "&gt;": ">" })[entity] ?? "'",
    );
  const unSlash = (text: string) =>
    text.replace(/\\(?:u\{?([0-9a-f]{1,6})\}?|x([0-9a-f]{2})|([\s\S]))/gi, (_, u, x, char) => {
      const point = Number.parseInt(u ?? x, 16);
      return char !== undefined
        ? ({ n: "\n", r: "\r", t: "\t" }[char as string] ?? char)
        : point <= 0x10ffff
          ? String.fromCodePoint(point)
          : "";
    });
  const unPercent = (text: string) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll("%", ""), "hex").toString());
  const wordsOf = (text: string) => text.match(/[a-z]{3,}|\d{2,}/gi) ?? [];

  /** All texts of the evidence. */
  const leaves = (value: unknown): string[] =>
    typeof value === "string"
      ? [value]
      : value !== null && typeof value === "object"
        ? Object.values(value).flatMap(leaves)
        : [];

  /** The words of the sentences themselves. */
  const EXPLAIN = join(PROJECT, "src/explain");
  const sources = readdirSync(EXPLAIN).filter((name) => name.endsWith(".ts"));
  const OWN_WORDS = new Set(
    sources.flatMap((name) =>
      (readFileSync(join(EXPLAIN, name), "utf8").match(/[a-z]{3,}/gi) ?? []).map((word) =>
        word.toLowerCase(),
      ),
    ),
  );

  it("never throws, and answers with nothing that it was not given", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const evidence = readPaste(text);
        const given = [
          text,
          unHtml(text),
          unSlash(text),
          unPercent(text),
          unSlash(unHtml(text)),
          unSlash(unSlash(text)),
          unHtml(unHtml(text)),
          unPercent(unSlash(text)),
        ];
        // Quotes and continued lines may stand between two halves of a word.
        const joined = given
          .flatMap((one) => [one, one.replace(/\\\r?\n/g, ""), one.replace(/["'`\\$^+\s]/g, "")])
          .join("\n");
        for (const word of leaves(evidence).flatMap(wordsOf)) expect(joined).toContain(word);
        const explained = explainPaste(text);
        // Beside what was given, it says words of its own.
        const said = leaves(explained).flatMap((one) => one.match(/[a-z]{3,}/gi) ?? []);
        for (const word of said) if (!OWN_WORDS.has(word.toLowerCase())) expect(joined).toContain(word);
        if (text.includes(`cloudinary://1:${SECRET}`))
          expect(JSON.stringify([evidence, explained])).not.toContain(SECRET);
      }),
      { numRuns: cases(400, 10_000), seed: 20261126 },
    );
  });

  it.each(
    [
      ...sampled(TRICKS, 9),
      // Each has a reader of its own.
      "{a:[",
      '{"a":',
      "curl '",
      'curl ^"',
      "--a\nContent-Disposition: form-data\n",
      "x.append('a',",
      "'x\n",
      "Invalid Signature a. String to sign - 'x\n",
      "cloudinary://a:b",
      "api_secret=abcdefgh1 ",
      "https://a/v1_1/",
    ].map((part) => [part]),
  )("a mebibyte and more of %j ends", (part) => {
    expect(JSON.stringify(readPaste(part.repeat(1_100_000 / part.length)))).toBeTypeOf("string");
    expect(JSON.stringify(readPaste(`${MESSAGE}\n${part.repeat(300_000 / part.length)}`))).toContain(
      "Invalid Signature",
    );
  });

  it("what lies behind a mebibyte is not read", () => {
    expect(readPaste(`${" ".repeat(1_048_576)}${MESSAGE}`)).toEqual({});
  });
});

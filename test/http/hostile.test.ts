// Malformed and hostile requests: each family of refusals stands beside twins that differ in one value and
// are signed, so that a signer that refuses everything fails.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PARAMETERS } from "../../src/policy/tables/parameters.ts";
import { sampled } from "../support/counts.ts";
import { post, TARGETS, type Target } from "../support/targets.ts";
import {
  BINDINGS,
  expectDropIn,
  expectProblem,
  expectTicket,
  LISTED,
  LISTED_TOO,
  now,
  UNLISTED,
} from "./suite.ts";

interface Row {
  readonly name: string;
  readonly path?: string;
  /** A function where the body is a stream, which can be read once. */
  readonly init: RequestInit | (() => RequestInit);
  readonly status: number;
  readonly code: string;
  /** Of `params_refused`: the parameter, and its code. */
  readonly param?: readonly [name: string, code: string];
}

interface Twin {
  readonly name: string;
  readonly path?: string;
  /** A function where the body is a stream, which can be read once. */
  readonly init: RequestInit | (() => RequestInit);
  /** What the drop-in twin sent; absent, the twin asks for a ticket. */
  readonly sent?: Record<string, unknown>;
}

interface Family {
  readonly family: string;
  readonly rows: readonly Row[];
  readonly twins: readonly Twin[];
}

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text);
};

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const nestedObject = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const malformed = (body: string, name = shown(body)): Row => ({
  name,
  init: post(body),
  status: 400,
  code: "malformed_request",
});

const bodies: Family = {
  family: "bodies",
  rows: [
    ...["null", "true", "false", "0", "1e400", '"params"', '""', "[]", "[{}]", '[["params"]]'].map((b) =>
      malformed(b),
    ),
    ...[
      "{",
      "}",
      "{]",
      "{'params':{}}",
      "{params:{}}",
      '{"params":{}',
      '{"params":{}}}',
      '{"params":{},}',
      "\u0000",
      "NaN",
    ].map((b) => malformed(b)),
    ...[
      "undefined",
      "<xml/>",
      "params=1",
      '{"params":{"context":}}',
      '{"a":1}/**/',
      "\ufeff\ufeff{}",
      "{}{}",
      "// {}\n{}",
    ].map((b) => malformed(b)),
    ...["null", "1", '"x"', "[]", "[1]", "true", '"{}"'].map((value) => malformed(`{"params":${value}}`)),
    ...["null", "1", '"x"', "[]", "[1]", "true", '"folder=x"'].map((value) =>
      malformed(`{"paramsToSign":${value}}`),
    ),
    ...[
      "param",
      "Params",
      "PARAMS",
      "paramstosign",
      "signature",
      "timestamp",
      "__proto__",
      "constructor",
    ].map((member) => malformed(`{"${member}":{}}`)),
    ...["api_secret", "profile", "toString", "folder", "", " params", "params ", "$schema"].map((member) =>
      malformed(`{"params":{},"${member}":{}}`),
    ),
    malformed('{"params":{},"paramsToSign":{}}'),
    malformed('{"params":{},"params_to_sign":{}}'),
    malformed('{"params_to_sign":{},"paramsToSign":{}}'),
    malformed('{"paramsToSign":{"timestamp":1},"params":{}}'),
    malformed('{"params":{"metadata":{"color":[["a"]]}}}'),
    malformed(`{"params":{"context":${nested(4)}}}`),
    malformed(`{"params":{"context":${nestedObject(4)}}}`),
    malformed(`{"params":${nestedObject(10_000)}}`),
    malformed(`{"params":{"context":${nested(30_000)}}}`),
    malformed(`{"params":{"auto_tagging":${nested(5000)}}}`),
    malformed(`{"params":{"metadata":${nestedObject(5000)}}}`),
    malformed(nested(32_000)),
    malformed(
      JSON.stringify({ params: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, 1])) }),
      "101 parameters",
    ),
    {
      name: "bytes that are not UTF-8",
      init: { method: "POST", body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
      status: 400,
      code: "malformed_request",
    },
    {
      name: "a lone surrogate written in UTF-8 (CESU)",
      init: { method: "POST", body: new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]) },
      status: 400,
      code: "malformed_request",
    },
  ],
  twins: [
    { name: "an empty object", init: post("{}") },
    { name: "no body", init: { method: "POST" } },
    { name: "an empty body", init: post("") },
    { name: "white space alone", init: post(" \n") },
    { name: "empty params", init: post('{"params":{}}') },
    { name: "a byte order mark", init: post('\ufeff{"params":{}}') },
    ...["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"].flatMap(
      (type) => [
        { name: `an empty body called ${type}`, init: post("", { "content-type": type }) },
        {
          name: `an empty body in chunks called ${type}`,
          init: () => ({ ...stream("")(), headers: { "content-type": type } }),
        },
      ],
    ),
    { name: "a duplicate member, of which the last wins", init: post('{"params":1,"params":{}}') },
  ],
};

/** Names that no profile accepts and no upload has. */
const UNKNOWN_NAMES = [
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf", "__defineGetter__"],
  ...[
    "",
    " ",
    "Folder",
    "FOLDER",
    "folder ",
    " folder",
    "folder\u0000",
    "fol-der",
    "folder[]",
    "tags[]",
    "context.alt",
  ],
  ...[
    '{"notification_type":"upload","x":"',
    "l_text:Arial_10:a",
    "a&b",
    "a=b",
    "%66older",
    "ﬀolder",
    "föłder",
  ],
  ...[
    "from_public_id",
    "to_public_id",
    "public_ids",
    "command",
    "prefixes",
    "username",
    "asset_id",
    "version_id",
    "version",
  ],
  ...[
    "api_secret",
    "secret",
    "max_bytes",
    "upload_presets",
    "expires_at",
    "attachment",
    "mode",
    "text",
    "tag",
    "urls",
    "1",
    "0",
  ],
  "x".repeat(5000),
  "\ud800",
];

/** Names that travel beside the signed parameters. */
const BESIDE = ["file", "cloud_name", "resource_type", "api_key", "signature"];

const ticketWith = (name: string, value: unknown): RequestInit =>
  post(`{"params":{${JSON.stringify(name)}:${JSON.stringify(value)}}}`);

const knownNames = [...PARAMETERS.keys()].filter((name) => name !== "context");

const ticketNames: Family = {
  family: "names in a ticket request",
  rows: [...UNKNOWN_NAMES, ...BESIDE, ...knownNames].flatMap((name): Row[] =>
    ["1", null].map((value) => ({
      name: `${shown(name)}: ${shown(value)}`,
      init: ticketWith(name, value),
      status: 422,
      code: "params_refused",
      param: [name.length > 64 ? `${name.slice(0, 64)}…` : name.toWellFormed(), "forbidden"],
    })),
  ),
  twins: [
    { name: "context", init: ticketWith("context", { alt: "1" }) },
    { name: "context: null", init: ticketWith("context", null) },
    { name: 'context: ""', init: ticketWith("context", "") },
    { name: "context: []", init: ticketWith("context", []) },
    { name: "context of empty values", init: ticketWith("context", { alt: "", caption: null }) },
  ],
};

const widgetParams = (): Record<string, unknown> => ({
  timestamp: now(),
  folder: "widget",
  overwrite: "false",
  context: "via=widget",
});

const dropIn = (params: Record<string, unknown>): RequestInit => post({ paramsToSign: params });

const dropInTwin = (name: string, changed: Record<string, unknown>): Twin => {
  const sent = { ...widgetParams(), ...changed };
  return { name, path: "/sign/widget", init: dropIn(sent), sent };
};

const dropInRow = (
  name: string,
  changed: Record<string, unknown>,
  param: readonly [string, string],
): Row => ({
  name,
  path: "/sign/widget",
  init: dropIn({ ...widgetParams(), ...changed }),
  status: 422,
  code: "params_refused",
  param,
});

const starterTwin = (sent: Record<string, unknown>): Twin => ({
  name: "params_to_sign, as Cloudinary's own starters spell it",
  path: "/sign/widget",
  init: post({ params_to_sign: sent }),
  sent,
});

const WIDGET_NAMES = [
  "timestamp",
  "folder",
  "overwrite",
  "context",
  "source",
  "custom_coordinates",
  "allowed_formats",
];

const dropInNames: Family = {
  family: "names in paramsToSign",
  rows: [...UNKNOWN_NAMES.slice(1), ...BESIDE, ...PARAMETERS.keys()]
    .filter((name) => !WIDGET_NAMES.includes(name) && name.length < 64)
    .map((name) => dropInRow(shown(name), { [name]: "1" }, [name.toWellFormed(), "forbidden"])),
  twins: [
    dropInTwin("what the profile sets alone", {}),
    dropInTwin("source", { source: "uw" }),
    starterTwin(widgetParams()),
    dropInTwin("custom_coordinates", { custom_coordinates: "0,0,100,50.5" }),
    dropInTwin("source: null counts as not sent", { source: null }),
  ],
};

const dropInValues: Family = {
  family: "values in paramsToSign",
  rows: [
    ...[Date.now(), String(Date.now()), 1e11].map((ms) =>
      dropInRow(`milliseconds ${shown(ms)}`, { timestamp: ms }, ["timestamp", "invalid"]),
    ),
    ...[
      now() + 3600,
      now() + 120,
      now() - 700,
      now() - 3601,
      0,
      1,
      -1,
      "-1",
      "1e9",
      "0x6a",
      " 1",
      "1 ",
      "",
      null,
    ].map((t) =>
      dropInRow(`timestamp ${shown(t)}`, { timestamp: t }, [
        "timestamp",
        t === "" || t === null ? "missing" : "invalid",
      ]),
    ),
    ...[
      now() + 0.5,
      `${now()}.0`,
      `+${now()}`,
      `${now()}\n`,
      [now()],
      { t: now() },
      true,
      "now",
      "٠١٢",
      "９",
      `0${"1".repeat(20)}`,
    ].map((t) => dropInRow(`timestamp ${shown(t)}`, { timestamp: t }, ["timestamp", "invalid"])),
    dropInRow("no timestamp", { timestamp: undefined }, ["timestamp", "missing"]),
    ...[
      "Widget",
      "widget/",
      "/widget",
      "widget/x",
      " widget",
      "widget,widget",
      ["widget"],
      1,
      true,
      { a: "widget" },
    ].map((folder) =>
      dropInRow(`folder ${shown(folder)}`, { folder }, [
        "folder",
        typeof folder === "object" && !Array.isArray(folder) ? "invalid" : "different",
      ]),
    ),
    ...[undefined, null, "", []].map((folder) =>
      dropInRow(`folder ${shown(folder ?? null)}`, { folder }, ["folder", "missing"]),
    ),
    ...["true", 1, true, "yes", "FALSE", "00", ["false"], 2].map((overwrite) =>
      dropInRow(`overwrite ${shown(overwrite)}`, { overwrite }, ["overwrite", "different"]),
    ),
    ...["via=other", "alt=x", "via=widget2|alt=x", "Via=widget|alt=x"].map((context) =>
      dropInRow(`context ${shown(context)}`, { context }, ["context", "different"]),
    ),
    ...[
      "via=widget|evil=x",
      "via=widget|alt=a|alt=b",
      "via=widget|alt",
      "via=widget|alt=a\\",
      "via=widget|=x",
      "via=widget|alt=",
    ].map((context) => dropInRow(`context ${shown(context)}`, { context }, ["context", "invalid"])),
    dropInRow("context as an object, which no form can carry", { context: { via: "widget" } }, [
      "context",
      "invalid",
    ]),
    ...["UW", "uw2", "uw,uw", ["uw"], 1].map((source) =>
      dropInRow(`source ${shown(source)}`, { source }, ["source", "invalid"]),
    ),
    ...[
      "1,2,3",
      "1,2,3,4,5",
      "a,b,c,d",
      "1,2,3,4|5,6,7,8|",
      "-1,0,1,1",
      "0,0,1,5001",
      "1e3,0,1,1",
      " 1,2,3,4",
      "Infinity,0,0,0",
    ].map((c) =>
      dropInRow(`custom_coordinates ${shown(c)}`, { custom_coordinates: c }, [
        "custom_coordinates",
        "invalid",
      ]),
    ),
    ...["gif", "jpg,gif", "jpg,,png", "jpg, png", ["jpg,png"], ["jpg", 1]].map((f) =>
      dropInRow(`allowed_formats ${shown(f)}`, { allowed_formats: f }, ["allowed_formats", "invalid"]),
    ),
  ],
  twins: [
    ...[0, "0", false, "false"].map((overwrite) =>
      dropInTwin(`overwrite ${shown(overwrite)} is signed as spelled`, { overwrite }),
    ),
    dropInTwin("a timestamp as text", { timestamp: String(now()) }),
    dropInTwin("a timestamp 9 minutes old", { timestamp: now() - 540 }),
    dropInTwin("a timestamp half a minute ahead", { timestamp: now() + 30 }),
    dropInTwin("a key of the client's in context", { context: "alt=A cat|via=widget" }),
    dropInTwin("an escaped = in context", { context: "via=widget|alt=a\\=b\\|c & d" }),
    dropInTwin("a list of formats", { allowed_formats: ["jpg", "png"] }),
    dropInTwin("formats as text", { allowed_formats: "jpg,png" }),
  ],
};

const kind = (param: string, value: unknown): Row => ({
  name: `${param} ${shown(value)}`,
  path: "/sign/kinds",
  init: post({ params: { [param]: value } }),
  status: 422,
  code: "params_refused",
  param: [param, "invalid"],
});

const kindTwin = (param: string, value: unknown): Twin => ({
  name: `${param} ${shown(value)}`,
  path: "/sign/kinds",
  init: post({ params: { [param]: value } }),
});

/** For each kind: values that are refused, and values that are signed. */
const VALUES: readonly [param: string, refused: readonly unknown[], signed: readonly unknown[]][] = [
  [
    "display_name",
    [
      1,
      true,
      ["a"],
      {},
      { a: 1 },
      "a&b",
      "a%26b",
      "a\u0000",
      "a\nb",
      "a\u007f",
      "a\u0085",
      "\ud800",
      "a\udc00",
      "ä",
      "a_b",
      "ﬁ",
      "Ａ",
      "a\u2028b",
      "x".repeat(21),
      "a".repeat(60_000),
    ],
    ["a", "A 1.-", "x".repeat(20)],
  ],
  ["batch_id", ["1", "B-1", "b", "c-1", "b-a", "b-1 ", " b-1", "b-b-1", ["b-1"]], ["b-1", "b-"]],
  ["format", ["gif", "JPG", "jpg,png", "jpg ", ["jpg"], 1, true], ["jpg", "png"]],
  [
    "allowed_formats",
    [
      "gif",
      ["jpg", "gif"],
      ["jpg,png"],
      [["jpg"]],
      ["jpg", null],
      ["jpg", ""],
      "jpg,",
      ["jpg", "png", "webp"],
      1,
      { a: "jpg" },
    ],
    ["jpg", "jpg,png", ["jpg", "png"], []],
  ],
  [
    "context",
    [
      1,
      true,
      ["alt=a"],
      { alt: "a", evil: "b" },
      { evil: null },
      { __proto__: null, constructor: "x" },
      { Alt: "a" },
      { "": "a" },
      { alt: { a: 1 } },
      { alt: ["a"] },
      { alt: "a\\" },
      { alt: "a%26b" },
      { alt: "a\u0000" },
      { alt: "\ud83d" },
      { alt: "x".repeat(51) },
      "alt",
      "=a",
      "alt=a|",
      "alt=a=b",
      "alt=a\\",
      "alt=a|alt=b",
      "alt=a|evil=b",
      "alt=",
      "|",
    ],
    [
      { alt: "A cat" },
      { alt: "Salt & pepper", caption: "a=b|c" },
      { alt: 5 },
      "alt=A cat|caption=b",
      "alt=a\\=b",
      { alt: "猫 🐈" },
      { alt: "a", caption: "" },
    ],
  ],
  [
    "metadata",
    [
      { color: "x".repeat(11) },
      { color: ["a", "b", "c"] },
      { color: ["a,b"] },
      { color: ['a"b'] },

      { color: ["a", ""] },
      { origin_id: "x" },
      { color: '["a","b","c"]' },
      'color=["a","b"]',
      { shape: "x" },
      "origin_id=x",
    ],
    [{ color: "red" }, { color: ["red", "blue"], size: 5 }, "color=red"],
  ],
  [
    "face_coordinates",
    [
      "1,2,3",
      "1,2,3,4|5,6,7",
      "1,2,3,4|5,6,7,8|9,9,9,9",
      [1, 2, 3],
      [[1, 2, 3, 4]],
      "a,b,c,d",
      "-1,2,3,4",
      "1,2,3,5001",
      1,
      true,
      { x: 1 },
      "1;2;3;4",
    ],
    ["1,2,3,4", "1,2,3,4|5,6,7,8", [1, 2, 3, 4.5]],
  ],
  [
    "colors",
    ["yes", "TRUE", 2, -1, [true], {}, "true ", "01"],
    [true, false, 1, 0, "1", "0", "true", "false"],
  ],
  ["auto_tagging", [0.7, 1, "0.60001", "six", true, [0.6], "6e-1", -0.6], [0.6, "0.8"]],
  [
    "eager",
    [
      "w_400",
      "w_100|w_100",
      "w_100/l_authenticated:secret",
      "w_400,h_300,c_pad",
      ["w_100"],
      "l_fetch:aHR0",
      {},
    ],
    ["w_100", "w_400,h_300,c_pad|w_260"],
  ],
  ["quality_analysis", [false, 0, "0", "yes"], [true, "1", 1]],
  ["source", ["UW", "ml", "uw ", ["uw"]], ["uw"]],
];

const values: Family = {
  family: "values in a ticket request",
  rows: VALUES.flatMap(([param, refused]) => refused.map((value) => kind(param, value))),
  twins: VALUES.flatMap(([param, , signed]) => signed.map((value) => kindTwin(param, value))),
};

const typed = (type: string | undefined, encoding?: string): RequestInit => ({
  method: "POST",
  headers: {
    ...(type !== undefined && { "content-type": type }),
    ...(encoding && { "content-encoding": encoding }),
  },
  body: new TextEncoder().encode("{}"),
});

const mediaTypes: Family = {
  family: "kinds of body",
  rows: [
    ...[
      "multipart/form-data; boundary=x",
      "multipart/mixed",
      "MULTIPART/FORM-DATA",
      "Multipart/Form-Data;boundary=y",
    ].map((type) => ({ type, encoding: undefined })),
    ...[
      "application/x-www-form-urlencoded",
      "application/x-www-form-urlencoded; charset=utf-8",
      "APPLICATION/X-WWW-FORM-URLENCODED",
    ].map((type) => ({ type, encoding: undefined })),
    ...["gzip", "br", "deflate", "GZIP", "identity, gzip"].map((encoding) => ({
      type: "application/json",
      encoding,
    })),
  ].flatMap(({ type, encoding }) =>
    [typed(type, encoding), () => ({ ...stream("{}")(), headers: typed(type, encoding).headers! })].map(
      (init) => ({
        name: `${type} ${encoding ?? ""}${typeof init === "function" ? " in chunks" : ""}`,
        init,
        status: 415,
        code: "unsupported_media_type",
      }),
    ),
  ),
  twins: [
    ...[
      "application/json",
      "application/json; charset=utf-8",
      "text/plain",
      "text/plain;charset=UTF-8",
      "application/octet-stream",
      "x",
    ].map((type) => ({ name: type, init: typed(type) })),
    { name: "no type", init: typed(undefined) },
    { name: "identity", init: typed("application/json", "identity") },
  ],
};

const MAX = 64 * 1024;
const bodyOf = (bytes: number): string => `{"params":{}${" ".repeat(bytes - 13)}}`;
const stream = (text: string) => (): RequestInit => ({
  method: "POST",
  body: new Blob([text]).stream(),
  // Fetch wants to hear that the answer waits for the whole body.
  ...({ duplex: "half" } as object),
});

const sizes: Family = {
  family: "sizes",
  rows: [
    ...[MAX + 1, MAX * 2, 1_000_000].map((bytes) => ({ name: `${bytes} bytes`, init: post(bodyOf(bytes)) })),
    { name: "too large in chunks, without a length", init: stream(bodyOf(MAX + 1)) },
    { name: "too large with names alone", init: post(`{"params":{"${"a".repeat(MAX)}":1}}`) },
  ].map((row) => ({ ...row, status: 413, code: "body_too_large" })),
  twins: [
    { name: `${MAX} bytes`, init: post(bodyOf(MAX)) },
    { name: `${MAX} bytes in chunks`, init: stream(bodyOf(MAX)) },
  ],
};

const paths: Family = {
  family: "methods and paths",
  rows: [
    ...["PUT", "PATCH", "DELETE", "QUERY", "PURGE"].flatMap((method) =>
      ["/sign", "/sign/default"].map((path) => ({
        name: `${method} ${path}`,
        path,
        init: { method },
        status: 405,
        code: "method_not_allowed",
      })),
    ),
    ...["POST", "PUT", "DELETE"].map((method) => ({
      name: `${method} /health`,
      path: "/health",
      init: { method },
      status: 405,
      code: "method_not_allowed",
    })),
    ...[
      "/",
      "/sig",
      "/signs",
      "/sign/",
      "/sign/default/",
      "/sign/default/x",
      "//sign",
      "/SIGN",
      "/sign%2Fdefault",
      "/links",
    ].map((path) => ({ name: `POST ${path}`, path, init: post({}), status: 404, code: "not_found" })),
    ...[
      "nope",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "Default",
      "default%20",
      "%20default",
      "default%00",
      "..%2fdefault",
    ].map((profile) => ({
      name: `profile ${profile}`,
      path: `/sign/${profile}`,
      init: post({}),
      status: 404,
      code: "unknown_profile",
    })),
    ...[
      "%E0%A4%A",
      "%ff",
      "x".repeat(2000),
      "a%0d%0ab",
      "%F0%9F%90%88",
      "'%3E%3Cscript%3E",
      "default;x",
      "default,bare",
      "*",
      "-",
    ].map((profile) => ({
      name: `profile ${profile.slice(0, 40)}`,
      path: `/sign/${profile}`,
      init: post({}),
      status: 404,
      code: "unknown_profile",
    })),
    ...["json", "CURL", "curl%20", "sh", "", "curl,curl"].map((format) => ({
      name: `format=${format}`,
      path: `/sign?format=${format}`,
      init: post({}),
      status: 400,
      code: "malformed_request",
    })),
  ],
  twins: [
    { name: "POST /sign", path: "/sign", init: post({}) },
    { name: "POST /sign/default", path: "/sign/default", init: post({}) },
    { name: "POST /sign/bare", path: "/sign/bare", init: post({}) },
    { name: "an unknown query", path: "/sign?utm_source=x", init: post({}) },
  ],
};

const origins: Family = {
  family: "origins",
  rows: [
    ...[
      UNLISTED,
      "null",
      "*",
      "https://www.example.com.evil.example",
      "https://evil-www.example.com",
      "http://www.example.com",
    ].map((origin) => ({ origin, path: "/sign" })),
    ...[
      "https://www.example.com/",
      "https://www.example.com:443",
      "https://WWW.example.com",
      "https://example.com",
      "https://www.example.com:8443",
    ].map((origin) => ({ origin, path: "/sign" })),
    ...[
      "https://user:secret@evil.example",
      "https://www.example.com@evil.example",
      "https://www.example.com, https://evil.example",
      "file://",
      "https://www.example.com#x",
    ].map((origin) => ({ origin, path: "/sign" })),
    { origin: LISTED_TOO, path: "/sign/pages" },
    { origin: UNLISTED, path: "/sign/nope" },
    { origin: UNLISTED, path: "/sign/pages" },
  ].map(({ origin, path }) => ({
    name: `${shown(origin)} at ${path}`,
    path,
    init: post({}, { origin }),
    status: 403,
    code: "origin_not_allowed",
  })),
  twins: [
    { name: LISTED, init: post({}, { origin: LISTED }) },
    { name: LISTED_TOO, init: post({}, { origin: LISTED_TOO }) },
    { name: `${LISTED} at /sign/pages`, path: "/sign/pages", init: post({}, { origin: LISTED }) },
    { name: "no origin", init: post({}) },
  ],
};

const withoutOrigin: Family = {
  family: "a profile for pages, asked by no page",
  rows: [{ name: "no Origin", path: "/sign/pages", init: post({}), status: 403, code: "origin_not_allowed" }],
  twins: [{ name: "a listed origin", path: "/sign/pages", init: post({}, { origin: LISTED }) }],
};

const noDropIn: Family = {
  family: "drop-in where the profile can't serve it",
  rows: [
    {
      name: "a random name",
      path: "/sign/default",
      init: dropIn(widgetParams()),
      param: ["public_id", "invalid"] as const,
    },
    {
      name: "a short life",
      path: "/sign/short",
      init: dropIn(widgetParams()),
      param: ["public_id", "invalid"] as const,
    },
  ].map((row) => ({ ...row, status: 422, code: "params_refused" })),
  twins: [
    { name: "a ticket of the same profile", path: "/sign/short", init: post({}) },
    dropInTwin("a profile for drop-in", {}),
  ],
};

const FAMILIES = [
  bodies,
  ticketNames,
  dropInNames,
  dropInValues,
  values,
  mediaTypes,
  sizes,
  paths,
  origins,
  withoutOrigin,
  noDropIn,
];

it("there are at least 300 hostile requests, and twins in each family", () => {
  expect(FAMILIES.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(300);
  for (const { family, twins } of FAMILIES) expect(twins.length, family).toBeGreaterThan(0);
});

describe.each(TARGETS)("%s", (where, start) => {
  /** Of what is refused, all in this process; by the Worker, in the quick run, a part of each family. */
  const some = <T>(rows: readonly T[]): readonly T[] =>
    where === "the built Worker in workerd" ? sampled(rows, 3) : rows;
  let target: Target;
  beforeAll(async () => {
    target = await start(BINDINGS);
  });
  afterAll(() => target.close());

  describe.each(FAMILIES)("$family", ({ rows, twins }) => {
    it.each(some(rows))("refused: $name", async ({ path = "/sign", init, status, code, param }) => {
      const problem = expectProblem(
        await target.ask(path, typeof init === "function" ? init() : init),
        status,
        code,
      );
      if (param === undefined) expect(problem.errors).toBeUndefined();
      else expect(problem.errors?.map((error) => [error.param, error.code])).toEqual([[...param]]);
    });

    it.each(twins)("signed: $name", async ({ path = "/sign", init, sent }) => {
      const answer = await target.ask(path, typeof init === "function" ? init() : init);
      if (sent === undefined) expectTicket(answer);
      else expectDropIn(answer, sent);
    });
  });

  it("the log holds one line a request, and nothing that a caller sent", () => {
    for (const line of target.logs) {
      const entry = JSON.parse(line);
      expect(entry.request_id).toBeTypeOf("string");
      expect(entry.status).toBeTypeOf("number");
      expect(entry.ms).toBeTypeOf("number");
      expect(["/sign/{profile}", "/links/{profile}", "/health", "(none)"]).toContain(entry.route);
      if (entry.status >= 400) expect(entry.code).toBeTypeOf("string");
    }
    const text = target.logs.join("\n");
    for (const sent of [
      "A cat",
      "pepper",
      "l_authenticated",
      "notification_type",
      "user:secret",
      "@evil.example",
      "nope",
      "xxxxxxxxxx",
    ]) {
      expect(text).not.toContain(sent);
    }
    expect(text).not.toMatch(/[0-9a-f]{40}/);
  });
});

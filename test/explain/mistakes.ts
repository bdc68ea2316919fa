// Code that signs wrongly, as people write it, in a few lines each: what it signed, and what it sent. The emulator says
// what Cloudinary answers; nothing here knows what `explain` will say.

import { createHash, createHmac } from "node:crypto";
import type { Evidence, Fields } from "../../src/explain/evidence.ts";
import { API_KEY, API_SECRET } from "../support/account.ts";

export type Params = Readonly<Record<string, string>>;

export interface Request {
  /** The string that the code hashed, as its author would print it. */
  readonly text: string;
  readonly signature: string;
  /** The form beside the file. */
  readonly fields: Fields;
  /** The path after the cloud. */
  readonly path?: string;
  /** The path that it was signed for, where that is not an upload's. */
  readonly meant?: string;
  /** Whether it was sent without a file. */
  readonly fileless?: true;
  readonly cloudName?: string;
  /** What else its author knows. */
  readonly known?: Pick<Evidence, "account" | "now">;
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
export const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");

/** `a=1&b=2` over sorted names, as Cloudinary's guide says. */
export const join = (params: Params): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join("&");

/** Version 2 of the same. */
export const joinEscaped = (params: Params): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`.replaceAll("&", "%26"))
    .join("&");

/** What a browser sends. */
export const form = (params: Params, signature: string): Fields => [
  ...Object.entries(params),
  ["api_key", API_KEY],
  ["signature", signature],
];

const seconds = (): number => Math.floor(Date.now() / 1000);
const withSecret = (text: string): string => sha256(text + API_SECRET);

interface Options {
  readonly text?: string;
  /** The signature of the string to sign. */
  readonly hash?: (text: string) => string;
}

/** A request that signs one set of parameters and sends another. */
function request(
  signed: Params,
  sent: Params,
  { text = joinEscaped(signed), hash = withSecret }: Options = {},
): Request {
  const signature = hash(text);
  return { text, signature, fields: form(sent, signature) };
}

const base = (): Params => ({ folder: "shop", timestamp: String(seconds()) });
/** The same on both sides, beside the folder and the time. */
const both = (params: Params = {}, options: Options = {}) => {
  const all = { ...base(), ...params };
  return request(all, all, options);
};
/** One field that differs. */
const differing = (name: string, signed: string, sent: string) =>
  request({ ...base(), [name]: signed }, { ...base(), [name]: sent });
/** The right parameters, put together in another way. */
const joined = (how: (params: Params) => string, params: Params = {}) => {
  const all = { ...base(), ...params };
  return request(all, all, { text: how(all) });
};
const digested = (hash: (text: string) => string) => both({}, { hash });
/** The right request, whose form was changed on its way. */
const reformed = (change: (fields: Fields) => Fields, params: Params = {}): Request => {
  const made = both(params);
  return { ...made, fields: change(made.fields) };
};
const without = (name: string) => (fields: Fields) => fields.filter(([one]) => one !== name);
const renamed = (from: string, to: string) => (fields: Fields) =>
  fields.map(([name, value]) => [name === from ? to : name, value] as const);

/** The right way, in all the ways in which the mistakes below differ from it. */
export const RIGHT: Readonly<Record<string, () => Request>> = {
  "a folder": () => both(),
  "all that is hard": () =>
    both({
      context: "alt=Salt & pepper|caption=50% off, “über”",
      tags: "a,b",
      overwrite: "false",
      eager: "w_100,h_100,c_fill|w_200",
      source: "uw",
      transformation: "c_limit,w_1000",
    }),
  "a list as tags[]": () =>
    reformed((fields) => [...without("tags")(fields), ["tags[]", "a"], ["tags[]", "b"]], { tags: "a,b" }),
  "by SHA-1": () => digested((text) => sha1(text + API_SECRET)),
};

type Mistake = readonly [cause: string, what: string, () => Request];

/** Each mistake by the cause that `explain` must name first. */
export const MISTAKES: readonly Mistake[] = [
  ["sent_not_signed", "tags were added to the form later", () => request(base(), { ...base(), tags: "a" })],
  [
    "sent_not_signed",
    "of three fields only the time was signed",
    () => {
      const { timestamp = "" } = base();
      return request({ timestamp }, { folder: "shop", public_id: "cat", timestamp });
    },
  ],
  ["signed_not_sent", "the form was built without the folder", () => reformed(without("folder"))],
  ["changed_after_signing", "another folder", () => differing("folder", "shop", "other")],
  ["sent_twice", "a form that is used again", () => reformed((fields) => [...fields, ["folder", "older"]])],
  [
    "timestamp_made_twice",
    "a time for the signature and one for the form",
    () => differing("timestamp", String(seconds() - 7), String(seconds())),
  ],
  ["boolean_spelling", "1 was signed, true sent", () => differing("overwrite", "1", "true")],
  ["boolean_spelling", "Python's True", () => differing("use_filename", "True", "true")],
  ["list_joining", "a list by JSON", () => differing("tags", '["a","b"]', "a,b")],
  ["list_joining", "with spaces", () => differing("tags", "a, b", "a,b")],
  [
    "list_joining",
    "joined by a bar, and sent as tags[]",
    () =>
      reformed((fields) => [...without("tags")(fields), ["tags[]", "a"], ["tags[]", "b"]], { tags: "a|b" }),
  ],
  [
    "list_joining",
    "signed as tags[]",
    () => request({ ...base(), "tags[]": "a,b" }, { ...base(), tags: "a,b" }),
  ],
  ["list_joining", "Python's list", () => differing("tags", "['a', 'b']", "a,b")],
  ["list_joining", "in another order", () => differing("tags", "b,a", "a,b")],
  ["list_joining", "eager as a list", () => differing("eager", "w_100,w_200", "w_100|w_200")],
  ["number_format", "80.0 and 80", () => differing("quality_override", "80.0", "80")],
  ["number_format", "a comma of a locale", () => differing("auto_tagging", "0,6", "0.6")],
  ["source_not_signed", "the widget's source", () => request(base(), { ...base(), source: "uw" })],
  ["preset_not_signed", "a component's preset", () => request(base(), { ...base(), upload_preset: "site" })],
  [
    "camel_case_name",
    "sent in JavaScript's spelling",
    () => request({ ...base(), public_id: "cat" }, { ...base(), publicId: "cat" }),
  ],
  [
    "separator",
    "nothing between",
    () => joined(({ folder, timestamp }) => `folder=${folder}timestamp=${timestamp}`),
  ],
  ["separator", "spaces", () => joined(({ folder, timestamp }) => `folder=${folder} timestamp=${timestamp}`)],
  [
    "signature_not_text",
    "all that sha1sum prints",
    () => digested((text) => `${sha1(text + API_SECRET)}  -`),
  ],
  ["signature_not_text", "all that openssl prints", () => digested((text) => `(stdin)= ${withSecret(text)}`)],
  ["unsigned_name_signed", "the key", () => request({ ...base(), api_key: API_KEY }, base())],
  ["unsigned_name_signed", "the resource type", () => request({ ...base(), resource_type: "image" }, base())],
  ["unsigned_name_signed", "the cloud", () => request({ ...base(), cloud_name: "suite-cloud" }, base())],
  ["unsigned_name_signed", "the file", () => request({ ...base(), file: "cat.jpg" }, base())],
  [
    "url_encoded",
    "by URLSearchParams",
    () => joined((all) => String(new URLSearchParams(Object.entries(all).sort())), { folder: "my shop/ü" }),
  ],
  [
    "url_encoded",
    "value by value",
    () => differing("eager", encodeURIComponent("w_100,h_100"), "w_100,h_100"),
  ],
  ["url_encoded", "the whole text", () => joined((all) => encodeURI(join(all)), { folder: "my shop" })],
  ["url_encoded", "what is sent", () => differing("folder", "my shop", "my%20shop")],
  [
    "sorted_otherwise",
    "as they came",
    () => joined(({ timestamp, folder }) => `timestamp=${timestamp}&folder=${folder}`),
  ],
  [
    "sorted_otherwise",
    "by a locale",
    () =>
      joined(
        (all) => {
          const names = Object.keys(all).sort((a, b) => a.localeCompare(b, "lt"));
          return names.map((name) => `${name}=${all[name]}`).join("&");
        },
        { type: "upload", transformation: "w_1" },
      ),
  ],
  ["ampersand_escaping", "version 1", () => joined(join, { context: "alt=Salt & pepper" })],
  [
    "ampersand_escaping",
    "version 1, with what looks like a field",
    () => joined(join, { context: "alt=a&tags=b" }),
  ],
  ["milliseconds", "sent", () => differing("timestamp", String(seconds()), String(Date.now()))],
  ["not_a_value", "undefined", () => request({ ...base(), public_id: "undefined" }, base())],
  ["not_a_value", "an object for context", () => differing("context", "alt=a", "[object Object]")],
  ["empty_value_signed", "an empty list", () => both({ tags: "" })],
  [
    "camel_case_name",
    "publicId",
    () => request({ ...base(), publicId: "cat" }, { ...base(), public_id: "cat" }),
  ],
  ["camel_case_name", "apiKey", () => reformed(renamed("api_key", "apiKey"))],
  ["unknown_field", "a field of the uploader's", () => request(base(), { ...base(), dzuuid: "6f1" })],
  ["context_format", "context as JSON", () => differing("context", '{"alt":"a"}', "alt=a")],
  ["context_format", "joined by a comma", () => differing("context", "alt=a,caption=b", "alt=a|caption=b")],
  [
    "transformation_order",
    "sorted by an SDK",
    () => differing("transformation", "c_fill,h_100,w_100", "w_100,h_100,c_fill"),
  ],
  [
    "white_space",
    "a line break of a text field",
    () => differing("context", "alt=one\ntwo", "alt=one\r\ntwo"),
  ],
  ["white_space", "a blank at the end", () => differing("folder", "shop ", "shop")],
  ["unicode_form", "a name of a Mac", () => differing("folder", "caf\u00e9", "cafe\u0301")],
  ["letter_case", "capitals", () => differing("folder", "Shop", "shop")],
  ["quoted_value", "quotes of a .env file", () => differing("folder", "shop", '"shop"')],
  ["html_escaped", "a template", () => differing("folder", "a'b", "a&#39;b")],
  ["json_signed", "JSON", () => joined((all) => JSON.stringify(all))],
  ["separator", "a comma", () => joined((all) => join(all).replaceAll("&", ","))],
  ["separator", "a question mark before", () => joined((all) => `?${join(all)}`)],
  ["separator", "without names", () => joined((all) => Object.values(all).join(""))],
  [
    "separator",
    "an & before the secret",
    () => ({
      ...both({}, { hash: (text) => sha256(`${text}&${API_SECRET}`) }),
      text: `${join(base())}&${API_SECRET}`,
    }),
  ],
  [
    "separator",
    "the secret as a field",
    () => ({
      ...digested((text) => sha256(`${text}&api_secret=${API_SECRET}`)),
      text: `${join(base())}&api_secret=${API_SECRET}`,
    }),
  ],
  [
    "secret_first",
    "the secret before, in the text that was printed",
    () => ({ ...digested((text) => sha256(API_SECRET + text)), text: API_SECRET + join(base()) }),
  ],
  [
    "base64_signature",
    "base64",
    () =>
      digested((text) =>
        createHash("sha256")
          .update(text + API_SECRET)
          .digest("base64"),
      ),
  ],
  ["upper_case_signature", "capitals", () => digested((text) => withSecret(text).toUpperCase())],
  [
    "other_hash",
    "MD5",
    () =>
      digested((text) =>
        createHash("md5")
          .update(text + API_SECRET)
          .digest("hex"),
      ),
  ],
  ["other_hash", "a signature that was cut", () => digested((text) => withSecret(text).slice(0, 32))],
  ["signature_not_text", "a promise", () => digested((text) => String(Promise.resolve(text)))],
  ["signature_not_text", "undefined", () => digested(() => "undefined")],
  ["signature_not_text", "JSON", () => digested((text) => JSON.stringify({ signature: withSecret(text) }))],
  [
    "mixed_tickets",
    "the signature of another file",
    () => ({ ...both(), fields: form(base(), both({ public_id: "other" }).signature) }),
  ],
  [
    "stale",
    "a page that is cached",
    () => ({ ...both({ timestamp: String(seconds() - 3 * 3600 - 777) }), known: { now: seconds() } }),
  ],
  [
    "local_time",
    "two hours west of Greenwich",
    () => ({ ...both({ timestamp: String(seconds() - 2 * 3600) }), known: { now: seconds() } }),
  ],
  ["seconds_divided", "divided twice", () => both({ timestamp: String(Math.floor(seconds() / 1000)) })],
  ["not_seconds", "a date", () => both({ timestamp: new Date().toISOString() })],
  ["not_seconds", "Python's time.time()", () => both({ timestamp: `${seconds()}.25` })],
  [
    "wrong_cloud",
    "the cloud of a colleague",
    () => ({ ...both(), cloudName: "other-cloud", known: { account: { cloudName: "suite-cloud" } } }),
  ],
  [
    "unknown_key",
    "the cloud name as the key",
    () => reformed((fields) => [...without("api_key")(fields), ["api_key", "suite-cloud"]]),
  ],
  ["missing_parameter", "no key", () => reformed(without("api_key"))],
  ["unsigned_request", "the signature was left out", () => reformed(without("signature"))],
  ["another_method", "an upload sent to destroy", () => ({ ...both(), path: "image/destroy" })],
  ["another_method", "an upload sent to explode", () => ({ ...both(), path: "image/explode" })],
  [
    "another_method",
    "a ticket of a destroy profile, sent to upload by code for uploads",
    () => ({
      ...both({ public_id: "users/42/cat", invalidate: "true" }),
      ...{ meant: "image/destroy", fileless: true },
    }),
  ],
  [
    "another_method",
    "a ticket of a rename profile, sent to destroy",
    () => ({
      ...both({ from_public_id: "users/42/cat", to_public_id: "users/42/old" }),
      ...{ path: "image/destroy", meant: "image/rename", fileless: true },
    }),
  ],
  [
    "secret_sent",
    "the secret in the form",
    () => reformed((fields) => [...fields, ["apiSecret", API_SECRET]]),
  ],
];

/** What only the secret can tell: the texts are the same. */
export const UNDER_THE_SECRET: readonly Mistake[] = [
  ["secret_quoted", "quotes of an env file", () => digested((text) => sha256(`${text}"${API_SECRET}"`))],
  ["secret_white_space", "echo", () => digested((text) => sha256(`${text}${API_SECRET}\n`))],
  [
    "secret_truncated",
    "the last two were not selected",
    () => digested((text) => sha256(text + API_SECRET.slice(0, -2))),
  ],
  ["key_as_secret", "the key in its place", () => digested((text) => sha256(text + API_KEY))],
  ["hmac", "an HMAC", () => digested((text) => createHmac("sha256", API_SECRET).update(text).digest("hex"))],
  [
    "hmac",
    "an HMAC by SHA-1",
    () => digested((text) => createHmac("sha1", API_SECRET).update(text).digest("hex")),
  ],
  [
    "not_utf8",
    "Latin-1",
    () =>
      both(
        { folder: "Grüße" },
        {
          hash: (text) =>
            createHash("sha256")
              .update(text + API_SECRET, "latin1")
              .digest("hex"),
        },
      ),
  ],
  ["secret_first", "the secret before", () => digested((text) => sha256(API_SECRET + text))],
  ["secret_missing", "no secret", () => digested((text) => sha256(text))],
  ["secret_missing", "undefined", () => digested((text) => sha256(`${text}undefined`))],
  [
    "secret_or_key",
    "the secret of another account",
    () => digested((text) => sha256(`${text}another-Secret-of-someone`)),
  ],
];

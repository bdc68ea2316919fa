// What the library refuses of the code that calls it, or of what that code was sent: signed by none of its functions,
// told by a TypeError that names the parameter and never its value; and no verification that throws for a stranger's
// answer.

import { describe, expect, it } from "vitest";
import {
  signRequest,
  signUpload,
  verifyNotification,
  verifyUploadResponse,
} from "../../src/library/library.ts";
import { REQUESTS } from "../../src/library/sign-request.ts";
import { SIGNED_METHODS } from "../../src/policy/tables/signed-methods.ts";
import { sdkSignature } from "../support/sdk.ts";
import evidence from "../vectors/upload-params.json" with { type: "json" };

const account = { cloudName: "demo", apiKey: "1", apiSecret: "s3cret", timestamp: 1_700_000_000 };

/** The three ways to have something signed, each with what it needs beside the value that is tried. */
type Sign = (params: unknown, account: unknown) => Promise<unknown>;
const request =
  (method: "destroy" | "explicit"): Sign =>
  (params, account) =>
    signRequest(method, params as never, account as never);
interface Names {
  readonly text: string;
  readonly list: string;
  readonly flag: string;
}
const MANY: Names = { text: "context", list: "tags", flag: "phash" };
const SIGNERS: readonly [name: string, sign: Sign, wanted: string, names: Names][] = [
  [
    "signUpload",
    (params, account) => signUpload(params as never, account as never),
    "at least one parameter",
    MANY,
  ],
  [
    "signRequest destroy",
    request("destroy"),
    "destroy needs public_id",
    { text: "notification_url", list: "notification_url", flag: "invalidate" },
  ],
  ["signRequest explicit", request("explicit"), "explicit needs public_id and type", MANY],
];

/** The error that something is refused with. */
async function refusal(signed: Promise<unknown>): Promise<TypeError> {
  const error = await signed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TypeError);
  return error as TypeError;
}
const GOOD = { public_id: "a", type: "upload" };

class Params {
  public_id = "a";
  type = "upload";
}

describe.each(SIGNERS)("%s", (_, sign, wanted, { text, list, flag }) => {
  it("signs what is good, so the tests below can fail", async () => {
    for (const good of [
      GOOD,
      Object.assign(Object.create(null), GOOD),
      { ...GOOD, [flag]: false, [list]: [] },
    ])
      expect(await sign(good, account)).toMatchObject({ fields: { public_id: "a" } });
  });

  it.each<[string, unknown]>([
    ["a Map", new Map(Object.entries(GOOD))],
    ["a Set", new Set(["public_id"])],
    ["URLSearchParams", new URLSearchParams(GOOD)],
    ["FormData", new FormData()],
    ["Headers", new Headers(GOOD)],
    ["a number", 5],
    ["a text", "public_id=a"],
    ["an empty text", ""],
    ["a boolean", true],
    ["null", null],
    ["undefined", undefined],
    ["a list", [GOOD]],
    ["pairs", Object.entries(GOOD)],
    ["an empty list", []],
    ["bytes", new Uint8Array(3)],
    ["an instance of a class", new Params()],
    ["an heir", Object.create(GOOD)],
    ["a date", new Date(0)],
    ["a promise", Promise.resolve(GOOD)],
    ["a function", () => GOOD],
    ["a symbol", Symbol("public_id")],
    ["a bigint", 5n],
    ["an error", new Error("x")],
  ])("%s is no object of parameters", async (_, params) => {
    const refused = expect(sign(params, account)).rejects;
    await refused.toThrow(TypeError);
    await refused.toThrow("must be a plain object");
  });

  it.each<[string, object]>([
    ["nothing", {}],
    ["null", { public_id: null }],
    ["undefined", { public_id: undefined, type: undefined }],
    ["an empty text", { public_id: "" }],
    ["an empty list", { public_id: [], type: [] }],
  ])("a time alone is not signed: %s", async (_, params) => {
    expect(sdkSignature({ ...params, timestamp: 1 }, "s3cret", "sha256")).toBe(
      sdkSignature({ timestamp: 1 }, "s3cret", "sha256"),
    );
    const refused = expect(sign(params, account)).rejects;
    await refused.toThrow(TypeError);
    await refused.toThrow(wanted);
  });

  const BAD: readonly [string, unknown][] = [
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["a function", () => "sss-value"],
    ["a symbol", Symbol("sss-value")],
    ["a bigint", 12_345_678_901_234_567_890n],
    ["an object", { a: "sss-value" }],
    ["a Map", new Map([["a", "sss-value"]])],
    ["a date", new Date(0)],
    ["a boxed text", new String("sss-value")],
    ["a boxed number", Object(5)],
    ["a promise", Promise.resolve("sss-value")],
    ["a list in a list", ["sss-value"]],
  ];
  it.each(BAD.filter(([name]) => name !== "a list in a list"))("the value %s", async (_, value) => {
    const error = await refusal(sign({ ...GOOD, [text]: value }, account));
    expect(error.message).toMatch(new RegExp(`^${text} must be a string`));
    expect(error.message).not.toContain("sss-value");
  });
  it.each([...BAD, ["null", null], ["undefined", undefined], ["a comma", "sss-value,b"]] as [
    string,
    unknown,
  ][])("a list that holds %s", async (_, value) => {
    const error = await refusal(sign({ ...GOOD, [list]: ["a", value] }, account));
    expect(error.message).toMatch(new RegExp(`^an item of ${list} must be a string without commas`));
    expect(error.message).not.toContain("sss-value");
  });
  it.each([[[""]], [["", ""]], [["a", ""]]])("a list with an empty item: %j", async (items) => {
    const error = await refusal(sign({ ...GOOD, [list]: items }, account));
    expect(error.message).toBe(`an item of ${list} is empty: leave it out`);
  });
  it.each<[string, unknown]>([
    ["the context", "sss-value\ud800"],
    ["an item of the context", ["a", "\udc00sss-value"]],
  ])("half a character in %s", async (_, value) => {
    const error = await refusal(sign({ ...GOOD, [text]: value }, account));
    expect(error.message).toMatch(new RegExp(`^(an item of )?${text} holds half a character`));
    expect(error.message).not.toContain("sss-value");
  });
  it("a list with a hole", async () => {
    await expect(sign({ ...GOOD, [list]: new Array(2) }, account)).rejects.toThrow(`an item of ${list}`);
  });

  it("a value is read once: what is checked is what is signed", async () => {
    const texts = ["first", "second", "third"];
    const changing = { ...GOOD, [text]: undefined as unknown };
    Object.defineProperty(changing, text, { enumerable: true, get: () => texts.shift() });
    const answer = (await sign(changing, account)) as { fields: Record<string, string> };
    const { api_key: _, signature, ...signed } = answer.fields;
    expect(signed[text]).toBe("first");
    expect(signature).toBe(sdkSignature(signed, "s3cret", "sha256"));
  });

  it.each<[string, unknown]>([
    ["http elsewhere", "http://api.example.com"],
    ["a host that begins like this machine's", "http://127.0.0.1.example.com"],
    ["a host that begins like this machine's", "http://localhost.example.com"],
    ["a user", "https://user@api.example.com"],
    ["a user and a password", "https://user:sss-value@api.example.com"],
    ["a query", "https://api.example.com/?a=sss-value"],
    ["a fragment", "https://api.example.com/v1_1/demo/image/destroy#" + "x"],
    ["another scheme", "javascript:alert(1)"],
    ["no scheme", "api.example.com"],
    ["a path", "/api"],
    ["nothing", ""],
    ["a number", 5],
    ["a URL", new URL("https://api.example.com")],
  ])("an uploadPrefix with %s", async (_, uploadPrefix) => {
    const error = await refusal(sign(GOOD, { ...account, uploadPrefix }));
    expect(error.message).toMatch(/^uploadPrefix /);
    expect(error.message).not.toContain("sss-value");
  });

  it.each([
    ["https://api-eu.cloudinary.com", "https://api-eu.cloudinary.com/v1_1/"],
    ["https://proxy.example.com/cloudinary//", "https://proxy.example.com/cloudinary/v1_1/"],
    ["http://127.0.0.1:8788", "http://127.0.0.1:8788/v1_1/"],
    ["http://localhost:8788/", "http://localhost:8788/v1_1/"],
    ["http://[::1]:8788", "http://[::1]:8788/v1_1/"],
    [null, "https://api.cloudinary.com/v1_1/"],
  ])("the uploadPrefix %j is taken", async (uploadPrefix, start) => {
    const { url } = (await sign(GOOD, { ...account, uploadPrefix })) as { url: string };
    expect(url.startsWith(start)).toBe(true);
  });

  it.each(["md5", "SHA256", "sha512", "", "toString", "__proto__", null, 1, {}])(
    "the algorithm %j",
    async (signatureAlgorithm) => {
      const refused = expect(sign(GOOD, { ...account, signatureAlgorithm })).rejects;
      await refused.toThrow(TypeError);
      await refused.toThrow("signatureAlgorithm must be sha256 or sha1");
    },
  );

  it.each<[string, string, string]>([
    ["apiSecret", "s3cret\n", "begins or ends with white space"],
    ["apiSecret", " s3cret", "begins or ends with white space"],
    ["apiSecret", '"s3cret"', "is wrapped in quotes"],
    ["apiSecret", "s3'cret", "holds a quote"],
    ["apiSecret", "s3 cret", "holds white space"],
    ["apiSecret", "CLOUDINARY_API_SECRET=s3cret", "holds the whole line"],
    ["apiSecret", "**********", "is the masked text"],
    ["apiSecret", "<s3cret>", "is still the placeholder"],
    ["apiSecret", "s3cr\u00e9t", "holds a character that is not printable ASCII"],
    ["apiKey", '"1"', "is wrapped in quotes"],
    ["cloudName", "demo\n", "begins or ends with white space"],
  ])("%s as %j is told, and not used", async (name, value, problem) => {
    const error = await refusal(sign(GOOD, { ...account, [name]: value }));
    expect(error.message).toContain(`${name} ${problem}`);
    expect(error.message).not.toContain("s3");
  });

  it.each<[string, () => number, string]>([
    ["milliseconds", () => Date.now(), "timestamp must be in seconds, such as Math.floor"],
    ["a number that is no time", () => 9e15, "timestamp must be in seconds"],
    ["the future", () => Math.floor(Date.now() / 1000) + 120, "timestamp must be at most 60 seconds ahead"],
    ["before all time", () => -1, "timestamp must be whole Unix seconds"],
    ["zero", () => 0, "timestamp must be whole Unix seconds"],
    ["minus zero", () => -0, "timestamp must be whole Unix seconds"],
    ["half a second", () => 1.5, "timestamp must be whole Unix seconds"],
    ["no number", () => Number.NaN, "timestamp must be whole Unix seconds"],
    ["a text", () => "1700000000" as never, "timestamp must be whole Unix seconds"],
  ])("the timestamp is %s", async (_, timestamp, problem) => {
    const error = await refusal(sign(GOOD, { ...account, timestamp: timestamp() }));
    expect(error.message).toContain(problem);
  });

  it("a timestamp of the next seconds is signed: clocks differ", async () => {
    const timestamp = Math.floor(Date.now() / 1000) + 50;
    expect(await sign(GOOD, { ...account, timestamp })).toMatchObject({
      fields: { timestamp: String(timestamp) },
    });
  });

  it.each([
    "apiSecret",
    "apiKey",
    "cloudName",
    "resourceType",
    "signatureAlgorithm",
    "timestamp",
    "uploadPrefix",
  ])("the account is read once: what is checked is what signs (%s)", async (name) => {
    const good = {
      ...account,
      resourceType: "image",
      signatureAlgorithm: "sha256",
      uploadPrefix: "https://a.example",
    };
    let read = 0;
    const changing = Object.defineProperty({ ...good }, name, {
      enumerable: true,
      get: () => {
        read += 1;
        return read === 1 ? good[name as keyof typeof good] : "";
      },
    });
    expect(await sign(GOOD, changing)).toEqual(await sign(GOOD, good));
    expect(read).toBe(1);
  });

  it.each([undefined, null, {}])("the account %j", async (missing) => {
    const refused = expect(sign(GOOD, missing)).rejects;
    await refused.toThrow(TypeError);
    await refused.toThrow("cloudName is missing");
  });
});

it.each(["public_ids", "fully_qualified_public_ids", "prefixes", "tags"])(
  "an archive of everything is not signed: %s of nothing but commas",
  async (name) => {
    for (const value of [",", " , ", ",,"])
      await expect(signRequest("generate_archive", { [name]: value }, account)).rejects.toThrow(
        "generate_archive needs",
      );
    for (const value of [["", ""], "a,,b", ",a", "a, "])
      await expect(signRequest("generate_archive", { [name]: value }, account)).rejects.toThrow("is empty");
  },
);

const throwing = (name: string): object =>
  Object.defineProperty({ public_id: "a", version: 1, signature: "0".repeat(64) }, name, {
    get: () => {
      throw new Error("no");
    },
  });

describe("names and kinds are those of the tables", () => {
  const NEEDED: Readonly<Record<string, object>> = {
    tags: { command: "add", public_ids: "a" },
    rename: { from_public_id: "a", to_public_id: "b" },
    generate_archive: { tags: "a" },
  };
  const sign = (method: string, params: object): Promise<unknown> =>
    method === "upload"
      ? signUpload({ ...params }, account)
      : signRequest(method as "tags", { ...(NEEDED[method] ?? GOOD), ...params } as never, account);

  it.each<[method: string, name: string, takes: string]>([
    ["upload", "colour", "folder"],
    ["upload", "to_type", "public_id"],
    ["upload", "max_bytes", "allowed_formats"],
    ["destroy", "folder", "public_id, invalidate, notification_url, type"],
    ["destroy", "asset_id", "invalidate"],
    ["explicit", "to_public_id", "context"],
    ["tags", "tags", "command, tag, public_ids, type"],
    ["generate_archive", "asset_folder", "target_asset_folder"],
  ])("%s has no %s", async (method, name, takes) => {
    const error = await refusal(sign(method, { [name]: "sss-value" }));
    expect(error.message).toMatch(
      new RegExp(`^${name} is no parameter of ${method}, which has .*\\b${takes}\\b`),
    );
    expect(error.message).not.toMatch(/sss-value|timestamp|api_key/);
  });

  it.each<[method: string, params: object, sent: string, wanted: string, bad: readonly unknown[]]>([
    ["upload", { overwrite: true }, "true", "true or false", ["yes", 2, ["true"]]],
    ["upload", { overwrite: 1 }, "1", "true or false", [{}]],
    ["upload", { overwrite: "0" }, "0", "true or false", ["no"]],
    ["upload", { auto_tagging: 0.6 }, "0.6", "a number such as 0.5", ["much", true, [0.6]]],
    ["upload", { eager: "w_100|w_200" }, "w_100|w_200", "a string", [["w_100", "w_200"], 5, true]],
    ["upload", { tags: ["a", "b"] }, "a,b", "a string, or a list", [5, true]],
    ["upload", { tags: "a, b" }, "a, b", "a string, or a list", [false]],
    ["upload", { context: "alt=" }, "alt=", "a string, such as", [["alt=a"], 5]],
    ["upload", { metadata: 'a=["b","c"]' }, 'a=["b","c"]', "a string, such as", [true]],
    ["upload", { custom_coordinates: [1, 2, 3, 4] }, "1,2,3,4", "x,y,width,height", [[1, 2], "1,2,3"]],
    ["upload", { headers: "A: b\nC: d" }, "A: b\nC: d", "a string", [["A: b", "C: d"]]],
    ["rename", { to_type: "upload" }, "upload", "a string", [5]],
    ["generate_archive", { expires_at: 1_800_000_000 }, "1800000000", "a whole number", [1.5, "soon"]],
    [
      "generate_archive",
      { fully_qualified_public_ids: ["image/upload/a+b", "raw/upload/c"] },
      "image/upload/a+b,raw/upload/c",
      "a string, or a list",
      [5],
    ],
  ])("%s takes %j", async (method, params, sent, wanted, bad) => {
    const [name = ""] = Object.keys(params);
    const { fields } = (await sign(method, params)) as { fields: Record<string, string> };
    expect(fields[name]).toBe(sent);
    for (const value of bad) {
      const { message } = await refusal(sign(method, { [name]: value }));
      expect(message).toMatch(typeof value === "object" && !Array.isArray(value) ? "must be" : wanted);
    }
  });

  it("of each method, as its evidence names them", () => {
    const uploads = evidence.params.map(({ name }) => name);
    const theirs: Record<string, readonly string[]> = { ...evidence.other_methods, explicit: uploads };
    for (const { name } of [...SIGNED_METHODS.values()].filter((method) => method.name !== "upload")) {
      const { parameters } = REQUESTS[name as keyof typeof REQUESTS];
      expect([...parameters.keys()].sort(), name).toEqual([...theirs[name]!].sort());
    }
  });
});

describe("verifyUploadResponse", () => {
  it.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["a text", "x"],
    ["a number", 5],
    ["a boolean", true],
    ["a symbol", Symbol("x")],
    ["a function", () => "x"],
    ["an empty list", []],
    ["a list", [{ public_id: "a", version: 1, signature: "0" }]],
    ["an empty object", {}],
    ["nulls", { public_id: null, version: null, signature: null }],
    ["objects", { public_id: {}, version: {}, signature: {} }],
    ["lists", { public_id: ["a"], version: [1], signature: ["0".repeat(64)] }],
    ["symbols", { public_id: Symbol("a"), version: Symbol("1"), signature: Symbol("0") }],
    ["NaN as the version", { public_id: "a", version: Number.NaN, signature: "0".repeat(64) }],
    ["a bigint as the version", { public_id: "a", version: 1n, signature: "0".repeat(64) }],
    ["a public ID that throws", throwing("public_id")],
    ["a version that throws", throwing("version")],
    ["a signature that throws", throwing("signature")],
    [
      "a proxy that throws",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no");
          },
        },
      ),
    ],
  ])("%s is false, and not thrown", async (_, response) => {
    expect(await verifyUploadResponse(response as never, { apiSecret: "s3cret" })).toBe(false);
    // A secret that is missing is a mistake of the code around it, whatever was posted.
    for (const options of [{ apiSecret: "" }, {}, undefined, null])
      await expect(verifyUploadResponse(response as never, options as never)).rejects.toThrow("apiSecret");
  });
});

describe("verifyNotification", () => {
  const options = { apiSecret: "s3cret", now: 1_700_000_000 };
  const good = { body: "{}", timestamp: "1700000000", signature: "0".repeat(64) };

  it.each<[string, object]>([
    ["no timestamp", { timestamp: undefined }],
    ["a number", { timestamp: 1_700_000_000 }],
    ["a list", { timestamp: ["1700000000"] }],
    ["an object", { timestamp: { toString: () => "1700000000" } }],
    ["a symbol", { timestamp: Symbol("1700000000") }],
    ["a signature that is a list", { signature: ["0".repeat(64)] }],
    ["a signature that is a number", { signature: 1 }],
    ["a signature that is an object", { signature: {} }],
    ["a signature that is a symbol", { signature: Symbol("0") }],
  ])("a header that is no text is missing, and nothing is thrown: %s", async (_, change) => {
    expect(await verifyNotification({ ...good, ...change } as never, options)).toEqual({
      ok: false,
      error: "missing_header",
    });
  });

  it.each([null, undefined, 5, "{}", [], {}])("%j in place of a notification is a mistake", async (given) => {
    const refused = expect(verifyNotification(given as never, options)).rejects;
    await refused.toThrow(TypeError);
    await refused.toThrow("body must be the raw body");
  });

  it.each<[string, () => unknown]>([
    ["only inherits from Uint8Array", () => Object.create(Uint8Array.prototype)],
    [
      "was given away",
      () => {
        const bytes = new Uint8Array(3);
        structuredClone(bytes, { transfer: [bytes.buffer] });
        return bytes;
      },
    ],
    ["is a DataView", () => new DataView(new ArrayBuffer(2))],
    ["is an ArrayBuffer", () => new ArrayBuffer(2)],
  ])("a body that %s is a mistake, in our own words", async (_, body) => {
    const refused = expect(verifyNotification({ ...good, body: body() as never }, options)).rejects;
    await refused.toThrow(TypeError);
    await refused.toThrow("body must be the raw body");
  });

  it.each(["s3cret\n", '"s3cret"', ["s3cret", " s3cret"]])(
    "the secret %j is told, and not used",
    async (apiSecret) => {
      for (const verified of [
        verifyNotification(good, { ...options, apiSecret }),
        verifyUploadResponse({ public_id: "a", version: 1, signature: "0" }, { apiSecret }),
      ])
        expect((await refusal(verified)).message).toMatch(/^apiSecret (begins|is wrapped)/);
    },
  );

  it.each([undefined, null, {}])("the options %j lack the secret", async (given) => {
    await expect(verifyNotification(good, given as never)).rejects.toThrow("apiSecret must be");
  });
});

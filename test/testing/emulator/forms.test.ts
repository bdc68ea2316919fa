// How a request may come: multipart by curl and by FormData, urlencoded, data: URIs, and everything broken.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { HAS_CURL } from "../../support/programs.ts";
import { type Fields, formOf, NOW, PNG_3X2, png, post, SVG_8X7, signed, started } from "./support.ts";

const DATA_URI = `data:image/png;base64,${Buffer.from(PNG_3X2).toString("base64")}`;

describe.skipIf(!HAS_CURL)("curl", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "emulator-curl-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function curl(emulator: Emulator, fields: Fields, ...args: string[]) {
    const lines = Object.entries(fields).flatMap(([name, value]) =>
      typeof value === "string"
        ? ["--form-string", `${name}=${value}`]
        : value.flatMap((item) => ["--form-string", `${name}[]=${item}`]),
    );
    const url = `${emulator.url}/v1_1/demo/image/upload`;
    const { stdout } = await promisify(execFile)("curl", ["-sS", ...lines, ...args, url], { cwd: folder });
    return JSON.parse(stdout);
  }

  // Names that the file system takes, written as curl's -F wants them: in quotes, with \ before " and \.
  it.each([
    "plain.png",
    'we;ird "name".png',
    "new\nline.png",
    "Łódź 😀.png",
    "back\\slash,comma.png",
    "--boundary=.png",
  ])("a file named %j", async (name) => {
    await writeFile(join(folder, name), PNG_3X2);
    const fields = signed({ tags: ["a", "b;type=x"], context: 'alt=Łódź & "q" @<x>' });
    const quoted = name.replaceAll(/["\\]/g, "\\$&");
    const emulator = await started();
    const body = await curl(emulator, fields, "-F", `file=@"${quoted}"`);
    expect(body).toMatchObject({ bytes: PNG_3X2.length, tags: ["a", "b;type=x"] });
    expect(body.context).toEqual({ custom: { alt: 'Łódź & "q" @<x>' } });
    const stem = name.slice(0, -".png".length);
    // curl sends a backslash as it is, and readers differ on it: here it parts directories.
    expect(body.original_filename).toBe(stem.split("\\").at(-1));
    expect(new Uint8Array(await (await fetch(body.secure_url)).arrayBuffer())).toEqual(PNG_3X2);
  });

  it("a file name that climbs", async () => {
    await writeFile(join(folder, "a.png"), PNG_3X2);
    const emulator = await started();
    const params = { use_filename: "true", unique_filename: "false" };
    const body = await curl(emulator, signed(params), "-F", "file=@a.png;filename=../../etc/passwd");
    expect(body).toMatchObject({ public_id: "passwd", original_filename: "passwd" });
  });

  it("a data: URI as a text field", async () => {
    const body = await curl(await started(), signed(), "--form-string", `file=${DATA_URI}`);
    expect(body).toMatchObject({ format: "png", width: 3 });
  });
});

describe("FormData", () => {
  it.each(["../../etc/passwd.png", 'q"u\r\no\\te%22Łódź.png', "\u0000.png", `${"a".repeat(3000)}.png`])(
    "a file named %j",
    async (name) => {
      const emulator = await started();
      const answer = await post(emulator, formOf(signed(), png(name)));
      expect(answer.status).toBe(200);
      expect(answer.body.public_id).toMatch(/^[a-z0-9]{20}$/);
      expect(new Uint8Array(await (await fetch(answer.body.secure_url)).arrayBuffer())).toEqual(PNG_3X2);
    },
  );

  it("a Blob without a name", async () => {
    const form = formOf(signed());
    form.append("file", new Blob([PNG_3X2]));
    expect((await post(await started(), form)).body).toMatchObject({
      format: "png",
      original_filename: "blob",
    });
  });

  it("the last of a repeated field", async () => {
    const form = formOf({ folder: "first", ...signed() }, png());
    form.append("folder", "last");
    const answer = await post(await started(), form);
    expect(answer.body.error.message).toContain("'folder=last&timestamp=1700000000'");
  });

  it("a body in chunks, without a length", async () => {
    const built = new Response(formOf(signed(), png()));
    const response = await fetch(`${(await started()).url}/v1_1/demo/image/upload`, {
      method: "POST",
      headers: { "Content-Type": built.headers.get("Content-Type")! },
      body: built.body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(200);
  });
});

describe("data: URIs", () => {
  it.each([
    ["base64", DATA_URI, "png"],
    ["upper-case", DATA_URI.replace("data:", "DATA:"), "png"],
    ["base64 with line breaks", DATA_URI.replaceAll(/(.{40})/g, "$1\r\n"), "png"],
    ["percent-encoded", `data:image/svg+xml,${encodeURIComponent(new TextDecoder().decode(SVG_8X7))}`, "svg"],
  ])("%s", async (_, uri, format) => {
    const emulator = await started();
    for (const body of [
      formOf(signed(), uri),
      new URLSearchParams({ ...(signed() as Record<string, string>), file: uri }),
    ]) {
      const answer = await post(emulator, body);
      expect(answer.body).toMatchObject({ format, original_filename: "file" });
    }
    expect(emulator.uploads().every((upload) => !("file" in upload.fields))).toBe(true);
  });

  it.each([
    ["https://example.com/a.png", /^This emulator fetches nothing/],
    ["http://127.0.0.1.example/", /^This emulator fetches nothing/],
    ["http://127.0.0.1@example.com/", /^This emulator fetches nothing/],
    ["http://u:p@127.0.0.1:1/", /^This emulator fetches nothing/],
    ["HTTP://127.0.0.1:1/", /^Error in loading http:\/\/127\.0\.0\.1:1\/ - no answer$/],
    ["s3://bucket/a.png", /^This emulator fetches nothing/],
    ["file:///etc/passwd", /^Unsupported source/],
    ["/etc/passwd", /^Unsupported source/],
    ["data:image/png", /^Unsupported source/],
    ["data:image/png;base64,@@@", /^Unsupported source/],
    ["data:image/png;base64,", /^Empty file$/],
  ])("refuses %s", async (file, message) => {
    const answer = await post(await started(), formOf(signed(), file));
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(message);
  });
});

describe("a file that another server of this machine has", () => {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/away.png") response.writeHead(302, { location: "http://example.com/a.png" }).end();
    else if (path === "/cut.png") response.write(PNG_3X2, () => response.destroy());
    else if (path === "/gone.png") response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "image/png" }).end(PNG_3X2);
  });
  beforeAll(() => new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = (path: string, host = "127.0.0.1") =>
    `http://${host}:${(server.address() as AddressInfo).port}/${path}`;

  it("is fetched, and named after its address", async () => {
    const emulator = await started();
    for (const host of ["127.0.0.1", "localhost"]) {
      const answer = await post(emulator, formOf(signed(), at("some/cat%20a.png?x=y", host)));
      expect(answer.body).toMatchObject({ format: "png", width: 3, bytes: PNG_3X2.length });
    }
    const named = await post(
      emulator,
      formOf(signed({ use_filename: "1", unique_filename: "0" }), at("cat.png")),
    );
    expect(named.body).toMatchObject({ public_id: "cat", original_filename: "cat" });
  });

  it("is fetched whichever way its address comes", async () => {
    const fields = { ...signed(), file: at("cat.png") } as Record<string, string>;
    for (const [body, headers] of [
      [new URLSearchParams(fields), {}],
      [JSON.stringify(fields), { "Content-Type": "application/json" }],
    ] as const) {
      const answer = await post(await started(), body, { headers });
      expect(answer.body).toMatchObject({ format: "png", width: 3, original_filename: "cat" });
    }
  });

  it("is fetched for pages of this machine, and for no other site that is open in a browser", async () => {
    const emulator = await started();
    for (const [origin, status] of [
      ["http://localhost:3000", 200],
      ["https://127.0.0.1", 200],
      ["http://[::1]:1", 200],
      ["https://evil.example", 400],
      ["https://localhost.evil.example", 400],
      ["null", 400],
    ] as const) {
      const answer = await post(emulator, formOf(signed(), at("cat.png")), { headers: { Origin: origin } });
      expect([origin, answer.status]).toEqual([origin, status]);
      if (status === 400)
        expect(answer.body.error.message).toMatch(/^This emulator fetches nothing for pages/);
      const sent = await post(emulator, formOf(signed(), png()), { headers: { Origin: origin } });
      expect(sent.status).toBe(200);
    }
  });

  it.each([
    ["gone.png", / - 404$/],
    ["away.png", / - no answer$/],
    ["cut.png", / - no answer$/],
  ])("%s is refused", async (path, message) => {
    const answer = await post(await started(), formOf(signed(), at(path)));
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringMatching(message)]);
  });
});

it("urlencoded, with lists", async () => {
  const body = new URLSearchParams({ file: DATA_URI });
  for (const [name, value] of Object.entries(signed({ tags: ["a b", "c+d"], context: "alt=Łódź & co" }))) {
    for (const item of [value].flat()) body.append(Array.isArray(value) ? `${name}[]` : name, item as string);
  }
  const answer = await post(await started(), body);
  expect(answer.body).toMatchObject({ tags: ["a b", "c+d"], context: { custom: { alt: "Łódź & co" } } });
});

describe("JSON", () => {
  const send = async (fields: object, more: object = {}) =>
    post(await started(), JSON.stringify({ ...fields, file: DATA_URI, ...more }), {
      headers: { "Content-Type": "application/json" },
    });

  it.each<[string, Fields, object, object]>([
    ["lists", { tags: ["a", "b c"] }, {}, { tags: ["a", "b c"] }],
    ["a list's other name", {}, { "tags[]": [] }, { tags: [] }],
    ["text beyond ASCII", { context: "alt=Łódź & 😀" }, {}, { context: { custom: { alt: "Łódź & 😀" } } }],
    ["a number", { timestamp: String(NOW) }, { timestamp: NOW }, { version: NOW }],
    ["a boolean", { overwrite: "false" }, { overwrite: false }, { format: "png" }],
    ["what is null", {}, { folder: null }, { width: 3 }],
  ])("%s", async (_, params, more, expected) => {
    expect((await send(signed(params), more)).body).toMatchObject(expected);
  });

  it("is judged as a form is", async () => {
    const answer = await send(signed({ folder: "a" }), { folder: "b" });
    expect([answer.status, answer.body.error.message]).toEqual([
      401,
      expect.stringContaining(`String to sign - 'folder=b&timestamp=${NOW}'.`),
    ]);
    expect(answer.headers.get("X-Cld-Error")).toBe(answer.body.error.message);
  });

  it.each([
    ["public_id", { public_id: "a\ud800" }],
    ["an item", { tags: ["a", "\udc00"] }],
    ["a name", { "\ud800": "a" }],
  ])("half a character in %s is refused, which no form can hold", async (_, fields) => {
    const answer = await send({ ...signed(), ...fields });
    expect([answer.status, answer.body.error.message]).toEqual([400, "Malformed request - half a character"]);
  });

  it.each(["__proto__", "constructor"])("a member named %s is a field as any", async (name) => {
    const text = `{"${name}":"x",${JSON.stringify({ ...signed(), file: DATA_URI }).slice(1)}`;
    const answer = await post(await started(), text, { headers: { "Content-Type": "application/json" } });
    expect(answer.body.error.message).toContain(`'${name}=x&timestamp=${NOW}'`);
  });
});

describe("an address without a resource type", () => {
  const bare = async (emulator: Emulator, body: FormData | URLSearchParams) => {
    const response = await fetch(`${emulator.url}/v1_1/demo/upload`, { method: "POST", body });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it("is an image's", async () => {
    const emulator = await started();
    const { body } = await bare(emulator, formOf(signed({ public_id: "a" }), png()));
    expect(body).toMatchObject({ public_id: "a", resource_type: "image", format: "png" });
    expect(emulator.acts()).toEqual([
      { method: "upload", publicIds: ["a"], found: true, resourceType: "image", type: "upload" },
    ]);
    const other = await bare(emulator, formOf(signed(), new File(["x"], "a.txt")));
    expect([other.status, other.headers.get("X-Cld-Error")]).toEqual([400, "Invalid image file"]);
  });

  it("meets outages of the upload", async () => {
    const emulator = await started();
    emulator.fail({ method: "destroy", as: 500 });
    emulator.fail({ method: "upload", as: 503, times: 1 });
    expect((await bare(emulator, formOf(signed(), png()))).status).toBe(503);
    expect((await bare(emulator, formOf(signed(), png()))).status).toBe(200);
  });

  it("has no other method", async () => {
    const response = await fetch(`${(await started()).url}/v1_1/demo/destroy`, {
      method: "POST",
      body: formOf(signed({ public_id: "a" })),
    });
    expect([response.status, (await response.json()).error.message]).toEqual([
      404,
      expect.stringMatching(/and POST \/v1_1\/<cloud>\/upload$/),
    ]);
  });
});

it("a file that holds the boundary, which the official SDK draws as short as that", async () => {
  const fields = Object.entries(signed({ public_id: "a" })).map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const text = "x --x\r\nx-- \r\n-x";
  const file = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${text}\r\n--x--`;
  const headers = { "Content-Type": "multipart/form-data; boundary=x" };
  const { status, body } = await post(await started(), fields.join("") + file, {
    resourceType: "raw",
    headers,
  });
  expect([status, body.bytes]).toEqual([200, text.length]);
  expect(await (await fetch(body.secure_url)).text()).toBe(text);
});

describe("what can't be read", () => {
  const multipart = { "Content-Type": "multipart/form-data; boundary=X" };
  const json = { "Content-Type": "application/json; charset=utf-8" };
  const part = 'Content-Disposition: form-data; name="a"\r\n\r\nv\r\n';
  it.each<[string, string, Record<string, string>, RegExp]>([
    ["nothing", "", multipart, /^Malformed request/],
    ["no part", "garbage", multipart, /^Malformed request/],
    ["another boundary", `--Y\r\n${part}--Y--\r\n`, multipart, /^Malformed request/],
    ["no end", `--X\r\n${part}`, multipart, /^Malformed request/],
    ["no boundary", `--X\r\n${part}--X--`, { "Content-Type": "multipart/form-data" }, /^Malformed request/],
    [
      "a quote in a file name, as the official SDK writes it",
      `--X\r\nContent-Disposition: form-data; name="file"; filename="a"b.png"\r\n\r\nv\r\n--X--`,
      multipart,
      /^Malformed request/,
    ],
    [
      "a file where text belongs",
      `--X\r\nContent-Disposition: form-data; name="tags"; filename="a"\r\n\r\nv\r\n--X--`,
      multipart,
      /^Malformed request - tags is a file$/,
    ],
    [
      "a list and a text of one name",
      "tags[]=a&tags=b",
      { "Content-Type": "application/x-www-form-urlencoded" },
      /^Malformed request - tags is sent as a list and as a string$/,
    ],
    ["JSON that is cut", '{"a":', json, /^Malformed request - the body does not parse as JSON$/],
    ["JSON, a list", "[]", json, /^Malformed request - the body is not a JSON object$/],
    ["JSON, null", "null", json, /^Malformed request - the body is not a JSON object$/],
    ["JSON, a text", '"a=b"', json, /^Malformed request - the body is not a JSON object$/],
    ["JSON, an object in it", '{"context":{"a":"b"}}', json, /^Malformed request - context holds an object$/],
    ["JSON, a list of lists", '{"tags":[["a"]]}', json, /^Malformed request - tags holds an object$/],
    [
      "JSON, a list and a text of one name",
      '{"tags":"a","tags[]":["b"]}',
      json,
      /^Malformed request - tags is sent as a list and as a string$/,
    ],
    ["JSON without anything", "{}", json, /^Upload preset must be specified/],
    ["text", "a=b", { "Content-Type": "text/plain" }, /^Unsupported content type/],
    ["no type", "a=b", { "Content-Type": "" }, /^Unsupported content type/],
  ])("%s", async (_, body, headers, message) => {
    const answer = await post(await started(), body, { headers });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(message);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts|\bat /);
  });
});

describe("more than 100 MB", () => {
  const TOO_LONG = 100 * 1024 * 1024 + 1;

  it("by its length, before it is sent", async () => {
    const { url } = await started();
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const headers = { "Content-Type": "multipart/form-data; boundary=X", "Content-Length": TOO_LONG };
      const sent = httpRequest(
        `${url}/v1_1/demo/image/upload`,
        { method: "POST", headers },
        async (response) => {
          resolve({ status: response.statusCode, text: (await response.toArray()).join("") });
          sent.destroy();
        },
      );
      sent.on("error", reject);
      sent.flushHeaders();
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toEqual({
      error: { message: "File size too large. Maximum is 104857600." },
    });
  });

  it("by counting, when no length is told", async () => {
    const emulator = await started();
    const piece = new Uint8Array(1024 * 1024);
    let pieces = 0;
    const body = new ReadableStream({
      pull: (controller) => (++pieces > 101 ? controller.close() : controller.enqueue(piece)),
    });
    const response = await fetch(`${emulator.url}/v1_1/demo/raw/upload`, {
      method: "POST",
      headers: { "Content-Type": "multipart/form-data; boundary=X" },
      body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toHaveProperty(
      "error.message",
      "File size too large. Maximum is 104857600.",
    );
  });
});

// A curl command as `explain` reads it, against what a real curl sends for it.

import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPaste } from "../../src/explain/read/paste.ts";
import { HAS_CURL } from "../support/programs.ts";

const run = promisify(execFile);

/** Answers every form with its fields, as the platform reads them. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = String(request.headers["content-type"]);
  const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": type } }).formData();
  const query = [...new URL(String(request.url), "http://localhost").searchParams];
  response.end(JSON.stringify([...query, ...form].filter(([, value]) => typeof value === "string")));
});
let url: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1_1/demo/image/upload`;
});
afterAll(() => {
  server.close();
});

describe.skipIf(!HAS_CURL)("curl sends what is read", () => {
  it.each([
    "-F a=b -F c=d=e",
    "-F 'a=b c;type=text/plain' -F 'd=e;f'",
    `-F 'a="b;c, \\"d\\" \\\\ e"' -F "b= two "`,
    `-F 'a=it'"'"'s' -F $'b=\\u00e9\\n\\'x\\''`,
    "--form-string 'a=b;type=c' --form-string 'b=@x' --form-string 'c=\"q\"' -Fd=e",
    "-F file=@/dev/null -F a=b",
    "-F 'tags[]=a' -F 'tags[]=b'",
    "-d a=b -d 'c=d e' --data-raw 'f=@g' -d 'h=%26+i&j='",
    "--data-urlencode 'a=b&c d=ü' --data-urlencode '=x y' --data-urlencode z",
    "-sS --max-time 60 -A 'curl -F x=y' -H 'X-A: b' -da=b",
    "-d a=b \\\n  --data-binary $'c=d\\te'",
  ])("%s", async (options) => {
    const command = `curl -sS '${url}?from=query' ${options}`;
    const { stdout } = await run("bash", ["--norc", "-c", command]);
    expect(readPaste(command).sent).toMatchObject({ url, fields: JSON.parse(stdout) });
  });
});

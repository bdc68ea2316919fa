// `npm run audit`, as a person uses it: exit codes, the last line, and what is never printed.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../src/cli/cli.ts";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { API_SECRET, unseen } from "../../support/account.ts";
import { type Ran, runHere, runProcess } from "../../support/command.ts";
import { onlyUploadNames, type Server, serveLocally, startNaive } from "./naive.ts";

/** What was printed, after a look for what may not be. */
function said(ran: Ran): Ran & { readonly lastLine: string } {
  const text = unseen(ran.stdout + ran.stderr);
  expect(text).not.toMatch(/\n\s+at /);
  expect(text).not.toContain("\u001b");
  return { ...ran, lastLine: ran.stdout.trimEnd().split("\n").at(-1)! };
}

/** In this process; `null` is no secret. */
const run = async (args: readonly string[], secret: string | null = API_SECRET) =>
  said(await runHere(main, ["audit", ...args], { CLOUDINARY_API_SECRET: secret ?? undefined }));

/** As a process. */
const runAlone = async (args: readonly string[], env: Record<string, string> = {}) =>
  said(
    await runProcess("cli.ts", ["audit", ...args], { env: { CLOUDINARY_API_SECRET: API_SECRET, ...env } }),
  );

const M = ATTACKS.length;
const servers: Server[] = [];
let naive: Server;
let dropIn: Server;
let safe: Server;
beforeAll(async () => {
  naive = await startNaive({ shape: "params", algorithm: "sha1", version: 1 });
  // Wants a folder, a header, and nothing else.
  dropIn = await serveLocally(async (request) => {
    const { paramsToSign } = (await request.json()) as { paramsToSign: Record<string, unknown> };
    const isIn = request.headers.get("authorization") === "Bearer a:b";
    const names = Object.keys(paramsToSign).sort().join();
    return isIn && names === "folder,timestamp" && paramsToSign.folder === "mine"
      ? Response.json({ signature: "0".repeat(64) })
      : Response.json({ message: "no" }, { status: 400 });
  });
  safe = await startNaive({ shape: "plain", prepare: () => ({ timestamp: 1 }) });
  servers.push(naive, dropIn, safe);
});
afterAll(async () => {
  for (const server of servers) await server.close();
});

describe("exit 1: there are forgeries", () => {
  it.each([
    ["in this process", run],
    ["as a process", runAlone],
  ])("proven, each in plain words: %s", async (_, run) => {
    const { code, stdout, stderr, lastLine } = await run([naive.url]);
    expect([code, stderr]).toEqual([1, ""]);
    // A login and a search URL want SHA-256.
    expect(lastLine).toBe(`${M - 2} forgeries of ${M} attacks`);
    expect(stdout).toContain("✗ delete an asset that is not theirs (destroy): proven");
    expect(stdout).toMatch(
      /yet not the forgery that was asked for.*\n {2}\? signed something else: log in to the console/,
    );
    expect(naive.received()).not.toContain(API_SECRET);
  });

  it("for machines", async () => {
    const { code, stdout, stderr } = await run([naive.url, "--json"]);
    const told = JSON.parse(stdout);
    expect([code, stderr]).toEqual([1, ""]);
    expect(told).toMatchObject({ ok: false, forgeries: M - 2, attacks: M, doubts: [] });
    expect(told.findings).toContainEqual(expect.objectContaining({ id: "destroy", verdict: "proven" }));
  });

  it("unproven without the secret", async () => {
    for (const secret of [null, ""]) {
      const { code, stdout, lastLine } = await run([naive.url], secret);
      expect([code, lastLine]).toEqual([1, `${M - 2} forgeries of ${M} attacks`]);
      expect(stdout).toContain("(destroy): signed, unproven");
      expect(stdout).not.toContain(": proven");
    }
  });

  it("half-fixed: what is refused is listed as refused", async () => {
    const halfFixed = await startNaive({ shape: "plain", prepare: onlyUploadNames });
    servers.push(halfFixed);
    const { code, stdout } = await run([halfFixed.url, "--shape", "plain"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Refused:\n(.*\n)* {2}✓ refused: forge a notification/);
  });
});

describe("exit 0: there are none", () => {
  it("with a header, and the parameter that the endpoint wants", async () => {
    const args = [
      "--shape",
      "paramsToSign",
      "--header",
      "Authorization: Bearer a:b",
      "--harmless",
      '{"folder":"mine"}',
    ];
    const { code, stderr, lastLine, stdout } = await run([dropIn.url, ...args], null);
    expect([code, stderr, lastLine]).toEqual([0, "", `0 forgeries of ${M} attacks`]);
    expect(stdout).not.toContain("Bearer");
  });

  it("where the endpoint signs its own", async () => {
    const { code, lastLine } = await run([safe.url, "--shape", "plain", "--harmless", '{"timestamp":1}']);
    expect([code, lastLine]).toEqual([0, `0 forgeries of ${M} attacks`]);
  });
});

describe("exit 2: could not ask", () => {
  it.each([
    ["not let in", () => [dropIn.url, "--shape=paramsToSign"], /does not sign even the harmless request/],
    ["nobody there", () => ["http://127.0.0.1:1/sign"], /can't be reached/],
    ["another machine", () => ["https://example.com/sign"], /example\.com is not this machine.*--i-own-this/],
  ])("%s", async (_, args, sentence) => {
    const { code, stderr, stdout } = await run(args());
    expect(code).toBe(2);
    expect(stderr).toMatch(/^✗ could not ask: /);
    expect(stderr).toMatch(sentence);
    expect(stdout).not.toContain("attacks");
    const machine = await run([...args(), "--json"]);
    expect([machine.code, machine.stderr]).toEqual([2, ""]);
    expect(JSON.parse(machine.stdout)).toEqual({ ok: false, error: expect.stringMatching(sentence) });
  });

  it.each([
    ["no address", () => [], /missing required argument 'url'/],
    ["two addresses", () => [naive.url, naive.url], /too many arguments/],
    ["an unknown shape", () => [naive.url, "--shape", "xml"], /choices are params, paramsToSign, plain/],
    ["an unknown option", () => [naive.url, "--secret", "x"], /unknown option '--secret'/],
    ["a header without a colon", () => [naive.url, "--header", "token"], /write --header as 'Name: value'/],
    ["a header that can't be sent", () => [naive.url, "--header", "a b: c"], /can't be sent/],
    ["a harmless request that is no object", () => [naive.url, "--harmless", "[]"], /JSON object/],
  ])("%s", async (_, args, sentence) => {
    const { code, stderr, stdout } = await run(args());
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(sentence);
  });

  it("an environment that the SDK does not bear", async () => {
    // As a process: the SDK reads it once, when it is loaded.
    const { code, stderr } = await runAlone([naive.url], { CLOUDINARY_URL: "http://localhost" });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^✗ could not ask: .*CLOUDINARY_URL/)]);
  });

  it("a clean result that proves nothing", async () => {
    const { code, stderr, lastLine } = await run([naive.url], "another-secret");
    expect([code, lastLine]).toEqual([2, `0 forgeries of ${M} attacks`]);
    expect(stderr).toMatch(/another account's.*\n✗ could not ask: no forgeries were found/);
  });
});

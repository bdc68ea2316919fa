// What ours is compared with is worth as much as the likeness: the answers and lines of log of the least signer and of
// the careful recipe have the shape of ours.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { signersOf } from "../../src/signers.ts";
import { definitionOf } from "../support/definition.ts";
import { forTicket } from "./asking.ts";
import { ticketFault } from "./contender.ts";
import { CAREFUL, PUBLIC } from "./contenders.ts";
import { type Identity, identity, KeySets, type TokenAlgorithm } from "./identities.ts";
import { ORIGIN } from "./site.ts";
import type { Bindings } from "./workerd.ts";
import careful from "./workers/careful.ts";
import carefulJwk from "./workers/careful-jwk.ts";
import carefulJwt from "./workers/careful-jwt.ts";
import least from "./workers/least.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** What is compared, what it is compared with, and a token that both take. */
interface Pair {
  readonly theirs: Fetch;
  readonly ours: Fetch;
  readonly token?: string;
}

function oursWith({ SIGNER, ...bindings }: Bindings): Fetch {
  const signing = signersOf(definitionOf(SIGNER))(bindings);
  return (request) => signing.fetch(request);
}

const keySets = new KeySets();

const identities = new Map<TokenAlgorithm, Identity>();

async function members(app: typeof careful, algorithm: TokenAlgorithm): Promise<Pair> {
  // One key for all: the recipe keeps the key set.
  const known = identities.get(algorithm) ?? (await identity(algorithm, keySets, 1));
  identities.set(algorithm, known);
  const { tokens, bindings, careful } = known;
  return { theirs: (request) => app.fetch(request, careful), ours: oursWith(bindings), token: tokens[0]! };
}

const PAIRS: Readonly<Record<string, () => Pair | Promise<Pair>>> = {
  "the least signer": () => ({ theirs: least.fetch, ours: oursWith(PUBLIC.bindings) }),
  "the careful recipe": () => ({
    theirs: (request) => careful.fetch(request, CAREFUL.bindings),
    ours: oursWith(PUBLIC.bindings),
  }),
  "the careful recipe with hono/jwt": () => members(carefulJwt, "HS256"),
  "the careful recipe with hono/jwk": () => members(carefulJwk, "ES256"),
};

const lines: string[] = [];
beforeAll(() => keySets.start());
afterAll(() => keySets.close());
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** A text, with a word in place of whatever differs from request to request. */
const shape = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(uuid)")
    .replace(/[0-9a-f]{64}/g, "(signature)")
    .replace(/\b\d{10}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)");

const { path, headers, body } = forTicket();

const ask = (fetch: Fetch, token?: string, sent = body) =>
  fetch(
    new Request(`https://signer.example${path}`, {
      method: "POST",
      headers: {
        ...headers,
        "content-length": String(sent.length),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: sent,
    }),
  );

describe.each(Object.entries(PAIRS))("%s", (_, pairOf) => {
  it("is answered with the same headers and the same ticket, signed right, and logs the same line", async () => {
    const { theirs, ours, token } = await pairOf();
    const seen: unknown[] = [];
    for (const fetch of [theirs, ours]) {
      const response = await ask(fetch, token);
      const text = await response.text();
      expect(ticketFault(JSON.parse(text))).toBeUndefined();
      seen.push({
        status: response.status,
        // Lists are written with a space after each comma, or without.
        headers: [...response.headers].map(([name, value]) => [name, shape(value).replace(/, */g, ", ")]),
        ticket: shape(text),
        // Ours names the caller, as a keyed hash.
        line: shape(lines.pop()!)
          .replace(/"ms":\d+/, '"ms":0')
          .replace(/"subject":"[0-9a-f]+",/, ""),
      });
    }
    expect(seen[0]).toEqual(seen[1]);
  });
});

describe("the careful recipe refuses what ours does", () => {
  const withContext = (context: object) => JSON.stringify({ params: { context } });
  it.each([
    ["another parameter", '{"params":{"public_id":"x"}}'],
    ["another key", withContext({ other: "x" })],
    ["a text that is too long", withContext({ alt: "x".repeat(201) })],
    ["a control character", withContext({ alt: "a\nb" })],
    ["an escaped ampersand", withContext({ alt: "a%26b" })],
    ["a body that is too large", `${" ".repeat(65_536)}{}`],
    ["what is not JSON", "{"],
  ])("%s", async (_what, sent) => {
    const { theirs, ours } = await PAIRS["the careful recipe"]!();
    for (const fetch of [theirs, ours]) expect((await ask(fetch, undefined, sent)).ok).toBe(false);
  });

  it.each([
    ["hono/jwt", carefulJwt, "HS256"],
    ["hono/jwk", carefulJwk, "ES256"],
  ] as const)("a token of another's: %s", async (_what, app, algorithm) => {
    const { theirs, ours, token } = await members(app, algorithm);
    for (const fetch of [theirs, ours]) {
      expect((await ask(fetch)).status).toBe(401);
      expect((await ask(fetch, `${token!.slice(0, -4)}AAAA`)).status).toBe(401);
      expect((await ask(fetch, token)).status).toBe(200);
    }
  });

  it("and a page of another origin may not read its answer", async () => {
    const request = (origin: string) =>
      careful.fetch(new Request("https://signer.example/sign", { method: "POST", headers: { origin } }), {
        ...CAREFUL.bindings,
      });
    const allowed = async (origin: string) =>
      (await request(origin)).headers.get("access-control-allow-origin");
    expect(await allowed(ORIGIN)).toBe(ORIGIN);
    expect(await allowed("https://other.example")).toBeNull();
  });
});

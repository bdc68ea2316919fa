// A request's body as bytes: what is not UTF-8 is refused, also where its JSON would parse.

import { expect, it } from "vitest";
import { parseJson } from "../../src/tickets/signing-request.ts";

it.each<[name: string, alt: readonly number[], expected: object]>([
  ["a byte that UTF-8 has not", [0xff], { ok: false, error: { reason: "not_utf8" } }],
  ["an umlaut", [0xc3, 0xa4], { ok: true, value: { params: { context: { alt: "ä" } } } }],
])("%s", async (_, alt, expected) => {
  const [before, after] = ['{"params":{"context":{"alt":"', '"}}}'].map((text) => [...Buffer.from(text)]);
  expect(await parseJson(new Uint8Array([...before!, ...alt, ...after!]))).toMatchObject(expected);
});

// What ours is compared with is worth as much as the likeness: the least signer's answer and line of log have the
// shape of ours.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { signersOf } from "../../src/signers.ts";
import { definitionOf } from "../support/definition.ts";
import { forTicket } from "./asking.ts";
import { ticketFault } from "./contender.ts";
import { PUBLIC } from "./contenders.ts";
import least from "./workers/least.ts";

const { SIGNER, ...bindings } = PUBLIC.bindings as Record<string, unknown>;
const ours = signersOf(definitionOf(SIGNER))(bindings);

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

async function answers() {
  const { path, headers, body } = forTicket();
  const request = () => new Request(`https://signer.example${path}`, { method: "POST", headers, body });
  return Promise.all([await least.fetch(request()), await ours.fetch(request())]);
}

/** A text, with a word in place of whatever differs from request to request. */
const shape = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(uuid)")
    .replace(/[0-9a-f]{64}/g, "(signature)")
    .replace(/\b\d{10}\b/g, "(time)");

it("is answered with the same headers", async () => {
  const [theirs, expected] = (await answers()).map(({ status, headers }) => ({
    status,
    headers: [...headers].map(([name, value]) => [name, shape(value)]),
  }));
  expect(theirs).toEqual(expected);
});

it("is answered with the same ticket, and signed right", async () => {
  const [theirs, expected] = await Promise.all((await answers()).map((response) => response.text()));
  expect(shape(theirs!)).toBe(shape(expected!));
  expect(ticketFault(JSON.parse(theirs!))).toBeUndefined();
});

it("writes the same line of log", async () => {
  await answers();
  const [theirs, expected] = lines.map((line) => shape(line).replace(/"ms":\d+/, '"ms":0'));
  expect(theirs).toBe(expected);
});

// The form of the texts after public threads: each has a source, evidence and a cause, and holds nobody's secret.

import { describe, expect, it } from "vitest";
import { now, threads } from "../vectors/invalid-signature-threads.json" with { type: "json" };

const HEX = /\b[0-9a-f]{32,}\b/gi;
const CODE = /^[a-z][a-z0-9_]+$/;
/** What Cloudinary or a browser says of a refused upload, or what a signing endpoint says. */
const EVIDENCE =
  /String to sign - \\?'|Stale request - |Unknown API key|api_key|required parameter|[Uu]pload preset|cloud_name|too large|ZIP file|Error in loading|Access-Control-Allow|paramsToSign/;

describe("texts after public threads", () => {
  it("are many, of many causes and many threads", () => {
    expect(threads.length).toBeGreaterThanOrEqual(30);
    expect(new Set(threads.map(({ cause }) => cause)).size).toBeGreaterThanOrEqual(15);
    expect(new Set(threads.map(({ source }) => source.url)).size).toBeGreaterThanOrEqual(30);
    expect(new Set(threads.map(({ text }) => text)).size).toBe(threads.length);
  });

  it("none has the hex digits of another", () => {
    const digits = threads.flatMap(({ text }) => [...new Set(text.match(HEX))]);
    expect(new Set(digits).size).toBe(digits.length);
    expect(digits.filter(({ length }) => length !== 40 && length !== 64)).toEqual([]);
  });

  it.each(threads.map((thread, i) => ({ ...thread, i })))("$i $source.title", (thread) => {
    const { i: _, ...rest } = thread;
    expect(Object.keys(rest)).toEqual(["source", "text", "cause", "alsoFine", "resolved", "why"]);
    expect(Object.keys(thread.source)).toContain(thread.source.repository ? "repository" : "site");
    expect(URL.canParse(thread.source.url)).toBe(true);
    expect(thread.text).toMatch(EVIDENCE);
    expect(thread.why).toMatch(/^.{20,160}\.$/);
    const codes = [thread.cause, ...thread.alsoFine];
    expect(codes.filter((code) => !CODE.test(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
    // A secret is a name, a mask, or not there.
    expect(thread.text).not.toMatch(/secret["']?\s*[:=]\s*["']?[\w-]{20,}["']?\s*$/im);
  });

  it("were signed within the hour before they are read, unless their own words say otherwise", () => {
    const told = threads.flatMap(({ text }) => text.match(/(?<=timestamp=)\d{10}\b/g) ?? []).map(Number);
    expect(told.length).toBeGreaterThan(30);
    expect(told.filter((at) => at > now || at < now - 3600)).toEqual([]);
  });
});

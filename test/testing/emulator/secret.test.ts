// The API secret is in no answer, whichever field it was pasted into.

import { describe, expect, it, vi } from "vitest";
import { ACCOUNT, type Fields, formOf, png, post, signed, started } from "./support.ts";

const { apiSecret } = ACCOUNT;

describe("a request that holds the API secret", () => {
  const cases: [what: string, fields: Fields, fileName: string][] = [
    ["as the key", { ...signed(), api_key: apiSecret }, "a.png"],
    ["as the signature", { ...signed(), signature: apiSecret }, "a.png"],
    ["in a signed value", signed({ context: `alt=${apiSecret}!` }), "a.png"],
    ["in a list", signed({ tags: ["a", apiSecret] }), "a.png"],
    ["as a field's name", { ...signed(), [apiSecret]: "x" }, "a.png"],
    ["in the file's name", signed(), `${apiSecret}.png`],
  ];
  it.each(cases)("%s", async (_, fields, fileName) => {
    const onRefusal = vi.fn();
    const emulator = await started({ onRefusal });
    const answer = await post(emulator, formOf(fields, png(fileName)));
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/^The request holds the API secret/);
    const list = await (await fetch(`${emulator.url}/_uploads`)).text();
    const told = JSON.stringify([answer.body, [...answer.headers], onRefusal.mock.calls, emulator.uploads()]);
    expect(told + list).not.toContain(apiSecret);
  });
});

it("a short secret is looked for as a whole value only", async () => {
  const emulator = await started({ apiSecret: "a" });
  const answer = await post(emulator, formOf(signed(), png("cat.png")));
  expect(answer.body.error.message).toMatch(/^Invalid Signature/);
  const whole = await post(emulator, formOf({ ...signed(), api_key: "a" }, png()));
  expect(whole.body.error.message).toMatch(/^The request holds the API secret/);
});

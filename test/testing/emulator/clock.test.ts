// The clock that tests move, and the greatest age of a signature.

import { describe, expect, it, vi } from "vitest";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { formOf, GIF_2X3, NOW, png, post, signed, started, uploaded } from "./support.ts";

const asked = (emulator: Emulator, body: string) => fetch(`${emulator.url}/_clock`, { method: "POST", body });

const moves: [string, (emulator: Emulator, seconds: number) => unknown][] = [
  ["in this process", (emulator, seconds) => emulator.clock.advance(seconds)],
  ["from another", (emulator, seconds) => asked(emulator, JSON.stringify({ advance: seconds }))],
];

describe.each(moves)("moved %s", (_, move) => {
  it("makes signatures old", async () => {
    const emulator = await started();
    const form = () => formOf(signed({ public_id: "a" }), png());
    await move(emulator, 3600);
    expect((await post(emulator, form())).status).toBe(200);
    await move(emulator, 1);
    expect((await post(emulator, form())).body.error.message).toMatch(/^Stale request/);
    await move(emulator, -1);
    expect((await post(emulator, form())).status).toBe(200);
  });

  it("is what versions and times are of", async () => {
    const emulator = await started();
    expect(await uploaded(emulator, { public_id: "a" })).toMatchObject({ version: NOW });
    await move(emulator, 100);
    expect(emulator.clock.now()).toBe((NOW + 100) * 1000);
    expect(await uploaded(emulator, { public_id: "a" })).toMatchObject({
      version: NOW + 100,
      created_at: "2023-11-14T22:15:00Z",
    });
  });

  it("changes nothing of what is held", async () => {
    const emulator = await started();
    const params = { public_id: "a", overwrite: "false", type: "authenticated" };
    const stored = await uploaded(emulator, params);
    await move(emulator, 100);
    const again = await uploaded(emulator, params, new File([GIF_2X3], "a.gif"));
    expect(again).toEqual({ ...stored, existing: true });
    const { body } = await post(emulator, formOf(signed({ public_id: "a", type: "authenticated" })), {
      method: "explicit",
    });
    expect(body).toEqual(stored);
  });
});

it("answers the time in seconds", async () => {
  const emulator = await started();
  expect(await (await asked(emulator, '{"advance":1.5}')).json()).toEqual({ now: NOW + 1.5 });
});

it("goes on with the machine's", async () => {
  const emulator = await started({ now: undefined as never });
  const before = Date.now();
  emulator.clock.advance(60);
  expect(emulator.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
});

it.each([
  "",
  "x",
  "5",
  "null",
  "[]",
  "{}",
  '{"advance":"60"}',
  '{"advance":null}',
  '{"advance":1e10}',
  '{"advance":-1e10}',
])("is not moved by %j", async (body) => {
  const onRefusal = vi.fn();
  const emulator = await started({ onRefusal });
  const answer = await asked(emulator, body);
  expect([answer.status, (await answer.json()).error.message]).toEqual([
    400,
    expect.stringMatching(/^Send JSON with a number of seconds/),
  ]);
  expect(onRefusal).toHaveBeenCalledTimes(1);
  expect(emulator.clock.now()).toBe(NOW * 1000);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e10])("is not moved by %d", async (seconds) => {
  const { clock } = await started();
  expect(() => clock.advance(seconds)).toThrow(RangeError);
  expect(clock.now()).toBe(NOW * 1000);
});

describe("the greatest age of a signature", () => {
  it.each([
    ["its last second", 60, 200, undefined],
    [
      "a second more",
      61,
      400,
      "Stale request - reported time is 2023-11-14 22:13:20 +0000 which is more than 60 seconds ago",
    ],
  ])("is that of the option: %s", async (_, age, status, message) => {
    const emulator = await started({ maxAge: 60 });
    emulator.clock.advance(age);
    for (const [method, file] of [["upload", png()], ["destroy"]] as const) {
      const answer = await post(emulator, formOf(signed({ public_id: "a" }), file), { method });
      expect([answer.status, answer.body.error?.message]).toEqual([status, message]);
    }
  });
});

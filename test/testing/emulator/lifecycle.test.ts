// Starting and stopping: the port, and what is left behind.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmulator } from "../../../src/testing/emulator/emulator.ts";
import { ACCOUNT, started, uploaded } from "./support.ts";

// A folder for temporary folders of our own, since other tests use the machine's.
let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "emulator-lifecycle-"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

it("rejects when the port is busy, and leaves nothing behind", async () => {
  const first = await started();
  const before = await readdir(temporary);
  await expect(startEmulator({ ...ACCOUNT, port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(await readdir(temporary)).toEqual(before);
});

it("listens at the port it is given", async () => {
  const { port } = await started();
  const first = await startEmulator(ACCOUNT);
  await first.close();
  const second = await started({ port: first.port });
  expect(second.port).toBe(first.port);
  expect(second.url).toBe(`http://127.0.0.1:${first.port}`);
  expect(second.port).not.toBe(port);
});

it("keeps files in one folder under names of its own, and removes it", async () => {
  const emulator = await startEmulator({ ...ACCOUNT, now: () => 1_700_000_000_000 });
  await uploaded(emulator, {}, new File(["x"], "../../evil.txt"), "raw");
  await uploaded(emulator, { public_id: "a" }, new File(["x"], "a.html"), "raw");
  const folders = await readdir(temporary);
  expect(folders).toEqual([expect.stringMatching(/^cloudinary-emulator-/)]);
  const files = await readdir(join(temporary, folders[0]!));
  expect(files).toHaveLength(2);
  for (const file of files) expect(file).toMatch(/^[0-9a-f-]{36}$/);

  await emulator.close();
  await emulator.close();
  expect(await readdir(temporary)).toEqual([]);
  await expect(fetch(emulator.url)).rejects.toThrow();
});

it("closes with a connection open", async () => {
  const emulator = await started();
  const socket = connect(emulator.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write("POST /v1_1/demo/image/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  await emulator.close();
  await closed;
});

it("is for this machine alone", async () => {
  const { port } = await started();
  // Another address of the loopback network, which a server bound to 0.0.0.0 would answer at.
  await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow();
});

it("holds nothing of another", async () => {
  const [one, other] = [await started(), await started()];
  await uploaded(one);
  expect([one.uploads().length, other.uploads().length]).toEqual([1, 0]);
});

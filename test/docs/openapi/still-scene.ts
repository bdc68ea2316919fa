// A signer and an emulator whose time stands still and whose randomness is the same in each run: so the same examples
// come of the same code, and docs/openapi.json changes with it alone.

import { createHash } from "node:crypto";
import { createApp } from "../../../src/http/app.ts";
import { startEmulator } from "../../../src/testing/emulator/emulator.ts";
import { readBindings } from "../../support/definition.ts";
import { BINDINGS, CLOUD, DEFINITION, type Scene } from "./examples.ts";

/** Unix seconds: 2026-11-24, at noon. */
const NOON = 1_795_521_600;
const API = "https://api.cloudinary.com";

/** Bytes that are the same in each run. */
function drawer(): (length: number) => Buffer {
  let drawn = 0;
  return (length) => createHash("sha512").update(`docs/openapi.json ${++drawn}`).digest().subarray(0, length);
}

function uuidOf(bytes: Buffer): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Runs something in such a scene, one at a time in a process. */
export async function inStillScene<T>(run: (scene: Scene) => Promise<T>): Promise<T> {
  const draw = drawer();
  const emulator = await startEmulator({
    ...CLOUD,
    now: () => NOON * 1000,
    publicUrl: "https://res.cloudinary.com",
  });
  const toEmulator: typeof fetch = (input, init) => fetch(String(input).replace(API, emulator.url), init);
  const app = createApp(readBindings({ ...BINDINGS, SIGNER: DEFINITION }), {
    now: () => NOON,
    uuid: () => uuidOf(draw(16)),
    log: () => {},
    fetch: toEmulator,
  });
  const random = crypto.getRandomValues;
  // Nonces of what is sealed. All are the same, for several are drawn at once, in no order.
  crypto.getRandomValues = (array) => {
    new Uint8Array(array!.buffer, array!.byteOffset, array!.byteLength).set(drawer()(array!.byteLength));
    return array;
  };
  try {
    return await run({
      now: () => NOON,
      ask: async (path, init) => {
        const answer = await app.request(DEFINITION.publicUrl + path, init);
        return { status: answer.status, headers: answer.headers, text: await answer.text() };
      },
      emulator,
      send: (url, form) => toEmulator(url, { method: "POST", body: form }),
    });
  } finally {
    crypto.getRandomValues = random;
    await emulator.close();
  }
}

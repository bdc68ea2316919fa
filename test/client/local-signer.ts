// A signer in this process, under an address of its own, before a real emulator: what the client asks it goes by `fetch`.

import { vi } from "vitest";
import type { Hooks } from "../../src/config/application.ts";
import { createSigner } from "../../src/hono.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { OPTIONS, unseen } from "../support/account.ts";
import { definitionOf, type Plain } from "../support/definition.ts";

/** A request to the signer, and its answer. */
export interface Asked {
  readonly path: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is for each test to say
  readonly body: any;
  readonly status: number;
}

export interface LocalSigner {
  readonly signer: string;
  readonly emulator: Emulator;
  /** What the signer was asked. */
  readonly asked: Asked[];
  /** Answers the next requests to a path in the signer's place. */
  answer(path: string, ...replies: (Response | "network")[]): void;
  close(): Promise<void>;
}

/** Where Cloudflare verifies a token. Here each is good once; that it is not sent twice, a test sees in `asked`. */
const TURNSTILE = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/** The same, to be asked again soon: that its ten seconds are waited for is tried where the clock stands still. */
function hurried(answer: Response): Response {
  answer.headers.delete("retry-after");
  return answer;
}

let started = 0;

export async function startLocalSigner(
  definition: Plain,
  hooks: Hooks = {},
  options: Partial<EmulatorOptions> = {},
): Promise<LocalSigner> {
  const emulator = await startEmulator({ ...OPTIONS, ...options });
  const signer = `https://signer-${started++}.test`;
  const app = createSigner(definitionOf({ publicUrl: signer, ...definition }) as never, {
    ...{ ...OPTIONS, uploadPrefix: emulator.url, ...hooks },
    secrets: { JWT_SECRET: "a".repeat(40), TURNSTILE_SECRET: "b".repeat(40) },
    log: unseen,
  });
  const asked: Asked[] = [];
  const given = new Map<string, (Response | "network")[]>();
  const network = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = String(input);
    if (url === TURNSTILE) return Response.json({ success: true, hostname: "a.example", action: "up" });
    if (!url.startsWith(signer)) return network(input, init);
    const path = url.slice(signer.length);
    const reply = given.get(path)?.shift() ?? hurried(await app.request(url, init));
    asked.push({
      path,
      headers: new Headers(init.headers),
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      status: reply === "network" ? 0 : reply.status,
    });
    if (reply === "network") throw new TypeError("fetch failed");
    return reply;
  });
  return {
    ...{ signer, emulator, asked },
    answer: (path, ...replies) => given.set(path, replies),
    close: async () => {
      vi.stubGlobal("fetch", network);
      await emulator.close();
    },
  };
}

// An app of the docs as a process of this Node, which is asked over HTTP; what it says is looked through for secrets.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, vi } from "vitest";
import { unseen } from "./account.ts";
import { freePort } from "./ports.ts";

export interface AppProcess {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a file of a folder, and waits until something listens at its `PORT`. */
export async function startProcess(
  cwd: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      said += unseen(String(data));
    });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (child.exitCode === null && child.kill()) await once(child, "close");
  };
  try {
    await vi.waitFor(
      async () => {
        expect(child.exitCode, said).toBeNull();
        await fetch(url);
      },
      { timeout: 60_000 },
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

// The ports that `start` listens on: which, and whether nothing else does.

import { createServer } from "node:net";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";

/** The port that a variable names. */
export function portFrom(env: Io["env"], variable: string, fallback: number): number {
  const text = env[variable];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Fixable(`${variable} must be a port from 1 to 65535, for example ${variable}=${fallback}`);
}

/** Why a port can't be listened on, or nothing. */
async function whyBusy(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EADDRINUSE" ? "is in use by another program" : `can't be used (${code})`),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(undefined)));
  });
}

/** Fails with a clear message where something else listens already. */
export async function needFree(ports: Readonly<Record<string, number>>, command: string): Promise<void> {
  const busy: string[] = [];
  for (const port of Object.values(ports)) {
    const why = await whyBusy(port);
    if (why !== undefined) busy.push(`port ${port} ${why}`);
  }
  if (busy.length === 0) return;
  const others = Object.entries(ports).map(([variable, port]) => `${variable}=${port + 10}`);
  throw new Fixable(
    `stop what uses it, or choose others, such as \`${others.join(" ")} ${command}\`: ${busy.join(", and ")}`,
  );
}

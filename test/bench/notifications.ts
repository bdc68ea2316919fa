// What one notification costs: verified, judged where it is about a ticket's upload, and put into the queue; and what its
// consumer costs. Beside it a Worker that answers 200.

import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "./account.ts";
import { ask, bundled } from "./contender.ts";
import type { Loader } from "./load.ts";
import { type Answer, type Calls, callsOf, contender, message, signed } from "./notified.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.2, warmUp: 0.7 };

export interface NotificationsRow extends Measured {
  readonly calls: Pick<Calls, "queue" | "service" | "cloudinary">;
}

export async function measureNotifications(
  progress: Progress,
  loader: Loader,
): Promise<{ rows: NotificationsRow[] }> {
  const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
  const emulator = await startEmulator(account);
  try {
    const isTold = ({ id }: Answer) => typeof id === "string";
    const ours = [
      contender(
        { name: "console", title: "ours, of the console's address, into the queue" },
        emulator,
        ({ notification }) => signed("/notifications", notification),
        isTold,
      ),
      contender(
        { name: "ticket", title: "ours, of a ticket's upload: judged first" },
        emulator,
        ({ path, notification }) => signed(path, notification),
        isTold,
      ),
      contender(
        { name: "consumer", title: "ours, the consumer of the queue, a message" },
        emulator,
        ({ notification }) => message(notification),
        ({ acknowledged }) => acknowledged === 1,
      ),
    ];
    const bare = bundled({
      ...{ name: "answering", title: "bare Worker: answers 200", bundle: "answering", bindings: {} },
      asking: () => signed("/", emulator.notifications()[0]?.body ?? "{}"),
      fault: () => undefined,
    });
    const calls = new Map<string, NotificationsRow["calls"]>();
    const counted = ours.map((one) => ({
      ...one,
      start: async () => {
        const server = await one.start();
        const send = () => ask(server.url, one.asking());
        const { queue, service, cloudinary } = await callsOf(server.url, send, emulator);
        calls.set(one.name, { queue, service, cloudinary });
        return server;
      },
    }));
    // Ours first: the bare one is sent the notification of an upload by one of them.
    const rows = await measure([...counted, bare], PLAN, loader, progress);
    const none = { queue: 0, service: 0, cloudinary: 0 };
    return { rows: rows.map((row) => ({ ...row, calls: calls.get(row.name) ?? none })) };
  } finally {
    await emulator.close();
  }
}

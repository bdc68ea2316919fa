// What each act of a signer calls and logs, counted; and the processor time of a confirmation, beside a Worker that answers
// 200. The processor time of tickets and notifications is measured by the parts `requests` and `notifications`.

import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "./account.ts";
import { ask, bundled } from "./contender.ts";
import type { Asking, Loader } from "./load.ts";
import { type Answer, type Calls, callsOf, contender, message, signed, type Uploaded } from "./notified.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";
import { ORIGIN } from "./site.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.2, warmUp: 0.7 };

/** What one act calls and logs. */
export type Counted = { readonly name: string; readonly title: string } & Calls;

export interface Acts {
  readonly rows: readonly Measured[];
  readonly counted: readonly Counted[];
}

const confirmation = ({ uploadId, response }: Uploaded): Asking => ({
  ...{ path: "/confirm/default", headers: {} },
  body: JSON.stringify({ upload_id: uploadId, response }),
});

const isReceipt = ({ receipt }: Answer): boolean => typeof receipt === "string";

const TICKET: Asking = { path: "/sign", headers: { origin: ORIGIN }, body: "{}" };

/** Throws where an act failed: what was counted would be a refusal's. */
async function well(sent: Promise<{ readonly status: number }>): Promise<void> {
  const { status } = await sent;
  if (status > 299) throw new Error(`status ${status}`);
}

const preflight = (url: string) =>
  well(
    fetch(`${url}/sign`, {
      method: "OPTIONS",
      headers: { origin: ORIGIN, "access-control-request-method": "POST" },
    }),
  );

/** Counts each act but the one that publishes, which wants a profile of its own. */
async function countActs(
  { asking, server }: ReturnType<typeof contender>,
  upload: () => Uploaded,
  emulator: Emulator,
): Promise<Counted[]> {
  const { url } = server();
  const send = (made: Asking) => () => well(ask(url, made));
  const { path, notification } = upload();
  const acts = [
    ["preflight", "a preflight", () => preflight(url)],
    ["ticket", "a ticket", send(TICKET)],
    ["confirmation", "a confirmation", send(asking())],
    ["notification", "a notification of a ticket's upload", send(signed(path, notification))],
    ["other", "a notification of another upload", send(signed("/notifications", notification))],
    ["message", "a message of the queue", send(message(notification))],
  ] as const;
  const counted: Counted[] = [];
  for (const [name, title, sent] of acts)
    counted.push({ name, title, ...(await callsOf(url, sent, emulator)) });
  return counted;
}

export async function measureActs(progress: Progress, loader: Loader): Promise<Acts> {
  const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
  const emulator = await startEmulator(account);
  try {
    let upload: Uploaded | undefined;
    const kept = contender(
      { name: "confirmation", title: "ours, a confirmation" },
      emulator,
      (made) => {
        upload = made;
        return confirmation(made);
      },
      isReceipt,
    );
    const quarantined = contender(
      { name: "published", title: "a confirmation that publishes" },
      emulator,
      confirmation,
      isReceipt,
      { file: { maxBytes: "1 MB", quarantine: true }, set: { public_id: "{uuid}" } },
    );
    const counted: Counted[] = [];
    const count = async () => {
      const server = await kept.start();
      kept.asking();
      counted.push(...(await countActs(kept, () => upload!, emulator)));
      const other = await quarantined.start();
      const send = () => well(ask(other.url, quarantined.asking()));
      const { name, title } = quarantined;
      counted.push({ name, title, ...(await callsOf(other.url, send, emulator)) });
      await other.close();
      return server;
    };
    const bare = bundled({
      ...{ name: "answering", title: "bare Worker: answers 200", bundle: "answering", bindings: {} },
      asking: () => confirmation(upload!),
      fault: () => undefined,
    });
    const rows = await measure([{ ...kept, start: count }, bare], PLAN, loader, progress);
    return { rows, counted };
  } finally {
    await emulator.close();
  }
}

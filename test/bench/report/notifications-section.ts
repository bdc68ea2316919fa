// What a notification costs as a section. Pure.

import type { AllKept } from "../parts.ts";
import { cells, named, of, ratioText, section } from "./cells.ts";
import { machineText } from "./machine-text.ts";
import { table } from "./markdown.ts";

export function notificationsSection({ rows, machine }: NonNullable<AllKept["notifications"]>): string {
  const bare = named(rows, "answering");
  return section(
    "Notifications",
    machineText(machine),
    "One notification of an upload, as the emulator writes it and the official SDK signs it, sent over and over. Queue and application take everything at once and cost nothing here, so that the processor time is ours alone; what one request calls is counted. *Of a ticket's upload* asks the emulator what it holds, which has a process of its own.",
    table([
      [
        "",
        "CPU, µs a request",
        "to the bare Worker",
        "requests/s",
        "sent to the queue",
        "calls of `APP`",
        "requests to Cloudinary",
      ],
      ...rows.map((row) => [
        row.title,
        ...cells(row, () => [
          of(row.cpuMicros),
          ratioText(row.cpuMicros, bare?.cpuMicros),
          of(row.perSecond),
          ...[row.calls.queue, row.calls.service, row.calls.cloudinary].map(String),
        ]),
      ]),
    ]),
  );
}

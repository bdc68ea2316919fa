// What the system says of a process: processor time and memory. Linux alone tells it in files; elsewhere it is
// `undefined`, and the tables say so.

import { readFileSync } from "node:fs";

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** Clock ticks a second (USER_HZ), in which Linux tells them to programs on every architecture of today. */
const TICKS = 100;

function secondsIn(path: string): number | undefined {
  // The command, in parentheses, may hold spaces; utime and stime are the 14th and 15th field of all.
  const fields = read(path)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Seconds that a process has computed so far, in user and system mode, all its threads together. */
export const cpuSeconds = (pid: number): number | undefined => secondsIn(`/proc/${pid}/stat`);

/** The same of its first thread alone, which is the one that runs a Worker. */
export const threadSeconds = (pid: number): number | undefined => secondsIn(`/proc/${pid}/task/${pid}/stat`);

/** Bytes of memory that a process holds (RSS). */
export function residentBytes(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** The processes that a process has started and that still run. */
export const childrenOf = (pid: number): number[] =>
  (read(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);

// On what the figures were measured: without it they mean nothing.

import { arch, cpus, release, type } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { WORKERD } from "./workerd.ts";

export interface Machine {
  /** The day, in UTC. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  readonly workerd: string;
  /** How much of its cores other work had, before anything was done here: it makes the figures worse. */
  readonly busy: number;
}

/** How long is looked at what else the machine does, in milliseconds. */
const LOOK_MS = 1500;

/** Milliseconds of all cores since the machine started: all, and those without work. */
const coreTimes = () =>
  cpus().reduce(
    ({ all, idle }, { times }) => ({
      all: all + Object.values(times).reduce((sum, time) => sum + time, 0),
      idle: idle + times.idle,
    }),
    { all: 0, idle: 0 },
  );

async function otherWork(): Promise<number> {
  const before = coreTimes();
  await sleep(LOOK_MS);
  const after = coreTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

export async function thisMachine(): Promise<Machine> {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    // Behind the dash stands who built the kernel.
    system: `${type()} ${release().split("-")[0]} ${arch()}`,
    node: process.version.slice(1),
    workerd: WORKERD.version,
    busy: Math.round((await otherWork()) * 100) / 100,
  };
}

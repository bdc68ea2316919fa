// On what the figures were measured: without it they mean nothing.

import { arch, cpus, loadavg, release, type } from "node:os";
import { WORKERD } from "./workerd.ts";

export interface Machine {
  /** The day, in UTC. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  readonly workerd: string;
  /** Processes that wanted a core in the minute before, on average: other work makes the figures worse. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    // Behind the dash stands who built the kernel.
    system: `${type()} ${release().split("-")[0]} ${arch()}`,
    node: process.version.slice(1),
    workerd: WORKERD.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

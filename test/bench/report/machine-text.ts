// On what the figures were measured, as a sentence. Pure.

import type { Machine } from "../machine.ts";

/** Above this much other work a core, figures are noise. */
const BUSY = 0.3;

export const machineText = ({ date, processor, cores, system, node, workerd, load }: Machine): string =>
  `Measured on ${date}: ${processor}, ${cores} cores, ${system}; Node ${node}, workerd ${workerd}. ${
    load / cores > BUSY
      ? `**The machine was busy with other work (load ${load.toFixed(1)}): read these figures as noise.**`
      : `Load before: ${load.toFixed(1)}.`
  }`;

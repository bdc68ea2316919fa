// On what the figures were measured, as a sentence. Pure.

import type { Machine } from "../machine.ts";

/** Above this much of the cores for other work, figures are noise. */
const BUSY = 0.15;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const machineText = ({ date, processor, cores, system, node, workerd, busy }: Machine): string =>
  `Measured on ${date}: ${processor}, ${cores} cores, ${system}; Node ${node}, workerd ${workerd}. ${
    busy > BUSY
      ? `**Other work had ${percent(busy)} of the cores: read these figures as noise.**`
      : `Other work had ${percent(busy)} of the cores.`
  }`;

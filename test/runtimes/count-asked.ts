// How many answers of the runtime each test got. One that asked nothing proves nothing of a runtime.

import { afterEach, beforeEach } from "vitest";
import { askedSoFar } from "./channel.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Answers that the test got of the runtime. */
    asked?: number;
  }
}

let before = 0;
beforeEach(() => {
  before = askedSoFar();
});
afterEach(({ task }) => {
  task.meta.asked = askedSoFar() - before;
});

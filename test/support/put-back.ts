// Files of tests share a process: what one leaves behind there, another fails by, in some orders alone. Stubbed variables
// and the SDK's configuration are put back for each, and each is asked at its end whether the environment is what it was.

import { v2 as cloudinary } from "cloudinary";
import { afterAll, expect, vi } from "vitest";

const environment = { ...process.env };

afterAll(() => {
  vi.unstubAllEnvs();
  // What the environment says, which is nothing.
  cloudinary.config(true);
  expect({ ...process.env }, "what a file of tests changes in the environment it puts back").toEqual(
    environment,
  );
});

// Figures to report that were made up, small enough to be worked out by hand.

import type { Machine } from "../machine.ts";
import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";

export const MACHINE: Machine = {
  date: "2026-11-24",
  processor: "A processor",
  cores: 4,
  system: "Linux 6.1 x64",
  node: "24.0.0",
  workerd: "1.20261023.1",
  busy: 0.02,
};

export const measured = (name: string, perSecond: readonly number[], changed: Partial<Measured> = {}) => ({
  name,
  title: `the ${name}`,
  perSecond,
  p50: [2, 4, 3],
  p99: [20, 40, 30],
  cpuMicros: perSecond.map((value) => 1e6 / value),
  good: 1000,
  bad: 0,
  ...changed,
});

export const SAMPLE = {
  signing: {
    machine: MACHINE,
    cases: [
      {
        algorithm: "sha1",
        parameters: 5,
        rows: [
          { name: "digest", title: "the digest", micros: [2, 4, 3] },
          { name: "signParams", title: "ours", micros: [3, 5, 6] },
          { name: "api_sign_request", title: "the SDK", micros: [6, 10, 12] },
        ],
      },
    ],
  },
  requests: {
    machine: MACHINE,
    rows: [
      measured("bare", [10_000, 20_000, 30_000]),
      measured("least", [9500, 16_000, 27_000]),
      measured("public", [9000, 16_000, 30_000]),
      measured("sampled", [8000, 12_000, 30_000]),
      measured("careful", [4500, 8000, 10_000]),
      measured("sdk", [9000, 20_000, 24_000]),
      measured("HS256-warm", [8000, 16_000, 24_000]),
      measured("ES256-warm", [7000, 14_000, 21_000]),
      measured("careful-HS256", [4000, 4000, 12_000]),
      measured("careful-ES256", [2800, 7000, 8400]),
      measured("unlimited", [4000, 4000, 4000]),
      measured("limited", [2000, 2000, 2000]),
    ],
  },
  profile: {
    machine: MACHINE,
    rows: [
      {
        name: "public",
        title: "the public",
        good: 6000,
        bad: 0,
        perSecond: 2000,
        interval: 200,
        // 4,000 samples are 0.8 seconds.
        threadSeconds: 1.6,
        functions: [
          { name: "", caller: "", samples: 2000 },
          { name: "signParams", module: "src/signature/sign.ts", line: 12, samples: 1000 },
          { name: "(program)", samples: 980 },
          { name: "now", samples: 10 },
          { name: "get", samples: 10 },
        ],
      },
      {
        name: "ES256-warm",
        title: "the warm",
        good: 3000,
        bad: 0,
        perSecond: 1000,
        interval: 200,
        functions: [
          { name: "verify", module: "node_modules/jose/dist/jws.js", line: 3, samples: 60 },
          { name: "signParams", module: "src/signature/sign.ts", line: 12, samples: 40 },
        ],
      },
    ],
  },
  size: {
    machine: MACHINE,
    rows: [
      { name: "bare", title: "the bare", minified: 100, gzipped: 100, start: [20, 40, 20] },
      { name: "smallest", title: "ours, smallest", minified: 32_768, gzipped: 16_384, start: [22, 44, 24] },
      { name: "public", title: "ours", minified: 65_536, gzipped: 32_768, start: [22, 44, 26] },
      { name: "sdk", title: "the SDK", minified: 131_072, gzipped: 65_536, start: [44, 88, 40] },
    ],
  },
  growth: {
    machine: MACHINE,
    kinds: [
      {
        kind: "profiles",
        rows: [
          { ...measured("profiles-1", [100, 100, 100]), count: 1, start: [10, 10, 10] },
          { ...measured("profiles-1000", [100, 50, 80]), count: 1000, start: [20, 20, 20] },
        ],
      },
    ],
    bodies: [
      { bytes: 1024, ours: measured("public", [50, 50, 50]), bare: measured("bare", [100, 100, 100]) },
    ],
  },
  uploads: {
    machine: MACHINE,
    latency: 100,
    rows: [
      { name: "before", title: "before", files: 1, first: [400, 200, 300], last: [400, 200, 300] },
      { name: "now", title: "now", files: 1, first: [100, 100, 150], last: [100, 100, 150] },
      { name: "before", title: "before", files: 50, first: [400, 400, 400], last: [4000, 4000, 4000] },
      { name: "now", title: "now", files: 50, first: [200, 200, 200], last: [1000, 2000, 3000] },
    ],
  },
  notifications: {
    machine: MACHINE,
    rows: [
      { ...measured("answering", [100, 100, 100]), calls: { queue: 0, service: 0, cloudinary: 0 } },
      { ...measured("console", [50, 50, 50]), calls: { queue: 1, service: 0, cloudinary: 0 } },
    ],
  },
  million: {
    machine: MACHINE,
    warmUp: 100,
    samples: [100, 100, 102, 104].map((mebibytes, i) => ({
      requests: i * 50_000,
      resident: mebibytes * 2 ** 20,
      perSecond: 1000,
      p99: 5,
    })),
    good: 150_000,
    bad: 0,
  },
} as const satisfies AllKept;

// The test files that every runtime is tried with, by what they hold.

export const GROUPS = {
  vectors: ["test/signature/vectors.test.ts", "test/library/vectors.test.ts"],
  differential: ["test/signature/differential.test.ts", "test/library/differential.test.ts"],
  policy: [
    "test/policy/compile/compile.test.ts",
    "test/policy/decide/drop-in.test.ts",
    "test/policy/property-names.test.ts",
    "test/policy/decide/fill.test.ts",
    "test/policy/properties.test.ts",
  ],
  HTTP: ["test/http/contract.test.ts", "test/http/hostile.test.ts", "test/http/access.test.ts"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];
export const FILES: string[] = Object.values(GROUPS).flat();

/** All names but those of tests that start a Worker of their own, whatever the runtime. */
export const NOT_OURS = /^(?!.*the official SDK[ >]+in workerd)/;

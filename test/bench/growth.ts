// Whether more of everything costs more: profiles, origins, tokens, bytes of a body.

import { createHash } from "node:crypto";
import type { Plain } from "../support/definition.ts";
import { forTicket } from "./asking.ts";
import { bundle } from "./bundles.ts";
import { type Bundled, bundled, ticketFault } from "./contender.ts";
import { BARE, PUBLIC, signer } from "./contenders.ts";
import type { Asking, Loader } from "./load.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";
import { ORIGIN, PROFILE } from "./site.ts";
import { startMilliseconds } from "./start.ts";
import { compile } from "./workerd.ts";

const PLAN: Plan = { rounds: 5, seconds: 0.8, warmUp: 0.5 };
const BODY_PLAN: Plan = { ...PLAN, rounds: 3 };
/** How often each configuration is started. */
const STARTS = 3;

export const COUNTS = [1, 10, 100, 1000] as const;
export const KINDS = ["profiles", "origins", "tokens"] as const;
/** Bytes of a body; the Worker takes 64 KiB. */
export const BODY_SIZES = [100, 1024, 8 * 1024, 32 * 1024, 60 * 1024] as const;

export interface GrowthRow extends Measured {
  readonly count: number;
  /** Milliseconds from the process's start to the first answer: the configuration is checked there. */
  readonly start: readonly number[];
}

export interface Growth {
  readonly kinds: readonly { readonly kind: string; readonly rows: readonly GrowthRow[] }[];
  readonly bodies: readonly { readonly bytes: number; readonly ours: Measured; readonly bare: Measured }[];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** `count` of a kind, and a request for the last of them. */
const CONFIGURATIONS: Readonly<
  Record<(typeof KINDS)[number], (count: number) => { settings: Plain; asking: Asking }>
> = {
  profiles: (count) => {
    const profile = (i: number) => ({ ...PROFILE, set: { ...PROFILE.set, folder: `site/inbox-${i}` } });
    return {
      settings: { profiles: Object.fromEntries(range(count).map((i) => [`profile-${i}`, profile(i)])) },
      asking: forTicket(`/sign/profile-${count}`),
    };
  },
  origins: (count) => {
    const origin = (i: number) => (i === count ? ORIGIN : `https://site-${i}.example.com`);
    const origins = range(count).map(origin);
    return {
      settings: {
        allowedOrigins: origins,
        access: { site: { type: "origin", origins } },
        profiles: { default: { ...PROFILE, access: ["site"] } },
      },
      asking: forTicket(),
    };
  },
  tokens: (count) => {
    const token = (i: number) => `token-of-back-end-${i}-${"x".repeat(32)}`;
    const hash = (i: number) => createHash("sha256").update(token(i)).digest("hex");
    const tokens = Object.fromEntries(range(count).map((i) => [`back-end-${i}`, hash(i)]));
    return {
      settings: {
        access: { backend: { type: "token", tokens } },
        profiles: { default: { ...PROFILE, access: ["backend"] } },
      },
      asking: { ...forTicket(), tokens: [token(count)] },
    };
  },
};

function contenderFor(kind: (typeof KINDS)[number], count: number): Bundled {
  const { settings, asking } = CONFIGURATIONS[kind](count);
  return bundled({
    name: `${kind}-${count}`,
    title: `${count} ${count === 1 ? kind.slice(0, -1) : kind}`,
    bundle: "ours",
    bindings: signer(settings),
    asking: () => asking,
    fault: ticketFault,
  });
}

/** The body of a ticket, filled up with white space between its parts. */
function ofBytes(bytes: number): Asking {
  const asking = forTicket();
  const filling = " ".repeat(Math.max(0, bytes - asking.body.length));
  return { ...asking, body: asking.body.replace(":", `:${filling}`) };
}

export async function measureGrowth(progress: Progress, loader: Loader): Promise<Growth> {
  const kinds: { kind: string; rows: GrowthRow[] }[] = [];
  for (const kind of KINDS) {
    const contenders = COUNTS.map((count) => contenderFor(kind, count));
    const measured = await measure(contenders, PLAN, loader, progress);
    const starts = contenders.map((): number[] => []);
    progress.say(`starts with ${COUNTS.join(", ")} ${kind}`);
    const binaries = await Promise.all(
      contenders.map(async (contender) => compile(await bundle(contender.bundle), contender.bindings)),
    );
    for (let round = 0; round < STARTS; round++)
      for (const [i, contender] of contenders.entries())
        starts[i]!.push(await startMilliseconds(contender, binaries[i]!));
    kinds.push({
      kind,
      rows: measured.map((row, i) => ({ ...row, count: COUNTS[i]!, start: starts[i]! })),
    });
  }
  const sized = BODY_SIZES.flatMap((bytes) =>
    [PUBLIC, BARE].map((one) => ({
      ...one,
      title: `${one.name}, a body of ${bytes} bytes`,
      asking: () => ofBytes(bytes),
    })),
  );
  const measured = await measure(sized, BODY_PLAN, loader, progress);
  const bodies = BODY_SIZES.map((bytes, i) => ({
    bytes,
    ours: measured[2 * i]!,
    bare: measured[2 * i + 1]!,
  }));
  return { kinds, bodies };
}

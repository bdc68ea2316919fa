// `cloudinary-edge-signer audit URL`: which forgeries a signing endpoint signs. Exit 0 none, 1 some, 2 could not ask.

import type { Shape } from "../testing/audit/ask.ts";
import type { AuditFindings } from "../testing/audit/audit.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { needPackages } from "./needed-packages.ts";
import type { Headers } from "./option-values.ts";

const UNPROVEN = "no forgeries were found, which need not mean that it is safe";

export interface AuditCommandOptions {
  readonly url: string;
  readonly shape: Shape;
  readonly header?: Headers;
  readonly harmless?: Readonly<Record<string, unknown>>;
  readonly iOwnThis?: boolean;
  readonly json?: boolean;
}

const forMachines = ({ findings, forgeries, doubts }: AuditFindings, ok: boolean) => ({
  ok,
  forgeries,
  attacks: findings.length,
  doubts,
  findings: findings.map(({ attack: { id, kind, title }, verdict, by }) => ({
    ...{ id, kind, title, verdict, by },
  })),
});

export async function auditEndpoint(options: AuditCommandOptions, io: Io): Promise<number> {
  const { url, shape, header = {}, harmless = {}, iOwnThis = false, json = false } = options;
  const couldNotAsk = (why: string): number => {
    if (json) io.out(jsonText({ ok: false, error: why }));
    else io.err(`✗ could not ask: ${why}`);
    return 2;
  };
  // Unset and empty are alike: there is no empty secret.
  const secret = io.env.CLOUDINARY_API_SECRET || undefined;
  needPackages("audit", ["cloudinary"]);
  const drawn = json ? undefined : io.terminal;
  const onProgress = (done: number, all: number): void =>
    drawn?.write(done < all ? `\r  ${done} of ${all} ` : "\r\x1b[K");
  try {
    // The SDK throws when it is loaded with a CLOUDINARY_URL that it can't read.
    const { audit } = await import("../testing/audit/audit.ts");
    const { reportText } = await import("../testing/audit/report.ts");
    const proof =
      secret === undefined
        ? "nothing can be proven without CLOUDINARY_API_SECRET"
        : "to be proven with CLOUDINARY_API_SECRET";
    if (!json) io.out(`Asking for forged signatures (${shape}; ${proof}) …\n`);
    const report = await audit({ url, shape, headers: header, harmless, iOwnThis, secret, onProgress });
    if (!report.asked) return couldNotAsk(report.why);
    const proven = report.forgeries > 0 || report.doubts.length === 0;
    if (json) io.out(jsonText(forMachines(report, report.forgeries === 0 && proven)));
    else for (const doubt of report.doubts) io.err(`! ${doubt}`);
    if (!json && !proven) couldNotAsk(UNPROVEN);
    if (!json) io.out(reportText(report));
    return report.forgeries > 0 ? 1 : proven ? 0 : 2;
  } catch (error) {
    // Whatever breaks, exit 1 would say that there are forgeries.
    return couldNotAsk(`the audit broke (${(error as Error).message})`);
  }
}

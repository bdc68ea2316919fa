// `cloudinary-edge-signer audit URL`: which forgeries a signing endpoint signs, or with `--webhook` which an endpoint of
// notifications takes. Exit 0 none, 1 some, 2 could not ask.

import type { Shape } from "../testing/audit/ask.ts";
import type { AuditFindings } from "../testing/audit/audit.ts";
import type { WebhookFindings } from "../testing/audit/webhook-audit.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { needPackages } from "./needed-packages.ts";
import type { Headers } from "./option-values.ts";

const UNPROVEN = "no forgeries were found, which need not mean that it is safe";

export interface AuditCommandOptions {
  readonly url: string;
  readonly shape: Shape;
  /** The endpoint takes notifications, and signs nothing. */
  readonly webhook?: boolean;
  readonly header?: Headers;
  readonly harmless?: Readonly<Record<string, unknown>>;
  readonly iOwnThis?: boolean;
  readonly json?: boolean;
}

type Findings = AuditFindings | WebhookFindings;

const forMachines = ({ findings, forgeries, doubts }: Findings, ok: boolean) => ({
  ok,
  forgeries,
  attacks: findings.length,
  doubts,
  findings: findings.map(({ attack: { id, kind, title }, verdict, by }) => ({
    ...{ id, kind, title, verdict, by },
  })),
});

/** Unset and empty are alike: there is no empty secret. */
const secretOf = ({ CLOUDINARY_API_SECRET: secret, CLOUDINARY_URL: url = "" }: Io["env"]) =>
  secret || (URL.canParse(url) && new URL(url).password) || undefined;

/** What is said before a question is asked. */
function announcement({ webhook, shape }: AuditCommandOptions, secret: string | undefined): string {
  const [without, by] = ["without CLOUDINARY_API_SECRET or CLOUDINARY_URL", "with the account's secret"];
  if (!webhook)
    return `Asking for forged signatures (${shape}; ${secret === undefined ? `nothing can be proven ${without}` : `to be proven ${by}`}) …\n`;
  const honest = secret === undefined ? `no honest ones ${without}` : `and honest ones, signed ${by}`;
  return `Sending forged notifications of an upload audit-victim-… that never was (${honest}) …\n`;
}

export async function auditEndpoint(options: AuditCommandOptions, io: Io): Promise<number> {
  const { url, shape, webhook, header = {}, harmless = {}, iOwnThis = false, json = false } = options;
  const couldNotAsk = (why: string): number => {
    if (json) io.out(jsonText({ ok: false, error: why }));
    else io.err(`✗ could not ask: ${why}`);
    return 2;
  };
  const secret = secretOf(io.env);
  needPackages("audit", ["cloudinary"]);
  const drawn = json ? undefined : io.terminal;
  const onProgress = (done: number, all: number): void =>
    drawn?.write(done < all ? `\r  ${done} of ${all} ` : "\r\x1b[K");
  try {
    // The SDK throws when it is loaded with a CLOUDINARY_URL that it can't read.
    const { audit } = await import("../testing/audit/audit.ts");
    const { auditWebhook } = await import("../testing/audit/webhook-audit.ts");
    const { reportText } = await import("../testing/audit/report.ts");
    if (!json) io.out(announcement(options, secret));
    const given = { url, headers: header, iOwnThis, secret, onProgress };
    const report = webhook
      ? await auditWebhook({ ...given, members: harmless })
      : await audit({ ...given, shape, harmless });
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

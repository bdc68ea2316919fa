// The audit's findings in plain words, for a terminal.

import { styleText } from "node:util";
import type { AuditFindings, AuditReport, Finding } from "./audit.ts";
import type { WebhookFinding, WebhookFindings, WebhookReport } from "./webhook-audit.ts";

type AnyFinding = Finding | WebhookFinding;
type Verdict = AnyFinding["verdict"];

type Style = Parameters<typeof styleText>[0];

/** One part of the report: which findings it lists, and what they mean. */
interface Section {
  readonly mark: string;
  /** What happened, before each line: its heading may have scrolled away. */
  readonly before?: string;
  readonly style: Style;
  readonly title: string;
  readonly verdicts: readonly Verdict[];
  readonly kind?: AnyFinding["attack"]["kind"];
}

const SIGNED: readonly Verdict[] = ["proven", "signed, unproven"];
/** What is told with how it came about. */
const TOLD: readonly Verdict[] = [...SIGNED, "accepted", "unclear"];

const SECTIONS: readonly Section[] = [
  {
    mark: "✗",
    style: "red",
    title: "Signed, and valid for something else than an upload. Whoever can ask this endpoint can:",
    verdicts: SIGNED,
    kind: "forgery",
  },
  {
    mark: "✗",
    style: "red",
    title: "Signed, though no stranger should choose it for an upload. Whoever can ask this endpoint can:",
    verdicts: SIGNED,
    kind: "abuse",
  },
  {
    mark: "✗",
    style: "red",
    title: "Accepted, though Cloudinary did not send it, or not now. Whoever knows this address can:",
    verdicts: ["accepted"],
  },
  {
    mark: "?",
    style: "yellow",
    title: "Neither accepted nor refused. Whoever knows this address can perhaps:",
    verdicts: ["unclear"],
  },
  {
    mark: "?",
    before: "signed something else: ",
    style: "yellow",
    title: "Signed, yet not the forgery that was asked for:",
    verdicts: ["signed something else"],
  },
  {
    mark: "?",
    before: "could not ask: ",
    style: "yellow",
    title: "Could not be asked:",
    verdicts: ["could not ask"],
  },
  { mark: "✓", before: "refused: ", style: "green", title: "Refused:", verdicts: ["refused"] },
];

/**
 * What was found, worst first, and at its end the line `N forgeries of M attacks`; colored where Node finds that
 * the terminal shows colors.
 *
 * @example
 * const report = await audit({ url: "http://localhost:8787/sign" });
 * console.log(report.asked ? reportText(report) : report.why);
 */
export function reportText({ findings, forgeries }: AuditFindings | WebhookFindings): string {
  const all: readonly AnyFinding[] = findings;
  const parts = SECTIONS.map((section) => sectionText(section, all.filter(belongsTo(section))));
  return `${parts.join("")}${forgeries} forgeries of ${findings.length} attacks`;
}

/**
 * For tests: throws an `Error` with the report where an audit found forgeries, and where it could not ask or was not
 * answered, which proves nothing.
 *
 * @example
 * assertNoForgeries(await audit({ url: "http://localhost:8787/sign", secret: apiSecret }));
 */
export function assertNoForgeries(
  report: AuditReport | WebhookReport,
): asserts report is AuditFindings | WebhookFindings {
  if (!report.asked) throw new Error(`the audit could not ask: ${report.why}`);
  if (report.forgeries > 0) throw new Error(reportText(report));
  if (report.doubts.length > 0) throw new Error(`the audit proves nothing: ${report.doubts.join("; ")}`);
}

const belongsTo =
  ({ verdicts, kind }: Section) =>
  ({ attack, verdict }: AnyFinding): boolean =>
    verdicts.includes(verdict) && (kind === undefined || attack.kind === kind);

function sectionText({ mark, before = "", style, title }: Section, findings: readonly AnyFinding[]): string {
  if (findings.length === 0) return "";
  const lines = findings.map(({ attack, verdict, by }) => {
    const how = TOLD.includes(verdict) ? `: ${[verdict, by].filter(Boolean).join(", ")}` : "";
    return `  ${styleText(style, mark)} ${before}${attack.title} ${styleText("dim", `(${attack.id})`)}${how}\n`;
  });
  return `${styleText("bold", title)}\n${lines.join("")}\n`;
}

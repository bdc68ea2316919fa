// All that was measured as one text: goals first, then a section each. Pure.

import type { AllKept } from "../parts.ts";
import { type Goal, goals } from "./goals.ts";
import { growthSection, millionSection } from "./growth-sections.ts";
import { table } from "./markdown.ts";
import { notificationsSection } from "./notifications-section.ts";
import { profileSection } from "./profile-section.ts";
import { requestsSection, signingSection, sizeSection } from "./sections.ts";
import { uploadsSection } from "./uploads-section.ts";
import { failures } from "./verdict.ts";

const HEAD = `# Benchmarks

Made by \`npm run bench\` (a part alone: \`npm run bench -- requests\`) and \`npm run bench:million\`; never edited.
Figures are medians of rounds, with the least and the most in parentheses. Contenders are measured in turn,
A B C A B C …, and a ratio is taken within each round and is the median of these, so that it may differ from the
quotient of two columns. Each contender's answer is checked before its load and after each round; one answer that
fails under load, and its row shows nothing else. Bars show medians, their whiskers the least and the most,
a green line across one of ours its goal. Client and
server share this machine: absolute figures are the machine's, the ratios ours.`;

/** Whether a goal is met; what two runs of the same code disagree about is not decided. */
function verdict({ isMet, isClose }: Goal, before: Goal | undefined): string {
  if (before !== undefined && before.isMet !== isMet) return "**in one run of two**";
  return `${isMet ? "yes" : "**no**"}${isClose ? ", within the spread" : ""}`;
}

const TWICE =
  "The same command was run twice over the same code; what lies between the two columns is noise. Below stands the last run.";

function goalsSection(kept: AllKept, before: AllKept): string {
  const earlier = new Map(goals(before).map((goal) => [goal.goal, goal]));
  const rows = goals(kept).map((goal) => {
    const other = earlier.get(goal.goal);
    const both = earlier.size > 0 ? [goal.measured, other?.measured ?? "—"] : [goal.measured];
    return [goal.goal, ...both, verdict(goal, other)];
  });
  const head = earlier.size > 0 ? ["", "measured", "the run before", "met"] : ["", "measured", "met"];
  return ["## Goals", ...(earlier.size > 0 ? [TWICE] : []), table([head, ...rows])].join("\n\n");
}

/** `before` is the run before of the same code, or of parts of it. */
export function report(kept: AllKept, before: AllKept = {}): string {
  const { signing, requests, profile, size, growth, uploads, notifications, million } = kept;
  const failed = failures(kept);
  const sections = [
    HEAD,
    ...(failed.length > 0 ? [`**Failed**\n\n${failed.map((line) => `- ${line}`).join("\n")}`] : []),
    goalsSection(kept, before),
    ...(signing ? [signingSection(signing)] : []),
    ...(requests ? [requestsSection(requests)] : []),
    ...(profile ? [profileSection(profile)] : []),
    ...(size ? [sizeSection(size)] : []),
    ...(growth ? [growthSection(growth)] : []),
    ...(uploads ? [uploadsSection(uploads)] : []),
    ...(notifications ? [notificationsSection(notifications)] : []),
    ...(million ? [millionSection(million)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

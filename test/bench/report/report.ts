// All that was measured as one text: goals first, then a section each. Pure.

import type { AllKept } from "../parts.ts";
import { goals } from "./goals.ts";
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
fails under load, and its row shows nothing else. Bars show medians, their whiskers the least and the most. Client and
server share this machine: absolute figures are the machine's, the ratios ours.`;

function goalsSection(kept: AllKept): string {
  const rows = goals(kept).map(({ goal, measured, isMet, isClose }) => [
    goal,
    measured,
    `${isMet ? "yes" : "**no**"}${isClose ? ", within the spread" : ""}`,
  ]);
  return `## Goals\n\n${table([["", "measured", "met"], ...rows])}`;
}

export function report(kept: AllKept): string {
  const { signing, requests, profile, size, growth, uploads, notifications, million } = kept;
  const failed = failures(kept);
  const sections = [
    HEAD,
    ...(failed.length > 0 ? [`**Failed**\n\n${failed.map((line) => `- ${line}`).join("\n")}`] : []),
    goalsSection(kept),
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

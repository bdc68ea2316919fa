// The effective policy of one environment in words that a reviewer can sign.

import { styleText } from "node:util";
import type { CheckedEnvironment } from "./environments.ts";
import { columns, profileSections, type Section } from "./profile-words.ts";

function commonSections({ config, settings, policy }: CheckedEnvironment): Section[] {
  if (!config.ok || settings === undefined) return [];
  const { signatureAlgorithm, limitByIp, limitBySubject } = config.value;
  const origins = settings.allowedOrigins.join(", ") || "none but its own";
  const limit = (limiter: object | undefined, by: string) =>
    limiter === undefined ? `not limited by ${by}` : `limited by ${by}`;
  return [
    [
      "For all profiles",
      columns([
        ["pages", `of these origins may ask: ${origins}; those of ALLOWED_ORIGINS too, where it is set`],
        ["how often", `${limit(limitByIp, "address")}, ${limit(limitBySubject, "caller")}`],
        ["signatures", signatureAlgorithm],
        ["the page", settings.page ? "is at /" : "is off"],
        [
          "log",
          typeof settings.log === "string"
            ? settings.log
            : `refusals, and ${settings.log.sample} of the others`,
        ],
        ["policy", policy ?? ""],
      ]),
    ],
  ];
}

const paragraphs = (sections: readonly Section[]): string =>
  sections
    .map(([title, lines]) => [styleText("bold", title), ...lines.map((line) => `  ${line}`)].join("\n"))
    .join("\n\n");

/** Who may put what where, for how long, who holds each limit, and which risks were opted into. */
export function policyText(title: string, environment: CheckedEnvironment): string {
  const { config, settings } = environment;
  const profiles =
    config.ok && settings !== undefined
      ? [...config.value.profiles.values()].map(
          (profile) =>
            `${styleText("bold", `Profile ${profile.name}`)}\n\n${paragraphs(profileSections(profile, settings, undefined))}`,
        )
      : [];
  return ["", styleText("underline", title), paragraphs(commonSections(environment)), ...profiles].join(
    "\n\n",
  );
}

// The effective policy of one environment in words that a reviewer can sign.

import { styleText } from "node:util";
import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";
import { readAllowedOrigins } from "../config/origins-variable.ts";
import type { CheckedEnvironment } from "./environments.ts";
import { columns, profileSections, type Section } from "./profile-words.ts";

/** What is in force, with the origins of the variable too. */
function inForce({ settings, vars }: CheckedEnvironment): Effective | undefined {
  if (settings === undefined) return undefined;
  const more = readAllowedOrigins({ value: vars.ALLOWED_ORIGINS, name: "", howTo: "" });
  return { ...settings, allowedOrigins: [...settings.allowedOrigins, ...(more.ok ? more.value : [])] };
}

/** By what the account is told; its names are no secret, but stay out of what is passed around. */
const accountText = ({ vars }: CheckedEnvironment): string =>
  vars.CLOUDINARY_CLOUD_NAME === undefined
    ? "that of the secret CLOUDINARY_URL"
    : "that of CLOUDINARY_CLOUD_NAME, with the secret CLOUDINARY_API_SECRET";

/** Whose receipts are, and who hears of what was confirmed or reported. */
const receiptRows = ({ publicUrl, onUploaded, notifications }: Config): [string, string][] => [
  ["receipts", `issued by ${publicUrl}, whose /.well-known/jwks.json verifies them`],
  [
    "application",
    onUploaded === undefined
      ? "hears of no upload: no APP is bound; receipts tell it"
      : "hears of each confirmed upload, and of Cloudinary's notifications, by the binding APP",
  ],
  ...(notifications === undefined
    ? []
    : ([["notifications", "wait in the queue NOTIFICATIONS until the application took them"]] as [
        string,
        string,
      ][])),
];

function commonSections(environment: CheckedEnvironment): Section[] {
  const { config, policy } = environment;
  const settings = inForce(environment);
  if (!config.ok || settings === undefined) return [];
  const { signature, limitByIp, limitBySubject, profiles } = config.value;
  const origins = settings.allowedOrigins.join(", ") || "none but its own";
  const confirms = [...profiles.values()].some(({ file }) => file !== undefined);
  const limit = (limiter: object | undefined, by: string) =>
    limiter === undefined ? `not limited by ${by}` : `limited by ${by}`;
  return [
    [
      "For all profiles",
      columns([
        ["pages", `of these origins: ${origins}`],
        ["how often", `${limit(limitByIp, "address")}, ${limit(limitBySubject, "caller")}`],
        ["signatures", signature.algorithm],
        ["account", accountText(environment)],
        ...(confirms ? receiptRows(config.value) : []),
        ["the page", settings.page ? "is at /" : "is off"],
        [
          "log",
          typeof settings.log === "string"
            ? settings.log
            : `refusals, and ${settings.log.sample} of the others`,
        ],
        ...(config.value.analytics
          ? ([["metrics", "a data point a request, by the binding ANALYTICS"]] as [string, string][])
          : []),
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
  const { config } = environment;
  const settings = inForce(environment);
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

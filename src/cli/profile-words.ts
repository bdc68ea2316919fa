// A profile in words: who may ask, what is set and accepted, how long, and which risks were accepted.

import type { Effective } from "../config/environment.ts";
import type { AcceptParam, Profile, SetParam } from "../policy/profile.ts";
import { SIGNATURE_LIFE } from "../policy/profile.ts";
import { KINDS, type Kind } from "../policy/tables/kinds.ts";
import type { Limits } from "../policy/tables/limits.ts";
import { risksOf } from "../policy/tables/methods.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import { type Fill, fillTemplate, isRandom, templateText } from "../policy/values/template.ts";
import { methodOf } from "./access-methods.ts";
import { fileHolders, fileRows } from "./file-words.ts";
import { addressText, methodLines } from "./method-words.ts";
import { replayLines } from "./replay-words.ts";

/** A heading and the lines under it. */
export type Section = readonly [title: string, lines: readonly string[]];

/** Names in a column of their own; a text of several lines stays in its column. */
export function columns(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length), 0);
  return rows.flatMap(([name, text]) =>
    text.split("\n").map((line, i) => `${(i === 0 ? name : "").padEnd(width)}  ${line}`),
  );
}

function setLine([name, { template }]: [string, SetParam], fill: Fill | undefined): [string, string] {
  const text = templateText(template);
  const filled = fill === undefined ? text : fillTemplate(template, fill);
  const here = filled === text ? "" : `, here ${filled}`;
  return [name, text + here + (isRandom(template) ? " (the uuid is new for each signature)" : "")];
}

const KIND_WORDS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [KINDS.boolean, "true or false"],
  [KINDS.integer, "a whole number"],
  [KINDS.float, "a number"],
  [KINDS["double-array"], "boxes x,y,width,height"],
]);

/** What there is to say of a limit. */
interface About {
  readonly kind: Kind;
  readonly fill: Fill | undefined;
}

/** Each limit in words; one without words does not compile, for what is reviewed is what is said here. */
const LIMIT_WORDS: {
  readonly [N in keyof Limits]-?: (limit: NonNullable<Limits[N]>, about: About) => string | undefined;
} = {
  enum: (listed) => `one of: ${[...listed].join(", ")}`,
  keys: (keys) => `the keys ${[...keys].join(", ")}`,
  prefix: (prefix, { fill }) =>
    `beginning with ${fill === undefined ? templateText(prefix) : fillTemplate(prefix, fill)}`,
  charset: ({ text }) => `of the characters ${text}`,
  maxLength: (most, { kind }) =>
    KIND_WORDS.has(kind)
      ? undefined
      : `at most ${most} characters${kind.isList || kind.hasKeys ? " each" : ""}`,
  maxItems: (most, { kind }) => (kind.takesList ? `at most ${most} of them` : undefined),
  min: (least) => `at least ${least}`,
  max: (most) => `at most ${most}`,
};

/** Limits as a client has to keep them; whole values say all that there is. */
function acceptText({ parameter: { kind }, limits }: AcceptParam, fill: Fill | undefined): string {
  const isWhole = limits.enum !== undefined && limits.prefix === undefined;
  const words = Object.entries(LIMIT_WORDS).flatMap(([name, tell]) => {
    const limit = limits[name as keyof Limits];
    const isTold = limit !== undefined && (!isWhole || name === "enum");
    return isTold
      ? ((tell as (limit: unknown, about: About) => string | undefined)(limit, { kind, fill }) ?? [])
      : [];
  });
  const of = KIND_WORDS.get(kind);
  return [...(of === undefined || isWhole ? [] : [of]), ...words].join("; ");
}

/** Who keeps what was promised, and what nobody does. */
function holderLines(profile: Profile): [string, string][] {
  const isUpload = profile.method.name === "upload";
  const counted = isUpload ? "the uploads under one ticket" : "how often one ticket is used";
  const ofAll: [string, string][] = [
    ["parameters", "the signer, before it signs; then Cloudinary, which refuses all but what was signed"],
    ["the time", "Cloudinary, by the signed timestamp"],
    ["how often", `the signer, where it has rate limits; nobody counts ${counted}`],
  ];
  return isUpload ? [...ofAll, ...fileHolders(profile)] : ofAll;
}

/** How long a ticket lives: beyond an hour it is renewed. */
const lifeLines = (ttl: number): string[] => [
  `lives ${ttl} s, and can be used again as long as it does`,
  ...(ttl > SIGNATURE_LIFE
    ? [
        `its signature lives ${SIGNATURE_LIFE} s at most: the same caller renews it until the ticket's life is over`,
      ]
    : []),
];

/** Whether clients are answered that choose the parameters themselves, which only uploads have. */
const dropInSections = ({ method, noDropIn }: Profile): Section[] =>
  method.name === "upload"
    ? [
        [
          "Drop-in (paramsToSign, for components that choose the parameters)",
          [
            noDropIn === undefined
              ? `served; such a signature lives until ${SIGNATURE_LIFE} s after the component's own timestamp`
              : `not served: ${sentenceOf(noDropIn.why)}`,
          ],
        ],
      ]
    : [];

const riskLines = (optIn: string): [string, string][] =>
  risksOf(optIn).map((risk) => [optIn, `whoever holds a signature can ${risk}`]);

/** Everything the profile says by itself; with a `fill`, the values that this caller gets too. */
export function profileSections(profile: Profile, settings: Effective, fill: Fill | undefined): Section[] {
  const { access, set, accept, ttl, optIns, notify } = profile;
  const does = methodLines(profile);
  const arrives = fileRows(profile);
  const accepted = [...accept].map(([name, param]): [string, string] => [name, acceptText(param, fill)]);
  const timestamp: [string, string] = [
    "timestamp",
    "the time, so that the ticket lives no longer than below",
  ];
  const url: [string, string] = [
    "notification_url",
    `${settings.publicUrl}/notifications/ and the upload ID, which is new for each ticket`,
  ];
  return [
    ...(does.length > 0 ? [["What it does", columns(does)] as const] : []),
    ["Who may ask", columns(access.map((name) => [name, methodOf(name, settings).who()]))],
    [
      "What the server sets",
      columns([...[...set].map((entry) => setLine(entry, fill)), ...(notify ? [url] : []), timestamp]),
    ],
    ["What a client may send", accepted.length > 0 ? columns(accepted) : ["nothing"]],
    ["A ticket", [...lifeLines(ttl), addressText(profile)]],
    ...(arrives.length > 0 ? [["What may arrive", columns(arrives)] as const] : []),
    ...dropInSections(profile),
    ["Who holds each limit", columns(holderLines(profile))],
    ["What the same signature could also do", columns(replayLines(profile))],
    ["Accepted risks", optIns.length > 0 ? columns(optIns.flatMap(riskLines)) : ["none"]],
  ];
}

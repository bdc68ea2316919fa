// A profile in words: who may ask, what is set and accepted, how long, and which risks were accepted.

import type { Config, Way } from "../config/config.ts";
import type { Limits } from "../policy/limits.ts";
import { SELECTIONS } from "../policy/methods.ts";
import type { AcceptParam, Profile, SetParam } from "../policy/profile.ts";
import { SIGNATURE_LIFE } from "../policy/profile.ts";
import { type Fill, fillTemplate, isRandom, templateText } from "../policy/template.ts";

/** A heading and the lines under it. */
export type Section = readonly [title: string, lines: readonly string[]];

/** Names in a column of their own; a text of several lines stays in its column. */
export function columns(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length), 0);
  return rows.flatMap(([name, text]) =>
    text.split("\n").map((line, i) => `${(i === 0 ? name : "").padEnd(width)}  ${line}`),
  );
}

const or = (texts: Iterable<string>): string => [...texts].join(" or ");

function jwtText(way: Way & { type: "jwt" }): string {
  const { header, cookie } = way.from;
  const place =
    cookie !== undefined
      ? `the cookie ${cookie}`
      : header !== undefined
        ? `the header ${header}`
        : "Authorization: Bearer …";
  const made = [
    ...(way.audience === undefined ? [] : [`for ${or(way.audience)}`]),
    ...(way.authorizedParties === undefined ? [] : [`by way of ${or(way.authorizedParties)}`]),
  ].join(", ");
  const keys = way.jwks === undefined ? "a shared secret" : `the keys at ${way.jwks}`;
  return [
    `who shows a token of ${way.issuer} in ${place},`,
    `made ${made} at most ${way.maxTokenAge} s ago, and verified with ${keys};`,
    `its claims that templates may take: ${way.claims.join(", ")}`,
  ].join("\n");
}

/** The pages that come in by an `origin` way. */
const pagesOf = ({ origins, own }: Way & { type: "origin" }): string[] => [
  ...origins.exact,
  ...origins.patterns.map(({ before, after }) => `${before}*${after}`),
  ...(own ? ["the signer's own page"] : []),
];

/** Who comes in by a way. */
function wayText(way: Way): string {
  switch (way.type) {
    case "public":
      return "anybody";
    case "origin":
      return `pages of ${or(pagesOf(way))}\n(keeps other sites' pages out, and proves nobody's name)`;
    case "turnstile":
      return `browsers that solved Turnstile's challenge on ${or(way.hostnames)} for the action ${way.action}\n(proves nobody's name)`;
    case "token":
      return `back ends with a token; its name is the caller's sub: ${or(new Set(way.hashes.values()))}`;
    case "service":
      return "other Workers, by service binding";
    case "jwt":
      return jwtText(way);
  }
}

function setLine([name, { template }]: [string, SetParam], fill: Fill | undefined): [string, string] {
  const text = templateText(template);
  const filled = fill === undefined ? text : fillTemplate(template, fill);
  const here = filled === text ? "" : `, here ${filled}`;
  return [name, text + here + (isRandom(template) ? " (the uuid is new for each signature)" : "")];
}

function range({ min, max }: Limits): string[] {
  return [...(min === -Infinity ? [] : [`at least ${min}`]), ...(max === Infinity ? [] : [`at most ${max}`])];
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  boolean: "true or false",
  integer: "a whole number",
  float: "a number",
  "double-array": "boxes x,y,width,height",
};

/** Limits as a client has to keep them. */
function acceptText({ parameter, limits }: AcceptParam, fill: Fill | undefined): string {
  if (limits.enum !== undefined && limits.prefix === undefined)
    return `one of: ${[...limits.enum].join(", ")}`;
  const { kind } = parameter;
  const isText = kind === "string" || kind === "csv" || kind === "pipe-context";
  const hasItems = kind === "csv" || kind === "double-array";
  const prefix = limits.prefix ?? [];
  const begins = fill === undefined ? templateText(prefix) : fillTemplate(prefix, fill);
  return [
    ...(kind in KIND_WORDS ? [KIND_WORDS[kind]!] : []),
    ...(limits.enum ? [`one of: ${[...limits.enum].join(", ")}`] : []),
    ...(limits.keys ? [`the keys ${[...limits.keys].join(", ")}`] : []),
    ...(prefix.length > 0 ? [`beginning with ${begins}`] : []),
    ...(limits.charsetText === undefined ? [] : [`of the characters ${limits.charsetText}`]),
    ...(isText ? [`at most ${limits.maxLength} characters${kind === "string" ? "" : " each"}`] : []),
    ...(hasItems ? [`at most ${limits.maxItems} of them`] : []),
    ...range(limits),
  ].join("; ");
}

function riskLines(optIn: string): [string, string][] {
  return SELECTIONS.filter((selection) => selection.optIn === optIn).map(({ method, risk }) => [
    optIn,
    `whoever holds a signature can ${risk} (the method ${method})`,
  ]);
}

/** Everything the profile says by itself; with a `fill`, the values that this caller gets too. */
export function profileSections(profile: Profile, ways: Config["ways"], fill: Fill | undefined): Section[] {
  const { access, set, accept, ttl, noDropIn, optIns, resourceType } = profile;
  const accepted = [...accept].map(([name, param]): [string, string] => [name, acceptText(param, fill)]);
  const timestamp: [string, string] = [
    "timestamp",
    "the time, so that the ticket lives no longer than below",
  ];
  return [
    ["Who may ask", columns(access.map((name) => [name, wayText(ways.get(name)!)]))],
    ["What the server sets", columns([...[...set].map((entry) => setLine(entry, fill)), timestamp])],
    ["What a client may send", accepted.length > 0 ? columns(accepted) : ["nothing"]],
    [
      "A ticket",
      [
        `lives ${ttl} s, and can be used again as long as it does`,
        `sends the upload to …/${resourceType}/upload; no signature binds that part, nor the file and its size`,
      ],
    ],
    [
      "Drop-in (paramsToSign, for components that choose the parameters)",
      [
        noDropIn === undefined
          ? `served; such a signature lives until ${SIGNATURE_LIFE} s after the component's own timestamp`
          : `not served: ${noDropIn.reason}`,
      ],
    ],
    ["Accepted risks", optIns.length > 0 ? columns(optIns.flatMap(riskLines)) : ["none"]],
  ];
}

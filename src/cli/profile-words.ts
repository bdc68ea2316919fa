// A profile in words: who may ask, what is set and accepted, how long, and which risks were accepted.

import { PUBLIC } from "../access/public.ts";
import type { Effective } from "../config/environment.ts";
import type { AcceptParam, Profile, SetParam } from "../policy/profile.ts";
import { SIGNATURE_LIFE } from "../policy/profile.ts";
import { KINDS, type Kind } from "../policy/tables/kinds.ts";
import type { Limits } from "../policy/tables/limits.ts";
import { risksOf } from "../policy/tables/methods.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import { type Fill, fillTemplate, isRandom, templateText } from "../policy/values/template.ts";

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

/** The options of an access method, as they are written. */
type Written = { readonly type: string } & Readonly<Record<string, unknown>>;
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

function placeText({ header, cookie, reads }: Written): string {
  const place = (reads ?? { header, cookie }) as { header?: string; cookie?: string };
  if (place.cookie !== undefined) return `the cookie ${place.cookie}`;
  return place.header === undefined ? "Authorization: Bearer …" : `the header ${place.header}`;
}

function jwtText(method: Written): string {
  const { issuer, audience, authorizedParties, jwks, maxTokenAge = "86400", claims = [] } = method;
  const made = [
    ...(audience === undefined ? [] : [`for ${or(listOf(audience))}`]),
    ...(authorizedParties === undefined ? [] : [`by way of ${or(listOf(authorizedParties))}`]),
  ].join(", ");
  const keys = jwks === undefined ? "a shared secret" : `the keys at ${jwks}`;
  return [
    `who shows a token of ${issuer} in ${placeText(method)},`,
    `made ${made} at most ${maxTokenAge} s ago, and verified with ${keys};`,
    `its claims that templates may take: ${[...new Set(["sub", ...listOf(claims)])].join(", ")}`,
  ].join("\n");
}

function pagesText({ origins, allow }: Written, { allowedOrigins, page }: Effective): string {
  const listed = origins === undefined ? allowedOrigins : listOf(origins);
  const pages = listed.filter((text) => allow !== undefined || !text.includes("*"));
  return or([...pages, ...(page ? ["the signer's own"] : [])]) || "no origin yet";
}

/** Who comes in by an access method. */
export function methodText(name: string, settings: Effective): string {
  if (name === PUBLIC) return "anybody";
  const method = settings.access[name] as unknown as Written;
  switch (method.type) {
    case "origin":
      return [
        `pages of ${pagesText(method, settings)}`,
        "(keeps other sites' pages out, and proves nobody's name)",
        ...(method.allow === undefined
          ? []
          : ["accepted risk preview-origins: whoever gets a name that fits a pattern comes in too"]),
      ].join("\n");
    case "turnstile":
      return `browsers that solved Turnstile's challenge on ${or(listOf(method.hostnames))} for the action ${method.action}\n(proves nobody's name)`;
    case "token":
      return `back ends with a token; its name is the caller's sub: ${or(Object.keys(method.tokens as object))}`;
    case "service":
      return "other Workers, by service binding";
    case "custom":
      return `whom the application's own function knows by ${placeText(method)}`;
    default:
      return jwtText(method);
  }
}

function setLine([name, { template }]: [string, SetParam], fill: Fill | undefined): [string, string] {
  const text = templateText(template);
  const filled = fill === undefined ? text : fillTemplate(template, fill);
  const here = filled === text ? "" : `, here ${filled}`;
  return [name, text + here + (isRandom(template) ? " (the uuid is new for each signature)" : "")];
}

function range({ min, max }: Limits): string[] {
  return [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
}

const KIND_WORDS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [KINDS.boolean, "true or false"],
  [KINDS.integer, "a whole number"],
  [KINDS.float, "a number"],
  [KINDS["double-array"], "boxes x,y,width,height"],
]);

/** Limits as a client has to keep them. */
function acceptText({ parameter, limits }: AcceptParam, fill: Fill | undefined): string {
  if (limits.enum !== undefined && limits.prefix === undefined)
    return `one of: ${[...limits.enum].join(", ")}`;
  const { kind } = parameter;
  const words = KIND_WORDS.get(kind);
  const hasSeveral = kind.isList || kind.hasKeys;
  const prefix = limits.prefix ?? [];
  const begins = fill === undefined ? templateText(prefix) : fillTemplate(prefix, fill);
  return [
    ...(words === undefined ? [] : [words]),
    ...(limits.enum ? [`one of: ${[...limits.enum].join(", ")}`] : []),
    ...(limits.keys ? [`the keys ${[...limits.keys].join(", ")}`] : []),
    ...(prefix.length > 0 ? [`beginning with ${begins}`] : []),
    ...(limits.charset === undefined ? [] : [`of the characters ${limits.charset.text}`]),
    ...(words === undefined ? [`at most ${limits.maxLength} characters${hasSeveral ? " each" : ""}`] : []),
    ...(kind.takesList ? [`at most ${limits.maxItems} of them`] : []),
    ...range(limits),
  ].join("; ");
}

/** Who keeps what was promised, and what nobody does. */
function holderLines({ set }: Profile): [string, string][] {
  const formats = set.has("allowed_formats") ? "Cloudinary, by the signed allowed_formats" : "nobody";
  return [
    ["parameters", "the signer, before it signs; then Cloudinary, which refuses all but what was signed"],
    ["the time", "Cloudinary, by the signed timestamp"],
    ["how often", "the signer, where it has rate limits; nobody counts the uploads under one ticket"],
    ["the file's format", formats],
    ["the file's size", "nobody but the account's own limits at Cloudinary"],
  ];
}

const riskLines = (optIn: string): [string, string][] =>
  risksOf(optIn).map((risk) => [optIn, `whoever holds a signature can ${risk}`]);

/** Everything the profile says by itself; with a `fill`, the values that this caller gets too. */
export function profileSections(profile: Profile, settings: Effective, fill: Fill | undefined): Section[] {
  const { access, set, accept, ttl, noDropIn, optIns, resourceType } = profile;
  const accepted = [...accept].map(([name, param]): [string, string] => [name, acceptText(param, fill)]);
  const timestamp: [string, string] = [
    "timestamp",
    "the time, so that the ticket lives no longer than below",
  ];
  return [
    ["Who may ask", columns(access.map((name) => [name, methodText(name, settings)]))],
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
          : `not served: ${sentenceOf(noDropIn.why)}`,
      ],
    ],
    ["Who holds each limit", columns(holderLines(profile))],
    ["Accepted risks", optIns.length > 0 ? columns(optIns.flatMap(riskLines)) : ["none"]],
  ];
}

// What a signature of a profile would also be valid for, by the official SDK: tickets as the signer issues them, and for
// each method the request that a replayer could send. Which names a method reads, and which it needs, is the evidence's.

import type { Config } from "../../src/config/checked.ts";
import type { Secret } from "../../src/keys/secret.ts";
import { newEvent } from "../../src/observe/event.ts";
import { readAccepted } from "../../src/policy/decide/client-params.ts";
import { type Caller, fillFor } from "../../src/policy/decide/fill.ts";
import type { Profile } from "../../src/policy/profile.ts";
import { type Fill, fillTemplate } from "../../src/policy/values/template.ts";
import type { Account } from "../../src/testing/audit/sdk.ts";
import { issue } from "../../src/tickets/issue.ts";
import type { Ticket } from "../../src/tickets/ticket.ts";
import { NOW } from "../policy/generators.ts";
import { notificationBodies, OPT_INS, provenForgeries, SELECTORS } from "../policy/property-forgeries.ts";
import { valuesOf } from "../policy/property-texts.ts";
import { sdkSignature } from "../support/sdk.ts";
import evidence from "../vectors/upload-params.json" with { type: "json" };

/** With whose secret a profile's tickets are signed, and the same for the SDK. */
export interface Signer {
  readonly config: Config;
  readonly secret: Secret;
  readonly account: Account;
}

const UPLOAD = evidence.params.map(({ name }) => name);
const READS: Readonly<Record<string, readonly string[]>> = {
  upload: UPLOAD,
  explicit: UPLOAD,
  ...evidence.other_methods,
};
const NEEDS: Readonly<Record<string, readonly (readonly string[])[]>> = { upload: [[]], ...SELECTORS };

/** Every method whose requests the secret signs. */
export const REPLAYED: readonly string[] = Object.keys(READS);
/** What the secret signs besides; of a notification the body must be JSON, or no receiver may believe it. */
export const DIGESTS = ["response", "notification", "delivery", "search"] as const;

/**
 * What one method or digest does with a signature: what the profile is `for`; the same to what is the caller's `own`
 * alone; or to more, by the opt-in of this name. `undefined`: to more, and nobody accepted it.
 */
export interface Cell {
  readonly reach: "for" | "own" | string | undefined;
  /** Whether it is sent names that the method does not read; whether Cloudinary then refuses it is not documented. */
  readonly isBeside: boolean;
}

interface Sample {
  readonly params: Readonly<Record<string, string>>;
  readonly signature: string;
}

/** Two people of one organisation: what one has and the other can't get is one's own. */
const PEOPLE = [
  ["c42", "00000042-9b1d-4e5f-8a7b-c0ffee15dead"],
  ["c43", "00000043-9b1d-4e5f-8a7b-c0ffee15dead"],
] as const;

function callerOf({ claims, access: [access = ""] }: Profile, sub: string): Caller {
  const told = claims.map(({ claim }) => [claim, ["sub", "email"].includes(claim) ? sub : "shared"]);
  return { access, claims: { ...Object.fromEntries(told), email_verified: true } };
}

const TEXTS = ["x", "a", "A", "0", "1", "true", "1,1,1,1", "-", "_"];

/** A value that a client may send for each accepted name. */
function choicesOf({ accept }: Profile, fill: Fill): Record<string, unknown> {
  const choices = [...accept].map(([name, accepted]) => {
    const { enum: listed = [], keys = [], prefix = [] } = accepted.limits;
    const own = fillTemplate(prefix, fill);
    const texts = TEXTS.flatMap((text) => [
      own + text,
      `${own}${text}/`,
      ...[...keys].map((key) => `${key}=${text}`),
    ]);
    return [name, [...listed, ...texts].find((text) => readAccepted(text, accepted, fill).ok)];
  });
  return Object.fromEntries(choices);
}

/** Tickets that one person gets: with nothing chosen, with each choice alone, and with all. */
async function samplesOf(
  profile: Profile,
  { config, secret }: Signer,
  [sub, uuid]: readonly [string, string],
) {
  const caller = callerOf(profile, sub);
  const fill = await fillFor(profile, caller, NOW, uuid);
  if (!fill.ok) return [];
  const choices = choicesOf(profile, fill.value);
  const asked = [{}, ...Object.entries(choices).map((one) => Object.fromEntries([one])), choices];
  return Promise.all(
    asked.map(async (params): Promise<Sample | undefined> => {
      const event = newEvent("replays", "/sign");
      const entered = { profile, caller, secret, event, count: async () => undefined };
      const ticket = await issue(config, entered, { form: "ticket", params }, NOW, () => uuid);
      if (!ticket.ok) return undefined;
      const { api_key: _, signature, ...fields } = (ticket.value as Ticket).fields;
      return { params: fields, signature: signature! };
    }),
  );
}

/** Whether the SDK signs the same, of the names that the method reads alone or with the others beside them. */
function isValid(
  { params, signature }: Sample,
  method: string,
  account: Account,
): "alone" | "beside" | undefined {
  const sign = (sent: object) =>
    sdkSignature(sent as Record<string, string>, account.secret, account.algorithm);
  const read = Object.fromEntries(Object.entries(params).filter(([name]) => READS[method]!.includes(name)));
  if (sign(read) === signature) return "alone";
  return sign({ ...params, ...read }) === signature ? "beside" : undefined;
}

const isApart = (name: string, one: Sample, other: Sample | undefined): boolean => {
  const others = valuesOf(name, other?.params[name]);
  return valuesOf(name, one.params[name]).every((value) => !others.includes(value));
};

/** What one method would do with these tickets. */
function cellOf(
  profile: Profile,
  allow: readonly string[],
  method: string,
  [mine, theirs]: readonly (readonly (Sample | undefined)[])[],
  account: Account,
): Cell | undefined {
  const cells = mine!.flatMap((sample, i) => {
    if (sample === undefined) return [];
    const rows = NEEDS[method]!.filter((row) => row.every((name) => Object.hasOwn(sample.params, name)));
    const valid = isValid(sample, method, account);
    if (valid === undefined) return [];
    return rows.map((row): Cell => {
      // An upload needs no name, and where it has one, that is what it works on.
      const names = method === "upload" && Object.hasOwn(sample.params, "public_id") ? ["public_id"] : row;
      const isOwn = names.length === 0 || names.some((name) => isApart(name, sample, theirs![i]));
      const optIn = ["others-assets", OPT_INS[`${method} ${row[0]}`] ?? OPT_INS[method] ?? ""];
      const reach = isOwn ? "own" : optIn.find((one) => allow.includes(one));
      return { reach: profile.method.name === method ? "for" : reach, isBeside: valid === "beside" };
    });
  });
  // The worst of them: what nobody accepted, then what was accepted; and what is documented to work.
  const rank = ({ reach, isBeside }: Cell) =>
    (reach === undefined ? 0 : reach === "own" ? 4 : 2) + Number(isBeside);
  return cells.sort((a, b) => rank(a) - rank(b))[0];
}

/** Every method that the signatures of a profile are valid for; what is not there is nothing. */
export async function replays(
  profile: Profile,
  allow: readonly string[],
  signer: Signer,
): Promise<Map<string, Cell>> {
  const people = await Promise.all(PEOPLE.map((person) => samplesOf(profile, signer, person)));
  const cells = new Map<string, Cell>();
  for (const method of REPLAYED) {
    const cell = cellOf(profile, allow, method, people, signer.account);
    if (cell !== undefined) cells.set(method, cell);
  }
  return cells;
}

/** Every digest that the signatures of a profile are, of any text that they are over. */
export async function digests(profile: Profile, signer: Signer): Promise<string[]> {
  const samples = await samplesOf(profile, signer, PEOPLE[0]);
  return samples.flatMap((sample) => {
    if (sample === undefined) return [];
    const { params, signature } = sample;
    const names = Object.entries(params).flatMap(([name, text]) => valuesOf(name, text));
    const at = { now: NOW, uuid: "" };
    const proven = provenForgeries({ params, at }, signature, signer.account, [...new Set(names)]);
    const bodies = notificationBodies(signedText(params), signature, signer.account).filter(isJson);
    return DIGESTS.filter((digest) =>
      digest === "notification" ? bodies.length > 0 : proven.some((id) => id.startsWith(`${digest} of `)),
    );
  });
}

/** The string to sign, as Cloudinary documents it. */
const signedText = (params: Readonly<Record<string, string>>): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`.replaceAll("&", "%26"))
    .join("&");

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

// `cloudinary-edge-signer try PROFILE [CLAIMS] [PARAMS]`: what would be signed or refused, and by which rule, without
// starting or signing anything. Exit 0 signed, 1 refused, 2 nothing to try.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { styleText } from "node:util";
import type { Effective } from "../config/environment.ts";
import { detailOf } from "../failure.ts";
import { faultPlace } from "../fault.ts";
import type { ClientParams } from "../policy/decide/client-params.ts";
import { fillFor } from "../policy/decide/fill.ts";
import type { Profile } from "../policy/profile.ts";
import { sentenceOf } from "../policy/tables/reasons.ts";
import { parseJson, readSigningRequest } from "../tickets/signing-request.ts";
import { type CheckedEnvironment, checkProject, environmentNamed } from "./environments.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { jsonObject } from "./option-values.ts";
import { profileSections, type Section } from "./profile-words.ts";
import { explainRequest, type Form } from "./request-words.ts";
import { ruleText } from "./rules-words.ts";

const EXAMPLE = `cloudinary-edge-signer try avatars '{"sub":"42"}' '{"context":{"alt":"a"}}'`;

/** Stands for the random name in what would be signed. */
const SAMPLE_UUID = "00000000-0000-4000-8000-000000000000";

export interface TryOptions {
  readonly profile: string;
  /** JSON objects as they were typed. */
  readonly claims: string;
  readonly params: string;
  readonly config: string;
  /** The environment of wrangler.toml; `""` or absent, the one without a name. */
  readonly env?: string;
  /** The access method by which the caller comes; default the profile's first. */
  readonly access?: string;
  readonly dropIn: boolean;
  readonly json?: boolean;
}

const readObject = (name: "CLAIMS" | "PARAMS", text: string) => jsonObject(name, EXAMPLE)(text);

/** The parameters through the Worker's own reader. */
async function readParams(text: string, form: Form): Promise<ClientParams> {
  readObject("PARAMS", text);
  const body = `{"${form === "ticket" ? "params" : "paramsToSign"}":${text}}`;
  const parsed = parseJson(new TextEncoder().encode(body));
  const read = parsed.ok ? readSigningRequest(parsed.value) : parsed;
  if (!read.ok) throw new Fixable(`PARAMS: ${detailOf(read.error)}`);
  // Neither member is that of a renewal.
  return "params" in read.value ? read.value.params : {};
}

interface Found {
  readonly profile: Profile;
  readonly settings: Effective;
  readonly anonymous: ReadonlySet<string>;
  /** Where it was found. */
  readonly place: string;
}

const placeIn = (path: string, { name }: CheckedEnvironment): string =>
  `${path}${name === undefined ? "" : ` (--env ${name})`}`;

/** The profile in the environment that was named, or else in this repository's demo. */
async function findProfile({ config: path, env, profile: name }: TryOptions): Promise<Found> {
  const known: string[] = [];
  const demo = join(dirname(path), "demo/wrangler.toml");
  for (const file of env === undefined && existsSync(demo) ? [path, demo] : [path]) {
    const environments = await checkProject(file);
    const environment = environmentNamed(environments, env, file);
    const { faults, config, settings } = environment;
    const place = placeIn(file, environment);
    if (!config.ok || settings === undefined || faults.length > 0) {
      const lines = faults.map((fault) => `\n  ${faultPlace(fault)}: ${fault.problem}`);
      throw new Fixable(
        `fix ${place} first, for it is misconfigured and would sign nothing:${lines.join("")}`,
      );
    }
    const { profiles, access } = config.value;
    const profile = profiles.get(name);
    if (profile !== undefined) {
      const anonymous = profile.access.filter((one) => access.get(one)!.anonymous);
      return { profile, settings, anonymous: new Set(anonymous), place };
    }
    known.push(`${place}: ${[...profiles.keys()].join(", ") || "none"}`);
  }
  throw new Fixable(
    `choose one of these profiles, for there is no ${JSON.stringify(name)}:\n  ${known.join("\n  ")}`,
  );
}

function chooseAccess({ profile }: Found, name = profile.access[0]!): string {
  if (profile.access.includes(name)) return name;
  throw new Fixable(
    `choose one of the access methods of the profile ${profile.name}: ${profile.access.join(", ")}; ${JSON.stringify(name)} is not one of them`,
  );
}

/** Values of claims for an example. */
const SAMPLE_CLAIMS: Readonly<Record<string, unknown>> = { email: "a@example.com", email_verified: true };

/** Which claims are to be given, and how, where some that the profile needs are not. */
function claimAdvice({ name, claims }: Profile, given: Readonly<Record<string, unknown>>) {
  const names = [
    ...new Set(claims.flatMap(({ claim }) => (claim === "email" ? [claim, "email_verified"] : claim))),
  ];
  if (names.every((one) => Object.hasOwn(given, one))) return undefined;
  const sample = Object.fromEntries(names.map((one) => [one, SAMPLE_CLAIMS[one] ?? "42"]));
  return [
    `✗ give the claims that the profile needs: ${names.join(", ")}`,
    `    for example: cloudinary-edge-signer try ${name} '${JSON.stringify(sample)}'`,
  ];
}

function print(sections: readonly Section[], { out }: Io): void {
  for (const [title, lines] of sections) {
    out(`\n${styleText("bold", title)}`);
    for (const line of lines) out(`  ${line}`);
  }
}

/** Exit 0 if the request would be signed, 1 if not. */
export async function tryRequest(options: TryOptions, io: Io): Promise<number> {
  const form: Form = options.dropIn ? "drop-in" : "ticket";
  const now = Math.floor(Date.now() / 1000);
  const given = readObject("CLAIMS", options.claims);
  const sent = await readParams(options.params, form);
  const unstamped = form === "drop-in" && !Object.hasOwn(sent, "timestamp");
  const params = unstamped ? { ...sent, timestamp: now } : sent;
  const found = await findProfile(options);
  const { profile, settings, place } = found;
  const access = chooseAccess(found, options.access);
  const nobody = found.anonymous.has(access);
  const caller = { access, claims: nobody ? {} : given };
  const fill = await fillFor(profile, caller, now, SAMPLE_UUID);
  const explained = fill.ok ? explainRequest(profile, params, fill.value, form) : undefined;
  const signed = explained?.signed ?? false;

  if (options.json) {
    const told = explained?.told ?? (fill.ok ? {} : { caller: sentenceOf(fill.error) });
    io.out(jsonText({ ok: signed, profile: profile.name, place, form, access, ...told }));
    return signed ? 0 : 1;
  }
  io.out(`Profile ${styleText("bold", profile.name)} of ${place}`);
  print(profileSections(profile, settings, fill.ok ? fill.value : undefined), io);
  io.out(
    `\nA request for a ${form === "ticket" ? "ticket" : "drop-in signature"}, by the access method ${access}`,
  );
  if (nobody && Object.keys(given).length > 0)
    io.out("  CLAIMS are not used here: callers by this method are no one in particular");
  if (unstamped) io.out("  with the time now as its timestamp, which components send by themselves");
  if (!fill.ok) {
    const lines = claimAdvice(profile, given) ?? [`✗ ${sentenceOf(fill.error)}`, `    ${ruleText("R10")}`];
    print([["This caller", lines]], io);
  }
  if (explained === undefined) return 1;
  print(explained.sections, io);
  io.out(`\n${signed ? "✓ It would be signed." : "✗ It would be refused."}`);
  return signed ? 0 : 1;
}

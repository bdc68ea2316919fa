// One case, tried: the profile compiled, the claims filled in, the parameters decided and signed as the app does it.

import type { Config } from "../../src/config/checked.ts";
import { Secret } from "../../src/keys/secret.ts";
import { compileProfile } from "../../src/policy/compile/compile.ts";
import { dropInParams } from "../../src/policy/decide/drop-in.ts";
import { type Caller, fillFor } from "../../src/policy/decide/fill.ts";
import { ticketParams } from "../../src/policy/decide/ticket-params.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import type { Account } from "../../src/testing/audit/sdk.ts";
import { signDropIn, signTicket } from "../../src/tickets/issue.ts";
import { isForAnybody, METHODS, type Sent } from "./generators.ts";
import type { Moment } from "./property-texts.ts";

export const ACCOUNT: Account = { secret: "Pr0perty-Secret_of_the-SUITE", algorithm: "sha256" };
const SECRET = new Secret(ACCOUNT.secret);
const CONFIG = {
  cloudName: "suite-cloud",
  apiKey: "415926535897932",
  uploadPrefix: "https://api.cloudinary.com",
  signature: { algorithm: ACCOUNT.algorithm },
} as Config;

export const SIGNER = { config: CONFIG, secret: SECRET, account: ACCOUNT };

/** How a client asks: with `params` for a ticket, or with all that it will send. */
export type Form = "ticket" | "drop-in";

/** One signature: who asked, by which profile, what was sent and what was signed. */
export interface Signed {
  /** As it is written, with what it has without being written. */
  readonly profile: ProfileInput;
  readonly asker: Caller;
  readonly form: Form;
  readonly sent: Sent;
  readonly params: Readonly<Record<string, string>>;
  readonly at: Moment;
}

/** The defaults, as they are documented. */
function withDefaults(profile: ProfileInput): ProfileInput {
  const { set, accept, dropIn } = profile;
  if (dropIn === true) {
    const isGiven = Object.hasOwn({ ...set, ...accept }, "source");
    return isGiven ? profile : { ...profile, accept: { source: { enum: ["uw"] }, ...accept } };
  }
  if (!isForAnybody(profile) || Object.hasOwn(accept ?? {}, "public_id")) return profile;
  return { ...profile, set: { public_id: "{uuid}", overwrite: false, ...set } };
}

/** The profile checked, or nothing. */
export function compiled(input: ProfileInput, name = "p"): Profile | undefined {
  const result = compileProfile(name, input, METHODS);
  return result.ok ? result.value : undefined;
}

/** What one caller gets signed, or nothing. */
export async function decided(
  input: ProfileInput,
  asker: Caller,
  form: Form,
  sent: Sent,
  at: Moment,
  profile = compiled(input),
): Promise<Signed | undefined> {
  if (profile === undefined) return undefined;
  const fill = await fillFor(profile, asker, at.now, at.uuid);
  if (!fill.ok) return undefined;
  const params = (form === "ticket" ? ticketParams : dropInParams)(profile, sent, fill.value);
  if (!params.ok) return undefined;
  return { profile: withDefaults(input), asker, form, sent, params: params.value, at };
}

/** What the app answers, and over what: a ticket's own fields, or what the client sent. */
export async function answered(signed: Signed): Promise<{ signature: string; over: Sent }> {
  if (signed.form === "drop-in") {
    const { signature } = await signDropIn(CONFIG, SECRET, signed.params);
    return { signature, over: signed.sent };
  }
  const ticket = await signTicket(CONFIG, SECRET, compiled(signed.profile)!, signed.params);
  const { api_key: _, signature, ...over } = ticket.fields;
  if (signature !== ticket.signature) throw new Error("a ticket has two signatures");
  return { signature: ticket.signature, over };
}

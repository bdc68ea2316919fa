// Which Cloudinary account signs: cloud name, API key and API secret, each checked for what people get wrong
// when they copy it.

import { miscopied } from "../copied-text.ts";
import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";
import { apiAddress } from "../web-address.ts";
import { isStore } from "./secret-reader.ts";

/** One setting of the account: its value, what it is called where it was written, and how to write it. */
export interface Setting {
  readonly value: unknown;
  readonly name: string;
  /** How the owner writes it, as a command or a place: the beginning of most messages. */
  readonly howTo: string;
  /** Whether the value stands in the owner's own code: a wrong one is put right there, and not written anew. */
  readonly atHand?: boolean;
}

/** The account's three values. */
export interface Account {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What is wrong with a setting, and what to do: `fix` where the value stands at hand, else how it is written. */
const faultOf = ({ name, howTo, atHand }: Setting, problem: string, fix: string): Fault => ({
  binding: name,
  problem: `${atHand ? fix : howTo}: it ${problem}`,
});

/** What is wrong with a text that was copied from somewhere, or the text. */
function checkCopied(setting: Setting): Result<string, Fault> {
  const { value, name, howTo } = setting;
  if (value === undefined || value === null)
    return err({ binding: name, problem: `${howTo}: it is missing` });
  if (typeof value !== "string") return err(faultOf(setting, "must be a string", "write it in quotes"));
  const wrong = miscopied(value);
  return wrong === undefined ? ok(value) : err(faultOf(setting, wrong.problem, wrong.fix));
}

/** Cloudinary's API keys have about fifteen digits, and no cloud is called so. */
const MIN_KEY_DIGITS = 12;

/** Cloudinary's secrets are 27 letters of both cases, digits, - and _; keys are digits and cloud names lower case. */
const looksLikeSecret = (text: string): boolean =>
  text.length >= 24 && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

/** How a wrong value is put right where it stands. */
const COPY = "copy it from the console once more";

/** A secret that is still in its store: its value is checked when it is read. */
const UNREAD = "(not read yet)";

/** The three values, checked each and against each other. */
export function checkAccount(settings: Readonly<Record<keyof Account, Setting>>): Result<Account, Fault[]> {
  const cloudName = checkCopied(settings.cloudName);
  const apiKey = checkCopied(settings.apiKey);
  const apiSecret = isStore(settings.apiSecret.value) ? ok(UNREAD) : checkCopied(settings.apiSecret);
  const faults = [cloudName, apiKey, apiSecret].flatMap((read) => (read.ok ? [] : [read.error]));
  if (!cloudName.ok || !apiKey.ok || !apiSecret.ok) return err(faults);

  const account = { cloudName: cloudName.value, apiKey: apiKey.value, apiSecret: apiSecret.value };
  const fault = (setting: Setting, problem: string, fix = COPY): Result<Account, Fault[]> =>
    err([faultOf(setting, problem, fix)]);
  if (!/^[A-Za-z0-9_-]+$/.test(account.cloudName)) {
    return fault(settings.cloudName, "is not a cloud name (letters, digits, - and _)");
  }
  if (account.apiSecret.startsWith("cloudinary://")) {
    return fault(
      settings.apiSecret,
      "is the whole cloudinary:// address, which belongs in CLOUDINARY_URL",
      "give what stands between the second : and the @",
    );
  }
  // Cloudinary's keys are all digits, and its secrets are not.
  const digits = /^\d+$/;
  if (digits.test(account.apiSecret) && !digits.test(account.apiKey)) {
    return fault(
      settings.apiSecret,
      `looks like the API key: it and ${settings.apiKey.name} are swapped`,
      "swap them",
    );
  }
  if (digits.test(account.cloudName) && account.cloudName.length >= MIN_KEY_DIGITS) {
    return fault(settings.cloudName, "looks like the API key: are the two swapped?");
  }
  for (const name of ["cloudName", "apiKey"] as const) {
    // Both go into every answer.
    if (looksLikeSecret(account[name]))
      return fault(settings[name], "looks like the API secret: are the two swapped?");
  }
  if (/[*,:=\\/@]/.test(account.apiSecret)) {
    return fault(settings.apiSecret, "holds a character that no API secret has");
  }
  if (account.apiSecret === account.apiKey) return fault(settings.apiSecret, "is the same as the API key");
  if (account.apiSecret === account.cloudName)
    return fault(settings.apiSecret, "is the same as the cloud name");
  if (!/^[A-Za-z0-9_-]+$/.test(account.apiKey)) return fault(settings.apiKey, "is not an API key (digits)");
  return ok(account);
}

const URL_FORM = /^cloudinary:\/\/([^:@/?#]+):([^:@/?#]+)@([^:@/?#]+)\/?$/;

/** `cloudinary://key:secret@cloud` into its three values. */
export function splitCloudinaryUrl(setting: Setting): Result<Record<keyof Account, Setting>, Fault[]> {
  const copied = checkCopied(setting);
  if (!copied.ok) return err([copied.error]);
  const match = URL_FORM.exec(copied.value);
  if (match === null) {
    const problem = copied.value.includes("?")
      ? `leave out what follows the ? (such settings are bindings of their own: CLOUDINARY_UPLOAD_PREFIX): ${setting.howTo}`
      : `${setting.howTo}: it must have the form cloudinary://key:secret@cloud`;
    return err([{ binding: setting.name, problem }]);
  }
  const part = (value: string | undefined, what: string): Setting => ({
    value,
    name: `${setting.name} (its ${what})`,
    howTo: setting.howTo,
  });
  return ok({
    apiKey: part(match[1], "API key"),
    apiSecret: part(match[2], "API secret"),
    cloudName: part(match[3], "cloud name"),
  });
}

/** Where Cloudinary is reached. */
const DEFAULT_UPLOAD_PREFIX = "https://api.cloudinary.com";

/** The address of Cloudinary's API, without a slash at its end. */
export function checkUploadPrefix(setting: Setting): Result<string, Fault[]> {
  const { value } = setting;
  if (value === undefined || value === null) return ok(DEFAULT_UPLOAD_PREFIX);
  const copied = checkCopied(setting);
  if (!copied.ok) return err([copied.error]);
  const address = apiAddress(copied.value);
  const fix = "leave it out, or give an address such as https://api-eu.cloudinary.com";
  return address.ok ? address : err([faultOf(setting, address.error, fix)]);
}

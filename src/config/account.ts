// Which Cloudinary account signs: cloud name, API key and API secret, each checked for what people get wrong
// when they copy it.

import { err, ok, type Result } from "../signature/result.ts";
import { apiAddress } from "../web-address.ts";
import type { Fault } from "./faults.ts";
import { isStore } from "./secret-binding.ts";

/** One setting of the account: its value, what it is called where it was written, and how to write it. */
export interface Setting {
  readonly value: unknown;
  readonly name: string;
  /** How the owner writes it, as a command or a place: the end of most messages. */
  readonly mend: string;
}

/** The account's three values. */
export interface Account {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What is wrong with a text that was copied from somewhere, or the text. */
function checkCopied({ value, name, mend }: Setting): Result<string, Fault> {
  const fault = (problem: string): Result<string, Fault> =>
    err({ binding: name, problem: `${problem}: ${mend}` });
  if (value === undefined || value === null) return fault("is missing");
  if (typeof value !== "string") return fault("must be a text, in quotes");
  if (value.trim() === "") return fault("is empty");
  if (/[<>]|^your[_-]/i.test(value)) return fault("is still the placeholder of the instructions");
  if (value.trim() !== value) return fault("begins or ends with white space");
  if (/^(["'`]).*\1$/s.test(value)) return fault("is wrapped in quotes, which became part of the value");
  if (/["'`]/.test(value)) return fault("holds a quote");
  if (/\s/.test(value)) return fault("holds white space");
  if (/^[A-Z_]+=/.test(value)) return fault("holds the whole line, its name too: give the value alone");
  if (value.includes("**")) return fault("is the masked text of the console, not the value behind it");
  if (/[^\x21-\x7e]/.test(value)) return fault("holds a character that is not printable ASCII");
  return ok(value);
}

/** Cloudinary's API keys have about fifteen digits, and no cloud is called so. */
const MIN_KEY_DIGITS = 12;

/** Cloudinary's secrets are 27 letters of both cases, digits, - and _; keys are digits and cloud names lower case. */
const looksLikeSecret = (text: string): boolean =>
  text.length >= 24 && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

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
  const fault = ({ name, mend }: Setting, problem: string): Result<Account, Fault[]> =>
    err([{ binding: name, problem: `${problem}: ${mend}` }]);
  if (!/^[A-Za-z0-9_-]+$/.test(account.cloudName)) {
    return fault(settings.cloudName, "is no cloud name (letters, digits, - and _)");
  }
  if (account.apiSecret.startsWith("cloudinary://")) {
    return fault(settings.apiSecret, "is the whole cloudinary:// address, which belongs into CLOUDINARY_URL");
  }
  // Cloudinary's keys are all digits, and its secrets are not.
  const digits = /^\d+$/;
  if (digits.test(account.apiSecret) && !digits.test(account.apiKey)) {
    return fault(settings.apiSecret, `looks like the API key: it and ${settings.apiKey.name} are swapped`);
  }
  if (digits.test(account.cloudName) && account.cloudName.length >= MIN_KEY_DIGITS) {
    return fault(settings.cloudName, "looks like the API key: the values stand in each other's place");
  }
  for (const name of ["cloudName", "apiKey"] as const) {
    // Both go into every answer.
    if (looksLikeSecret(account[name]))
      return fault(settings[name], "looks like the API secret: the values stand in each other's place");
  }
  if (/[*,:=\\/@]/.test(account.apiSecret)) {
    return fault(settings.apiSecret, "holds a character that no API secret has");
  }
  if (account.apiSecret === account.apiKey) return fault(settings.apiSecret, "is the same as the API key");
  if (account.apiSecret === account.cloudName)
    return fault(settings.apiSecret, "is the same as the cloud name");
  if (!/^[A-Za-z0-9_-]+$/.test(account.apiKey)) return fault(settings.apiKey, "is no API key (digits)");
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
      ? `has settings after the ?: write them as bindings of their own (CLOUDINARY_UPLOAD_PREFIX): ${setting.mend}`
      : `is not of the form cloudinary://key:secret@cloud: ${setting.mend}`;
    return err([{ binding: setting.name, problem }]);
  }
  const part = (value: string | undefined, what: string): Setting => ({
    value,
    name: `${setting.name} (its ${what})`,
    mend: setting.mend,
  });
  return ok({
    apiKey: part(match[1], "API key"),
    apiSecret: part(match[2], "API secret"),
    cloudName: part(match[3], "cloud name"),
  });
}

/** The address of Cloudinary's API, without a slash at its end. */
export function checkUploadPrefix({ value, name, mend }: Setting): Result<string, Fault[]> {
  if (value === undefined || value === null) return ok("https://api.cloudinary.com");
  const copied = checkCopied({ value, name, mend });
  if (!copied.ok) return err([copied.error]);
  const address = apiAddress(copied.value);
  return address.ok ? address : err([{ binding: name, problem: `${address.error}: ${mend}` }]);
}

// The account of the suite. Its secret must never be seen: every answer and log line that a test gets goes
// through `unseen`.

import { expect } from "vitest";

export const CLOUD_NAME = "suite-cloud";
export const API_KEY = "415926535897932";
export const API_SECRET = "Tq_the-Secret-of-the-SUITE9";

/** The secret as it could leak: plain, as hex, as base64 or percent-encoded. */
const FORMS = [
  API_SECRET,
  Buffer.from(API_SECRET).toString("hex"),
  Buffer.from(API_SECRET).toString("base64").slice(0, -2),
  encodeURIComponent(API_SECRET),
];

/** The text itself, after a look for the secret in it. */
export function unseen(text: string): string {
  if (FORMS.some((form) => text.includes(form))) expect.fail("the secret was seen");
  return text;
}

/** The account's bindings. */
export const ACCOUNT = {
  CLOUDINARY_CLOUD_NAME: CLOUD_NAME,
  CLOUDINARY_API_KEY: API_KEY,
  CLOUDINARY_API_SECRET: API_SECRET,
} as const;

/** The same account, as `createSigner` and the emulator take it. */
export const OPTIONS = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET } as const;

// Sends what mistaken code made to the emulator, and gathers what its author could paste.

import type { Evidence } from "../../src/explain/evidence.ts";
import type { Emulator } from "../../src/testing/emulator/emulator.ts";
import { CLOUD_NAME } from "../support/account.ts";
import type { Request } from "./mistakes.ts";

const UPLOAD = "image/upload";
const GIF = new Blob([Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "base64")]);

export interface Answered {
  readonly url: string;
  readonly message: string | undefined;
}

export async function send(
  { fields, path = UPLOAD, cloudName = CLOUD_NAME, fileless }: Request,
  emulator: Pick<Emulator, "url">,
): Promise<Answered> {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  if (!fileless) body.append("file", GIF, "a.gif");
  const url = `${emulator.url}/v1_1/${cloudName}/${path}`;
  const answer = (await (await fetch(url, { method: "POST", body })).json()) as {
    error?: { message: string };
  };
  return { url, message: answer.error?.message };
}

/** All that the author of the code could paste. */
export const evidenceOf = (
  { text, signature, fields, known, path, meant = UPLOAD, fileless }: Request,
  { url, message }: Answered,
): Evidence => ({
  ...(message !== undefined && { message }),
  sent: { url, fields, hasFile: fileless === undefined },
  signed: {
    text,
    ...((path ?? UPLOAD) !== meant && { url: url.replace(path ?? UPLOAD, meant) }),
    ...(/^[0-9a-f]+$/.test(signature) && { signature }),
  },
  ...known,
});

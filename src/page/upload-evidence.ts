// What is known of an upload that Cloudinary refused: its own words, the ticket as it was signed, the form as it was sent.

import type { Evidence } from "../explain/evidence.ts";
import { stringToSign } from "../signature/string-to-sign.ts";
import { codeOf, type Upload } from "./uploads.ts";

/** The time of a header `Date`, where the page may read one, in Unix seconds. */
function secondsOf(date: string | undefined): number | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

/** Nothing where it was not Cloudinary that refused. */
export function evidenceOf({ item, answeredAt: now }: Upload): Evidence | undefined {
  const { ticket, answer, error } = item;
  if (ticket === undefined || error === undefined || codeOf(item) !== "upload_refused") return undefined;
  const { url, fields } = ticket;
  const { api_key: _, signature: __, ...signed } = fields;
  const answeredAt = secondsOf(answer?.headers.date);
  return {
    message: error.message,
    // As a text, for it is known: fields like those of the form may be no more than a copy of it.
    signed: {
      text: stringToSign(signed),
      signature: ticket.signature,
      url,
      apiKey: ticket.api_key,
      cloudName: ticket.cloud_name,
    },
    sent: { url, fields: Object.entries(fields), hasFile: true },
    ...(now !== undefined && { now }),
    ...(answeredAt !== undefined && { answeredAt }),
  };
}

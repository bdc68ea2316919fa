// Where the request was sent to, and as whom.

import { SELECTIONS } from "../policy/tables/methods.ts";
import type { Fields, Sent } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

interface Place {
  readonly cloud: string;
  /** The path after the cloud, as people know it: `image/upload`. */
  readonly path: string;
  readonly method: string;
}

/** `https://api.cloudinary.com/v1_1/<cloud>/<resource type>/<method>`, or one below another prefix. */
function readPlace(url: string | undefined): Place | undefined {
  const [, cloud = "", path = ""] = /^[^?#]*\/v1(?:_1)?\/([^/?#]+)\/([^?#]*)/.exec(url ?? "") ?? [];
  const trimmed = path.replace(/\/+$/, "");
  return cloud === "" ? undefined : { cloud, path: trimmed, method: trimmed.replace(/^.*\//, "") };
}

/** What uploads are sent to; `upload` alone has no resource type before it. */
const UPLOAD = /^((image|video|raw|auto)\/)?upload$/;

/** Whether a form tells the method what to work on, so that it was perhaps meant for it. */
const fits = ({ method }: Place, fields: Fields = []): boolean =>
  SELECTIONS.some(
    ({ method: one, selectors }) =>
      one === method &&
      selectors.every((name) => fields.some(([sent]) => sent === name || sent === `${name}[]`)),
  );

function findMethod(
  sent: Place | undefined,
  signed: Place | undefined,
  { url, fields }: Partial<Sent>,
  isRefused: boolean,
  isUnknown: boolean,
): Finding[] {
  if (sent === undefined) {
    // An address that is no method's at all, of a request that was refused.
    const isCloudinary = /cloudinary\.com\//.test(url ?? "");
    return isRefused && isCloudinary ? [{ code: "another_method", certainty: "likely", sent: url! }] : [];
  }
  if (signed !== undefined && signed.method !== sent.method)
    return [{ code: "another_method", certainty: "certain", sent: sent.path, signed: signed.path }];
  if (signed === undefined && isRefused && !UPLOAD.test(sent.path) && !fits(sent, fields))
    return [{ code: "another_method", certainty: isUnknown ? "certain" : "likely", sent: sent.path }];
  return [];
}

function findCloud(sent: Place | undefined, known: string | undefined): Finding[] {
  if (sent === undefined || known === undefined || sent.cloud === known) return [];
  return [{ code: "wrong_cloud", certainty: "certain", sent: sent.cloud, signed: known }];
}

export function findInDestination({ evidence, answer, apiKey }: Facts): Finding[] {
  const { sent, signed, account, message = "" } = evidence;
  if (answer?.said === "not found" && sent?.url === undefined && !/resource not found/i.test(message))
    return [{ code: "another_method", certainty: "likely" }];
  const [to, meant] = [readPlace(sent?.url), readPlace(signed?.url)];
  const cloud = account?.cloudName ?? signed?.cloudName ?? meant?.cloud;
  const key = account?.apiKey ?? signed?.apiKey;
  const isOtherKey = key !== undefined && apiKey !== undefined && key !== apiKey;
  const keys: Finding[] = isOtherKey
    ? [{ code: "key_of_another_account", certainty: "certain", detail: key }]
    : [];
  return [
    ...findMethod(
      to,
      meant,
      sent ?? {},
      answer !== undefined && answer.said !== "cors" && answer.said !== "cors header",
      answer?.said === "not found",
    ),
    ...findCloud(to, cloud),
    ...keys,
  ];
}

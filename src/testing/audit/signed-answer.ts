// What an endpoint's answer says: the signature, and the timestamp and fields it tells, wherever recipes put them.

import type { Algorithm, Params } from "./sdk.ts";

export interface SignedAnswer {
  /** Lower-case hex. */
  readonly signature: string;
  readonly algorithm: Algorithm;
  /** Each timestamp that the answer names. */
  readonly timestamps: readonly (string | number)[];
  /** The parameters that were signed, without the timestamp, where the answer tells them. */
  readonly fields?: Params;
  /** What a ticket is renewed by. */
  readonly uploadId?: string;
  /** Whether it is the first of a list of tickets. */
  readonly isListed?: boolean;
}

type Table = Readonly<Record<string, unknown>>;

const HEX = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const TIMESTAMPS = ["timestamp", "uploadSignatureTimestamp"];
const FIELDS = ["fields", "params", "paramsToSign"];
/** Sent along with an upload, and not signed. */
const UNSIGNED = ["signature", "timestamp", "api_key", "cloud_name", "resource_type", "file"];

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The signature in an answer, or `undefined` where there is none. */
export function readAnswer(text: string): SignedAnswer | undefined {
  const body = parse(text);
  if (typeof body === "string") return HEX.test(body) ? signed(body, []) : undefined;
  if (!isTable(body)) return undefined;
  const listed = Array.isArray(body.tickets) ? body.tickets.slice(0, 1).filter(isTable) : [];
  const tables = [body, ...Object.values(body).filter(isTable), ...listed];
  const signature = tables.map((table) => String(table.signature)).find((value) => HEX.test(value));
  if (signature === undefined) return undefined;
  return { ...signed(signature, tables), ...(listed.length > 0 && { isListed: true }) };
}

function parse(text: string): unknown {
  const bare = text.trim();
  // Some recipes answer the bare digits, which JSON could take for a number.
  if (HEX.test(bare)) return bare;
  try {
    return JSON.parse(bare);
  } catch {
    return undefined;
  }
}

function signed(signature: string, tables: readonly Table[]): SignedAnswer {
  const fields = tables.flatMap((table) => FIELDS.map((name) => table[name])).find(isTable);
  const uploadId = tables.map((table) => table.upload_id).find((value) => typeof value === "string");
  return {
    signature: signature.toLowerCase(),
    algorithm: signature.length === 40 ? "sha1" : "sha256",
    timestamps: [...new Set(tables.flatMap((table) => TIMESTAMPS.map((name) => table[name])))].filter(
      (value) => typeof value === "string" || typeof value === "number",
    ),
    ...(fields && { fields: withoutUnsigned(fields) }),
    ...(uploadId !== undefined && { uploadId }),
  };
}

const withoutUnsigned = (fields: Table): Params =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !UNSIGNED.includes(name)));

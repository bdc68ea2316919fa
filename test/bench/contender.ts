// One contender of a comparison over whole requests: what it runs with, what it is sent, and whether its answer
// is right. An answer that is fast and wrong is worth nothing.

import { sdkSignature } from "../support/sdk.ts";
import { API_SECRET } from "./account.ts";
import { type BundleName, bundle } from "./bundles.ts";
import type { Asking } from "./load.ts";
import { type Bindings, compile, type Server, serve } from "./workerd.ts";

export interface Contender {
  /** Its name in the data. */
  readonly name: string;
  /** What it is, in the tables. */
  readonly title: string;
  readonly start: () => Promise<Server>;
  /** Made anew for each round: a component's timestamp must be fresh. */
  readonly asking: () => Asking;
  /** Hears after each round how many requests were sent. */
  readonly sent?: (requests: number) => void;
  /** What is wrong with a 2xx answer. */
  readonly fault: (answer: Answer, asking: Asking) => string | undefined;
}

/** The members of an answer that are looked at. */
export interface Answer {
  readonly signature?: unknown;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A contender that is a bundle in workerd. */
export interface Bundled extends Contender {
  readonly bundle: BundleName;
  readonly bindings: Bindings;
}

export const bundled = (one: Omit<Bundled, "start">): Bundled => ({
  ...one,
  start: async () => serve(await compile(await bundle(one.bundle), one.bindings)),
});

/** An answer as it came. */
export interface Received {
  readonly status: number;
  readonly text: string;
}

/** Asks once. */
export async function ask(url: string, { path, headers, body, tokens }: Asking): Promise<Received> {
  const authorization = tokens && { authorization: `Bearer ${tokens[0]}` };
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...headers, ...authorization },
    body,
  });
  return { status: response.status, text: await response.text() };
}

function faultIn(text: string, fault: (answer: Answer) => string | undefined): string | undefined {
  let answer: Answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  return fault(answer);
}

/** Throws where an answer is not what it must be. */
export function judge({ title, fault }: Contender, asking: Asking, { status, text }: Received): void {
  const wrong =
    status < 200 || status > 299 ? `status ${status}` : faultIn(text, (one) => fault(one, asking));
  if (wrong !== undefined) throw new Error(`${title}: ${wrong}: ${text.slice(0, 500)}`);
}

/** A ticket is right if the official SDK makes the same signature of its fields. */
export function ticketFault({ fields, signature }: Answer): string | undefined {
  const { api_key: _, signature: signed, ...params } = fields ?? {};
  const isRight = signed === signature && signature === sdkSignature(params, API_SECRET, "sha256");
  return isRight ? undefined : "not the SDK's signature of the ticket's fields";
}

/** A component's signature is right if the official SDK makes the same of what was sent. */
export const dropInFault =
  (algorithm: "sha1" | "sha256") =>
  ({ signature }: Answer, { body }: Asking): string | undefined =>
    signature === sdkSignature(JSON.parse(body).paramsToSign, API_SECRET, algorithm)
      ? undefined
      : "not the SDK's signature of what was sent";

/** The bare Worker answers what it was sent. */
export const echoFault = (answer: Answer, { body }: Asking): string | undefined =>
  JSON.stringify(answer) === JSON.stringify(JSON.parse(body)) ? undefined : "not what was sent";

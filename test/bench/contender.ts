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
  /** What is wrong with a 2xx answer. */
  readonly fault: (answer: Answer, asking: Asking) => string | undefined;
}

/** The members of an answer that are looked at. */
export interface Answer {
  readonly signature?: unknown;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Starts a bundle in workerd. */
export const inWorkerd = (name: BundleName, bindings: Bindings) => async (): Promise<Server> =>
  serve(await compile(await bundle(name), bindings));

/** Asks once, and throws where the answer is not what it must be. */
export async function checkAnswer({ title, fault }: Contender, url: string, asking: Asking): Promise<void> {
  const { path, headers, body, tokens } = asking;
  const authorization = tokens && { authorization: `Bearer ${tokens[0]}` };
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...headers, ...authorization },
    body,
  });
  const text = await response.text();
  const wrong = response.ok ? fault(JSON.parse(text), asking) : `status ${response.status}`;
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

// The ways in which one endpoint signs: in its own shape and, where it answers tickets as ours does, a list of tickets for
// files, and the renewal of a ticket, whose fields come back from the client.

import { ask, type Endpoint, type Shape } from "./ask.ts";
import { baseOf } from "./questions.ts";
import type { Params } from "./sdk.ts";
import { readAnswer, type SignedAnswer } from "./signed-answer.ts";

/** One way to ask. */
export interface Way {
  /** Of all but the endpoint's own shape: how a report tells it. */
  readonly by?: string;
  /** What goes along with each attack, in one of its forms. */
  readonly base: Params;
  /** The body of a request. */
  readonly body: (params: Params) => unknown;
}

export const ownWay = (shape: Shape, harmless: Params): Way => ({
  base: baseOf(harmless),
  body: (params) => (shape === "plain" ? params : { [shape]: params }),
});

/** Fields are texts, as a form has them. */
const texts = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

/** A ticket for each file that is declared, if the endpoint knows such requests. */
async function filesWay(endpoint: Endpoint, harmless: Params): Promise<Way[]> {
  const way: Way = {
    by: "for files",
    base: baseOf(harmless),
    body: (params) => ({ params, files: [{ name: "a.jpg", size: 1, type: "image/jpeg" }] }),
  };
  const raw = await ask(endpoint, way.body(harmless));
  return raw.ok && readAnswer(raw.value.text)?.isListed ? [way] : [];
}

/** The other ways of an endpoint that signed the harmless request. */
export async function otherWays(
  endpoint: Endpoint,
  { asked, answer: { fields, uploadId } }: { readonly asked: Params; readonly answer: SignedAnswer },
): Promise<Way[]> {
  if (fields === undefined) return [];
  const renewal: Way[] =
    uploadId === undefined
      ? []
      : [
          {
            by: "by renewing a ticket",
            base: fields,
            body: (params) => ({ renew: uploadId, fields: texts(params) }),
          },
        ];
  return [...(await filesWay(endpoint, asked)), ...renewal];
}

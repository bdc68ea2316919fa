// What is served in every runtime, made of web standards alone: the whole app of `createSigner`, and beside it, for
// requests with a header of the tests', the functions of `src`. It computes and judges nothing itself.

import { signerOf } from "../support/flat.ts";
import { SUBJECTS } from "./subjects.ts";
import {
  Constant,
  fromWire,
  type Made,
  QUESTION_HEADER,
  type Question,
  type Reply,
  toWire,
  type Wire,
} from "./wire.ts";

let app: ReturnType<typeof signerOf> | undefined;
let logs: string[] = [];

function exported(module: string, name: string): unknown {
  const subject = SUBJECTS[module];
  if (subject === undefined || !Object.hasOwn(subject, name)) throw new Error(`no ${name} in ${module}`);
  return subject[name];
}

function make(of: Made | Constant): unknown {
  const found = exported(of.module, of.name);
  return of instanceof Constant
    ? (found as Record<string, unknown>)[of.key]
    : Reflect.construct(found as new () => unknown, of.args);
}

/** Rows of tables, which hold functions. */
const CONSTANTS = new Map(
  Object.entries(exported("policy/tables/kinds.ts", "KINDS") as object).map(([key, row]) => [
    row as unknown,
    new Constant("policy/tables/kinds.ts", "KINDS", key),
  ]),
);
const read = (wire: Wire): unknown => fromWire(wire, make);

function answer(question: Question): unknown {
  switch (question.kind) {
    case "call": {
      const called = exported(question.module, question.name) as (...args: unknown[]) => unknown;
      return called(...(read(question.args) as unknown[]));
    }
    case "read":
      return exported(question.module, question.name);
    case "mount": {
      const lines: string[] = [];
      logs = lines;
      app = signerOf({
        ...(read(question.options) as object),
        log: (line: string) => void lines.push(line),
      });
      return undefined;
    }
    case "logs":
      return logs;
  }
}

async function reply(question: Question): Promise<Reply> {
  let later = false;
  try {
    const answered = answer(question);
    later = answered instanceof Promise;
    return { returned: toWire(await answered, CONSTANTS), later };
  } catch (error) {
    const { name, message } = error as Error;
    return { thrown: { name, message }, later };
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.headers.has(QUESTION_HEADER))
      return Response.json(await reply((await request.json()) as Question));
    return app === undefined ? new Response("nothing is mounted", { status: 500 }) : app.fetch(request);
  },
};

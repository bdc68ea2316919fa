// docs/openapi.json (OpenAPI 3.1): from the table of routes, the types of what is answered, the table of problems, and
// examples that are run while it is made.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "../../../src/http/app.ts";
import type { Handler } from "../../../src/http/wire/frame.ts";
import { PROBLEMS, type ProblemCode } from "../../../src/problem.ts";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import { openCompiler } from "../compiler.ts";
import { ref, type Schema, schemaMaker } from "../json-schema.ts";
import {
  type Answered,
  type Asked,
  DEFINITION,
  EXAMPLES,
  type Example,
  freshen,
  sendExample,
} from "./examples.ts";
import { BODIES, OPERATIONS, type Operation, PARAMETERS, PATH_PARAMETERS, SECURITY } from "./operations.ts";
import { inStillScene } from "./still-scene.ts";

export const DOCUMENT = join(PROJECT, "docs/openapi.json");

/** Types that answers and requests are made of, and where they are. */
const TYPES: readonly (readonly [file: string, name: string])[] = [
  ["tickets/ticket.ts", "Ticket"],
  ["tickets/ticket.ts", "Tickets"],
  ["tickets/ticket.ts", "DropInAnswer"],
  ["policy/decide/judge-file.ts", "DeclaredFile"],
  ["http/routes/describing.ts", "Description"],
  ["tickets/link.ts", "Link"],
  ["uploads/confirm.ts", "Confirmation"],
  ["http/routes/notifying.ts", "Received"],
  ["http/routes/confirming.ts", "KeySet"],
  ["http/routes/health.ts", "Health"],
  ["problem.ts", "Problem"],
];

const header = (description: string, schema: Schema = { type: "string" }) => ({
  required: true,
  description,
  schema,
});
/** Headers of answers, by the names of the components. */
const HEADERS = {
  RequestId: header("Finds the request in the signer's log."),
  Vary: header("`Origin`: answers differ by the page that asks.", { const: "Origin" }),
  NoStore: header("Nobody may keep it.", { const: "no-store" }),
  RetryAfter: header("Seconds after which the same request may succeed.", {
    type: "string",
    pattern: "^\\d+$",
  }),
  Challenge: header("How to say who asks."),
  Allow: header("The methods that are answered here."),
} as const;
const headerRef = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });
const OF_ALL = { "X-Request-Id": headerRef("RequestId"), Vary: headerRef("Vary") };

/** What every answer may have beside what is listed with it. */
const GENERAL = [
  "Signs Cloudinary uploads, and changes of what their callers own, under a declared policy. The examples are of the configuration in `x-examples-configuration`; a test sends each of them to the running Worker.",
  "An operation that is answered by GET is answered by HEAD. `OPTIONS` answers preflights of allowed pages with 204. Another method is `method_not_allowed`, with `Allow`; another address is `not_found`.",
  "An allowed page may read every answer (`Access-Control-Allow-Origin` is its origin), problems too. Members may be added to answers: ignore those that you do not know.",
].join("\n\n");

const handler: Handler = () => {
  throw new Error("the document asks for nothing");
};
const named = () => handler;
const ROUTES = routes({
  ...{ sign: named, describe: named, confirm: named, links: named, notifications: named },
  ...{ keys: handler, health: handler },
});

/** The operations of the route table: `POST /sign/{profile}`. */
export const OPERATION_NAMES: readonly string[] = ROUTES.flatMap(({ path, methods }) =>
  Object.keys(methods).map((method) => `${method} ${path}`),
);

const statusOf = (code: ProblemCode): number => PROBLEMS[code][0];

/** An example that was run. */
interface Run {
  readonly example: Example;
  readonly asked: Asked;
  readonly answered: Answered;
}

const runExamples = (): Promise<Run[]> =>
  inStillScene(async (scene) => {
    const runs: Run[] = [];
    for (const example of EXAMPLES) {
      const asked = await freshen(example, example, scene);
      const answered = await sendExample(example.operation, asked, scene);
      if (answered.status !== example.status)
        throw new Error(`${example.operation}, ${example.name}: ${answered.status} ${answered.text}`);
      runs.push({ example, asked, answered });
    }
    return runs;
  });

/** `examples` of something, where some of the runs have one; `value` tells which. */
function examplesOf(runs: readonly Run[], value: (run: Run) => unknown): object {
  const shown = runs.flatMap((run) => {
    const one = value(run);
    return one === undefined
      ? []
      : [[run.example.name, { summary: run.example.summary, value: one }] as const];
  });
  return shown.length === 0 ? {} : { examples: Object.fromEntries(shown) };
}

function parametersOf(path: string, { parameters = [] }: Operation, runs: readonly Run[]): object[] {
  const ofPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    ...{ name, in: "path", required: true, ...PATH_PARAMETERS[name], schema: { type: "string" } },
    ...examplesOf(runs, ({ asked }) => asked.path[name]),
  }));
  const others = parameters.map((key) => {
    const parameter = PARAMETERS[key];
    const place = parameter.in === "query" ? "query" : "headers";
    return { ...parameter, ...examplesOf(runs, ({ asked }) => asked[place][parameter.name]) };
  });
  return [...ofPath, ...others];
}

const isJson = ({ headers }: Answered): boolean => /json/.test(headers.get("content-type") ?? "");
const jsonOf = (status: number) => (run: Run) =>
  run.answered.status === status && isJson(run.answered) ? JSON.parse(run.answered.text) : undefined;
const textOf = (status: number) => (run: Run) =>
  run.answered.status === status && !isJson(run.answered) ? run.answered.text : undefined;

function success(status: number, answer: Operation["answers"][number], runs: readonly Run[]): object {
  const { description, schema, mediaType = "application/json", cacheControl, asCommand } = answer;
  const cache =
    cacheControl === undefined
      ? headerRef("NoStore")
      : header("How long it may be kept.", { enum: cacheControl });
  return {
    description: asCommand === undefined ? description : `${description} ${asCommand}`,
    headers: { ...OF_ALL, "Cache-Control": cache },
    content: {
      [mediaType]: { schema, ...examplesOf(runs, jsonOf(status)) },
      ...(asCommand !== undefined && {
        "text/plain": { schema: { type: "string" }, ...examplesOf(runs, textOf(status)) },
      }),
    },
  };
}

function problem(
  status: number,
  codes: readonly ProblemCode[],
  asScript: boolean,
  runs: readonly Run[],
): object {
  const schema = {
    allOf: [ref("Problem"), { properties: { status: { const: status }, code: { enum: codes } } }],
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1].toLowerCase()}.`).join(" "),
    headers: {
      ...OF_ALL,
      "Cache-Control": headerRef("NoStore"),
      ...(status === 401 && { "WWW-Authenticate": headerRef("Challenge") }),
      ...((status === 429 || status === 503) && { "Retry-After": headerRef("RetryAfter") }),
      ...(status === 405 && { Allow: headerRef("Allow") }),
    },
    content: {
      "application/problem+json": { schema, ...examplesOf(runs, jsonOf(status)) },
      ...(asScript && {
        "text/plain": { schema: { type: "string", pattern: "^echo '[a-z_]+' >&2; exit 1\\n$" } },
      }),
    },
  };
}

function operationOf(name: string, all: readonly Run[]): object {
  const row = OPERATIONS[name];
  if (row === undefined) throw new Error(`write a row for ${name} in test/docs/openapi/operations.ts`);
  const [, path = ""] = name.split(" ");
  const runs = all.filter(({ example }) => example.operation === name);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of Object.keys(PROBLEMS) as ProblemCode[])
    if (row.codes.includes(code))
      byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  const asScript = row.parameters?.includes("format") ?? false;
  const { id, summary, description, tag, security, body, answers } = row;
  return {
    ...{ operationId: id, summary, description, tags: [tag] },
    security: security.map((scheme) => (scheme === "" ? {} : { [scheme]: [] })),
    ...(path.includes("{") || row.parameters ? { parameters: parametersOf(path, row, runs) } : {}),
    ...(body && {
      requestBody: {
        required: path.startsWith("/confirm") || path.startsWith("/notifications"),
        content: { "application/json": { schema: body, ...examplesOf(runs, ({ asked }) => asked.body) } },
      },
    }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, answer]) => [status, success(Number(status), answer, runs)]),
      ...[...byStatus].map(([status, codes]) => [status, problem(status, codes, asScript, runs)]),
    ]),
  };
}

/** The document, as it is written. */
export async function openApiText(): Promise<string> {
  const runs = await runExamples();
  const compiler = openCompiler();
  const maker = schemaMaker(compiler);
  for (const [file, name] of TYPES) maker.of(file, name);
  compiler.close();

  const { version, license } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  const document = {
    openapi: "3.1.1",
    info: {
      title: "cloudinary-edge-signer",
      version,
      description: GENERAL,
      license: { name: license, identifier: license },
    },
    servers: [
      {
        url: DEFINITION.publicUrl,
        description: "Yours: `publicUrl`, with the path that it is mounted under.",
      },
      { url: "http://localhost:8787", description: "`npx cloudinary-edge-signer start`" },
    ],
    paths: Object.fromEntries(
      ROUTES.map(({ path, methods }) => [
        path,
        Object.fromEntries(
          Object.keys(methods).map((method) => [
            method.toLowerCase(),
            operationOf(`${method} ${path}`, runs),
          ]),
        ),
      ]),
    ),
    components: {
      schemas: { ...maker.components, ...BODIES },
      headers: HEADERS,
      responses: {
        MethodNotAllowed: problem(405, ["method_not_allowed"], true, []),
        NotFound: problem(404, ["not_found"], true, []),
      },
      securitySchemes: SECURITY,
    },
    "x-examples-configuration": DEFINITION,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

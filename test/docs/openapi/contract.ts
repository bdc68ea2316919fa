// docs/openapi.json as a judge of answers: what it does not say is told. The answers of the black-box suite go through
// it, and so do its own examples.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { PROJECT } from "../../../src/testing/local-worker.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document of OpenAPI, which its own validator has looked through
type Json = any;

export const OPENAPI: Json = JSON.parse(readFileSync(join(PROJECT, "docs/openapi.json"), "utf8"));

/** An object of an answer has no members but those that are listed; to clients the document leaves that open. */
function closed(value: Json): Json {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const isOpen = value.type === "object" && value.properties && value.additionalProperties === undefined;
  const members = Object.entries(value).map(([name, one]) => [name, closed(one)]);
  return { ...Object.fromEntries(members), ...(isOpen && { additionalProperties: false }) };
}

const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false });
ajv.addSchema(closed(OPENAPI), "closed");
ajv.addSchema(OPENAPI, "open");

const escaped = (part: string | number): string => String(part).replaceAll("~", "~0").replaceAll("/", "~1");
/** The schema at a place of the document. */
function schemaAt(which: "closed" | "open", ...place: readonly (string | number)[]): ValidateFunction {
  // A fragment of a URI: braces of paths are percent-encoded in it.
  return ajv.getSchema(`${which}#/${place.map((part) => encodeURIComponent(escaped(part))).join("/")}`)!;
}

const PATHS = Object.keys(OPENAPI.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

export interface SentRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const resolve = ({ $ref, ...self }: Json): Json =>
  $ref === undefined
    ? self
    : $ref
        .split("/")
        .slice(1)
        .reduce((at: Json, part: string) => at[part], OPENAPI);

function headerFaults(response: Json, { headers }: GivenAnswer): string[] {
  return Object.entries(response.headers).flatMap(([name, at]) => {
    const { schema } = resolve(at);
    const value = headers.get(name);
    if (value === null) return [`the header ${name} is missing`];
    return ajv.validate(schema, value) ? [] : [`the header ${name} is ${value}`];
  });
}

/** What is wrong with an answer, by a response that stands at a place of the document. */
function answerFaults(place: readonly (string | number)[], answer: GivenAnswer, isHead: boolean): string[] {
  const response = place.reduce((at: Json, part) => at?.[part], OPENAPI);
  if (response === undefined) return [`the status ${answer.status} is not documented`];
  const faults = headerFaults(response, answer);
  if (isHead) return faults;
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]!;
  if (!Object.hasOwn(response.content, type)) return [...faults, `the type ${type} is not documented`];
  const validate = schemaAt("closed", ...place, "content", type, "schema");
  const body = type.endsWith("json") ? JSON.parse(answer.text) : answer.text;
  return validate(body) ? faults : [...faults, ajv.errorsText(validate.errors)];
}

/** What was signed for a body that the document does not allow. */
function bodyFaults(place: readonly string[], { requestBody }: Json, { body }: SentRequest): string[] {
  if (requestBody === undefined || (typeof body !== "string" && body !== undefined && body !== null))
    return [];
  const validate = schemaAt("open", ...place, "requestBody", "content", "application/json", "schema");
  const text = (body ?? "").trim();
  return validate(text === "" ? {} : JSON.parse(text))
    ? []
    : [`the body was taken: ${ajv.errorsText(validate.errors)}`];
}

/** What is wrong with examples by the schemas that they stand beside; with how many there are. */
export function exampleFaults(): { readonly faults: readonly string[]; readonly count: number } {
  const faults: string[] = [];
  let count = 0;
  function look(at: Json, place: readonly (string | number)[]): void {
    if (typeof at !== "object" || at === null) return;
    if (at.schema !== undefined && at.examples !== undefined) {
      // Those of requests are left open, as what they may hold is.
      const validate = schemaAt(place.includes("responses") ? "closed" : "open", ...place, "schema");
      for (const [name, { value }] of Object.entries<Json>(at.examples)) {
        count += 1;
        if (!validate(value)) faults.push(`${place.join(" ")} ${name}: ${ajv.errorsText(validate.errors)}`);
      }
      return;
    }
    for (const [name, one] of Object.entries(at)) look(one, [...place, name]);
  }
  look(OPENAPI.paths, ["paths"]);
  return { faults, count };
}

const SCRIPT = new RegExp(OPENAPI.components.responses.NotFound.content["text/plain"].schema.pattern);

/** All that the document does not say of an answer; none, where it says everything. */
export function undocumented(request: SentRequest, answer: GivenAnswer): string[] {
  const { pathname, searchParams } = new URL(request.path, "http://signer.example");
  const [path] = PATHS.filter(({ pattern }) => pattern.test(pathname)).map((known) => known.path);
  const isHead = request.method === "HEAD";
  const method = isHead ? "get" : request.method.toLowerCase();
  // A preflight; any other OPTIONS is another method.
  if (method === "options" && answer.status === 204) return [];
  if (path === undefined) return answerFaults(["components", "responses", "NotFound"], answer, isHead);
  const operation = OPENAPI.paths[path][method];
  if (operation === undefined) {
    if (answer.status === 405)
      return answerFaults(["components", "responses", "MethodNotAllowed"], answer, isHead);
    // Pages that may not ask, and a signer that can't sign, are told before.
    const { code } = JSON.parse(answer.text);
    return ["origin_not_allowed", "misconfigured"].includes(code) ? [] : [`${code} is not documented`];
  }
  const takesFormat = operation.parameters?.some(({ name }: Json) => name === "format");
  // Whoever asks any other operation for a command hears of it by a script.
  if (searchParams.has("format") && !takesFormat && answer.status >= 400 && SCRIPT.test(answer.text))
    return [];
  const place = ["paths", path, method];
  return [
    ...answerFaults([...place, "responses", answer.status], answer, isHead),
    ...(answer.status === 200 ? bodyFaults(place, operation, request) : []),
  ];
}

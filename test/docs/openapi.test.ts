// docs/openapi.json tells the truth: it is what `npm run docs` makes, a right document of OpenAPI 3.1, and each of its
// examples is sent to a signer as it stands there, and answered as it says.

import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROBLEMS } from "../../src/problem.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { TARGETS, type Target } from "../support/targets.ts";
import { exampleFaults, OPENAPI, undocumented } from "./openapi/contract.ts";
import { DOCUMENT, OPERATION_NAMES, openApiText } from "./openapi/document.ts";
import {
  type Asked,
  BINDINGS,
  CLOUD,
  DEFINITION,
  EXAMPLES,
  freshen,
  type Scene,
  sendExample,
} from "./openapi/examples.ts";
import { OPERATIONS } from "./openapi/operations.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects of the document
type Json = any;

describe("docs/openapi.json", () => {
  it("is what `npm run docs` makes", async () => {
    expect(readFileSync(DOCUMENT, "utf8")).toBe(await openApiText());
  });

  it("is a right document", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(OPENAPI));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it("has every operation of the route table, under a name of its own, and no other", () => {
    const operations = Object.entries<Json>(OPENAPI.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, { operationId }]) => [
        `${method.toUpperCase()} ${path}`,
        operationId,
      ]),
    );
    expect(operations.map(([name]) => name)).toEqual(OPERATION_NAMES);
    expect(Object.keys(OPERATIONS).sort()).toEqual([...OPERATION_NAMES].sort());
    expect(new Set(operations.map(([, id]) => id)).size).toBe(operations.length);
  });

  it("has every code, with its status", () => {
    const codes = new Map<string, number>();
    JSON.stringify(OPENAPI, (_, value) => {
      for (const code of value?.properties?.code?.enum ?? [])
        if (value.properties.status?.const !== undefined) codes.set(code, value.properties.status.const);
      return value;
    });
    expect(Object.fromEntries(codes)).toEqual(
      Object.fromEntries(Object.entries(PROBLEMS).map(([code, [status]]) => [code, status])),
    );
  });

  it("has examples that fit its schemas", () => {
    const { faults, count } = exampleFaults();
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(60);
  });

  it("has an example of every operation that succeeds", () => {
    const shown = EXAMPLES.filter(({ status }) => status === 200).map(({ operation }) => operation);
    expect(new Set(shown)).toEqual(new Set(OPERATION_NAMES));
  });
});

/** The request of an example, as it stands in the document. */
function writtenRequest(operation: string, name: string): Partial<Asked> {
  const [method = "", path = ""] = operation.split(" ");
  const { parameters = [], requestBody } = OPENAPI.paths[path][method.toLowerCase()];
  const of = (place: string): Record<string, string> =>
    Object.fromEntries(
      parameters
        .filter((parameter: Json) => parameter.in === place && parameter.examples?.[name])
        .map((parameter: Json) => [parameter.name, parameter.examples[name].value]),
    );
  const body = requestBody?.content["application/json"].examples?.[name]?.value;
  return {
    ...{ path: of("path"), query: of("query"), headers: of("header") },
    ...(body !== undefined && { body }),
  };
}

describe.each(TARGETS)("its examples, at %s", (_, start) => {
  let emulator: Emulator;
  let target: Target;
  let scene: Scene;
  beforeAll(async () => {
    emulator = await startEmulator(CLOUD);
    target = await start({ ...BINDINGS, CLOUDINARY_UPLOAD_PREFIX: emulator.url, SIGNER: DEFINITION });
    scene = {
      now: () => Math.floor(Date.now() / 1000),
      ask: (path, init) => target.ask(path, init),
      emulator,
      send: (url, form) => fetch(url, { method: "POST", body: form }),
    };
  });
  afterAll(async () => {
    await target?.close();
    await emulator?.close();
  });

  it.each(EXAMPLES)("$operation, $name", async (example) => {
    const { operation, name, status, code } = example;
    const asked = await freshen(example, writtenRequest(operation, name), scene);
    const answer = await sendExample(operation, asked, scene);
    expect(answer.status, answer.text).toBe(status);
    const [method = ""] = operation.split(" ");
    const request = { method, path: operation.slice(method.length + 1).replaceAll(/[{}]/g, "") };
    const body = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
    expect(undocumented({ ...request, ...body }, answer)).toEqual([]);

    const { content } = OPENAPI.paths[operation.split(" ")[1]!][method.toLowerCase()].responses[status];
    const type = answer.headers.get("content-type")!.split(";")[0]!;
    const shown = content[type].examples[name].value;
    if (type === "text/plain") {
      expect(answer.text.replaceAll(/=[^']*'/g, "")).toBe(
        shown.replace("https://api.cloudinary.com", emulator.url).replaceAll(/=[^']*'/g, ""),
      );
      return;
    }
    // The document's own answer has the same members, and of a problem the same words.
    const given = JSON.parse(answer.text);
    expect(Object.keys(given)).toEqual(Object.keys(shown));
    if (code !== undefined) expect({ ...given, request_id: "" }).toEqual({ ...shown, request_id: "" });
  });

  it("and no example of the document is left out", () => {
    const named = new Set<string>();
    for (const [path, methods] of Object.entries<Json>(OPENAPI.paths))
      for (const [method, operation] of Object.entries<Json>(methods))
        JSON.stringify(operation, (key, value) => {
          if (key === "examples")
            for (const name of Object.keys(value)) named.add(`${method.toUpperCase()} ${path}, ${name}`);
          return value;
        });
    expect(named).toEqual(new Set(EXAMPLES.map(({ operation, name }) => `${operation}, ${name}`)));
  });
});

describe("what it does not say is told", () => {
  const json = (body: unknown, status = 200, type = "application/json", more = {}) => ({
    status,
    headers: new Headers({
      ...{ "content-type": type, "cache-control": "no-store", vary: "Origin", "x-request-id": "1" },
      ...more,
    }),
    text: JSON.stringify(body),
  });
  const shown: Json = OPENAPI.paths["/sign"].post.responses;
  const ticket = shown[200].content["application/json"].examples.ticket.value;
  const refused = shown[403].content["application/problem+json"].examples.otherPage.value;
  const PROBLEM = "application/problem+json";
  it.each<[string, Json, string | undefined]>([
    ["an answer as documented", json(ticket), undefined],
    ["a member more", json({ ...ticket, secret: "a" }), "must NOT have additional properties"],
    ["a member less", json({ ...ticket, url: undefined }), "must have required property 'url'"],
    ["a member of another type", json({ ...ticket, timestamp: "1" }), "must be integer"],
    ["a problem as documented", json(refused, 403, PROBLEM), undefined],
    [
      "a code of another operation",
      json({ ...refused, code: "not_stored" }, 403, PROBLEM),
      "must be equal to",
    ],
    ["a status of its own", json(refused, 418, PROBLEM), "the status 418 is not documented"],
    ["another type", json(ticket, 200, "text/html"), "the type text/html is not documented"],
    [
      "an answer that may be kept",
      json(ticket, 200, undefined, { "cache-control": "public" }),
      "Cache-Control is public",
    ],
    [
      "a 429 without a time",
      json({ ...refused, code: "rate_limited", status: 429 }, 429, PROBLEM),
      "Retry-After is missing",
    ],
  ])("%s", (_, answer, said) => {
    const faults = undocumented({ method: "POST", path: "/sign" }, answer).join("; ");
    if (said === undefined) expect(faults).toBe("");
    else expect(faults).toContain(said);
  });

  it("a body that was taken", () => {
    const request = { method: "POST", path: "/sign", body: '{"parms": {}}' };
    expect(undocumented(request, json(ticket)).join()).toContain("the body was taken");
  });
});

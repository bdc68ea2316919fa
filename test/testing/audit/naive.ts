// The recipe that people copy, as the audit's known-bad example: an endpoint that signs whatever JSON it gets.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { v2 as cloudinary } from "cloudinary";
import type { Shape } from "../../../src/testing/audit/ask.ts";
import { API_SECRET } from "../../support/account.ts";

type Params = Record<string, unknown>;

export interface Recipe {
  readonly shape: Shape;
  /** Default SHA-256. */
  readonly algorithm?: "sha1" | "sha256";
  /** Signature version, default 2; SDKs before June 2025 make 1. */
  readonly version?: 1 | 2;
  /** What becomes of the client's parameters before they are signed; `undefined` refuses. Default as they are. */
  readonly prepare?: (params: Params) => Params | undefined;
  /** The answer, default `{ signature, timestamp }`. */
  readonly answer?: (signature: string, params: Params) => Response;
}

export interface Server {
  readonly url: string;
  /** How often it was asked. */
  requests(): number;
  /** Everything that was sent to it, headers too. */
  received(): string;
  close(): Promise<void>;
}

/** The half-fixed recipe: names from a list alone, and yet the client names the asset. */
export const onlyUploadNames = (params: Params): Params | undefined =>
  Object.keys(params).every((name) => UPLOAD_NAMES.includes(name)) ? params : undefined;

const UPLOAD_NAMES = ["public_id", "folder", "tags", "context", "format", "type", "overwrite", "timestamp"];

const sign = cloudinary.utils.api_sign_request as (
  params: Params,
  secret: string,
  algorithm: string,
  version: number,
) => string;

type Answering = (request: Request) => Response | Promise<Response>;

export const startNaive = (recipe: Recipe): Promise<Server> => serveLocally(naive(recipe));

/** What an endpoint by a recipe answers. */
export function naive(recipe: Recipe): Answering {
  const { shape, algorithm = "sha256", version = 2, prepare = (params) => params } = recipe;
  const { answer = (signature, { timestamp }) => Response.json({ signature, timestamp }) } = recipe;
  return async (request) => {
    const body = (await request.json()) as Params;
    const params = prepare(shape === "plain" ? body : (body[shape] as Params));
    if (params === undefined) return Response.json({ error: "not allowed" }, { status: 400 });
    return answer(sign(params, API_SECRET, algorithm, version), params);
  };
}

/** What a request tells a server. */
const told = async (request: Request): Promise<string> =>
  `${request.url} ${JSON.stringify([...request.headers])} ${await request.clone().text()}`;

/** The same without a server between, for an audit that is handed its `fetch`. */
export function answerHere(answer: Answering): Server & { readonly fetch: typeof fetch } {
  const received: string[] = [];
  return {
    url: "http://localhost/sign",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      received.push(await told(request));
      return answer(request);
    },
    requests: () => received.length,
    received: () => received.join("\n"),
    close: async () => {},
  };
}

/** A server on this machine, for as long as a test wants it. */
export async function serveLocally(answer: Answering): Promise<Server> {
  const received: string[] = [];
  const server = createServer(
    getRequestListener(async (request) => {
      received.push(await told(request));
      return answer(request);
    }),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sign`,
    requests: () => received.length,
    received: () => received.join("\n"),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

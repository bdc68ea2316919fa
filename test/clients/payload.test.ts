// Who Payload's editors are, by the configuration of docs/clients.md: Payload is asked, as a server of the test's own.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSigner } from "../../src/hono.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { payload } from "./payload.ts";
import { snippetsOf } from "./snippets.ts";

/** What Payload answers at `/api/users/me`. */
const cms = createServer(({ url, headers }, response) => {
  const isHers = url === "/api/users/me" && headers.authorization === "JWT hers";
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ user: isHers ? { id: 7 } : null }));
});
let origin: string;
let signer: ReturnType<typeof createSigner>;

beforeAll(async () => {
  cms.listen(0, "127.0.0.1");
  await once(cms, "listening");
  origin = `http://127.0.0.1:${(cms.address() as AddressInfo).port}`;
  const folder = await newOwnerFolder();
  const text = snippetsOf(payload.name)[0]!.text.replaceAll("https://cms.example.com", origin);
  const definition = (await folder.load(text)) as Parameters<typeof createSigner>[0];
  await folder.close();
  signer = createSigner(definition, { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET });
});
afterAll(async () => {
  cms.close();
  await once(cms, "close");
});

/** As the plugin asks: with the time as a text, and the collection in the address. */
it.each([
  ["an editor", "payload-token=hers", { folder: "media" }, 200, undefined],
  [
    "an editor, with a name",
    "payload-token=hers",
    { folder: "media", public_id: "a" },
    422,
    "params_refused",
  ],
  ["a session that has ended", "payload-token=old", { folder: "media" }, 401, "invalid_token"],
  ["nobody", "", { folder: "media" }, 401, "unauthenticated"],
])("%s", async (_, cookie, params, status, code) => {
  const paramsToSign = { timestamp: Math.round(Date.now() / 1000).toString(), ...params };
  const answer = await signer.request("/sign/payload?collectionSlug=media", {
    method: "POST",
    headers: { "content-type": "application/json", origin, cookie },
    body: JSON.stringify({ paramsToSign }),
  });
  const body = (await answer.json()) as { code?: string; signature?: string };
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(body.signature === undefined).toBe(status !== 200);
});

// What tests and programs of this machine do to the account's key pairs: one is added beside the others, or disabled. No
// page may, nor does anybody hear a secret.

import type { Hono } from "hono";
import * as v from "valibot";
import type { Result } from "../../result.ts";
import { readControl } from "./control-form.ts";
import type { KeyPairs } from "./key-pairs.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

const Text = v.pipe(v.string(), v.nonEmpty());

const Change = v.union([
  v.strictObject({ add: v.strictObject({ api_key: Text, api_secret: Text }) }),
  v.strictObject({ disable: Text }),
]);

const EXAMPLE = { add: { api_key: "135792468013579", api_secret: "…" } };

function change(keys: KeyPairs, asked: unknown): Result<void, Refusal> {
  const read = readControl(Change, asked, EXAMPLE);
  if (!read.ok) return read;
  if ("disable" in read.value) return keys.disable(read.value.disable);
  const { api_key: apiKey, api_secret: apiSecret } = read.value.add;
  return keys.add({ apiKey, apiSecret });
}

/** Adds the routes. */
export function addKeyControls(app: Hono, keys: KeyPairs, refuse: (refusal: Refusal) => Response): void {
  const told = () =>
    keys.list().map(({ apiKey, active, requests }) => ({ api_key: apiKey, active, requests }));
  app.get("/_keys", (c) => c.json(told()));
  app.post("/_keys", async (c) => {
    if (c.req.header("Origin") !== undefined) return refuse(REFUSALS.notForPages());
    const done = change(keys, await c.req.json().catch(() => undefined));
    return done.ok ? c.json(told()) : refuse(done.error);
  });
}

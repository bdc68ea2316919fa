// What tests and programs of this machine do to notifications: where they go and how, one more of any type, and what became
// of each. Pages may look and no more, or any site that is open in a browser could have this machine sent to.

import type { Context, Hono } from "hono";
import * as v from "valibot";
import { err, ok, type Result } from "../../result.ts";
import { readControl } from "./control-form.ts";
import type { Happened } from "./notification-bodies.ts";
import type { Happening, WebhookSettings } from "./notified.ts";
import type { Notifier } from "./notifier.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";
import type { Store } from "./store.ts";

const Text = v.pipe(v.string(), v.nonEmpty());

const Settings = v.strictObject({
  urls: v.optional(v.array(Text)),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10))),
  // A day, which is more than any receiver takes.
  delay: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  template: v.optional(v.nullable(v.string())),
  algorithm: v.optional(v.picklist(["sha1", "sha256"])),
}) satisfies v.GenericSchema<WebhookSettings>;

const Told = v.strictObject({
  type: Text,
  public_id: v.optional(Text),
  members: v.optional(v.record(v.string(), v.unknown())),
  url: v.optional(Text),
}) satisfies v.GenericSchema<Happening>;

/** Where notifications come from, and what they can be about. */
export interface Webhooks {
  readonly notifier: Notifier;
  readonly store: Store;
}

/** Sets how notifications are sent. */
export function setWebhooks({ notifier }: Webhooks, settings: unknown): Result<void, Refusal> {
  const urls = ["http://127.0.0.1:3000/hook"];
  const example = { urls, times: 2, delay: 60, template: '{"id":"{{public_id}}"}', algorithm: "sha256" };
  const fitting = readControl(Settings, settings, example);
  return fitting.ok ? ok(notifier.set(fitting.value)) : fitting;
}

/** Sends a notification of something that need not have happened. */
export function tell({ notifier, store }: Webhooks, happening: unknown): Result<void, Refusal> {
  const example = { type: "moderation", public_id: "a", members: { moderation_status: "rejected" } };
  const fitting = readControl(Told, happening, example);
  if (!fitting.ok) return fitting;
  const { type, public_id, members, url } = fitting.value;
  const asset = store.uploads().findLast((one) => one.public_id === public_id);
  if (public_id !== undefined && !asset) return err(REFUSALS.noSuchResource(public_id));
  const happened: Happened = { type, asset, members, url: url ?? asset?.fields.notification_url };
  return ok(notifier.notify(happened));
}

/** Adds the routes. */
export function addWebhookControls(
  app: Hono,
  webhooks: Webhooks,
  refuse: (refusal: Refusal) => Response,
): void {
  app.get("/_notifications", (c) => c.json(webhooks.notifier.list()));
  const control = async (c: Context, change: typeof tell): Promise<Response> => {
    if (c.req.header("Origin") !== undefined) return refuse(REFUSALS.notForPages());
    const done = change(webhooks, await c.req.json().catch(() => undefined));
    return done.ok ? c.json({}) : refuse(done.error);
  };
  app.post("/_notifications", (c) => control(c, tell));
  app.post("/_webhooks", (c) => control(c, setWebhooks));
}

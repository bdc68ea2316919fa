// The emulator's routes. Every route answers pages of any origin, as api.cloudinary.com does.

import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import type { Act, MethodName } from "./acted.ts";
import { API_METHODS, act } from "./api-methods.ts";
import type { StoredUpload } from "./asset.ts";
import { addControls, type Controls } from "./controls.ts";
import { deliver } from "./delivery.ts";
import { addKeyControls } from "./key-controls.ts";
import type { KeyPairs } from "./key-pairs.ts";
import { errorResponse, REFUSALS, type Refusal } from "./refusals.ts";
import { type UploadContext, upload } from "./store-upload.ts";
import type { Told } from "./told.ts";
import { addWebhookControls } from "./webhook-controls.ts";

/** What the routes need. */
export interface AppOptions extends UploadContext, Controls {
  /** The account's key pairs, where they can be changed. */
  readonly keys?: KeyPairs;
  readonly onUpload?: ((upload: StoredUpload) => void) | undefined;
  readonly onRefusal?: ((refusal: Refusal & { method?: string }) => void) | undefined;
  /** Called after each request of a method that was let pass. */
  readonly onAct?: ((act: Act) => void) | undefined;
}

/** 100 MB, the most that Cloudinary takes in one request. */
const MAX_BODY_BYTES = 100 * 1024 * 1024;

/** What is downloaded by an address too, as the SDK's `download_zip_url` and `private_download_url` make it. */
const DOWNLOADED: ReadonlySet<string> = new Set(["generate_archive", "download"]);

/** What `/_uploads` tells of an asset that is held. */
const toldOf = (held: StoredUpload) => ({
  public_id: held.public_id,
  resource_type: held.resource_type,
  type: held.type,
  bytes: held.bytes,
  secure_url: held.secure_url,
  tags: held.tags,
  context: held.context?.custom ?? {},
  metadata: held.metadata ?? {},
  fields: held.fields,
});

/** Builds the app. Refusals of the API are reported to `onRefusal`, a missing asset is not. */
export function createApp(options: AppOptions): Hono {
  const refuse: Refuse = (refusal, method) => {
    options.onRefusal?.({ ...refusal, ...(method && { method }) });
    return errorResponse(refusal);
  };

  const app = new Hono();
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD", "POST"], exposeHeaders: ["X-Cld-Error"] }));

  app.get("/", (c) =>
    c.text("A local Cloudinary for development: POST /v1_1/<cloud>/<type>/<method>, GET /_uploads\n"),
  );

  addControls(app, options, refuse);
  const { keys, notifier, store } = options;
  if (keys) addKeyControls(app, keys, refuse);
  if (notifier) addWebhookControls(app, { notifier, store }, refuse);

  app.get("/_uploads", (c) => c.json(options.store.uploads().map(toldOf)));

  addMethods(app, options, refuse);

  app.get("*", (c) => deliver(c.req.url, options));
  app.notFound(() => refuse(REFUSALS.noSuchRoute()));
  app.onError((error) => refuse(REFUSALS.bug(error)));
  return app;
}

/** What an address without a resource type means: what the SDKs take for granted (assumed). */
const DEFAULT_TYPE = "image";

type Refuse = (refusal: Refusal, method?: string) => Response;

/** The signed methods. */
function addMethods(app: Hono, options: AppOptions, refuse: Refuse): void {
  const limited = (method: MethodName) =>
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => refuse(REFUSALS.tooLarge(MAX_BODY_BYTES), method),
    });

  const takeUpload = async (c: Context, cloud: string, resourceType: string): Promise<Response> => {
    const result = await upload(c.req.raw, cloud, resourceType, options);
    if (!result.ok) return refuse(result.error, "upload");
    const { answer, added } = result.value;
    if (added) options.onUpload?.(added);
    if (!("done" in answer)) options.onAct?.(uploadAct(answer, added !== undefined));
    return c.json(answer);
  };
  app.post("/v1_1/:cloud/upload", limited("upload"), (c) =>
    takeUpload(c, c.req.param("cloud"), DEFAULT_TYPE),
  );
  app.post("/v1_1/:cloud/:resource_type/upload", limited("upload"), (c) =>
    takeUpload(c, c.req.param("cloud"), c.req.param("resource_type")),
  );

  for (const name of Object.keys(API_METHODS) as (keyof typeof API_METHODS)[]) {
    app.on(
      DOWNLOADED.has(name) ? ["POST", "GET"] : ["POST"],
      `/v1_1/:cloud/:resource_type/${name}`,
      limited(name),
      async (c) => {
        const result = await act(c.req.raw, c.req.param(), name, options);
        if (!result.ok) return refuse(result.error, name);
        const { answer } = result.value;
        options.onAct?.(result.value.act);
        return answer instanceof Response ? answer : c.json(answer);
      },
    );
  }
}

const uploadAct = ({ public_id, resource_type, type }: Told, found: boolean): Act => ({
  method: "upload",
  publicIds: [public_id],
  found,
  resourceType: resource_type,
  type,
});

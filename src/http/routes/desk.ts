// What the routes that sign stand on, and how a caller comes in over HTTP.

import type { AccessContext } from "../../access/method.ts";
import type { Config } from "../../config/checked.ts";
import type { Failure } from "../../failure.ts";
import { addressKey } from "../../limits/address-key.ts";
import type { Platform } from "../../platform.ts";
import { err, ok, type Result } from "../../result.ts";
import { admit, type OpenMethods } from "../../tickets/admit.ts";
import { type Entered, enter } from "../../tickets/enter.ts";
import { checkBodyHeaders } from "../wire/body.ts";
import type { Visit } from "../wire/frame.ts";

/** What the routes that sign stand on. */
export interface Desk {
  readonly config: Config;
  readonly platform: Platform;
  /** The access methods that read a credential. */
  readonly open: OpenMethods;
}

/** Lets the caller of an HTTP request in; `byUploadId` as in `admit`. */
export async function enterByHttp(
  { config, platform, open }: Desk,
  { c, request, event, page }: Visit,
  name: string,
  byUploadId = false,
): Promise<Result<Entered & { readonly context: AccessContext }, Failure>> {
  const standing = page.ok ? page.value?.standing : undefined;
  const context: AccessContext = {
    now: platform.now(),
    fetch: platform.fetch,
    request,
    env: c.env,
    originListed: standing === "listed",
    originIsPreview: standing === "preview",
  };
  const entered = await enter(
    config,
    name,
    {
      address: () => addressKey(platform.address(request, c.env)),
      look: (profile) => {
        const unreadable = checkBodyHeaders(request);
        return unreadable === undefined
          ? admit(config, open, profile, context, event, byUploadId)
          : err(unreadable);
      },
    },
    context.now,
    event,
  );
  return entered.ok ? ok({ ...entered.value, context }) : entered;
}

// Every route of the signer, and the way of a request: origin (frame.ts) -> profile -> what is shown -> how often, by
// address -> who asks -> how often, by caller (tickets/enter.ts) -> body -> policy -> sign -> answer (routes/).

import type { HonoBase } from "hono/hono-base";
import type { Config, Configured } from "../config/checked.ts";
import { failure } from "../failure.ts";
import { PLATFORM, type Platform } from "../platform.ts";
import { err } from "../result.ts";
import { openMethods } from "../tickets/admit.ts";
import { DEFAULT_PROFILE } from "../tickets/enter.ts";
import { answerConfirm, answerKeys } from "./routes/confirming.ts";
import { answerDescription } from "./routes/describing.ts";
import type { Desk } from "./routes/desk.ts";
import { answerHealth, misconfiguredHealth } from "./routes/health.ts";
import { answerLink } from "./routes/linking.ts";
import { answerNotification } from "./routes/notifying.ts";
import { pageRoutes } from "./routes/page-files.ts";
import { answerSign } from "./routes/signing.ts";
import type { Handler } from "./wire/frame.ts";
import { mount, type Route } from "./wire/mount-routes.ts";

/** What answers a route, given how a path names its profile. */
type ByProfile = (profileOf: (path: string) => string) => Handler;

/** The last segment of a path, decoded as Hono decodes a parameter. */
function lastSegment(path: string): string {
  const segment = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const byPost = (address: string) => ({
  guarded: true,
  crossOrigin: true,
  advice: `ask by POST, such as: curl -X POST ${address}; `,
});
const SIGN = {
  name: "/sign/{profile}",
  ...byPost(`https://…/sign -H 'Content-Type: application/json' -d '{"params": {}}'`),
};

/** Cloudinary asks these, and no page does. */
const NOTIFICATIONS = {
  guarded: true,
  advice: "write this address as a notification URL at Cloudinary, which asks by POST; ",
};

/** What answers the routes that stand on a sound configuration. */
interface Answers {
  readonly sign: ByProfile;
  readonly describe: ByProfile;
  readonly confirm: ByProfile;
  readonly links: ByProfile;
  /** Given how a path holds an upload ID. */
  readonly notifications: (idOf: (path: string) => string | undefined) => Handler;
  readonly keys: Handler;
  readonly health: Handler;
}

/** Methods, `Allow`, preflights and what a 404 tells come from this table. */
export const routes = ({ sign, describe, confirm, links, notifications, keys, health }: Answers): Route[] => [
  {
    ...SIGN,
    path: "/sign",
    methods: { GET: describe(() => DEFAULT_PROFILE), POST: sign(() => DEFAULT_PROFILE) },
  },
  { ...SIGN, path: "/sign/{profile}", methods: { GET: describe(lastSegment), POST: sign(lastSegment) } },
  {
    ...byPost("https://…/confirm/{profile}"),
    path: "/confirm/{profile}",
    name: "/confirm/{profile}",
    methods: { POST: confirm(lastSegment) },
  },
  {
    ...byPost("https://…/links/{profile}"),
    path: "/links/{profile}",
    name: "/links/{profile}",
    methods: { POST: links(lastSegment) },
  },
  {
    ...NOTIFICATIONS,
    path: "/notifications",
    name: "/notifications",
    methods: { POST: notifications(() => undefined) },
  },
  {
    ...NOTIFICATIONS,
    path: "/notifications/{upload_id}",
    name: "/notifications/{upload_id}",
    methods: { POST: notifications(lastSegment) },
  },
  {
    path: "/.well-known/jwks.json",
    name: "/.well-known/jwks.json",
    methods: { GET: keys },
    crossOrigin: true,
  },
  { path: "/health", name: "/health", methods: { GET: health }, crossOrigin: true },
];

function configuredApp(config: Config, platform: Platform): HonoBase {
  const desk: Desk = { config, platform, open: openMethods(config, platform.fetch) };
  const all = [
    ...routes({
      sign: (profileOf) => answerSign(desk, profileOf),
      describe: (profileOf) => answerDescription(desk, profileOf),
      confirm: (profileOf) => answerConfirm(desk, profileOf),
      links: (profileOf) => answerLink(desk, profileOf),
      notifications: (idOf) => answerNotification(desk, idOf),
      keys: answerKeys(desk),
      health: answerHealth(desk),
    }),
    ...pageRoutes(config.page, config.uploadPrefix),
  ];
  const { allowedOrigins, log, analytics } = config;
  return mount(all, { platform, allowedOrigins, log, analytics });
}

/** What is wrong with the configuration is all that it has to say, and the page where it is on. */
function misconfiguredApp(
  { error: faults, allowedOrigins, page, analytics }: Extract<Configured, { ok: false }>,
  platform: Platform,
): HonoBase {
  const why: Handler = () => err(failure("misconfigured", { faults }));
  const all = [
    ...routes({
      ...{ sign: () => why, describe: () => why, confirm: () => why, links: () => why, keys: why },
      notifications: () => why,
      health: misconfiguredHealth(faults),
    }),
    // Its settings may hold anything, a secret in the wrong place too: none of them is told.
    ...pageRoutes(page),
  ];
  return mount(all, { platform, allowedOrigins, log: "all", analytics }, why);
}

/** The app over a configuration, right or wrong. */
export function createApp(configured: Configured, given: Partial<Platform> = {}): HonoBase {
  const platform = { ...PLATFORM, ...given };
  return configured.ok ? configuredApp(configured.value, platform) : misconfiguredApp(configured, platform);
}

// No forgery on our own signer: every profile of the suite, and every profile of the demo in this process and in the
// built Worker, there one of each kind by one attack in four in the quick run. The same audit finds them all on the naive recipe
// (recipes.test.ts).

import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import demo from "../../../demo/signer.config.ts";
import { readBindings as readDemo } from "../../../src/config/bindings.ts";
import { createApp } from "../../../src/http/app.ts";
import type { Shape } from "../../../src/testing/audit/ask.ts";
import { ATTACKS, type Attack } from "../../../src/testing/audit/attacks.ts";
import { type AuditOptions, audit } from "../../../src/testing/audit/audit.ts";
import { assertNoForgeries } from "../../../src/testing/audit/report.ts";
import type { Params } from "../../../src/testing/audit/sdk.ts";
import { WEBHOOK_ATTACKS } from "../../../src/testing/audit/webhook-attacks.ts";
import { auditWebhook } from "../../../src/testing/audit/webhook-audit.ts";
import { type LocalWorker, startWorker } from "../../../src/testing/local-worker.ts";
import { BINDINGS, LISTED, PREVIEW, SIGNER } from "../../http/suite.ts";
import { API_SECRET, unseen } from "../../support/account.ts";
import { FULL, sampled } from "../../support/counts.ts";
import { readBindings } from "../../support/definition.ts";
import { DEMO, demoBuild } from "../../support/once.ts";

/** How a profile is asked, where it is not simply asked. */
interface Caller {
  readonly headers?: Readonly<Record<string, string>>;
  /** What a drop-in profile signs; absent, it signs no `paramsToSign` at all. */
  readonly dropIn?: Params;
  /** What a profile of another method needs in every request, of the caller's own. */
  readonly needs?: Params;
}

/** What asks an app in this process, at an address of nobody's. */
const HERE = "http://localhost";
type App = ReturnType<typeof createApp>;
const asking =
  (app: App): Fetch =>
  (input, init) =>
    Promise.resolve(app.fetch(new Request(input, init)));
type Fetch = NonNullable<AuditOptions["fetch"]>;

/** One profile audited in one shape: nothing is signed, not even something else. */
async function expectNoOracle(
  url: string,
  shape: Shape,
  { headers = {}, dropIn, needs = {} }: Caller,
  fetch: Fetch = globalThis.fetch,
  attacks: readonly Attack[] = ATTACKS,
): Promise<void> {
  const harmless = shape === "paramsToSign" ? (dropIn ?? needs) : needs;
  const report = await audit({ url, shape, secret: API_SECRET, headers, harmless, fetch, attacks });
  unseen(JSON.stringify(report));
  if (shape === "paramsToSign" && dropIn === undefined) {
    expect(report).toMatchObject({ asked: false, why: expect.stringContaining("status 422") });
    return;
  }
  expect(report).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
  const findings = report.asked ? report.findings : [];
  expect(findings.filter(({ verdict }) => verdict !== "refused")).toEqual([]);
  expect(findings).toHaveLength(attacks.length);
}

const SHAPES = ["params", "paramsToSign"] as const;
const inBothShapes = (profiles: readonly string[]) =>
  profiles.flatMap((profile) => SHAPES.map((shape) => [profile, shape] as const));

describe("the app in this process", () => {
  const callers: Readonly<Record<string, Caller>> = {
    widget: { dropIn: { folder: "widget", overwrite: false, context: "via=widget" } },
    pages: { headers: { origin: LISTED } },
    previews: { headers: { origin: PREVIEW } },
  };
  const app = createApp(readBindings(BINDINGS), { log: unseen });

  it.each(inBothShapes(Object.keys(SIGNER.profiles)))("profile %s, %s", async (profile, shape) => {
    await expectNoOracle(`${HERE}/sign/${profile}`, shape, callers[profile] ?? {}, asking(app));
  });
});

describe("the demo", async () => {
  const JWT_SECRET = "a-shared-secret-of-more-than-32-bytes";
  const origin = "http://localhost:5173";
  const token = await new SignJWT({ sub: "42", iss: "edge-signer-demo", aud: "uploads" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const member = { authorization: `Bearer ${token}` };
  const callers: Record<string, Caller> = {
    widget: { headers: { origin }, dropIn: { folder: "widget" } },
    bare: { headers: { origin }, dropIn: { source: "uw" } },
    members: { headers: member },
    "member-widget": { headers: member, dropIn: { folder: "member-widget/42" } },
    "member-remove": { headers: member, needs: { public_id: "users/42/x" } },
    "member-rename": {
      headers: member,
      needs: { from_public_id: "users/42/x", to_public_id: "users/42/y" },
    },
    "member-captions": { headers: member, needs: { public_ids: "users/42/x", context: "alt=x" } },
  };
  const bindings = {
    CLOUDINARY_URL: `cloudinary://874837483274837:${API_SECRET}@demo`,
    ALLOWED_ORIGINS: origin,
    JWT_SECRET,
  };
  const profiles = Object.keys(demo.profiles ?? {});
  const all = inBothShapes(profiles);
  // A profile of anybody's, one that pages ask, and one of tokens.
  const quick = [
    ["default", "params"],
    ["widget", "paramsToSign"],
    ["members", "params"],
  ] as const;

  it("there are profiles", () => {
    expect(profiles).toEqual(expect.arrayContaining(["default", "widget", "bare", "members", "avatars"]));
  });

  describe("in this process", () => {
    const assets = { ASSETS: { fetch: async () => new Response() } };
    const app = createApp(readDemo(demo, { ...bindings, ...assets }), { log: unseen });

    it.each(all)("profile %s, %s", async (profile, shape) => {
      await expectNoOracle(`${HERE}/sign/${profile}`, shape, callers[profile] ?? {}, asking(app));
    });
  });

  describe("as its Worker is built", () => {
    let worker: LocalWorker;
    beforeAll(async () => {
      worker = await startWorker({
        ...{ build: await demoBuild(), config: DEMO, bindings },
        env: "",
        onLog: unseen,
      });
    });
    afterAll(() => worker?.close());

    it("takes an honest notification and no other", async () => {
      const report = await auditWebhook({ url: `${worker.url}/notifications`, secret: API_SECRET });
      assertNoForgeries(report);
      expect(report.findings.filter(({ verdict }) => verdict !== "refused")).toEqual([]);
      expect(report.findings).toHaveLength(WEBHOOK_ATTACKS.length);
    });

    it.each(FULL ? all : quick)("profile %s, %s", async (profile, shape) => {
      await expectNoOracle(
        `${worker.url}/sign/${profile}`,
        shape,
        callers[profile] ?? {},
        fetch,
        sampled(ATTACKS, 4),
      );
    });
  });
});

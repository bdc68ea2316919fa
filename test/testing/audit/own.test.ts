// No forgery on our own signer: every profile of the suite, and every profile of the demo in the built Worker. The same audit finds them all on the naive recipe (recipes.test.ts).

import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkProject } from "../../../src/cli/environments.ts";
import { createApp } from "../../../src/http/app.ts";
import type { Shape } from "../../../src/testing/audit/ask.ts";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { audit } from "../../../src/testing/audit/audit.ts";
import type { Params } from "../../../src/testing/audit/sdk.ts";
import { type LocalWorker, startWorker } from "../../../src/testing/local-worker.ts";
import { BINDINGS, LISTED, PREVIEW, SIGNER } from "../../http/suite.ts";
import { API_SECRET, unseen } from "../../support/account.ts";
import { readBindings } from "../../support/definition.ts";
import { DEMO, demoBuild } from "../../support/once.ts";
import { type Server, serveLocally } from "./naive.ts";

/** How a profile is asked, where it is not simply asked. */
interface Caller {
  readonly headers?: Readonly<Record<string, string>>;
  /** What a drop-in profile signs; absent, it signs no `paramsToSign` at all. */
  readonly dropIn?: Params;
}

/** One profile audited in one shape: nothing is signed, not even something else. */
async function expectNoOracle(url: string, shape: Shape, { headers = {}, dropIn }: Caller): Promise<void> {
  const harmless = shape === "paramsToSign" && dropIn !== undefined ? dropIn : {};
  const report = await audit({ url, shape, secret: API_SECRET, headers, harmless });
  unseen(JSON.stringify(report));
  if (shape === "paramsToSign" && dropIn === undefined) {
    expect(report).toMatchObject({ asked: false, why: expect.stringContaining("status 422") });
    return;
  }
  expect(report).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
  const findings = report.asked ? report.findings : [];
  expect(findings.filter(({ verdict }) => verdict !== "refused")).toEqual([]);
  expect(findings).toHaveLength(ATTACKS.length);
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
  let server: Server;
  beforeAll(async () => {
    const app = createApp(readBindings(BINDINGS), { log: unseen });
    server = await serveLocally((request) => app.fetch(request));
  });
  afterAll(() => server.close());

  it.each(inBothShapes(Object.keys(SIGNER.profiles)))("profile %s, %s", async (profile, shape) => {
    await expectNoOracle(`${server.url}/${profile}`, shape, callers[profile] ?? {});
  });
});

describe("the demo's Worker, as it is built", async () => {
  const JWT_SECRET = "a-shared-secret-of-more-than-32-bytes";
  const origin = "http://localhost:5173";
  const callers: Record<string, Caller> = {
    widget: { headers: { origin }, dropIn: { folder: "widget" } },
    bare: { headers: { origin }, dropIn: { source: "uw" } },
  };
  const [{ config } = { config: undefined }] = await checkProject(DEMO);
  const profiles = config?.ok ? [...config.value.profiles.keys()] : [];
  let worker: LocalWorker;
  beforeAll(async () => {
    const token = await new SignJWT({ sub: "42", iss: "edge-signer-demo", aud: "uploads" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(JWT_SECRET));
    const headers = { authorization: `Bearer ${token}` };
    callers.members = { headers };
    callers["member-widget"] = { headers, dropIn: { folder: "member-widget/42" } };
    worker = await startWorker({
      build: await demoBuild(),
      config: DEMO,
      bindings: {
        CLOUDINARY_URL: `cloudinary://874837483274837:${API_SECRET}@demo`,
        ALLOWED_ORIGINS: origin,
        JWT_SECRET,
      },
      env: "",
      onLog: unseen,
    });
  });
  afterAll(() => worker?.close());

  it("there are profiles", () => {
    expect(profiles).toEqual(expect.arrayContaining(["default", "widget", "bare", "members", "avatars"]));
  });

  it.each(inBothShapes(profiles))("profile %s, %s", async (profile, shape) => {
    await expectNoOracle(`${worker.url}/sign/${profile}`, shape, callers[profile] ?? {});
  });
});

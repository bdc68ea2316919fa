// The page of a signer that is misconfigured tells what is wrong, before anybody tries to upload.

import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { openPage, sharedBrowser } from "./support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const OPEN = { default: { access: ["public"] } };

/** What the page of such a signer tells; `undefined`, nothing. */
async function told(bindings: Record<string, unknown>, SIGNER: object): Promise<string | undefined> {
  const worker = await startWorker({
    build: inject("workerBuild"),
    bindings: { ...ACCOUNT, ...bindings, SIGNER: { page: true, ...SIGNER } },
    onLog: unseen,
  });
  const { page, problems } = await openPage(browser);
  try {
    const health = page.waitForResponse((response) => response.url().endsWith("/health"));
    await page.goto(worker.url);
    const isHealthy = (await health).status() === 200;
    const alert = page.getByRole("alert");
    if (isHealthy) {
      await page.waitForLoadState("networkidle");
      expect(await alert.count()).toBe(0);
      expect(problems).toEqual([]);
      return undefined;
    }
    await alert.waitFor();
    // The browser's own lines: about the 503, and about the 500 where the profile is asked for.
    expect(problems.filter((problem) => !/a status of 50[03]/.test(problem))).toEqual([]);
    return unseen(await alert.innerText());
  } finally {
    await page.context().close();
    await worker.close();
  }
}

const MEMBERS = {
  access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" } },
  profiles: { ...OPEN, mine: { access: ["members"], set: { folder: "users/{sub}" } } },
};

describe("what the page tells", () => {
  it.each([
    [
      "of a wrong account",
      { CLOUDINARY_API_SECRET: "a secret" },
      { profiles: OPEN },
      "CLOUDINARY_API_SECRET",
    ],
    ["of a missing secret of one access method", {}, MEMBERS, "JWT_SECRET"],
    ["of a wrong profile, without its name", {}, { profiles: { mine: { access: [] } } }, "signer.config.ts"],
  ])("%s", async (_, bindings, signer, binding) => {
    const text = await told(bindings, signer);
    expect(text).toContain("Fix the signer's configuration");
    expect(text).toContain(binding);
    expect(text).not.toContain("mine");
  });

  it("of a signer that is well: nothing", async () => {
    expect(await told({}, { profiles: OPEN })).toBeUndefined();
  });
});

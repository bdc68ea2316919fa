// The page of a signer that is misconfigured tells what is wrong, before anybody tries to upload.

import type { Browser } from "playwright-core";
import { beforeAll, expect, inject, it } from "vitest";
import { startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { FULL } from "../support/counts.ts";
import { openPage, sharedBrowser } from "./support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const OPEN = { default: { access: ["public"] } };

/** What the page of such a signer tells. */
async function told(bindings: Record<string, unknown>, SIGNER: object): Promise<string> {
  const worker = await startWorker({
    build: inject("workerBuild"),
    bindings: { ...ACCOUNT, ...bindings, SIGNER: { page: true, ...SIGNER } },
    onLog: unseen,
  });
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(worker.url);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    // The browser's own lines: about the 503, and about the 500 where the profile is asked for.
    expect(problems.filter((problem) => !/a status of 50[03]/.test(problem))).toEqual([]);
    return unseen(await alert.innerText());
  } finally {
    await page.context().close();
    await worker.close();
  }
}

const WRONG_SECRET = { CLOUDINARY_API_SECRET: "a secret" };
const access = { members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" } };
const MEMBERS = { ...OPEN, other: { access: ["members"], set: { folder: "users/{sub}" } } };
const WRONG = { mine: { access: [] } };

const ALONE: readonly [what: string, bindings: Record<string, unknown>, signer: object, told: string[]][] = [
  ["a wrong account", WRONG_SECRET, { profiles: OPEN }, ["CLOUDINARY_API_SECRET"]],
  ["a missing secret of one access method", {}, { access, profiles: MEMBERS }, ["JWT_SECRET"]],
  ["a wrong profile, without its name", {}, { profiles: WRONG }, ["signer.config.ts"]],
];
const TOGETHER: (typeof ALONE)[number] = [
  "all three at once",
  WRONG_SECRET,
  { access, profiles: { ...MEMBERS, ...WRONG } },
  ALONE.flatMap(([, , , names]) => names),
];

// Each is a Worker of its own: the quick run has one. Of a signer that is well the page tells nothing: page.test.ts.
it.each(FULL ? [...ALONE, TOGETHER] : [TOGETHER])(
  "the page tells of %s",
  async (_, bindings, signer, names) => {
    const text = await told(bindings, signer);
    expect(text).toContain("Fix the signer's configuration");
    for (const name of names) expect(text).toContain(name);
    expect(text).not.toContain("mine");
  },
);

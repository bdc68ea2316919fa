// The audit of the recipes that people copy: what it finds on the naive one, the half-fixed one and the like. It asks them
// over HTTP once in each shape and algorithm, and the rest without a server between.

import { describe, expect, it } from "vitest";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { type AuditFindings, type AuditOptions, audit } from "../../../src/testing/audit/audit.ts";
import { API_SECRET } from "../../support/account.ts";
import { answerHere, naive, onlyUploadNames, type Recipe, startNaive } from "./naive.ts";

const SHAPES = ["params", "paramsToSign", "plain"] as const;
const ALGORITHMS = ["sha1", "sha256"] as const;

async function auditRecipe(recipe: Recipe, options: Partial<AuditOptions> = {}): Promise<AuditFindings> {
  const { url, fetch, received } = answerHere(naive(recipe));
  const report = await audit({ url, shape: recipe.shape, secret: API_SECRET, fetch, ...options });
  if (!report.asked) throw new Error(report.why);
  expect(received()).not.toContain(API_SECRET);
  return report;
}

const idsBy = ({ findings }: AuditFindings, verdict: string): string[] =>
  findings.filter((finding) => finding.verdict === verdict).map(({ attack }) => attack.id);

const ALL = ATTACKS.map(({ id }) => id);
const allBut = (...ids: string[]): string[] => ALL.filter((id) => !ids.includes(id));

/** Forged texts without room for a timestamp, and the one whose point is the client's timestamp. */
const WITHOUT_SERVER_TIME = ["response", "notification", "delivery", "search", "future"];
/** Signature version 2 is made against it. */
const NEEDS_VERSION_1 = "smuggled-parameter";
/** A console login, and a signed search URL. */
const WANTS_SHA256 = ["login", "search"];

const serverTime = (params: object) => ({ ...params, timestamp: Math.floor(Date.now() / 1000) });

describe.each(SHAPES)("the naive recipe, %s", (shape) => {
  it.each(ALGORITHMS)("%s, over HTTP: each forgery is proven with the official SDK", async (algorithm) => {
    const server = await startNaive({ shape, algorithm });
    const report = await auditRecipe({ shape }, { url: server.url, fetch });
    expect(server.received()).not.toContain(API_SECRET);
    expect(server.requests()).toBeGreaterThan(ALL.length);
    await server.close();
    const useless = algorithm === "sha1" ? [NEEDS_VERSION_1, ...WANTS_SHA256] : [NEEDS_VERSION_1];
    expect(idsBy(report, "proven")).toEqual(allBut(...useless));
    expect(idsBy(report, "signed something else").sort()).toEqual(useless.sort());
    expect(report.forgeries).toBe(ALL.length - useless.length);
    expect(report.doubts).toEqual([]);
    const methods = report.findings.filter(
      ({ attack, verdict }) => attack.kind === "forgery" && verdict === "proven",
    );
    expect(methods.length).toBeGreaterThanOrEqual(10);
  });

  it.each(ALGORITHMS)("%s, the secret unknown: signed, unproven", async (algorithm) => {
    const report = await auditRecipe({ shape, algorithm }, { secret: undefined });
    expect(idsBy(report, "signed, unproven")).toEqual(algorithm === "sha1" ? allBut(...WANTS_SHA256) : ALL);
    expect(idsBy(report, "proven")).toEqual([]);
    expect(report.doubts).toEqual([]);
  });

  it("with signature version 1 a parameter is smuggled", async () => {
    const report = await auditRecipe({ shape, version: 1 });
    expect(idsBy(report, "proven")).toEqual(ALL);
  });

  it("with a timestamp of its own it is an oracle still", async () => {
    const report = await auditRecipe({ shape, prepare: serverTime });
    expect(idsBy(report, "proven")).toEqual(allBut(...WITHOUT_SERVER_TIME, NEEDS_VERSION_1));
    expect(idsBy(report, "signed something else")).toHaveLength(WITHOUT_SERVER_TIME.length + 1);
  });

  it("bare hex digits, a JSON text, capitals, or a nested member are read as an answer", async () => {
    for (const answer of [
      (signature: string) => new Response(`${signature}\n`),
      (signature: string) => Response.json(signature),
      (signature: string) => Response.json({ signature: signature.toUpperCase() }),
      (signature: string) => Response.json({ data: { signature } }),
      (signature: string) => Response.json({ signature }, { status: 500 }),
    ]) {
      const report = await auditRecipe({ shape, answer });
      expect(idsBy(report, "proven")).toEqual(allBut(NEEDS_VERSION_1));
    }
  });
});

describe("the half-fixed recipe: names from a list alone", () => {
  const recipe: Recipe = { shape: "params", prepare: onlyUploadNames };

  it("is an oracle still, and the audit tells which parts are fixed", async () => {
    const report = await auditRecipe(recipe);
    expect(idsBy(report, "proven")).toEqual([
      "destroy",
      "explicit",
      "download",
      "download-private",
      "archive-tags",
      "other-users-name",
      "other-users-folder",
      "overwrite",
      "type",
      "future",
      "list",
      "smuggled-ampersand",
    ]);
    expect(idsBy(report, "signed something else")).toEqual([NEEDS_VERSION_1]);
    expect(idsBy(report, "refused")).toHaveLength(ALL.length - 13);
  });
});

describe("what is no forgery", () => {
  it.each([API_SECRET, undefined])(
    "parameters of the server's own, none of the client's (secret: %#)",
    async (secret) => {
      const report = await auditRecipe(
        { shape: "params", prepare: () => serverTime({ folder: "mine" }) },
        { secret, harmless: { folder: "mine" } },
      );
      expect(report.forgeries).toBe(0);
      expect(new Set(idsBy(report, "signed something else"))).toEqual(new Set(ALL));
      expect(report.doubts).toEqual([]);
    },
  );

  it.each([API_SECRET, undefined])(
    "a ticket that tells what it signed instead (secret: %#)",
    async (secret) => {
      const report = await auditRecipe(
        {
          shape: "params",
          prepare: () => ({ public_id: crypto.randomUUID(), folder: "mine", timestamp: 1_700_000_000 }),
          answer: (signature, params) =>
            Response.json({ signature, fields: { ...params, api_key: "1", signature } }),
        },
        { secret },
      );
      expect(report.forgeries).toBe(0);
      expect(report.doubts).toEqual([]);
    },
  );

  it.each([API_SECRET, undefined])(
    "but one that only adds a name is an oracle: an extra name protects nothing (secret: %#)",
    async (secret) => {
      const report = await auditRecipe(
        {
          shape: "params",
          prepare: (params) => ({ ...params, folder: "mine", timestamp: Math.floor(Date.now() / 1000) }),
          answer: (signature, params) =>
            Response.json({ signature, fields: { ...params, api_key: "1", signature } }),
        },
        { secret },
      );
      expect(report.forgeries).toBeGreaterThanOrEqual(10);
    },
  );
});

describe("an endpoint that wants a parameter of every request", () => {
  const needsFolder: Recipe["prepare"] = (params) => (params.folder === "widget" ? params : undefined);

  it("is asked with it too, so that no refusal is for its want", async () => {
    const report = await auditRecipe(
      { shape: "paramsToSign", prepare: needsFolder },
      { harmless: { folder: "widget" } },
    );
    // Those that name the folder themselves are refused, and texts that must be exact hold nothing more.
    const exact = ["response", "notification", "delivery", "search"];
    const folders = ATTACKS.filter(({ ask }) => "folder" in ask("v", 0)).map(({ id }) => id);
    expect(idsBy(report, "proven")).toEqual(allBut(...exact, ...folders));
    expect(idsBy(report, "refused")).toHaveLength(exact.length + folders.length);
  });
});

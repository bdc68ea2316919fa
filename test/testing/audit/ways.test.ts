// Endpoints that are safe where they are asked in the usual way, and oracles where they renew a ticket or sign for a list of
// files: the audit asks there too.

import { v2 as cloudinary } from "cloudinary";
import { describe, expect, it } from "vitest";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { type AuditFindings, audit } from "../../../src/testing/audit/audit.ts";
import { reportText } from "../../../src/testing/audit/report.ts";
import { API_KEY, API_SECRET } from "../../support/account.ts";
import { answerHere, type Server } from "./naive.ts";

type Params = Record<string, unknown>;
interface Body {
  readonly params?: Params;
  readonly files?: readonly object[];
  readonly renew?: string;
  readonly fields?: Params;
}

const now = (): number => Math.floor(Date.now() / 1000);
const sign: (params: Params, secret: string, algorithm: string, version: number) => string =
  cloudinary.utils.api_sign_request;

/** A ticket as ours: the signature is over its fields. */
function ticketOf(params: Params): object {
  const signature = sign(params, API_SECRET, "sha256", 2);
  const fields = { ...params, api_key: API_KEY, signature };
  return { signature, fields, upload_id: "an-id" };
}

const OWN = { public_id: "users/42/a", overwrite: "false" };
const isEmpty = (params: Params = {}): boolean => Object.keys(params).length === 0;
const refused = () => Response.json({ code: "refused" }, { status: 422 });

interface Kind {
  /** What becomes of the fields that come back; `undefined` refuses. */
  readonly renewal?: (fields: Params) => Params | undefined;
  /** Whether what is sent beside files is signed. */
  readonly files?: boolean;
}

async function audited(
  { renewal, files = false }: Kind,
  { secret }: { readonly secret: string | undefined } = { secret: API_SECRET },
): Promise<AuditFindings & Server> {
  const server = answerHere(async (request) => {
    const { renew, fields = {}, params, files: listed } = (await request.json()) as Body;
    if (renew !== undefined) {
      const { api_key: _, signature: __, ...sent } = fields;
      const renewed = renew === "an-id" ? renewal?.(sent) : undefined;
      return renewed === undefined ? refused() : Response.json(ticketOf(renewed));
    }
    const own = { ...OWN, timestamp: now() };
    if (listed !== undefined && (files || isEmpty(params)))
      return Response.json({ tickets: listed.map(() => ticketOf({ ...own, ...params })) });
    return isEmpty(params) ? Response.json(ticketOf(own)) : refused();
  });
  const report = await audit({ url: server.url, secret, fetch: server.fetch });
  if (!report.asked) throw new Error(report.why);
  return { ...report, ...server };
}

const signedBy = ({ findings }: AuditFindings, verdict = "proven"): Map<string, string | undefined> =>
  new Map(
    findings.filter((one) => one.verdict === verdict).map(({ attack, by }) => [attack.id, by] as const),
  );
const ALL = ATTACKS.map(({ id }) => id);
const allBut = (...ids: string[]): string[] => ALL.filter((id) => !ids.includes(id));

/** Signature version 2 is made against it. */
const NEEDS_VERSION_1 = "smuggled-parameter";
/** Forged texts without room for a timestamp, and the one whose point is the client's timestamp. */
const WITHOUT_SERVER_TIME = ["response", "notification", "delivery", "search", "future"];
const BY_RENEWAL = "by renewing a ticket";

describe("an endpoint that renews whatever `fields` says", () => {
  it("is an oracle for everything", async () => {
    const report = await audited({ renewal: (fields) => fields });
    expect([...signedBy(report).keys()]).toEqual(allBut(NEEDS_VERSION_1));
    expect(new Set(signedBy(report).values())).toEqual(new Set([BY_RENEWAL]));
    expect(report.doubts).toEqual([]);
    expect(reportText(report)).toContain("proven, by renewing a ticket");
  });

  it("is one without the secret, too", async () => {
    const report = await audited({ renewal: (fields) => fields }, { secret: undefined });
    // Of a console login the fields do not tell all: a cloud's name stands in every ticket, unsigned.
    expect([...signedBy(report, "signed, unproven").keys()]).toEqual(allBut("login"));
  });

  it("is one with a time of its own, and with names of uploads alone", async () => {
    const timed = await audited({ renewal: (fields) => ({ ...fields, timestamp: now() }) });
    expect([...signedBy(timed).keys()]).toEqual(allBut(NEEDS_VERSION_1, ...WITHOUT_SERVER_TIME));
    const named = await audited({
      renewal: ({ public_id, tags }) => ({
        public_id,
        ...(tags !== undefined && { tags }),
        timestamp: now(),
      }),
    });
    expect([...signedBy(named).keys()]).toEqual(expect.arrayContaining(["destroy", "other-users-name"]));
  });

  it("and one that holds the name alone, by what is added to it", async () => {
    const report = await audited({
      renewal: (fields) => (fields.public_id === OWN.public_id ? { ...fields, timestamp: now() } : undefined),
    });
    const signed = [...signedBy(report).keys()];
    expect(signed).toEqual(expect.arrayContaining(["notification-url", "eval", "delete-token"]));
    expect(signed).not.toContain("destroy");
  });
});

describe("an endpoint that signs what stands beside files", () => {
  it("is an oracle", async () => {
    const report = await audited({ files: true });
    // What has to be exact is not, beside what the endpoint sets: four texts, and a console login.
    const exact = [...WITHOUT_SERVER_TIME.filter((id) => id !== "future"), "login"];
    expect([...signedBy(report).keys()]).toEqual(allBut(NEEDS_VERSION_1, ...exact));
    expect(new Set(signedBy(report).values())).toEqual(new Set(["for files"]));
  });
});

describe("one that does neither", () => {
  it.each([API_SECRET, undefined])("is no oracle, and was asked in each way (secret: %#)", async (secret) => {
    // As ours: the fields have to be the ticket's, and their timestamp does not count.
    const report = await audited(
      {
        renewal: ({ timestamp: _, ...fields }) =>
          JSON.stringify(fields) === JSON.stringify(OWN) ? { ...OWN, timestamp: now() } : undefined,
      },
      { secret },
    );
    expect([report.forgeries, report.doubts]).toEqual([0, []]);
    expect([...signedBy(report, "signed something else").keys()]).toEqual(["future"]);
    const sent = report.received();
    expect(sent).not.toContain(API_SECRET);
    const questions = sent.split("\n");
    for (const part of ['"renew":"an-id"', '"files":['])
      expect(questions.filter((one) => one.includes(part)).length).toBeGreaterThan(ATTACKS.length);
  });
});

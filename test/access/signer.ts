// An app over one configuration, asked in this process; answers and logs are looked through for secrets.

import { expect } from "vitest";
import { createApp } from "../../src/http/app.ts";
import type { Platform } from "../../src/platform.ts";
import { undocumented } from "../docs/openapi/contract.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { readBindings } from "../support/definition.ts";
import { AUDIENCE, ISSUER, JWKS_URL } from "./identity.ts";

export const ORIGIN = "https://signer.example";

/** Tokens of the suite's provider, by its key set and by a secret that both know. */
export const BY_KEYS = { type: "jwt", jwks: JWKS_URL, issuer: ISSUER, audience: AUDIENCE } as const;
export const BY_SECRET = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } as const;

export const TURNSTILE = {
  type: "turnstile",
  secret: "TURNSTILE_SECRET",
  hostnames: ["a.example"],
  action: "up",
} as const;

/** Who comes by a secret of ours: the API secret's own, and one each that is kept beside it. */
export const UNDER_SECRETS: Plain = {
  access: { members: BY_SECRET, humans: TURNSTILE },
  profiles: {
    default: { access: ["members"], set: { folder: "users/{sub}" } },
    humans: { access: ["humans"] },
    open: { access: ["public"] },
  },
};

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read members of many shapes
  readonly body: any;
}

export function signer(
  SIGNER: Plain,
  platform: Partial<Platform> = {},
  bindings: Record<string, unknown> = {},
) {
  const configured = readBindings({ ...ACCOUNT, SIGNER, ...bindings });
  if (!configured.ok) throw new Error(JSON.stringify(configured.error));
  const logs: string[] = [];
  const app = createApp(configured, { log: (line) => void logs.push(unseen(line)), ...platform });
  const post = (path: string, headers: Record<string, string> = {}, body: unknown = {}): Promise<Asked> =>
    ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  async function ask(path: string, init: RequestInit): Promise<Asked> {
    const url = path.startsWith("http") ? path : ORIGIN + path;
    const response = await app.request(url, init);
    const text = unseen(await response.text());
    const { status, headers } = response;
    const request = {
      method: init.method ?? "GET",
      path: url.slice(new URL(url).origin.length),
      body: init.body,
    };
    expect(undocumented(request, { status, headers, text }), `${request.method} ${url}: ${text}`).toEqual([]);
    const parsed = JSON.parse(text);
    if (response.status !== 200) {
      expect(Object.keys(parsed)).not.toContain("signature");
      if (response.status === 401) expect(response.headers.get("www-authenticate")).toBeTruthy();
      if (response.status === 503) expect(response.headers.get("retry-after")).toBeTruthy();
    }
    return { status: response.status, headers: response.headers, body: parsed };
  }
  return { post, ask, logs };
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Status and code, or status alone where it was signed. */
export const outcome = ({ status, body }: Asked): string =>
  status === 200 ? "signed" : `${status} ${body.code}`;

// Origins are compared whole, by the check that comes first and by the way in `origin` itself.

import { describe, expect, it } from "vitest";
import { admitOrigin } from "../../src/access/origin.ts";
import { checkOrigin } from "../../src/allowed-origin.ts";

const LISTED = "https://www.example.com";
const OWN = "https://signer.example/sign";

const ALIKE = [
  `${LISTED}.evil.example`,
  `${LISTED}:8443`,
  `${LISTED}/`,
  LISTED.toUpperCase(),
  "http://www.example.com",
  "https://example.com",
  "https://evil-www.example.com",
  "null",
  "",
];

describe("checkOrigin", () => {
  const check = (origin?: string) =>
    checkOrigin(
      new Request(OWN, { method: "POST", headers: origin === undefined ? {} : { origin } }),
      new Set([LISTED]),
    );

  it("knows no origin of who sends none", () => {
    expect(check()).toEqual({ ok: true, value: undefined });
  });

  it.each([LISTED, "https://signer.example"])("lets in %s", (origin) => {
    expect(check(origin)).toEqual({ ok: true, value: origin });
  });

  it.each([...ALIKE, "https://signer.example.evil", "https://signer.example:8443", "http://signer.example"])(
    "keeps out %s",
    (origin) => {
      expect(check(origin)).toMatchObject({ ok: false, error: { code: "origin_not_allowed" } });
    },
  );
});

describe("the way in `origin`", () => {
  const way = { type: "origin", name: "site", origins: new Set([LISTED]) } as const;
  const admit = (origin?: string) =>
    admitOrigin(way, new Request(OWN, { method: "POST", headers: origin === undefined ? {} : { origin } }))
      .ok;

  it("lets in a listed page", () => {
    expect(admit(LISTED)).toBe(true);
  });

  it.each([...ALIKE, "https://signer.example", undefined])("keeps out %s", (origin) => {
    expect(admit(origin)).toBe(false);
  });
});

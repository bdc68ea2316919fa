// Origins are compared whole, by the check that comes first and by the access method `origin` itself.

import { describe, expect, it } from "vitest";
import { checkedMethod, kindOf, type Setup } from "../../src/access/method.ts";
import { origin as originMethod } from "../../src/access/origin.ts";
import { checkOrigin, isPreview, parseOrigins } from "../../src/access/origins.ts";

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
      parseOrigins([LISTED]),
    );

  it("knows no origin of who sends none", () => {
    expect(check()).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [LISTED, "listed"],
    ["https://signer.example", "own"],
  ])("lets in %s, which is %s", (origin, standing) => {
    expect(check(origin)).toEqual({ ok: true, value: { origin, standing } });
  });

  it("takes `null` for no origin, whatever the signer's own is", () => {
    const request = new Request("data:,x", { headers: { origin: "null" } });
    expect(checkOrigin(request, parseOrigins([]))).toMatchObject({ ok: false });
  });

  it.each([...ALIKE, "https://signer.example.evil", "https://signer.example:8443", "http://signer.example"])(
    "keeps out %s",
    (origin) => {
      expect(check(origin)).toMatchObject({
        ok: false,
        error: { reason: origin === "null" ? "no_page" : "unlisted_origin" },
      });
    },
  );
});

describe("a pattern", () => {
  const PATTERNS = [
    "https://*--shop.netlify.app",
    "https://*.preview.example.com:8443",
    "https://pr-*-x.a.b",
  ];
  const allowed = parseOrigins(PATTERNS);

  it.each([
    "https://deploy-preview-7--shop.netlify.app",
    "https://a--shop.netlify.app",
    "https://-----shop.netlify.app",
    "https://pr.preview.example.com:8443",
    "https://pr-1-x.a.b",
  ])("fits %s", (origin) => {
    expect(isPreview(origin, allowed)).toBe(true);
    const request = new Request(OWN, { headers: { origin } });
    expect(checkOrigin(request, allowed)).toEqual({ ok: true, value: { origin, standing: "preview" } });
  });

  it.each([
    ...PATTERNS,
    "https://--shop.netlify.app",
    "https://shop.netlify.app",
    "https://evil.com--shop.netlify.app",
    "https://a.b--shop.netlify.app",
    "https://a--shop.netlify.app.evil.example",
    "https://a--shop.netlify.app:8443",
    "https://a--shop.netlify.app/",
    "https://A--shop.netlify.app",
    "https://ä--shop.netlify.app",
    "https://a@b--shop.netlify.app",
    "https://a/--shop.netlify.app",
    "https://a:1--shop.netlify.app",
    "https://a\t--shop.netlify.app",
    "https://a_b--shop.netlify.app",
    "https://evil.example/https://a--shop.netlify.app",
    "http://a--shop.netlify.app",
    "http://xa--shop.netlify.app",
    "https://yr-1-x.a.b",
    "https://a.b.preview.example.com:8443",
    "https://.preview.example.com:8443",
    "https://a.preview.example.com",
    "https://pr-x.a.b",
    "https://pr--x.a.b",
    "null",
    "",
  ])("does not fit %s", (origin) => {
    expect(isPreview(origin, allowed)).toBe(false);
  });
});

describe("the access method `origin`", () => {
  const site = (page: boolean, ...allowedOrigins: string[]) => {
    const { type: _, ...options } = originMethod({ allow: ["preview-origins"] });
    const setup = { allowedOrigins, page } as unknown as Setup;
    const kind = kindOf(originMethod())!;
    const settings = kind.check(options, setup);
    if (!settings.ok) throw new Error(JSON.stringify(settings.error));
    return checkedMethod("site", kind, settings.value);
  };
  const admit = (of: ReturnType<typeof site>, origin?: string) =>
    of.admit!(new Request(OWN, { method: "POST", headers: origin === undefined ? {} : { origin } })).ok;

  it("lets in a listed page", () => {
    expect(admit(site(false, LISTED), LISTED)).toBe(true);
    expect(admit(site(true, LISTED), LISTED)).toBe(true);
  });

  it("lets in the signer's own page where it has one, or lists it", () => {
    expect(admit(site(true, LISTED), "https://signer.example")).toBe(true);
    expect(admit(site(false, LISTED, "https://signer.example"), "https://signer.example")).toBe(true);
  });

  it("lets in what fits its pattern", () => {
    expect(admit(site(false, "https://*--shop.netlify.app"), "https://a--shop.netlify.app")).toBe(true);
  });

  it.each([...ALIKE, "https://signer.example", undefined])("keeps out %s", (origin) => {
    expect(admit(site(false, LISTED), origin)).toBe(false);
  });

  it.each([...ALIKE, undefined])("with a page of the signer's own, keeps out %s", (origin) => {
    expect(admit(site(true, LISTED), origin)).toBe(false);
  });
});

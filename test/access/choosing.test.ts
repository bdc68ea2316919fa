// Which access method a credential goes to, where several read the same place: by what tells them apart, and by nothing that
// is believed. And which types of JSON Web Tokens let in.

import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { Plain } from "../support/definition.ts";
import {
  AUDIENCE,
  ISSUER,
  JWKS_URL,
  type Key,
  KeyServer,
  makeKey,
  payload,
  SHARED_SECRET,
  sign,
  signShared,
} from "./identity.ts";
import { BY_SECRET, bearer, outcome, signer } from "./signer.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let key: Key;
beforeAll(async () => {
  key = await makeKey("es");
});

const base = { type: "jwt", issuer: ISSUER, jwks: JWKS_URL } as const;
const profile = (access: string[]) => ({ access, set: { public_id: "{access}/{sub|hash}" } });

const ACCESS: Plain["access"] = {
  web: { ...base, audience: "web" },
  mobile: { ...base, audience: ["mobile", "tablet"] },
  shop: { ...base, issuer: "https://shop.example/", audience: "web" },
  site: { ...base, issuer: "https://parties.example/", authorizedParties: ["https://a.example"] },
  admin: { ...base, issuer: "https://parties.example/", authorizedParties: "https://b.example" },
  strict: { ...base, issuer: "https://both.example/", audience: "up", authorizedParties: "one" },
  other: { ...base, issuer: "https://both.example/", audience: "up", authorizedParties: "two" },
  ci: { type: "token", tokens: { ci: sha256("token-of-ci"), dots: sha256("token.with.dots") } },
  cms: { type: "token", tokens: { cms: sha256("token-of-cms") } },
};

function start(access: string[]) {
  const run = signer(
    { access: ACCESS!, profiles: { default: profile(access) } },
    { fetch: new KeyServer([key]).fetch },
  );
  /** The access method that let in, or the refusal, its method and its reason. */
  const show = async (token: string): Promise<string> => {
    const answer = await run.post("/sign", bearer(token));
    const { access, reason } = JSON.parse(run.logs.at(-1)!);
    if (answer.status !== 200) return `${outcome(answer)} by ${access}: ${reason}`;
    expect(answer.body.fields.public_id.split("/")[0]).toBe(access);
    return access;
  };
  return { ...run, show };
}

const ALL = Object.keys(ACCESS!);
const party = { iss: "https://parties.example/" };
const both = { iss: "https://both.example/" };

describe.each([
  ["as they stand", ALL],
  ["the other way round", [...ALL].reverse()],
])("all that read one header, %s", (_, access) => {
  it.each<readonly [name: string, claims: Record<string, unknown>, expected: string]>([
    ["the first audience", { aud: "web" }, "web"],
    ["the second", { aud: "mobile" }, "mobile"],
    ["another of the second", { aud: ["x", "tablet"] }, "mobile"],
    ["the first's audience of another issuer", { iss: "https://shop.example/", aud: "web" }, "shop"],
    ["a party", { ...party, azp: "https://a.example" }, "site"],
    ["another party", { ...party, azp: "https://b.example" }, "admin"],
    ["audience and party", { ...both, aud: "up", azp: "one" }, "strict"],
    ["the audience and another party", { ...both, aud: "up", azp: "two" }, "other"],
  ])("%s", async (_name, claims, expected) => {
    expect(await start(access).show(await sign(key, claims))).toBe(expected);
  });

  it.each([
    ["token-of-ci", "ci"],
    ["token-of-cms", "cms"],
    ["token.with.dots", "ci"],
  ])("%s", async (token, expected) => {
    expect(await start(access).show(token)).toBe(expected);
  });

  it.each<readonly [name: string, claims: Record<string, unknown>, expected: RegExp]>([
    ["no audience of this issuer's methods", { aud: "desktop" }, /by (web|mobile): aud_mismatch$/],
    ["no party", { ...party, azp: "https://evil.example" }, /by (site|admin): azp_mismatch$/],
    ["no issuer of any", { iss: "https://evil.example/", aud: "web" }, /by (?!ci|cms).*: iss_mismatch$/],
  ])("%s: refused by a method of its issuer", async (_name, claims, expected) => {
    const shown = await start(access).show(await sign(key, claims));
    expect(shown).toMatch(/^401 invalid_token by /);
    expect(shown).toMatch(expected);
  });

  it("a token that none knows is refused as one", async () => {
    expect(await start(access).show("a-token-of-nobody")).toMatch(
      /^401 invalid_token by (ci|cms): unknown_token$/,
    );
  });
});

it("a token for both audiences comes by the method that the profile names first", async () => {
  const token = await sign(key, { aud: ["web", "mobile"] });
  expect(await start(["web", "mobile"]).show(token)).toBe("web");
  expect(await start(["mobile", "web"]).show(token)).toBe("mobile");
});

it("what a token says only chooses: one that was signed by another is refused by the method that it names", async () => {
  const stranger = await makeKey("es");
  const { show } = start(ALL);
  for (const [claims, method] of [
    [{ aud: "web" }, "web"],
    [{ aud: "mobile" }, "mobile"],
    [{ ...party, azp: "https://b.example" }, "admin"],
  ] as const)
    expect(await show(await sign(stranger, claims))).toBe(`401 invalid_token by ${method}: signature`);
});

describe("the method that is chosen", () => {
  it("is that of a header however its name is written", async () => {
    const access: Plain["access"] = {
      web: { ...base, audience: "web", header: "X-Token" },
      mobile: { ...base, audience: "mobile", header: "x-token" },
    };
    const { post } = signer(
      { access, profiles: { default: profile(["web", "mobile"]) } },
      { fetch: new KeyServer([key]).fetch },
    );
    for (const aud of ["web", "mobile"]) {
      const { body } = await post("/sign", { "x-token": await sign(key, { aud }) });
      expect(body.fields?.public_id.split("/")[0]).toBe(aud);
    }
  });
});

describe("the type of a token", () => {
  const config: Plain = {
    access: {
      members: BY_SECRET,
      keys: { ...base, audience: AUDIENCE },
    },
    profiles: {
      default: { access: ["members"], set: { folder: "users/{sub}" } },
      keys: { access: ["keys"], set: { folder: "keys/{sub}" } },
    },
  };
  const run = () => signer(config, { fetch: new KeyServer([key]).fetch }, { JWT_SECRET: SHARED_SECRET });
  const typed = (typ: unknown) =>
    new SignJWT(payload())
      .setProtectedHeader({ alg: "HS256", typ: typ as string })
      .sign(new TextEncoder().encode(SHARED_SECRET));

  it.each(["JWT", "jwt", "at+jwt", "AT+JWT", "application/jwt", "Application/AT+JWT"])("%s", async (typ) => {
    const { post } = run();
    expect(outcome(await post("/sign", bearer(await typed(typ))))).toBe("signed");
    expect(outcome(await post("/sign/keys", bearer(await sign(key, {}, { typ }))))).toBe("signed");
  });

  it("none", async () => {
    expect(outcome(await run().post("/sign", bearer(await signShared())))).toBe("signed");
  });

  it.each<unknown>([
    "logout+jwt",
    "secevent+jwt",
    "link+jwt",
    "dpop+jwt",
    "kb+jwt",
    "application/logout+jwt",
    "application/application/jwt",
    "text/jwt",
    "id+jwt",
    "JWT ",
    "jwt;x=1",
    "",
    null,
    1,
    ["JWT"],
  ])("not %j, which was made for something else", async (typ) => {
    const { post, logs } = run();
    for (const [path, token] of [
      ["/sign", await typed(typ)],
      ["/sign/keys", await sign(key, {}, { typ })],
    ] as const) {
      const answer = await post(path, bearer(token));
      expect(outcome(answer)).toBe("401 invalid_token");
      expect(answer.body.detail).toContain("`typ` must be JWT, at+jwt or absent");
      expect(JSON.parse(logs.at(-1)!).reason).toBe("typ");
      // Nor the second time, when it could be known.
      expect(outcome(await post(path, bearer(token)))).toBe("401 invalid_token");
    }
  });
});

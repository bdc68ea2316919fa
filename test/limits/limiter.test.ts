// Rate limits: by address before anything is verified, by caller after it; and what happens when they fail.

import { describe, expect, it } from "vitest";
import { addressKey } from "../../src/limits/address-key.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer, outcome, signer } from "../access/signer.ts";
import type { Plain } from "../support/definition.ts";

class Limiter {
  readonly keys: string[] = [];
  answer: () => Promise<{ success: boolean }> = async () => ({ success: true });

  async limit({ key }: { key: string }): Promise<{ success: boolean }> {
    this.keys.push(key);
    return this.answer();
  }
}

const CONFIG: Plain = {
  access: {
    members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
    site: { type: "origin", origins: ["https://signer.example"] },
  },
  allowedOrigins: ["https://signer.example"],
  profiles: {
    default: { access: ["public"] },
    pages: { access: ["site"] },
    members: { access: ["members"], set: { folder: "users/{sub}" } },
  },
};

function start() {
  const LIMIT_BY_IP = new Limiter();
  const LIMIT_BY_SUBJECT = new Limiter();
  const address = { current: "192.0.2.1" as string | undefined };
  const run = signer(
    CONFIG,
    { address: () => address.current },
    { JWT_SECRET: SHARED_SECRET, LIMIT_BY_IP, LIMIT_BY_SUBJECT },
  );
  return { ...run, LIMIT_BY_IP, LIMIT_BY_SUBJECT, address };
}

const no = async () => ({ success: false });
const broken = async () => {
  throw new Error("limiter down");
};

describe("by address", () => {
  it("everyone is asked for, and over the limit is 429 before anything is verified", async () => {
    const { post, LIMIT_BY_IP, LIMIT_BY_SUBJECT } = start();
    expect(outcome(await post("/sign"))).toBe("signed");
    LIMIT_BY_IP.answer = no;
    const limited = await post("/sign/members", bearer("not-a-token"));
    expect(outcome(limited)).toBe("429 rate_limited");
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(LIMIT_BY_IP.keys).toEqual(["192.0.2.1", "192.0.2.1"]);
    expect(LIMIT_BY_SUBJECT.keys).toEqual([]);
  });

  it("X-Forwarded-For is never read, and no address is one address", async () => {
    const { post, LIMIT_BY_IP, address } = start();
    address.current = undefined;
    await post("/sign", {
      "x-forwarded-for": "203.0.113.9",
      "cf-connecting-ip": "203.0.113.8",
      "x-real-ip": "203.0.113.7",
    });
    expect(LIMIT_BY_IP.keys).toEqual(["unknown"]);
  });

  it("the Worker takes Cloudflare's own header alone", async () => {
    const { signersOf } = await import("../../src/signers.ts");
    const { definitionOf } = await import("../support/definition.ts");
    const { ACCOUNT } = await import("../support/account.ts");
    const LIMIT_BY_IP = new Limiter();
    const headers = { "cf-connecting-ip": "2001:db8:1:2:3:4:5:6", "x-forwarded-for": "203.0.113.9" };
    const request = new Request("https://signer.example/sign", { method: "POST", headers });
    expect(
      (
        await signersOf(definitionOf(CONFIG))({ ...ACCOUNT, JWT_SECRET: SHARED_SECRET, LIMIT_BY_IP }).fetch(
          request,
        )
      ).status,
    ).toBe(200);
    expect(LIMIT_BY_IP.keys).toEqual(["2001:db8:1:2::/64"]);
  });

  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8::ffff:1", "2001:db8:0:0::/64"],
    ["2001:0db8:0000:0000:aaaa::1", "2001:db8:0:0::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:192.0.2.2", "192.0.2.2"],
    ["::ffff:c000:0201", "192.0.2.1"],
    ["0:0:0:0:0:ffff:ff00:ff", "255.0.0.255"],
    ["::ffff:0.0.0.0", "0.0.0.0"],
    ["::ffff:0:192.0.2.1", "0:0:0:0::/64"],
    ["nonsense:", "unknown"],
    [undefined, "unknown"],
  ])("the key of %s is %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe("by caller", () => {
  it("counts each caller, whether by a token, for a link or by one", async () => {
    const { post, LIMIT_BY_SUBJECT } = start();
    await post("/sign/members", bearer(await signShared({ sub: "42" })));
    await post("/sign/members", bearer(await signShared({ sub: "43" })));
    const { body } = await post("/links/members", bearer(await signShared({ sub: "42" })));
    await post(body.url);
    await post(body.url);
    const [first, second, ...others] = LIMIT_BY_SUBJECT.keys;
    expect(second).not.toBe(first);
    expect(others).toEqual([first, first, first]);
  });

  it("over the limit is 429, and nobody is asked about whom nothing is known", async () => {
    const { post, LIMIT_BY_SUBJECT } = start();
    LIMIT_BY_SUBJECT.answer = no;
    expect(outcome(await post("/sign/members", bearer(await signShared())))).toBe("429 rate_limited");
    expect(outcome(await post("/sign"))).toBe("signed");
    expect(outcome(await post("/sign/members", bearer("x")))).toBe("401 invalid_token");
    expect(LIMIT_BY_SUBJECT.keys.length).toBe(1);
  });
});

describe("a limiter that fails", () => {
  it.each([
    ["/sign", {}],
    ["/sign/pages", { origin: "https://signer.example" }],
  ])("%s, for anybody: limiter_unavailable", async (path, headers) => {
    const { post, LIMIT_BY_IP, logs } = start();
    LIMIT_BY_IP.answer = broken;
    expect(outcome(await post(path, headers))).toBe("503 limiter_unavailable");
    expect(JSON.parse(logs[0]!)).toMatchObject({ code: "limiter_unavailable", limiter: "failed" });
  });

  it.each(["LIMIT_BY_IP", "LIMIT_BY_SUBJECT"] as const)(
    "%s: callers who are someone go on, and the log says so",
    async (which) => {
      const run = start();
      run[which].answer = broken;
      expect(outcome(await run.post("/sign/members", bearer(await signShared())))).toBe("signed");
      expect(JSON.parse(run.logs[0]!)).toMatchObject({ status: 200, limiter: "failed" });
    },
  );
});

// The secret in a Secrets Store binding: read on first use; a failure is told, and remembered for seconds.

import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer, outcome, signer } from "../access/signer.ts";
import { API_KEY, API_SECRET } from "../support/account.ts";
import { sdkSignature } from "../support/sdk.ts";
import { expectWords } from "../support/words.ts";

class Store {
  asked = 0;
  get: () => Promise<string>;

  constructor(answer: () => string) {
    this.get = async () => {
      this.asked += 1;
      return answer();
    };
  }
}

const CONFIG = { profiles: { default: { access: ["public"] } } };

describe("CLOUDINARY_API_SECRET", () => {
  it("is read once, when it is first needed", async () => {
    const store = new Store(() => API_SECRET);
    const { post } = signer(CONFIG, {}, { CLOUDINARY_API_SECRET: store });
    expect(store.asked).toBe(0);
    const { body } = await post("/sign");
    const { signature, api_key, ...signed } = body.fields;
    expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha256"));
    expect(api_key).toBe(API_KEY);
    expect(outcome(await post("/sign"))).toBe("signed");
    expect(store.asked).toBe(1);
  });

  it("is not asked for by callers who are not let in", async () => {
    const store = new Store(() => API_SECRET);
    const access = {
      members: { type: "jwt" as const, secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
    };
    const config = { access, profiles: { default: { access: ["members"], set: { overwrite: false } } } };
    const { post } = signer(config, {}, { CLOUDINARY_API_SECRET: store, JWT_SECRET: SHARED_SECRET });
    expect(outcome(await post("/sign"))).toBe("401 unauthenticated");
    expect(outcome(await post("/sign", bearer("x")))).toBe("401 invalid_token");
    expect(store.asked).toBe(0);
  });

  it("out of reach: keys_unavailable, and tried again", async () => {
    let down = true;
    const store = new Store(() => {
      if (down) throw new Error(`store down ${API_SECRET}`);
      return API_SECRET;
    });
    let clock = 1_795_468_800;
    const { post } = signer(CONFIG, { now: () => clock }, { CLOUDINARY_API_SECRET: store });
    expect(outcome(await post("/sign"))).toBe("503 keys_unavailable");
    expect(outcome(await post("/sign"))).toBe("503 keys_unavailable");
    down = false;
    clock += 4;
    expect(outcome(await post("/sign"))).toBe("503 keys_unavailable");
    clock += 2;
    expect(outcome(await post("/sign"))).toBe("signed");
    expect(store.asked).toBe(2);
  });

  it.each([
    ["quoted", `'${API_SECRET}'`, "quotes"],
    ["the API key", API_KEY, "API key"],
    ["empty", "", "empty"],
  ])("%s: misconfigured, with the binding's name", async (_, value, words) => {
    const { post } = signer(CONFIG, {}, { CLOUDINARY_API_SECRET: new Store(() => value) });
    const answer = await post("/sign");
    expect(outcome(answer)).toBe("500 misconfigured");
    expect(answer.body.detail).toContain("CLOUDINARY_API_SECRET");
    expectWords(answer.body.detail, words);
  });
});

describe("a secret of an access method", () => {
  const config = {
    access: {
      members: { type: "jwt" as const, secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
    },
    profiles: { default: { access: ["members"], set: { overwrite: false } } },
  };

  it("is read from its store too", async () => {
    const { post } = signer(config, {}, { JWT_SECRET: new Store(() => SHARED_SECRET) });
    expect(outcome(await post("/sign", bearer(await signShared())))).toBe("signed");
  });

  it.each([
    [
      "out of reach",
      () => {
        throw new Error("down");
      },
    ],
    ["too short", () => "short"],
    ["the API secret", () => API_SECRET],
  ])("%s: keys_unavailable", async (_, answer) => {
    const { post } = signer(config, {}, { JWT_SECRET: new Store(answer) });
    expect(outcome(await post("/sign", bearer(await signShared())))).toBe("503 keys_unavailable");
  });
});

// Renewals and confirmations over generated requests, judged from outside: what was not issued is never signed, by whomever
// it is asked; nothing is a 5xx, holds the secret, or tells more than its code; and what is whole is signed and confirmed.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { SHARED_SECRET, signShared } from "../access/identity.ts";
import { BY_SECRET, bearer } from "../access/signer.ts";
import { HOSTILE_NAMES, HOSTILE_VALUES } from "../policy/property-palette.ts";
import { ACCOUNT, API_SECRET, OPTIONS, unseen } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import { readBindings } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";

const MEMBERS = { access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false } };
const LIMITED = { ttl: 7200, file: { maxBytes: 1000 } };
const SHARED = {
  access: ["members"],
  set: { public_id: "shared/{uuid}", overwrite: false },
  ...LIMITED,
};
const SIGNER = {
  publicUrl: "https://uploads.example.com",
  access: { members: BY_SECRET },
  profiles: {
    one: { ...MEMBERS, ...LIMITED, accept: { context: { keys: ["alt"] } } },
    two: { ...MEMBERS, ...LIMITED },
    // Nothing of a caller is in its names: the upload ID alone knows whose it is.
    shared: SHARED,
    // The same, and another one by its name alone.
    again: SHARED,
    open: { access: ["public"], ...LIMITED },
  },
};
const PROFILES = ["one", "two", "shared", "again", "open"] as const;
/** Tokens by who shows them. */
const TOKENS = { a: await signShared({ sub: "42" }), b: await signShared({ sub: "43" }) };
const CALLERS = ["a", "b", "nobody"] as const;
type Caller = (typeof CALLERS)[number];

type Body = Record<string, unknown>;
type Fields = Readonly<Record<string, string>>;
interface Issued {
  readonly profile: (typeof PROFILES)[number];
  readonly caller: Caller;
  readonly fields: Fields;
  readonly id: string;
  /** Cloudinary's answer to the upload. */
  readonly answer: Body;
}

let emulator: Emulator;
let app: ReturnType<typeof createApp>;
const issued: Issued[] = [];

interface Answered {
  readonly status: number;
  readonly body: Body;
}

/** Asks; no answer is of ours alone, or holds what it may not. */
async function ask(path: string, caller: Caller, body: unknown): Promise<Answered> {
  const headers = caller === "nobody" ? {} : bearer(TOKENS[caller]);
  const init = { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await app.request(`http://localhost${path}`, init);
  const text = unseen(await response.text());
  expect(response.status, text).toBeLessThan(500);
  return { status: response.status, body: JSON.parse(text) };
}

async function upload(fields: Fields, url: string): Promise<Body> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob(["just text"]), "a.txt");
  const response = await fetch(url, { method: "POST", body: form });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  const bindings = { ...ACCOUNT, JWT_SECRET: SHARED_SECRET, CLOUDINARY_UPLOAD_PREFIX: emulator.url, SIGNER };
  app = createApp(readBindings(bindings), { log: unseen });
  for (const profile of PROFILES)
    for (const caller of profile === "open" ? (["nobody"] as const) : (["a", "b"] as const)) {
      const params = profile === "one" ? { context: { alt: "A cat" } } : {};
      const { status, body } = await ask(`/sign/${profile}`, caller, { params });
      expect(status).toBe(200);
      const { url, fields, upload_id } = body as { url: string; fields: Fields; upload_id: string };
      issued.push({ profile, caller, fields, id: upload_id, answer: await upload(fields, url) });
    }
});
afterAll(() => emulator?.close());

/** Choices, as numbers: 0 leaves things as they are. */
const tapes = fc.array(fc.nat(1_000_000), { minLength: 14, maxLength: 14 });

class Choices {
  readonly #numbers: number[];
  constructor(numbers: readonly number[]) {
    this.#numbers = [...numbers];
  }
  number(below: number): number {
    return (this.#numbers.shift() ?? 0) % below;
  }
  of<T>(values: readonly T[]): T {
    return values[this.number(values.length)]!;
  }
  /** Never for 0. */
  chance(percent: number): boolean {
    return this.number(100) >= 100 - percent;
  }
}

/** A text that differs in one place. */
function altered(text: string, choices: Choices): string {
  const at = choices.number(Math.max(text.length, 1));
  return choices.of([
    `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`,
    text.slice(0, at),
    `${text}A`,
    `${text}=`,
    "",
  ]);
}

/** Fields that came back, as they were or changed. */
function changedFields({ fields }: Issued, others: readonly Issued[], choices: Choices): Body {
  const changed: Body = { ...fields };
  if (choices.chance(20)) changed[choices.of(HOSTILE_NAMES)] = "x";
  if (choices.chance(15)) changed[choices.of(Object.keys(fields))] = choices.of(HOSTILE_VALUES);
  if (choices.chance(10)) delete changed[choices.of(Object.keys(fields))];
  if (choices.chance(10)) changed.public_id = choices.of(others).fields.public_id;
  if (choices.chance(10)) changed.timestamp = String(choices.number(4_000_000_000));
  return changed;
}

/** What does not count: it is made anew, or is not signed. */
const MADE_ANEW = ["timestamp", "signature", "api_key", "notification_url"];
const lasting = (fields: Body): string =>
  JSON.stringify(
    Object.entries(fields)
      .filter(([name]) => !MADE_ANEW.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const signatureIn = ({ body }: Answered): boolean => JSON.stringify(body).includes('"signature":');

it("nothing is renewed but what was issued, for whom it was, under its own ID", async () => {
  let [signed, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(tapes, async (tape) => {
      const choices = new Choices(tape);
      const ticket = choices.of(issued);
      const profile = choices.chance(15) ? choices.of(PROFILES) : ticket.profile;
      const caller = choices.chance(15) ? choices.of(CALLERS) : ticket.caller;
      const other = choices.of(issued);
      const fields = changedFields(ticket, issued, choices);
      const renew = choices.chance(15)
        ? altered(ticket.id, choices)
        : choices.chance(15)
          ? other.id
          : ticket.id;
      const answer = await ask(`/sign/${profile}`, caller, { renew, fields });
      const owner = issued.find(({ id }) => id === renew);
      // Of one's own in a profile of everybody there is none: whoever has the ID and the fields has the ticket.
      const isTheirs = owner !== undefined && (owner.caller === caller || owner.profile === "open");
      const isIssued =
        isTheirs && owner.profile === profile && lasting(fields) === lasting(owner.fields) && isTexts(fields);
      expect(answer.status === 200, JSON.stringify([renew === ticket.id, fields, answer])).toBe(isIssued);
      expect(signatureIn(answer)).toBe(isIssued);
      if (!isIssued) {
        refused += 1;
        return;
      }
      signed += 1;
      const { api_key: _, signature, ...over } = (answer.body as { fields: Fields }).fields;
      expect(signature).toBe(sdkSignature(over, API_SECRET, "sha256"));
      expect(lasting(over)).toBe(lasting(owner.fields));
      expect(Number(over.timestamp)).toBeLessThanOrEqual(Date.now() / 1000);
    }),
    { numRuns: cases(300, 20_000), seed: 20261201, endOnFailure: false },
  );
  expect(signed).toBeGreaterThan(60);
  expect(refused).toBeGreaterThan(150);
});

const isTexts = (fields: Body): boolean => Object.values(fields).every((value) => typeof value === "string");

/** Cloudinary's answer, as it was or changed. */
function changedAnswer({ answer }: Issued, choices: Choices): Body {
  const { public_id, version, signature, resource_type, type } = answer;
  const changed: Body = { public_id, version, signature, resource_type, type };
  if (choices.chance(25)) {
    const other = choices.of(issued).answer;
    const name = choices.of(Object.keys(changed));
    changed[name] = choices.of([other[name], choices.of(HOSTILE_VALUES), undefined]);
  }
  if (choices.chance(10)) changed.bytes = 1;
  if (choices.chance(10)) changed[choices.of(HOSTILE_NAMES)] = "x";
  return changed;
}

it("nothing is confirmed but what was uploaded, for whom it was; and nothing is signed or deleted", async () => {
  let [confirmed, refused] = [0, 0];
  const before = emulator.uploads().length;
  const SIGNED = ["public_id", "version", "signature", "resource_type", "type"];
  await fc.assert(
    fc.asyncProperty(tapes, async (tape) => {
      const choices = new Choices(tape);
      const ticket = choices.of(issued);
      const profile = choices.chance(15) ? choices.of(PROFILES) : ticket.profile;
      const caller = choices.chance(15) ? choices.of(CALLERS) : ticket.caller;
      const other = choices.of(issued);
      const upload_id = choices.chance(15)
        ? altered(ticket.id, choices)
        : choices.chance(15)
          ? other.id
          : ticket.id;
      const response = changedAnswer(ticket, choices);
      const answer = await ask(`/confirm/${profile}`, caller, { upload_id, response });
      const owner = issued.find(({ id }) => id === upload_id);
      const isTheirs = owner !== undefined && (owner.caller === caller || owner.profile === "open");
      const isWhole = SIGNED.every((name) => String(response[name]) === String(owner?.answer[name]));
      const isUploaded = isTheirs && owner.profile === profile && isWhole;
      expect(answer.status === 200, JSON.stringify([upload_id === ticket.id, response, answer])).toBe(
        isUploaded,
      );
      expect(signatureIn(answer)).toBe(false);
      if (isUploaded) {
        confirmed += 1;
        expect(answer.body.asset).toMatchObject({
          ...{ public_id: owner.answer.public_id, version: owner.answer.version, bytes: owner.answer.bytes },
        });
      } else {
        refused += 1;
        expect(answer.body).not.toHaveProperty("receipt");
      }
    }),
    { numRuns: cases(200, 10_000), seed: 20261202, endOnFailure: false },
  );
  expect(confirmed).toBeGreaterThan(60);
  expect(refused).toBeGreaterThan(100);
  expect(emulator.uploads()).toHaveLength(before);
  expect(new Set(emulator.acts().map(({ method }) => method))).toEqual(new Set(["upload", "explicit"]));
});

it("whatever else is sent is refused without a signature", async () => {
  const MEMBERS = ["renew", "fields", "files", "params", "paramsToSign", "upload_id", "response"];
  const bodies = fc.oneof(
    fc.dictionary(fc.constantFrom(...MEMBERS), fc.jsonValue({ maxDepth: 5 }), { maxKeys: 3, minKeys: 1 }),
    fc.jsonValue({ maxDepth: 6 }),
  );
  const paths = fc.constantFrom("/sign/open", "/confirm/open", "/sign/one", "/confirm/one");
  await fc.assert(
    fc.asyncProperty(paths, bodies, fc.constantFrom(...CALLERS), async (path, body, caller) => {
      const answer = await ask(path, caller, body);
      if (answer.status !== 200) {
        expect(signatureIn(answer)).toBe(false);
        return;
      }
      // Signed is what asks for nothing, or for what is empty.
      expect(path).toMatch(/^\/sign\//);
      const [{ fields }] = (answer.body.tickets ?? [answer.body]) as { fields: Fields }[] as [
        { fields: Fields },
      ];
      expect(Object.keys(fields).sort()).toEqual(
        ["api_key", "overwrite", "public_id", "signature", "timestamp"].sort(),
      );
    }),
    { numRuns: cases(300, 20_000), seed: 20261203, endOnFailure: false },
  );
});

// Whatever A asks for, with everything that B ever held in her hands: no receipt, no deletion, no publication and no
// renewal of B's asset. Judged by what was answered, and by what the emulator was asked to do.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cases } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";
import { GIF_2X3, JPEG_5X4 } from "../testing/emulator/support.ts";
import {
  type Answer,
  clock,
  five,
  holds,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  scene,
  startCloudinary,
} from "./scene.ts";

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    photos: { access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false }, file: {} },
    small: { access: ["members"], set: { public_id: "users/{sub}/small-{uuid}" }, file: { maxBytes: 10 } },
    avatar: {
      access: ["members"],
      allow: ["lose-previous"],
      set: { public_id: "users/{sub}/avatar", overwrite: true },
      file: { formats: ["jpg"] },
    },
    waiting: { access: ["members"], set: { public_id: "w/{uuid}" }, file: { quarantine: true } },
    chosen: {
      access: ["members"],
      accept: { public_id: { prefix: "users/{sub}/" } },
      set: { overwrite: false },
      file: {},
    },
    long: {
      access: ["members"],
      ttl: 86_400,
      set: { public_id: "users/{sub}/long-{uuid}" },
      accept: { context: { keys: ["alt"] } },
      file: {},
    },
  },
};
const PROFILES = Object.keys(DEFINITION.profiles!);
const params = (profile: string, sub: string) =>
  profile === "chosen" ? { public_id: `users/${sub}/${profile}${clock.now}` } : {};

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  clock.now = START;
  emulator = await startCloudinary();
});
afterAll(() => emulator.close());

/** 0: A's own, 1: B's. Mostly A's own, so that what is wrong is in few places. */
const theirs = fc.constantFrom(0, 0, 0, 1);

/** One request of A's: which parts of it are B's is drawn. */
const steps = fc.record({
  does: fc.constantFrom("confirm", "confirm", "confirm", "renew", "upload"),
  profile: fc.constantFrom(...PROFILES),
  id: theirs,
  answer: theirs,
  name: theirs,
  version: theirs,
  signature: theirs,
  fields: theirs,
  fieldName: theirs,
  type: fc.constantFrom(undefined, undefined, undefined, "upload", "authenticated", "private"),
  resourceType: fc.constantFrom(undefined, undefined, undefined, "image", "raw", "video"),
  which: fc.nat(5),
  later: fc.constantFrom(0, 0, 1, 50, 4000),
});

it("A's requests over B's uploads", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(["a", "b"], ["4", "42"], ["b", "a"], ["a", "a-b"]),
      fc.array(steps, { minLength: 4, maxLength: 10 }),
      async ([subA, subB], all) => {
        const heard: (string | null)[] = [];
        const { post, upload, confirm } = scene(emulator, DEFINITION, {
          onUploaded: ({ subject, asset }) => {
            heard.push(`${subject} ${asset.public_id}`);
          },
        });
        clock.now += 10;
        const headersB = await member(subB!);
        const bs = new Map<string, Answer>();
        for (const profile of PROFILES) {
          const bytes = profile === "avatar" ? JPEG_5X4 : GIF_2X3;
          bs.set(profile, await upload(profile, headersB, { bytes, params: params(profile, subB!) }));
        }
        // B has one receipt, which A knows too.
        const receipt = await confirm("photos", bs.get("photos"), headersB);
        expect(receipt.status).toBe(200);
        clock.now += 1;

        const headersA = await member(subA!);
        const own = new Map<string, Answer>();
        const from = emulator.acts.length;
        heard.length = 0;
        const named = new Set([...bs.values()].map(({ response }) => response.public_id));
        // The honest twins, so that what is refused below is refused for what is B's in it.
        own.set("photos", await upload("photos", headersA));
        expect((await confirm("photos", own.get("photos"), headersA)).status).toBe(200);
        own.set("long", await upload("long", headersA));
        const { upload_id: renew, fields } = own.get("long").ticket;
        expect((await post("/sign/long", headersA, { renew, fields })).status).toBe(200);
        for (const step of all) {
          clock.now += step.later;
          const headers = step.later > 3000 ? await member(subA!) : headersA;
          const { profile } = step;
          if (!own.has(profile) || step.does === "upload")
            own.set(profile, await upload(profile, await member(subA!), { params: params(profile, subA!) }));
          const mine = own.get(profile);
          const other = bs.get(PROFILES[step.which]!);
          const pick = (isTheirs: number): Answer => (isTheirs ? other : mine);
          if (step.does === "upload") continue;
          if (step.does === "renew") {
            const fields = { ...pick(step.fields).ticket.fields };
            if (step.fieldName) fields.public_id = other.response.public_id;
            const { status, body } = await post(`/sign/${profile}`, headers, {
              renew: pick(step.id).ticket.upload_id,
              fields,
            });
            if (status !== 200) continue;
            expect(named.has(body.fields.public_id)).toBe(false);
            continue;
          }
          const response = five(pick(step.answer).response);
          const changed = {
            ...response,
            ...(step.name && { public_id: other.response.public_id }),
            ...(step.version && { version: other.response.version }),
            ...(step.signature && { signature: other.response.signature }),
            ...(step.type && { type: step.type }),
            ...(step.resourceType && { resource_type: step.resourceType }),
          };
          const { status, body } = await post(`/confirm/${profile}`, headers, {
            upload_id: pick(step.id).ticket.upload_id,
            response: changed,
          });
          if (status !== 200) continue;
          expect(named.has(body.asset.public_id)).toBe(false);
        }
        for (const { response } of bs.values()) {
          const type = response.type;
          expect(holds(emulator, { ...response, type })).toBe(true);
        }
        for (const { publicIds } of emulator.acts.slice(from))
          expect(publicIds.filter((id) => named.has(id))).toEqual([]);
        for (const told of heard) expect(told?.startsWith(`${subA} `)).toBe(true);
      },
    ),
    { numRuns: cases(12, 1000) },
  );
});

// Quarantine over many uploads: of those that are never confirmed, nobody fetches one without its own answer or ticket;
// of the honest ones none is lost, however often the application fails, and its rows are exactly as many.

import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cases } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";
import { JPEG_5X4 } from "../testing/emulator/support.ts";
import {
  type Answer,
  clock,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  type Stored,
  scene,
  startCloudinary,
} from "./scene.ts";

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    waiting: {
      access: ["members"],
      resourceType: "image",
      set: { public_id: "posts/{uuid}" },
      file: { maxBytes: "1 MB", quarantine: true },
    },
    // What else the same people may have signed.
    public: { access: ["public"], set: { public_id: "posts/{uuid}" } },
    remove: {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
    move: {
      method: "rename",
      access: ["members"],
      resourceType: "image",
      accept: { from_public_id: { prefix: "users/{sub}/" }, to_public_id: { prefix: "users/{sub}/" } },
    },
    zip: {
      method: "generate_archive",
      access: ["members"],
      resourceType: "image",
      set: { mode: "download" },
      accept: { prefixes: { prefix: "users/{sub}/" } },
    },
  },
};

const COUNT = cases(30, 1000);

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  clock.now = START;
  emulator = await startCloudinary();
});
afterAll(() => emulator.close());

/** Addresses under which a stranger, who knows names and versions and not the signatures, would look. */
function guesses({ public_id, version, format }: Answer, other: Answer): string[] {
  const base = `${emulator.url}/suite-cloud/image`;
  const name = `${public_id}.${format}`;
  const signed = /\/(s--[^/]+--)\//.exec(other.secure_url)?.[1] ?? "s--AAAAAAAA--";
  return [
    ...["upload", "private", "authenticated", "fetch"].flatMap((type) => [
      `${base}/${type}/v${version}/${name}`,
      `${base}/${type}/${name}`,
      `${base}/${type}/${signed}/v${version}/${name}`,
      `${base}/${type}/s----/v${version}/${name}`,
      `${base}/${type}/c_fill,w_10/v${version}/${name}`,
    ]),
    `${base}/authenticated/v${version}/${public_id}`,
    `${base}/upload/v1/${public_id}`,
    `${emulator.url}/suite-cloud/raw/authenticated/v${version}/${name}`,
    `${emulator.url}/v1_1/suite-cloud/image/download?public_id=${encodeURIComponent(public_id)}&type=authenticated`,
  ];
}

const isTheFile = async (answer: Response): Promise<boolean> =>
  answer.ok && Buffer.from(await answer.arrayBuffer()).includes(Buffer.from(JPEG_5X4));

/** Many at a time, as they would come. */
async function each<T, R>(all: readonly T[], run: (one: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < all.length; i += 20)
    results.push(...(await Promise.all(all.slice(i, i + 20).map((one, j) => run(one, i + j)))));
  return results;
}

const numbers = Array.from({ length: COUNT }, (_, i) => i);

it("hostile uploads that are never confirmed", async () => {
  const { upload, sign, post } = scene(emulator, DEFINITION);
  const stored = await each(numbers, async (i) => upload("waiting", await member(`h${i % 7}`)));
  // They are there, and their uploader has an address that shows them.
  expect(await isTheFile(await fetch(stored[0]!.response.secure_url))).toBe(true);

  const seen = await each(stored, async ({ response }, i) => {
    const other = stored[(i + 1) % stored.length]!;
    const found: string[] = [];
    for (const address of guesses(response, other.response))
      if (await isTheFile(await fetch(address))) found.push(address);
    // Another's ticket and answer open nothing of this one.
    const download = new URLSearchParams({ ...other.ticket.fields, public_id: response.public_id });
    const url = `${emulator.url}/v1_1/suite-cloud/image/download?${download}`;
    if (await isTheFile(await fetch(url))) found.push(url);
    const confirmed = await post(`/confirm/waiting`, await member(`h${(i + 1) % 7}`), {
      upload_id: other.ticket.upload_id,
      response,
    });
    if (confirmed.status === 200) found.push("confirmed by another's upload ID");
    return found;
  });
  expect(seen.flat()).toEqual([]);

  // Nor do the tickets of other profiles, replayed over everything that is there.
  const headers = await member("h1");
  for (const [profile, params] of [
    ["remove", { public_id: "users/h1/a" }],
    ["move", { from_public_id: "users/h1/a", to_public_id: "users/h1/b" }],
    ["zip", { prefixes: ["users/h1/"] }],
  ] as const) {
    const ticket = await sign(profile, headers, { params });
    for (const method of ["explicit", "rename", "destroy", "generate_archive", "download"])
      await fetch(`${emulator.url}/v1_1/suite-cloud/image/${method}`, {
        method: "POST",
        body: new URLSearchParams(ticket.fields),
      });
  }
  const published = emulator
    .uploads()
    .filter(({ public_id, type }) => public_id.startsWith("posts/") && type === "upload");
  expect(published).toEqual([]);
  expect(emulator.uploads().filter(({ type }) => type === "authenticated")).toHaveLength(COUNT);
});

it("honest uploads, while the application fails, throws and hangs for a third", async () => {
  const rows = new DatabaseSync(":memory:");
  rows.exec("CREATE TABLE uploads (jti TEXT PRIMARY KEY, public_id TEXT NOT NULL, subject TEXT NOT NULL)");
  const insert = rows.prepare("INSERT INTO uploads VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const tries = new Map<string, number>();
  let failed = 0;
  const { upload, confirm } = scene(emulator, DEFINITION, {
    onUploaded: ({ jti, subject, asset }) => {
      const before = tries.get(jti) ?? 0;
      tries.set(jti, before + 1);
      const kind = tries.size % 9;
      if (before === 0 && kind < 3) {
        failed += 1;
        if (kind === 0) throw new Error("the database is away");
        // The row is written, and its answer never comes back.
        insert.run(jti, asset.public_id, subject);
        if (kind === 1) return Promise.reject(new Error("the connection broke off"));
        return 1n;
      }
      insert.run(jti, asset.public_id, subject);
      return { stored: true };
    },
  });
  const before = emulator.uploads().length;
  const done = await each(numbers, async (i): Promise<Stored> => {
    const headers = await member(`p${i % 5}`);
    const stored = await upload("waiting", headers);
    let answer = await confirm("waiting", stored, headers);
    for (let again = 0; answer.status === 503 && again < 5; again += 1)
      answer = await confirm("waiting", stored, headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    // Once more, as a page does that was loaded again.
    expect((await confirm("waiting", stored, headers)).status).toBe(200);
    return stored;
  });
  expect(failed).toBeGreaterThanOrEqual(Math.floor(COUNT / 4));
  const names = rows
    .prepare("SELECT public_id FROM uploads")
    .all()
    .map(({ public_id }) => public_id);
  expect(names.sort()).toEqual(done.map(({ response }) => response.public_id).sort());
  expect(emulator.uploads()).toHaveLength(before + COUNT);
  const published = new Set(
    emulator.uploads().flatMap(({ public_id, type }) => (type === "upload" ? public_id : [])),
  );
  expect(done.filter(({ response }) => !published.has(response.public_id))).toEqual([]);
  for (const { response } of done.slice(0, 5)) {
    const address = `${emulator.url}/suite-cloud/image/upload/v${response.version}/${response.public_id}.jpg`;
    expect(await isTheFile(await fetch(address))).toBe(true);
  }
});

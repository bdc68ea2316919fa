// The audit's forgeries, turned round: asked of profiles that sign the other methods on purpose. Whose asset it is decides:
// each is refused for another's, and what a profile is for is signed for one's own, so that the forgeries are not blind.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApp } from "../../../src/http/app.ts";
import type { Attack } from "../../../src/testing/audit/attack.ts";
import { FORGED_TEXTS } from "../../../src/testing/audit/forged-texts.ts";
import { FORGERIES } from "../../../src/testing/audit/forgeries.ts";
import { judge } from "../../../src/testing/audit/judge.ts";
import type { Params } from "../../../src/testing/audit/sdk.ts";
import { readAnswer } from "../../../src/testing/audit/signed-answer.ts";
import { type LocalWorker, startWorker } from "../../../src/testing/local-worker.ts";
import { now, SHARED_SECRET, signShared } from "../../access/identity.ts";
import { BY_SECRET, bearer } from "../../access/signer.ts";
import { ACCOUNT, API_SECRET, unseen } from "../../support/account.ts";
import { FULL } from "../../support/counts.ts";
import { readBindings } from "../../support/definition.ts";

const PATH = { prefix: "users/{sub}/" };
const TAG = { prefix: "u-{sub}-" };
const COMMANDS = { enum: ["add", "remove", "remove_all"] };
const of = (method: string, accept: object, set: object = {}) => ({
  ...{ method, access: ["members"], resourceType: "image", accept, set },
});
const SIGNER = {
  access: { members: BY_SECRET },
  profiles: {
    avatars: {
      access: ["members"],
      set: { overwrite: false },
      accept: { public_id: PATH, tags: TAG, context: { keys: ["alt"] } },
    },
    remove: of("destroy", { public_id: PATH }),
    move: of("rename", { from_public_id: PATH, to_public_id: PATH }),
    caption: of("explicit", { public_id: PATH, tags: TAG, context: { keys: ["alt"] } }, { type: "upload" }),
    label: of("tags", { command: COMMANDS, public_ids: PATH, tag: TAG }),
    note: of("context", {
      command: { enum: ["add", "remove_all"] },
      public_ids: PATH,
      context: { keys: ["alt"] },
    }),
    data: of("metadata", { public_ids: PATH, metadata: { keys: ["approved"] } }),
    pack: of("generate_archive", {
      ...{ public_ids: PATH, prefixes: PATH, tags: TAG },
      ...{ mode: { enum: ["create", "download"] }, target_format: { enum: ["zip"] } },
    }),
  },
};
type Name = keyof typeof SIGNER.profiles;
const BINDINGS = { ...ACCOUNT, JWT_SECRET: SHARED_SECRET };

const TOKEN = await signShared();

/** What each profile wants of every request, for what is one's own. */
const ID = "users/42/avatar";
const BASES: Readonly<Record<Name, Params>> = {
  avatars: { public_id: ID },
  remove: { public_id: ID },
  move: { from_public_id: ID, to_public_id: `${ID}-2` },
  caption: { public_id: ID },
  label: { command: "add", public_ids: ID, tag: "u-42-x" },
  note: { command: "add", public_ids: ID, context: "alt=x" },
  data: { metadata: "approved=x", public_ids: ID },
  pack: { public_ids: ID },
};

/** Another's names, and one's own of the same kinds: an asset, a folder, a tag. */
const THEIRS = ["users/43/avatar", "users/43/", "u-43-x"];
const OWN = [ID, "users/42/", "u-42-x"];

/** The forgeries that are what a profile is for, or what its ticket is good for besides, for one's own. */
const NAMED = ["destroy", "download", "archive-tags"];
const FOR_OWN: Readonly<Record<Name, readonly string[]>> = {
  avatars: NAMED,
  remove: ["destroy", "download"],
  move: ["rename"],
  caption: NAMED,
  label: ["tags-remove", "archive-ids", "sprite", "tag-zip"],
  note: ["context", "tags-remove", "archive-ids"],
  data: ["metadata", "archive-ids"],
  pack: ["archive-tags", "archive-download", "archive-ids", "archive-folder"],
};

type Post = (path: string, init: RequestInit) => Promise<Response>;
const ATTACKS: readonly Attack[] = [...FORGERIES, ...FORGED_TEXTS];

/** What comes of one forgery: nothing is signed, or what is signed is judged by the SDK. */
async function verdictOf(
  post: Post,
  profile: Name,
  attack: Attack,
  victim: string,
  base: Params,
): Promise<string> {
  const at = now();
  const asked = { ...base, ...attack.ask(victim, at) };
  const headers = bearer(TOKEN);
  const response = await post(`/sign/${profile}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ params: asked }),
  });
  const text = unseen(await response.text());
  const answer = readAnswer(text);
  if (answer === undefined) return `${response.status} ${JSON.parse(text).code}`;
  return judge({ attack, victim, now: at, asked, base }, answer, API_SECRET);
}

/** Every forgery of one profile, alone and with what the profile wants beside it. */
async function verdicts(
  post: Post,
  profile: Name,
  victims: readonly string[],
): Promise<Map<string, Set<string>>> {
  const all = new Map<string, Set<string>>();
  for (const attack of ATTACKS)
    for (const victim of victims)
      for (const base of [{}, BASES[profile]]) {
        const verdict = await verdictOf(post, profile, attack, victim, base);
        all.set(attack.id, (all.get(attack.id) ?? new Set()).add(verdict));
      }
  return all;
}

const names = Object.keys(SIGNER.profiles) as Name[];

function tries(post: Post, profiles: readonly Name[], named = THEIRS.length): void {
  it.each(profiles)("%s signs no forgery for what is another's", async (profile) => {
    const all = await verdicts(post, profile, THEIRS.slice(0, named));
    expect(all.size).toBe(ATTACKS.length);
    const signed = [...all].filter(([, found]) => [...found].join() !== "422 params_refused");
    expect(signed).toEqual([]);
  });

  it.each(profiles)("%s signs for one's own what it is for", async (profile) => {
    const all = await verdicts(post, profile, OWN.slice(0, named));
    const proven = [...all].filter(([, found]) => found.has("proven")).map(([id]) => id);
    expect(proven.sort()).toEqual([...FOR_OWN[profile]].sort());
  });
}

describe("in this process", () => {
  const app = createApp(readBindings({ ...BINDINGS, SIGNER }), { log: unseen });
  tries(async (path, init) => app.request(`http://localhost${path}`, init), names);

  it("every method but upload has a profile here", () => {
    const methods = names.map((name) =>
      "method" in SIGNER.profiles[name] ? SIGNER.profiles[name].method : "upload",
    );
    expect(new Set(methods).size).toBe(8);
  });
});

describe("in workerd", () => {
  let worker: LocalWorker;
  beforeAll(async () => {
    worker = await startWorker({
      ...{ build: inject("workerBuild"), bindings: { ...BINDINGS, SIGNER } },
      onLog: unseen,
    });
  });
  afterAll(() => worker?.close());
  // One profile and its asset alone, where all were not asked for.
  const [profiles, named] = FULL ? [names, THEIRS.length] : [["remove"] as const, 1];
  tries((path, init) => fetch(worker.url + path, init), profiles, named);
});

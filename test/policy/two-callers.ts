// Two callers of one configuration, and one Cloudinary: what one of them stores, and what the other can do to it with all
// that the signer hands out. The emulator tells what happened; nothing here knows what a profile may sign.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { newEvent } from "../../src/observe/event.ts";
import { type Caller, fillFor } from "../../src/policy/decide/fill.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { API_METHODS } from "../../src/testing/emulator/api-methods.ts";
import type { StoredUpload } from "../../src/testing/emulator/asset.ts";
import { Chunks } from "../../src/testing/emulator/chunks.ts";
import { createApp } from "../../src/testing/emulator/routes.ts";
import { Store } from "../../src/testing/emulator/store.ts";
import type { Uploaded } from "../../src/testing/emulator/store-upload.ts";
import { issue } from "../../src/tickets/issue.ts";
import type { Ticket } from "../../src/tickets/ticket.ts";
import { sdkSignature } from "../support/sdk.ts";
import { PNG_3X2 } from "../testing/emulator/support.ts";
import { METHODS, NOW, type Sent } from "./generators.ts";
import { filled, type Moment } from "./property-texts.ts";
import { ACCOUNT, compiled, SIGNER } from "./property-trial.ts";

type Fields = Readonly<Record<string, string>>;

/** A profile as it is written and as it is checked. */
type Both = readonly [input: ProfileInput, profile: Profile];

/** The profiles of a configuration, ready to be asked. */
export const ready = (profiles: readonly ProfileInput[]): Both[] =>
  profiles.map((input, i) => [input, compiled(input, `p${i}`)!] as const);

const moment = (digit: number): Moment => ({ uuid: `0000000${digit}-9b1d-4e5f-8a7b-c0ffee15dead`, now: NOW });

type Emulated = ReturnType<typeof newAccount>;

/** One account at Cloudinary, in this process, and without a socket. */
function newAccount() {
  const { cloudName, apiKey } = SIGNER.config;
  const folder = mkdtempSync(join(tmpdir(), "edge-signer-two-"));
  const store = new Store(folder);
  const account = { cloudName, apiKey, apiSecret: ACCOUNT.secret };
  const chunks = new Chunks<Uploaded>(folder);
  // The worst of presets: what the file is called is its public ID, and takes the place of what has it.
  const preset = (_: string, file: string) => ({
    public_id: decodeURIComponent(file.replace(/\.png$/, "")),
    overwrite: "true",
  });
  const origin = "http://emulator.invalid";
  const app = createApp({ account, store, chunks, origin, preset, now: () => NOW * 1000 });
  async function post(address: string, fields: Fields, file?: File): Promise<Response> {
    const body = file === undefined ? new URLSearchParams() : new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    if (file !== undefined) (body as FormData).append("file", file);
    return app.request(`/v1_1/${cloudName}/${address}`, { method: "POST", body });
  }
  return { store, post, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What one caller is handed out for each thing asked, once. */
async function obtained(
  profiles: readonly Both[],
  caller: Caller,
  at: Moment,
  asksFor: (input: ProfileInput) => readonly Sent[],
): Promise<Ticket[]> {
  const tickets = new Map<string, Ticket>();
  for (const [input, profile] of profiles) {
    // Nobody is let in by a method that the profile does not name, or with claims that fill no template.
    if (!input.access.includes(caller.access)) continue;
    if (!(await fillFor(profile, caller, at.now, at.uuid)).ok) continue;
    for (const params of asksFor(input)) {
      const event = newEvent("two-callers", "/sign");
      const entered = { profile, caller, secret: SIGNER.secret, event, count: async () => undefined };
      const ticket = await issue(SIGNER.config, entered, { form: "ticket", params }, at.now, () => at.uuid);
      if (!ticket.ok) continue;
      const { url, fields } = ticket.value as Ticket;
      tickets.set(`${url} ${JSON.stringify(fields)}`, ticket.value as Ticket);
    }
  }
  return [...tickets.values()];
}

/** What is chosen where nothing bad is meant. */
function honest({ accept = {} }: ProfileInput, caller: Caller, at: Moment): Sent {
  const choices = Object.entries(accept).map(([name, { enum: listed, keys, prefix = "" }]) => [
    name,
    listed?.[0] ??
      (keys === undefined
        ? `${filled(prefix, caller, at)}x${name === "prefixes" ? "/" : ""}`
        : `${keys[0]}=x`),
  ]);
  return Object.fromEntries(choices);
}

const honestly = (caller: Caller, at: Moment) => (input: ProfileInput) => [{}, honest(input, caller, at)];

/** The same, with each choice replaced by what is another's, or nearly. */
function hostile(input: ProfileInput, caller: Caller, at: Moment, theirs: readonly string[]): Sent[] {
  const fair = honest(input, caller, at);
  const spoiled = Object.entries(input.accept ?? {}).flatMap(
    ([name, { enum: listed, keys, prefix = "" }]) => {
      if (keys !== undefined) return [];
      if (listed !== undefined) return listed.map((one) => ({ ...fair, [name]: one }));
      const own = filled(prefix, caller, at);
      const values = theirs.flatMap((name) => [
        ...[name, `${name}/`, `${name.replace(/[^/]*$/, "")}`, [fair[name], name], `${own}y,${name}`],
        ...[own + name, `${own}../${name}`, own.slice(0, -1) + name.slice(own.length - 1)],
        ...(name.startsWith(own.slice(0, -1)) ? [name.toUpperCase()] : []),
      ]);
      return values.map((value) => ({ ...fair, [name]: value }));
    },
  );
  return [{}, fair, ...spoiled];
}

/** Texts of a ticket that name something, whole and by their parts. */
const namesIn = (tickets: readonly Ticket[]): string[] => [
  ...new Set(
    tickets.flatMap(({ fields }) =>
      Object.entries(fields)
        .filter(([name]) => /public_id|folder|tag|prefix/.test(name) && !name.startsWith("use_"))
        .flatMap(([, text]) => text.split(",")),
    ),
  ),
];

/** What the attacker calls her files, where that may name them. */
function fileNames(fields: Fields, names: readonly string[]): string[] {
  if (fields.upload_preset !== undefined) return names.map((name) => `${encodeURIComponent(name)}.png`);
  if (!fields.use_filename) return ["image.png"];
  return ["image.png", ...new Set(names.flatMap((name) => [`${name}.png`, `${name.split("/").at(-1)}.png`]))];
}

/**
 * Whether its assets are called as the profile says. Beside a preset that decides, an owner has given away the others,
 * those of the preset among them.
 */
const isNamed = ({ set = {}, accept = {} }: ProfileInput): boolean =>
  set.public_id !== undefined ||
  accept.public_id !== undefined ||
  ["folder", "asset_folder", "public_id_prefix"].some((name) =>
    // The day and the way in are everybody's.
    /\{(?!date|access)/.test(`${set[name] ?? ""}${accept[name]?.prefix ?? ""}`),
  );

export interface Trial {
  /** What went wrong, in words. */
  readonly harm: readonly string[];
  /** How many signatures the attacker had, how many of her requests did something, and how much the victim stored. */
  readonly tickets: number;
  readonly done: number;
  readonly stored: number;
}

/** How many of the victim's names are tried. */
const MOST_NAMES = 2;
/** How many assets the attacker has before. */
const MOST_SEEDS = 5;

const MARK = "of the victim";

/** The attacker's requests, and what they answered of the victim's. */
class Attack {
  readonly harm: string[] = [];
  done = 0;
  readonly #emulated: Emulated;
  constructor(emulated: Emulated) {
    this.#emulated = emulated;
  }

  async upload(tickets: readonly Ticket[], names: readonly string[]): Promise<void> {
    for (const { fields } of tickets)
      for (const name of fileNames(fields, names))
        await this.#send("image/upload", fields, [], new File([PNG_3X2, "mine"], name));
  }

  async everywhere(tickets: readonly Ticket[], victims: readonly StoredUpload[], types: readonly string[]) {
    // What names, labels and reads comes before what removes.
    const { destroy, ...others } = API_METHODS;
    for (const [method, { required }] of Object.entries({ ...others, destroy }))
      for (const { fields } of tickets)
        if (required.every((name) => Object.hasOwn(fields, name)))
          for (const type of types) await this.#send(`${type}/${method}`, fields, victims);
  }

  async #send(address: string, fields: Fields, victims: readonly StoredUpload[], file?: File): Promise<void> {
    const response = await this.#emulated.post(address, fields, file);
    if (!response.ok) return;
    this.done += 1;
    const { signature: _, api_key: __, ...shown } = fields;
    const tell = (what: string) => this.harm.push(`${address} ${JSON.stringify(shown)}: ${what}`);
    const type = response.headers.get("content-type") ?? "";
    if (!type.includes("json")) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (Buffer.from(bytes).includes(MARK)) tell("the victim's bytes");
      if (type.includes("zip") && holdsMark(bytes)) tell("an archive with the victim's bytes");
      return;
    }
    const text = await response.text();
    for (const { asset_id, public_id } of victims) {
      if (text.includes(asset_id)) tell(`an answer about ${public_id}`);
      if ((JSON.parse(text).public_ids ?? []).includes(public_id)) tell(`it worked on ${public_id}`);
    }
  }
}

function holdsMark(zip: Uint8Array): boolean {
  return Object.values(unzipSync(zip)).some((bytes) => Buffer.from(bytes).includes(MARK));
}

const isMarked = async ({ store }: Emulated, asset: StoredUpload): Promise<boolean> =>
  Buffer.from((await store.read(asset)) ?? []).includes(MARK);

/** Whatever the attacker holds at the end that is, or is called, as what the victim has. */
async function heldAfter(emulated: Emulated, victims: readonly StoredUpload[]): Promise<string[]> {
  const harm: string[] = [];
  const after = new Map(emulated.store.uploads().map((asset) => [asset.asset_id, asset]));
  for (const before of victims) {
    const now = after.get(before.asset_id);
    after.delete(before.asset_id);
    if (JSON.stringify(now) !== JSON.stringify(before))
      harm.push(`${before.public_id} became ${now?.public_id}`);
    else if (!(await isMarked(emulated, before))) harm.push(`${before.public_id} has other bytes`);
  }
  const tags = new Set(victims.flatMap((asset) => asset.tags));
  for (const asset of after.values()) {
    const shared = asset.tags.filter((tag) => tags.has(tag));
    if (shared.length > 0) harm.push(`${asset.public_id} carries the victim's ${shared.join()}`);
    if (asset.format !== "zip" && !asset.public_id.endsWith(".zip") && asset.resource_type !== "raw")
      continue;
    const bytes = await emulated.store.read(asset);
    if (bytes !== undefined && holdsMark(bytes))
      harm.push(`the archive ${asset.public_id} holds the victim's bytes`);
  }
  return harm;
}

/** What the attacker has already under each name that she may work on, so that she can. */
async function seed(emulated: Emulated, tickets: readonly Ticket[]): Promise<void> {
  const names = tickets.flatMap(({ fields: { public_id, from_public_id, public_ids } }) =>
    [public_id, from_public_id, public_ids?.split(",")].flat(),
  );
  const seeds = [...new Set(names.filter((name) => name !== undefined))].slice(0, MOST_SEEDS);
  for (const public_id of seeds) {
    const fields = { public_id, timestamp: String(NOW) };
    const signature = sdkSignature(fields, ACCOUNT.secret, ACCOUNT.algorithm);
    const { apiKey } = SIGNER.config;
    await emulated.post(
      "image/upload",
      { ...fields, api_key: apiKey, signature },
      new File([PNG_3X2, "mine"], "x.png"),
    );
  }
}

/** The owner's own back ends may work on others' assets where that was accepted; everybody else may not. */
const isExempt = ({ allow = [], access }: ProfileInput): boolean =>
  allow.includes("others-assets") && access.every((name) => METHODS.get(name)?.backEnd);

/**
 * The attacker, who knows who the victim is and by which profiles the victim uploads, uploads whatever she gets signed;
 * then the victim uploads; and then she sends each signature to every method.
 */
export async function trial(
  profiles: readonly Both[],
  attacker: Caller,
  victim: Caller,
  resourceTypes: readonly string[],
): Promise<Trial> {
  const hers = profiles.filter(([input]) => !isExempt(input));
  const isGivenAway = profiles.some(([{ set = {} }]) => set.upload_preset !== undefined);
  const uploads = profiles.filter(
    ([input, { method }]) => method.name === "upload" && (!isGivenAway || isNamed(input)),
  );
  using emulated = newAccount();
  const expected = namesIn(await obtained(profiles, victim, moment(1), honestly(victim, moment(1))));
  const asked = (names: readonly string[], at: Moment) =>
    obtained(hers, attacker, at, (input) => hostile(input, attacker, at, names));

  const attack = new Attack(emulated);
  const early = await asked(expected.slice(0, MOST_NAMES), moment(2));
  await seed(emulated, early);
  await attack.upload(early, expected);

  const theirs = await obtained(uploads, victim, moment(3), honestly(victim, moment(3)));
  const stored: StoredUpload[] = [];
  for (const [i, { fields }] of theirs.entries()) {
    const file = new File([PNG_3X2, `${MARK} ${i}`], `of-the-victim-${i}.png`);
    const response = await emulated.post("image/upload", fields, file);
    const told = (await response.json()) as StoredUpload & { existing?: true };
    if (!response.ok) continue;
    const held = emulated.store.uploads().find(({ asset_id }) => asset_id === told.asset_id)!;
    // The victim's own upload may stand there already.
    if (told.existing && !(await isMarked(emulated, held)))
      attack.harm.push(`${told.public_id} was taken before`);
    else stored.push(held);
  }
  // Of uploads under one name the last is there.
  const victims = emulated.store.uploads().filter((held) => stored.includes(held));

  const found = [...victims.map(({ public_id }) => public_id), ...namesIn(theirs)];
  const names = [...new Set(found)].slice(0, MOST_NAMES);
  const late = await asked(names, moment(4));
  await attack.upload(late, names);
  await attack.everywhere(late, victims, resourceTypes);
  return {
    harm: [...attack.harm, ...(await heldAfter(emulated, victims))],
    tickets: late.length,
    done: attack.done,
    stored: victims.length,
  };
}

// The doctor's table for a project on this machine.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { faultPlace } from "../fault.ts";
import { wranglerScript } from "../testing/tools.ts";
import { askServer } from "./ask-server.ts";
import { accountAtHand, prefixOf } from "./doctor-account.ts";
import { checkBuilt, checkTracked, needFolder } from "./doctor-files.ts";
import { type Check, couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import { checkPair } from "./doctor-pair.ts";
import type { Place } from "./doctor-place.ts";
import { checkPrevious, previousAtHand } from "./doctor-previous.ts";
import { checkRefused, secretToTry } from "./doctor-refused.ts";
import { needlesOf } from "./doctor-scan.ts";

/** Seconds by which a clock may differ: a signature lives an hour, and drop-in takes a timestamp a minute ahead. */
const MAX_SKEW = 60;

function checkConfiguration({ config, environments }: Place): readonly Outcome[] {
  if (!environments.ok) return environments.error;
  const told = environments.value.flatMap(({ name, faults, warnings }): Outcome[] => {
    const title = name === undefined ? config : `${config} --env ${name}`;
    return [
      ...faults.flatMap((fault) => found(`${title}: ${faultPlace(fault)}: ${fault.problem}`)),
      ...warnings.map((problem): Outcome => ({ state: "warning", problem: `${title}: ${problem}` })),
    ];
  });
  const one = new Map(told.map((outcome) => [JSON.stringify(outcome), outcome]));
  const hasFault = told.some(({ state }) => state === "found");
  return hasFault ? [...one.values()] : [...fine(config), ...one.values()];
}

/** Whether this Node runs the wrangler that is installed here. */
function checkNode({ config }: Place): readonly Outcome[] {
  try {
    const manifest = join(dirname(wranglerScript(config)), "../package.json");
    const { engines, version } = JSON.parse(readFileSync(manifest, "utf8"));
    const wanted = Number(/\d+/.exec(engines?.node ?? "")?.[0] ?? 0);
    if (Number(process.versions.node.split(".", 1)[0]) >= wanted) return [];
    return found(
      `Node ${process.versions.node} is too old for wrangler ${version}, which wants ${wanted} or newer`,
      `install it beside wrangler: npm install --save-dev node@${wanted}`,
    );
  } catch {
    return [];
  }
}

/** Against the clock of whoever judges the signatures. */
async function checkClock(place: Place, timeoutMs: number | undefined): Promise<readonly Outcome[]> {
  const prefix = prefixOf(place);
  if (!prefix.ok) return couldNot("CLOUDINARY_UPLOAD_PREFIX is wrong");
  const host = new URL(prefix.value).host;
  const before = Date.now();
  const asked = await askServer(prefix.value, {}, timeoutMs);
  if (!asked.ok) return couldNot(`${host} ${asked.error.why}`);
  const theirs = Date.parse(asked.value.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return couldNot(`${host} sends no Date header`);
  // Its answer was made at some time between.
  const seconds = Math.round(((before + Date.now()) / 2 - theirs) / 1000);
  if (Math.abs(seconds) <= MAX_SKEW) return fine(`within ${MAX_SKEW} s of ${host}`);
  return found(
    `this machine's clock is ${seconds > 0 ? "ahead of" : "behind"} that of ${host}, by ${Math.abs(seconds)} s`,
    "set it, or let the system keep it (NTP): a signature is good for an hour from its timestamp",
  );
}

export interface LocalOptions {
  /** A built front end. */
  readonly scan?: string;
  /** What was pasted of a refusal: it comes first, and nothing else does without a project and its whole account. */
  readonly refused?: string | undefined;
  readonly timeoutMs?: number;
}

export async function localChecks(
  place: Place,
  { scan, refused, timeoutMs }: LocalOptions,
): Promise<readonly Check[]> {
  // What was typed wrong is said before anything is looked at.
  if (scan !== undefined) await needFolder(scan);
  const toTry = refused === undefined ? undefined : secretToTry(place);
  const atHand = await accountAtHand(place);
  const account = "secret" in atHand ? atHand : undefined;
  const previous = previousAtHand(place, account);
  const named = new Map(place.secrets);
  if (previous?.text !== undefined) named.set(previous.binding, previous.text);
  const needles = needlesOf(account && { ...account.account, secret: account.text }, named);
  const config = place.environments.ok ? place.environments.value[0]?.config : undefined;
  const algorithm = config?.ok ? config.value.signature.algorithm : "sha256";
  const refusal: readonly Check[] =
    refused === undefined || toTry === undefined
      ? []
      : [{ name: "refused request", run: async () => checkRefused(refused, toTry) }];
  const built: readonly Check[] =
    scan === undefined ? [] : [{ name: "built front end", run: () => checkBuilt(scan, needles) }];
  // Who gave the secret alone asked for nothing else.
  const isProject = account !== undefined && existsSync(place.config);
  if (refused !== undefined && !isProject) return [...refusal, ...built];
  return [
    ...refusal,
    { name: "configuration", run: async () => checkConfiguration(place) },
    { name: "Node", run: async () => checkNode(place) },
    { name: "clock", run: () => checkClock(place, timeoutMs) },
    {
      name: "key and secret",
      run: async () =>
        "secret" in atHand
          ? [...(await checkPair(place, atHand, algorithm, timeoutMs)), ...atHand.warnings]
          : atHand,
    },
    ...(previous === undefined
      ? []
      : [{ name: "previous key pair", run: async () => checkPrevious(previous, account) }]),
    ...built,
    { name: "files in git", run: () => checkTracked(place.folder, needles) },
  ];
}

// `npm run policy -- explain PROFILE [CLAIMS] [PARAMS]`: what would be signed or refused, and by which rule,
// without starting or signing anything. Exit 0 signed, 1 refused, 2 nothing to explain.

import { parseArgs, styleText } from "node:util";
import { readSigningRequest } from "../body.ts";
import { ANONYMOUS, type Config, type Way } from "../config/config.ts";
import { fillFor } from "../policy/caller.ts";
import type { ClientParams } from "../policy/client-params.ts";
import type { Profile } from "../policy/profile.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { profileSections, type Section } from "./policy-profile.ts";
import { explainRequest, type Form } from "./policy-request.ts";
import { ruleText } from "./policy-rules.ts";
import { checkWranglerConfig, Mendable } from "./wrangler-config.ts";

const USAGE =
  "npm run policy -- explain PROFILE [CLAIMS] [PARAMS] [--way NAME] [--drop-in] [--config FILE] [--env NAME]";
const EXAMPLE = `npm run policy -- explain avatars '{"sub":"42"}' '{"context":{"alt":"a"}}'`;

/** Stands for the random name in what would be signed. */
const SAMPLE_UUID = "00000000-0000-4000-8000-000000000000";

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const [command, profile, claims = "{}", params = "{}", ...more] = positionals;
  if (command !== "explain" || profile === undefined || more.length > 0) {
    throw new Mendable(`write \`explain\` and the name of a profile\n  ${USAGE}\n  for example ${EXAMPLE}`);
  }
  return { profile, claims, params, ...values };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: "string", default: "wrangler.toml" },
        env: { type: "string" },
        way: { type: "string" },
        "drop-in": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Mendable(`${(error as Error).message.split(".")[0]}\n  ${USAGE}`);
  }
}

/** A JSON object as it was typed; what broke is not repeated, for quotes are the usual reason. */
function readObject(name: "CLAIMS" | "PARAMS", text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Mendable(`${name} is no JSON object: write it between single quotes, as in ${EXAMPLE}`);
}

/** The parameters through the Worker's own reader. */
async function readParams(text: string, form: Form): Promise<ClientParams> {
  readObject("PARAMS", text);
  const body = `{"${form === "ticket" ? "params" : "paramsToSign"}":${text}}`;
  const read = await readSigningRequest(new Request("http://localhost/sign", { method: "POST", body }));
  if (!read.ok) throw new Mendable(`PARAMS: ${read.error.detail}`);
  return read.value.params;
}

interface Found {
  readonly config: Config;
  readonly profile: Profile;
  readonly env: string | undefined;
}

/** The profile in the environment that was named, or in what is deployed, or in the demo's. */
function findProfile(file: string, env: string | undefined, name: string): Found {
  const known: string[] = [];
  // `--env ""` is what is deployed, as everywhere in wrangler.
  for (const one of env === undefined ? [undefined, "local"] : [env || undefined]) {
    const place = `${file}${one === undefined ? "" : ` (--env ${one})`}`;
    const { faults, config } = checkWranglerConfig(file, one);
    if (!config.ok || faults.length > 0) {
      const lines = faults.map(({ binding, problem }) => `\n  ${binding}: ${problem}`);
      throw new Mendable(`${place} is misconfigured, and would sign nothing:${lines.join("")}`);
    }
    const profile = config.value.profiles.get(name);
    if (profile !== undefined) return { config: config.value, profile, env: one };
    known.push(`${place}: ${[...config.value.profiles.keys()].join(", ") || "none"}`);
  }
  throw new Mendable(
    `there is no profile ${JSON.stringify(name)}; those there are:\n  ${known.join("\n  ")}`,
  );
}

function chooseWay({ config, profile }: Found, name = profile.access[0]!): Way {
  if (profile.access.includes(name)) return config.ways.get(name)!;
  throw new Mendable(
    `${JSON.stringify(name)} is no way into the profile ${profile.name}; there is: ${profile.access.join(", ")}`,
  );
}

function print(sections: readonly Section[], { out }: Io): void {
  for (const [title, lines] of sections) {
    out(`\n${styleText("bold", title)}`);
    for (const line of lines) out(`  ${line}`);
  }
}

/** Explains; true if the request would be signed. */
async function explain(args: readonly string[], io: Io): Promise<boolean> {
  const options = readArguments(args);
  const form: Form = options["drop-in"] ? "drop-in" : "ticket";
  const now = Math.floor(Date.now() / 1000);
  const given = readObject("CLAIMS", options.claims);
  const sent = await readParams(options.params, form);
  const unstamped = form === "drop-in" && !Object.hasOwn(sent, "timestamp");
  const params = unstamped ? { ...sent, timestamp: now } : sent;
  const found = findProfile(options.config, options.env, options.profile);
  const { profile, config, env } = found;
  const way = chooseWay(found, options.way);
  const nobody = ANONYMOUS.has(way.type);
  const caller = { way: way.name, claims: nobody ? {} : given };
  const fill = await fillFor(profile, caller, now, SAMPLE_UUID);

  const demo =
    env === "local" && options.env === undefined ? ", where alone it exists: no part of a deploy" : "";
  io.out(
    `Profile ${styleText("bold", profile.name)} of ${options.config}${env === undefined ? "" : ` (--env ${env})`}${demo}`,
  );
  print(profileSections(profile, config.ways, fill.ok ? fill.value : undefined), io);
  io.out(
    `\nA request for a ${form === "ticket" ? "ticket" : "drop-in signature"}, by the way in ${way.name}`,
  );
  if (nobody && Object.keys(given).length > 0) {
    io.out("  CLAIMS count for nothing here: callers by this way in are no one in particular");
  }
  if (unstamped) io.out("  with the time now as its timestamp, which components send by themselves (R2)");
  if (!fill.ok) {
    const claims = profile.claims.map(({ claim }) => claim).join(", ");
    const lines = [`✗ ${fill.error}`, `    ${ruleText("R10")}`, `    the profile needs: ${claims}`];
    print([["This caller", lines]], io);
    return false;
  }
  const { signed, sections } = explainRequest(profile, params, fill.value, form);
  print(sections, io);
  io.out(`\n${signed ? "✓ It would be signed." : "✗ It would be refused."}`);
  return signed;
}

export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return (await explain(args, io)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Mendable)) throw error;
    io.err(`✗ ${error.message}`);
    return 2;
  }
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);

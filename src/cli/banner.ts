// What `start` prints when everything runs: where things are, what may be signed, and a line to try it with.

import { styleText } from "node:util";
import { PUBLIC } from "../access/public.ts";
import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";
import type { Profile } from "../policy/profile.ts";
import { methodOf } from "./access-methods.ts";
import { fileText } from "./file-words.ts";
import type { SampleToken } from "./sample-token.ts";

const bold = (text: string) => styleText("bold", text);
const dim = (text: string) => styleText("dim", text);

export interface Running {
  /** What is run, in a few words. */
  readonly title: string;
  /** The file of the definition, as it was found. */
  readonly definition: string;
  readonly worker: string;
  readonly emulator: string;
  readonly config: Config;
  readonly settings: Effective;
  /** A picture to upload. */
  readonly sample: string;
  /** An origin whose pages may ask. */
  readonly origin: string;
  readonly token: SampleToken | undefined;
  /** What is otherwise where it is deployed. */
  readonly notes: readonly (string | undefined)[];
}

function profileLines(profile: Profile, width: number): string {
  const callers = profile.access.map((name) => (name === PUBLIC ? "anybody" : name)).join(" or ");
  const { name: method } = profile.method;
  const tickets = method === "upload" ? "tickets" : `tickets of the method ${method}`;
  const serves = profile.noDropIn === undefined ? `${tickets} and drop-in` : tickets;
  const sets = [...profile.set.keys()].join(", ") || "nothing but the time";
  const accepts = [...profile.accept.keys()].join(", ") || "nothing";
  const risks = profile.optIns.length > 0 ? [`accepted risks: ${profile.optIns.join(", ")}`] : [];
  const files = fileText(profile);
  const indent = " ".repeat(width + 4);
  return [
    `  ${bold(profile.name.padEnd(width))}  ${serves}, for ${callers}`,
    ...[`sets ${sets}`, `accepts ${accepts}`, ...(files ? [files] : []), ...risks].map(
      (line) => indent + dim(line),
    ),
  ].join("\n");
}

function tokenLines({ profiles, token }: SampleToken): string {
  const whose = profiles.length === 1 ? `the profile ${profiles[0]}` : `the profiles ${profiles.join(", ")}`;
  return `  For ${whose}, a token of the user 42, good for 12 hours; send it as a header:

    ${dim(`Authorization: Bearer ${token}`)}

`;
}

/** The header that lets a terminal in, `""` where it needs none; `undefined` where it can't come in. */
function headerFor(profile: Profile, { settings, token, origin }: Running): string | undefined {
  const headers = profile.access.map((name) =>
    name === token?.access ? `Authorization: Bearer ${token.token}` : methodOf(name, settings).header(origin),
  );
  return headers.includes("") ? "" : headers.find((header) => header !== undefined);
}

const takesPictures = ({ method, resourceType }: Profile): boolean =>
  method.name === "upload" && resourceType !== "video";

/** A line that uploads the sample by the first profile that takes it, `default` before others. */
export function uploadCommand(running: Running): string | undefined {
  const { config, worker, sample } = running;
  const all = [...config.profiles.values()].filter(takesPictures);
  const profiles = [...all.filter(({ name }) => name === "default"), ...all];
  const found = profiles
    .map((profile) => ({ name: profile.name, header: headerFor(profile, running) }))
    .find(({ header }) => header !== undefined);
  if (found === undefined) return undefined;
  const file = encodeURIComponent(sample).replaceAll("%2F", "/").replaceAll("'", "%27");
  const path = found.name === "default" ? "" : `/${found.name}`;
  const header = found.header ? ` -H '${found.header}'` : "";
  return `curl -sS --fail-with-body -X POST${header} '${worker}/sign${path}?format=curl&file=${file}' | sh`;
}

/** Why there is no such line. */
function noCommand({ config }: Running): string {
  const profiles = [...config.profiles.values()];
  if (profiles.length === 0) return "";
  const taking = profiles.filter(takesPictures);
  const names = new Set(taking.flatMap(({ access }) => access));
  const methods = [...names].map((name) => `${name} (${config.access.get(name)!.type})`).join(", ");
  return taking.length === 0
    ? "  No line to try it with: no profile takes the sample, which is a picture.\n\n"
    : `  No line to try it with: what callers show to ${methods} can't be made up here.\n\n`;
}

/** The banner. */
export function banner(running: Running): string {
  const { title, definition, worker, emulator, config, token } = running;
  const profiles = [...config.profiles.values()];
  const width = Math.max(...profiles.map(({ name }) => name.length), 0);
  const command = uploadCommand(running);
  const page = config.page === undefined ? "" : `  In a browser:\n\n    ${bold(worker)}\n\n`;
  const line =
    command === undefined
      ? noCommand(running)
      : `  ${page === "" ? "A signed upload," : "Or"} from another terminal:\n\n    ${bold(command)}\n\n`;
  const notes = running.notes.map((note) => (note === undefined ? "" : `  ${note}\n\n`)).join("");
  return `
  ${bold("cloudinary-edge-signer")}, ${title}

  Signer    ${bold(worker)}   POST /sign, POST /sign/{profile}, GET /health
  Emulator  ${bold(emulator)}   a local Cloudinary; its own SDK judges

  ${profiles.length > 0 ? `Profiles, from ${definition} (restart after a change)` : `No profile, so nothing is signed: add one to \`profiles\` in ${definition}`}

${profiles.map((profile) => profileLines(profile, width)).join("\n")}

${page}${line}${token === undefined ? "" : tokenLines(token)}${notes}  Uploads and refusals appear here. Ctrl-C stops everything.
`;
}

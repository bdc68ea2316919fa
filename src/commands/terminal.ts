// What `npm start` prints.

import { styleText } from "node:util";
import type { Config } from "../config/config.ts";
import type { Profile } from "../policy/profile.ts";
import type { StoredUpload } from "../testing/emulator/index.ts";

const bold = (text: string) => styleText("bold", text);
const dim = (text: string) => styleText("dim", text);
const clock = () => dim(new Date().toTimeString().slice(0, 8));

function profileLine(profile: Profile, config: Config, width: number): string {
  const ways = profile.access.map((name) => {
    const way = config.ways.get(name);
    return way?.type === "public" ? "anybody" : name;
  });
  const serves = profile.noDropIn === undefined ? "tickets, drop-in" : "tickets";
  const sets = [...profile.set.keys()].join(", ");
  const accepts = [...profile.accept.keys()].join(", ") || "nothing";
  return `${bold(profile.name.padEnd(width))}  ${serves.padEnd(16)}  ${ways.join(" or ").padEnd(14)}  sets ${sets}; accepts ${accepts}`;
}

/** The banner: where things are, what may be signed, and one line to try it with. */
export function banner(worker: string, emulator: string, config: Config, sample: string): string {
  const profiles = [...config.profiles.values()];
  const width = Math.max(...profiles.map(({ name }) => name.length), 0);
  const file = encodeURIComponent(sample).replaceAll("%2F", "/");
  const lines = profiles.map(
    (profile, i) => `  ${i === 0 ? "Profiles" : "        "}   ${profileLine(profile, config, width)}`,
  );
  return `
  ${bold("cloudinary-edge-signer")}, local demo

  Signer     ${bold(worker)}   POST /sign, POST /sign/{profile}, GET /health
  Emulator   ${bold(emulator)}   a local Cloudinary; its official SDK judges each signature

${lines.length > 0 ? lines.join("\n") : "  Profiles   none, so nothing is signed: add one under [env.local.vars.SIGNER.profiles]"}

  A signed upload, from another terminal:

    ${bold(`curl -fsS -X POST '${worker}/sign?format=curl&file=${file}' | sh`)}

  Uploads and refusals appear here. Ctrl-C stops everything.
`;
}

/** Bytes for people. */
function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An upload as it arrives. */
export function uploadLine({ resource_type, public_id, bytes, secure_url }: StoredUpload): string {
  return `  ${clock()} ${styleText("green", "✓ uploaded")} ${resource_type} ${bold(public_id)}, ${size(bytes)}  ${secure_url}`;
}

/** An upload that the emulator refused. */
export function refusedUploadLine(status: number, message: string): string {
  return `  ${clock()} ${styleText("red", "✗ upload refused")} ${status} ${message}`;
}

/** A line of the Worker's log, if it tells of a failure. */
export function refusedSigningLine(line: string): string | undefined {
  let entry: { status?: number; code?: string; profile?: string; refused?: string[]; detail?: string };
  try {
    entry = JSON.parse(line);
  } catch {
    return `  ${clock()} ${line}`;
  }
  if (entry.code === undefined) return undefined;
  const what = [entry.profile, entry.refused?.join(", "), entry.detail].filter((part) => part).join(": ");
  return `  ${clock()} ${styleText("red", "✗ not signed")} ${entry.status} ${entry.code} ${what}`;
}

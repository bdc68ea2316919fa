// `npm run audit -- URL`: which forgeries a signing endpoint signs. Exit 0 none, 1 some, 2 could not ask.

import { parseArgs } from "node:util";
import type { Shape } from "../testing/audit/ask.ts";
import type { AuditOptions } from "../testing/audit/audit.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";

const USAGE =
  "npm run audit -- URL [--shape params|paramsToSign|plain] [--header 'K: V']… [--harmless JSON] [--i-own-this]";
const UNPROVEN = "no forgeries were found, which need not mean that it is safe";
const SHAPES: readonly string[] = ["params", "paramsToSign", "plain"] satisfies Shape[];

/** What was typed can't be used; its message is printed without a stack. */
class Unusable extends Error {}

function readArguments(
  args: readonly string[],
  env: Io["env"],
): AuditOptions & { url: string; shape: Shape } {
  const { values, positionals } = parse(args);
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new Unusable("name one address");
  if (!SHAPES.includes(values.shape)) throw new Unusable(`--shape must be one of ${SHAPES.join(", ")}`);
  return {
    url,
    shape: values.shape as Shape,
    headers: Object.fromEntries(values.header.map(readHeader)),
    harmless: readHarmless(values.harmless),
    iOwnThis: values["i-own-this"],
    // Unset and empty are alike: there is no empty secret.
    secret: env.CLOUDINARY_API_SECRET || undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        shape: { type: "string", default: "params" },
        header: { type: "string", multiple: true, default: [] },
        harmless: { type: "string", default: "{}" },
        "i-own-this": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Unusable((error as Error).message);
  }
}

function readHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(":");
  // The header itself is not repeated: it may hold a token.
  if (colon < 1) throw new Unusable("write --header as 'Name: value'");
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function readHarmless(text: string): Record<string, unknown> {
  try {
    const params = JSON.parse(text);
    if (typeof params === "object" && params !== null && !Array.isArray(params)) return params;
  } catch {
    // Said below.
  }
  throw new Unusable(`--harmless must be a JSON object, such as '{"folder":"widget"}'`);
}

function showProgress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < all ? `\r  ${done} of ${all} ` : "\r\x1b[K");
}

export async function main(args: readonly string[], { env, out, err }: Io): Promise<number> {
  const couldNotAsk = (why: string): number => {
    err(`✗ could not ask: ${why}`);
    return 2;
  };
  try {
    const options = readArguments(args, env);
    // The SDK throws when it is loaded with a CLOUDINARY_URL that it can't read.
    const { audit } = await import("../testing/audit/audit.ts");
    const { reportText } = await import("../testing/audit/report.ts");
    const proof =
      options.secret === undefined
        ? "nothing can be proven without CLOUDINARY_API_SECRET"
        : "to be proven with CLOUDINARY_API_SECRET";
    out(`Asking for forged signatures (${options.shape}; ${proof}) …\n`);
    const report = await audit({ ...options, onProgress: showProgress });
    if (!report.asked) return couldNotAsk(report.why);
    for (const doubt of report.doubts) err(`! ${doubt}`);
    let code = report.forgeries > 0 ? 1 : 0;
    if (report.forgeries === 0 && report.doubts.length > 0) code = couldNotAsk(UNPROVEN);
    out(reportText(report));
    return code;
  } catch (error) {
    // Whatever breaks, exit 1 would say that there are forgeries.
    const { message } = error as Error;
    return couldNotAsk(error instanceof Unusable ? `${message}\n  ${USAGE}` : `the audit broke (${message})`);
  }
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);

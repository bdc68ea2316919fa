// `npm run docs`: docs/replays.md, what the signatures of the cookbook's profiles and the demo's would also be valid for.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import demo from "../../demo/signer.config.ts";
import { isStarted, PROCESS } from "../../src/cli/io.ts";
import { readBindings } from "../../src/config/bindings.ts";
import type { Config } from "../../src/config/checked.ts";
import type { SignerDefinition } from "../../src/config/definition.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { ACCOUNT, API_SECRET } from "../support/account.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { type Cell, DIGESTS, digests, REPLAYED, replays } from "./replays.ts";

export const DOCUMENT = join(PROJECT, "docs/replays.md");
const FROM = "<!-- by `npm run docs` -->";
const TO = "<!-- to here -->";

const BINDINGS = {
  ...ACCOUNT,
  TURNSTILE_SECRET: "a-turnstile-secret",
  JWT_SECRET: "a-shared-secret-of-more-than-32-bytes",
  ASSETS: { fetch: async () => new Response() },
};

/** Every configuration of the cookbook, as it is printed there; `module` is what they import, see `newOwnerFolder`. */
async function cookbook(module?: string): Promise<SignerDefinition[]> {
  const text = await readFile(join(PROJECT, "docs/cookbook.md"), "utf8");
  const folder = await newOwnerFolder(module);
  try {
    const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) =>
      folder.load(block),
    );
    return (await Promise.all(blocks)) as SignerDefinition[];
  } finally {
    await folder.close();
  }
}

export interface Documented {
  readonly from: "cookbook" | "demo";
  readonly name: string;
  readonly config: Config;
  readonly cells: ReadonlyMap<string, Cell>;
}

async function judged(from: Documented["from"], definition: SignerDefinition): Promise<Documented[]> {
  const config = readBindings(definition, BINDINGS);
  if (!config.ok)
    throw new Error(`a configuration of the ${from} has faults: ${JSON.stringify(config.error)}`);
  const secret = await config.value.apiSecret(0);
  if (!secret.ok) throw new Error("the secret of the tests can't be read");
  const account = { secret: API_SECRET, algorithm: "sha256" } as const;
  const signer = { config: config.value, secret: secret.value, account };
  return Promise.all(
    [...config.value.profiles].map(async ([name, profile]) => {
      const { allow = [] } = (definition.profiles as Record<string, { allow?: readonly string[] }>)[name]!;
      const cells = await replays(profile, allow, signer);
      for (const digest of await digests(profile, signer))
        cells.set(digest, { reach: undefined, isBeside: false });
      return { from, name, config: config.value, cells };
    }),
  );
}

/** Every profile of the cookbook and the demo, with what the SDK says of its signatures. */
export async function documented(module?: string): Promise<Documented[]> {
  const definitions = await cookbook(module);
  const all = [
    ...definitions.map((one) => judged("cookbook", one)),
    judged("demo", demo as SignerDefinition),
  ];
  return (await Promise.all(all)).flat();
}

const wordOf = (cell: Cell | undefined): string => {
  if (cell === undefined) return "";
  const { reach = "**ANYBODY'S**", isBeside } = cell;
  return `${reach === "for" ? "**for**" : reach}${isBeside ? "\\*" : ""}`;
};

/** The document with today's matrix in it. */
export function withMatrix(document: string, rows: readonly Documented[]): string {
  const [from, to] = [document.indexOf(FROM), document.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`the document has lost its lines ${FROM} and ${TO}`);
  const all = [...REPLAYED, ...DIGESTS];
  const shown = all.filter((name) => rows.some(({ cells }) => cells.has(name)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [
    line(["profile", ...shown.map((name) => `\`${name}\``)]),
    line(["---", ...shown.map(() => "---")]),
    ...rows.map(({ from: where, name, cells }) =>
      line([`${name} (${where})`, ...shown.map((method) => wordOf(cells.get(method)))]),
    ),
  ];
  const empty = all.filter((name) => !shown.includes(name)).map((name) => `\`${name}\``);
  const rest = `Empty for every profile, and so without a column: ${empty.join(", ")}.`;
  return `${document.slice(0, from)}${FROM}\n\n${table.join("\n")}\n\n${rest}\n\n${document.slice(to)}`;
}

if (isStarted(import.meta)) {
  await writeFile(
    DOCUMENT,
    withMatrix(await readFile(DOCUMENT, "utf8"), await documented("cloudinary-edge-signer/config")),
  );
  PROCESS.out(`wrote ${DOCUMENT}`);
}

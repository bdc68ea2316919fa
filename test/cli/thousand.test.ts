// A definition of 1,000 profiles, which no variable of a Worker would hold: it is checked, passes a dry run, and starts.

import { expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { start } from "../../src/cli/start.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { runHere } from "../support/command.ts";
import { freePort } from "../support/ports.ts";
import { post } from "../support/targets.ts";
import { deployment, WRANGLER } from "./deployment.ts";

const PROFILES = 1000;
const module = (path: string): string => JSON.stringify(`${PROJECT}src/${path}`);

it("1,000 profiles pass a dry run and start", async () => {
  const names = Array.from({ length: PROFILES }, (_, i) => `inbox-${i + 1}`);
  const profiles = names.map(
    (name) =>
      `    ${JSON.stringify(name)}: { access: ["public"], ttl: 300, set: { folder: "inbox/${name}" }, accept: { context: { keys: ["alt"], maxLength: 200 } } },`,
  );
  const { config, remove } = await deployment({
    "wrangler.toml": WRANGLER,
    "signer.config.ts": `import { defineSigner } from ${module("config.ts")};\nexport default defineSigner({\n  profiles: {\n${profiles.join("\n")}\n  },\n  environments: { staging: {} },\n});\n`,
    "index.ts": `import { createWorker } from ${module("worker.ts")};\nimport config from "./signer.config.ts";\nexport default createWorker(config);\n`,
  });
  const checked = await runHere(main, ["check", "--json", "--config", config]);
  const { ok, environments } = JSON.parse(checked.stdout);
  expect([ok, environments[0].profiles.length]).toEqual([true, PROFILES]);

  // Its Worker comes from a dry run of wrangler's deploy.
  const [PORT, EMULATOR_PORT] = [String(await freePort()), String(await freePort())];
  const output: string[] = [];
  const io = { env: { PORT, EMULATOR_PORT }, out: (text: string) => void output.push(text), err: () => {} };
  let stop = async () => {};
  await start({ config }, io, (undo) => {
    stop = undo;
  });
  const url = `http://localhost:${PORT}`;
  expect(await (await fetch(`${url}/health`)).json()).toEqual({
    status: "ok",
    policy: environments[0].policy,
    profiles: PROFILES,
    faults: [],
  });
  const last = await fetch(`${url}/sign/${names.at(-1)}`, post({ params: { context: { alt: "A cat" } } }));
  expect(await last.json()).toMatchObject({
    fields: { folder: `inbox/${names.at(-1)}`, context: "alt=A cat" },
  });
  expect(output.join("\n")).toContain("inbox-1000");
  await stop();
  await remove();
});

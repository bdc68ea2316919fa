// The commands with their options, and what runs each; each is loaded where it is asked for alone.

import { type Command, Option } from "commander";
import { SHAPES } from "./audit-shapes.ts";
import type { Io } from "./io.ts";
import { addHeader, atMost, jsonObject, unixSeconds, webAddress, webOrigin } from "./option-values.ts";
import { wranglerFile } from "./wrangler-toml.ts";

/** The command with its name, before it has options; and what is told the exit code, `undefined` where it goes on running. */
type Add = (declare: (name: string) => Command, io: Io, done: (code: number | undefined) => void) => void;

const CONFIG = [
  "--config <file>",
  "the wrangler.toml, beside which signer.config.ts stands (default: the one in this folder)",
] as const;
const ENV = ["--env <name>", "the environment of wrangler.toml"] as const;
const JSON_OUT = ["--json", "for machines"] as const;
const HEADER = [
  "--header <line>",
  "sent to the signer, as 'Name: value'; can be given several times",
  addHeader,
] as const;
const PARAMS = [
  "--params <json>",
  "the parameters, by Cloudinary's names",
  jsonObject("--params", `'{"context":{"alt":"A cat"}}'`),
] as const;

/** With the file that is meant where none was given. */
const found = <T extends { readonly config?: string }>(options: T) => ({
  ...options,
  config: options.config ?? wranglerFile(),
});

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ cloudinary-edge-signer ${line}`).join("\n")}`;

const init: Add = (declare, io, done) =>
  declare("init")
    .description("writes the files of a new deployment; overwrites nothing")
    .argument("[folder]", "where to", ".")
    .option("--name <name>", "the Worker's name")
    .option("--origin <origins>", "the origins of your pages, with commas between")
    .option("--access <who>", "who may upload: origin, jwt or public")
    .option("--type <type>", "what may be uploaded: image, video, raw or auto")
    .option("--yes", "asks no questions")
    .addHelpText("after", examples("init", "init uploads --yes --origin https://www.example.com"))
    .action(async (folder, options) => done(await (await import("./init.ts")).init(folder, options, io)));

const start: Add = (declare, io, done) =>
  declare("start")
    .description("runs the deployment beside a local Cloudinary (PORT, EMULATOR_PORT)")
    .option(...CONFIG)
    .option(...ENV)
    .addHelpText("after", examples("start", "start --env staging"))
    .action(async (options) => {
      const { start } = await import("./start.ts");
      await start(found(options), io);
      done(undefined);
    });

const check: Add = (declare, io, done) =>
  declare("check")
    .description("checks every environment: policy, account, secrets, bindings")
    .option(...CONFIG)
    .option("--env <name>", 'one environment alone; "" is the one without a name')
    .option("--print", "writes the effective policy of each in words")
    .option(...JSON_OUT)
    .addHelpText("after", examples("check", "check --print"))
    .action(async (options) => done(await (await import("./check.ts")).check(found(options), io)));

const tryOut: Add = (declare, io, done) =>
  declare("try")
    .description("what would be signed or refused, and why; nothing is signed")
    .argument("<profile>", "the name of a profile")
    .argument("[claims]", "who asks, as JSON", "{}")
    .argument("[params]", "the parameters, as JSON", "{}")
    .option(...CONFIG)
    .option(...ENV)
    .option("--access <name>", "the access method by which the caller comes")
    .option("--drop-in", "asks like a component that chose the parameters itself", false)
    .option(...JSON_OUT)
    .addHelpText("after", examples("try default", `try avatars '{"sub":"42"}' '{"context":{"alt":"A cat"}}'`))
    .action(async (profile, claims, params, options) => {
      const { tryRequest } = await import("./try.ts");
      done(await tryRequest({ profile, claims, params, ...found(options) }, io));
    });

const audit: Add = (declare, io, done) =>
  declare("audit")
    .description(
      "asks a signing endpoint for forgeries, and tells which it signs; or a webhook, which it takes",
    )
    .argument("<url>", "the endpoint")
    .addOption(new Option("--shape <shape>", "how it wants its parameters").choices(SHAPES).default("params"))
    .addOption(
      new Option("--webhook", "it takes Cloudinary's notifications, and is sent forged ones").conflicts(
        "shape",
      ),
    )
    .option(...HEADER)
    .option(
      "--harmless <json>",
      "parameters that it signs for everyone; with --webhook, members of each notification",
      jsonObject("--harmless", `'{"folder":"widget"}'`),
    )
    .option("--i-own-this", "the endpoint is yours, on another machine than this one")
    .option(...JSON_OUT)
    .addHelpText(
      "after",
      `${examples("audit http://localhost:8787/sign", "audit http://localhost:3000/api/sign --shape paramsToSign", "audit http://localhost:3000/api/hook --webhook")}\n\nThe secret of CLOUDINARY_API_SECRET or CLOUDINARY_URL, where one is set, proves what was\nsigned, and signs honest notifications. It is never sent.`,
    )
    .action(async (url, options) => {
      const { auditEndpoint } = await import("./audit-command.ts");
      done(await auditEndpoint({ url, ...options }, io));
    });

const explain: Add = (declare, io, done) =>
  declare("explain")
    .description("why Cloudinary refused a request: reads its answer, the form, the code")
    .argument("[file]", "what was copied, or the text itself in quotes; without one it is piped or pasted")
    .option("--all", "also what is less likely")
    .option("--now <time>", "when the request was sent, for stale timestamps", unixSeconds)
    .option(...JSON_OUT)
    .addHelpText(
      "after",
      examples(
        "explain",
        "explain refused.txt",
        "explain 'Invalid Signature …'",
        "explain --json < refused.txt",
      ),
    )
    .action(async (file, options) => {
      const { explainPasted } = await import("./explain-command.ts");
      done(await explainPasted(file, options, io));
    });

const doctor: Add = (declare, io, done) =>
  declare("doctor")
    .description("finds what is wrong with a project, or with a running signer")
    .argument("[url]", "the address of a signer; without one, the project here is looked at", webAddress)
    .option(...CONFIG)
    .option(...ENV)
    .option("--scan <folder>", "a built front end, in which secrets are looked for")
    .option(
      "--message <file>",
      "a refusal, as for `explain`: which mistake made its signature; needs the API secret",
    )
    .option("--origin <origin>", "with an address: the origin of your pages, for CORS", webOrigin)
    .option("--profile <name>", "with an address: whose ticket is asked for", "default")
    .option(...HEADER)
    .option(...PARAMS)
    .option("--upload", "with an address: uploads a small picture, which stays as an asset")
    .option(...JSON_OUT)
    .addHelpText(
      "after",
      examples(
        "doctor --scan dist",
        "doctor https://signer.example.com --origin https://www.example.com",
        "doctor http://localhost:8787 --profile members --header 'Authorization: Bearer …' --upload",
      ),
    )
    .action(async (url, options) => {
      const { doctor } = await import("./doctor.ts");
      done(await doctor({ url, ...found(options) }, io));
    });

const upload: Add = (declare, io, done) =>
  declare("upload")
    .description("uploads files and folders with tickets of a signer")
    .argument("<file...>", "files, and folders with all that is in them but hidden files")
    .option("--signer <url>", "the signer (default: http://localhost:8787, or PORT)", webAddress)
    .option("--profile <name>", "whose tickets are asked for", "default")
    .option(...HEADER)
    .option(...PARAMS)
    .option("--print", "uploads nothing, and prints a curl command for each file")
    .option("--json", "for machines: a line of JSON for each file")
    .addHelpText(
      "after",
      examples(
        "upload cat.jpg photos/",
        "upload --signer https://signer.example.com --header 'Authorization: Bearer …' *.jpg",
        "upload --print cat.jpg https://www.example.com/sample.jpg",
      ),
    )
    .action(async (files, options) => {
      const { uploadFiles } = await import("./upload-command.ts");
      done(await uploadFiles({ files, ...options }, io));
    });

const types: Add = (declare, io, done) =>
  declare("types")
    .description("the types of the profiles, for front ends that can't import signer.config.ts")
    .option(...CONFIG)
    .option("--out <file>", "the file to write, such as src/signer-types.ts (default: prints it)")
    .option("--check", "writes nothing, and fails where the file is out of step")
    .addHelpText(
      "after",
      examples("types", "types --out ../web/src/signer-types.ts", "types --out signer-types.ts --check"),
    )
    .action(async (options) => done(await (await import("./types-command.ts")).types(found(options), io)));

const replay: Add = (declare, io, done) =>
  declare("replay")
    .description("dead letters back into the queue of notifications")
    .option(...CONFIG)
    .option(...ENV)
    .option("--dry-run", "lists what is there, and changes nothing")
    .option("--limit <number>", "most letters", atMost("--limit", 10_000), 100)
    .option("--print", "prints what the letters hold, too")
    .option(...JSON_OUT)
    .addHelpText(
      "after",
      `${examples("replay --dry-run", "replay --env staging --limit 1000")}\n\nCLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID are those of wrangler.`,
    )
    .action(async (options) => done(await (await import("./replay.ts")).replay(found(options), io)));

/** Every command, in the order and under the titles of the help. */
export const COMMANDS: readonly (readonly [title: string, commands: readonly Add[]])[] = [
  ["Begin:", [init, start]],
  ["Look before you deploy:", [check, tryOut, audit]],
  ["When something is wrong:", [explain, doctor, replay]],
  ["Use a signer:", [upload, types]],
];

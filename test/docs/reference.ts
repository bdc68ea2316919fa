// docs/reference.md: every setting, binding, code, limit, risk, parameter, event and command, as docstrings, tables and
// the command line itself tell of them. What lacks a docstring makes no page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FETCH_TIMEOUT_MS } from "../../src/access/fetch-json.ts";
import { programOf } from "../../src/cli/cli.ts";
import { PROCESS } from "../../src/cli/io.ts";
import { codeOf, type Failure } from "../../src/failure.ts";
import { MAX_NOTIFICATION_BYTES } from "../../src/http/routes/notifying.ts";
import { BODY_TIMEOUT_MS } from "../../src/http/wire/body.ts";
import { LIMITER_TIMEOUT_MS } from "../../src/limits/limiter.ts";
import { MAX_FUTURE, MAX_PAST } from "../../src/policy/decide/client-time.ts";
import { MAX_FILES, MAX_TTL, MIN_TTL, SIGNATURE_LIFE } from "../../src/policy/profile.ts";
import { OPT_INS, risksOf } from "../../src/policy/tables/methods.ts";
import { METHOD_NAMES, METHOD_ROWS } from "../../src/policy/tables/signed-methods.ts";
import { MAX_TEXT_LENGTH } from "../../src/policy/values/text.ts";
import { PROBLEMS, type ProblemCode } from "../../src/problem.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { MAX_BODY_BYTES } from "../../src/tickets/signing-request.ts";
import { CONFIRMABLE } from "../../src/tickets/upload-id.ts";
import { CLOUDINARY_TIMEOUT_MS } from "../../src/uploads/cloudinary-api.ts";
import { APPLICATION_TIMEOUT_MS } from "../../src/uploads/tell-application.ts";
import { type Compiler, type Member, openCompiler, type Type } from "./compiler.ts";
import { OPERATIONS } from "./openapi/operations.ts";

export const REFERENCE = join(PROJECT, "docs/reference.md");

/** A cell: a bar would end it. */
const cell = (text: string): string => text.replaceAll("\\|", "|").replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text)}\``;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}

/** What is said of a member; one that says nothing is not let pass. */
function docOf(owner: string, { name, doc }: Member): string {
  if (doc === "") throw new Error(`write a docstring for ${owner}.${name}`);
  return cell(doc);
}

/** Types that the compiler tells in its own words, as people write them. */
const WRITTEN: Readonly<Record<string, string>> = {
  "SignerDefinition.access": "{ [name]: access method }",
  "SignerDefinition.profiles": "{ [name]: profile }",
  "SignerDefinition.environments": "{ [name]: settings }",
  "EnvironmentDefinition.access": "{ [name]: access method }",
  "UploadProfile.access": "string[]",
  "FileDefinition.maxBytes": 'number | "5 MB"',
  "MethodProfile.method": METHOD_NAMES.filter((name) => name !== "upload")
    .map((name) => `"${name}"`)
    .join(" | "),
  "RequestEvent.code": "ProblemCode",
  "RequestEvent.reason": "FailureReason",
  "Problem.code": "ProblemCode",
};
/** Most values of a type that are listed where its name could stand. */
const MOST_VALUES = 6;

/** A type as one writes it: values where they are few, else its name. */
function typeText(compiler: Compiler, owner: string, { name, type }: Member): string {
  const written = WRITTEN[`${owner}.${name}`];
  if (written !== undefined) return written;
  const parts = compiler.partsOf(type).map((part) => compiler.textOf(part).replaceAll(/\breadonly /g, ""));
  const isBoolean = parts.includes("true") && parts.includes("false");
  if (isBoolean) return ["boolean", ...parts.filter((part) => !/^(true|false)$/.test(part))].join(" | ");
  return parts.length > MOST_VALUES
    ? compiler.textOf(type).replace(/ \| undefined$/, "")
    : parts.map((part) => (parts.length === 1 ? part.replace(/^\((.*)\)$/, "$1") : part)).join(" | ");
}

/** How a table tells of members: what must be set, what may be absent, or neither the one nor a type. */
type About = "settings" | "answers" | "bindings";
type Skip = (member: Member) => boolean;

/** The members of a type: name, type, meaning. */
function membersTable(
  compiler: Compiler,
  owner: string,
  type: Type,
  about: About,
  skip: Skip = () => false,
): string {
  const members = compiler.membersOf(type).filter((member) => !skip(member));
  if (about === "bindings")
    return table(
      ["name", ""],
      members.map((member) => [code(member.name), docOf(owner, member)]),
    );
  const rows = members.map((member) => {
    const mayBeAbsent = member.isOptional || / \| undefined$/.test(compiler.textOf(member.type));
    const mark = about === "settings" ? (mayBeAbsent ? "" : ", needed") : mayBeAbsent ? ", or absent" : "";
    return [code(member.name) + mark, code(typeText(compiler, owner, member)), docOf(owner, member)];
  });
  return table(["name", "type", ""], rows);
}

/** Access methods and providers: whatever the file exports as a function of options. */
function accessSection(compiler: Compiler): string {
  const methods = compiler.namesOf("access/all.ts").filter((name) => /^[a-z]/.test(name));
  const providers = compiler.namesOf("access/providers.ts").filter((name) => /^[a-z]/.test(name));
  const section = (file: string, name: string): string => {
    const { doc, type } = compiler.valueOf(file, name);
    if (doc === "") throw new Error(`write a docstring for ${name}`);
    const options = compiler.parameterOf(type);
    const members = options === undefined ? [] : compiler.membersOf(options);
    // What all providers take beside their own is what `jwt` takes.
    const told = members.filter(({ doc: said }) => said !== "");
    const own = file === "access/all.ts" && members.length > 0;
    const text = doc.replace(/ Source: (https:\S+)$/, " ([documented there]($1))");
    return `### \`${name}\`\n\n${text}${own && told.length > 0 ? `\n\n${membersTable(compiler, name, options!, "settings")}` : ""}`;
  };
  return [
    ...methods.map((name) => section("access/all.ts", name)),
    ...providers.map((name) => section("access/providers.ts", name)),
  ].join("\n\n");
}

function codesTable(compiler: Compiler): string {
  const docs = new Map(
    compiler
      .membersOf(compiler.valueOf("problem.ts", "PROBLEMS").type)
      .map((member) => [member.name, member]),
  );
  const reasons = compiler
    .partsOf(compiler.typeOf("failure.ts", "FailureReason").type)
    .map((type) => JSON.parse(compiler.textOf(type)) as Failure["reason"]);
  const rows = (Object.keys(PROBLEMS) as ProblemCode[]).map((name) => {
    const [status, title] = PROBLEMS[name];
    const why = reasons.filter((reason) => codeOf({ reason } as Failure) === name && reason !== name);
    return [
      code(name),
      String(status),
      `${title}. ${docOf("PROBLEMS", docs.get(name)!)}`,
      why.sort().map(code).join(", "),
    ];
  });
  return table(
    ["code", "status", "what it means, and what to do", "`reason` in the log, where it says more"],
    rows,
  );
}

/** The rules by their headings in docs/rules.md. */
function rulesList(): string {
  const text = readFileSync(join(PROJECT, "docs/rules.md"), "utf8");
  return [...text.matchAll(/^## (R\d+): (.*)$/gm)]
    .map(([, rule = "", title = ""]) => {
      const anchor = `${rule}-${title}`
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-");
      return `- [${rule}](rules.md#${anchor}): ${title}`;
    })
    .join("\n");
}

function commandsSection(): string {
  return programOf(PROCESS, "", false, () => {})
    .commands.map((command) => {
      const usage = command.registeredArguments
        .map((one) => {
          const name = one.name() + (one.variadic ? "…" : "");
          return one.required ? ` <${name}>` : ` [${name}]`;
        })
        .join("");
      const args = command.registeredArguments.map((one) => [code(one.name()), cell(one.description)]);
      const options = command.options.map(({ flags, description, defaultValue }) => {
        const usual = ["string", "number"].includes(typeof defaultValue)
          ? `; default \`${defaultValue}\``
          : "";
        return [code(flags), cell(description) + usual];
      });
      const rows = [...args, ...options];
      const [first = "", ...others] = command.description();
      const said = `### \`${command.name()}${usage}\`\n\n${first.toUpperCase()}${others.join("")}.`;
      return rows.length === 0 ? said : `${said}\n\n${table(["argument or option", ""], rows)}`;
    })
    .join("\n\n");
}

/** Parameters of each method: what a client may be left. */
function parametersTable(): string {
  const rows = new Map<string, string[]>();
  for (const method of METHOD_NAMES)
    for (const [name, [kind, client, templated]] of Object.entries(METHOD_ROWS[method])) {
      const key = [code(name), cell(kind), client, templated === undefined ? "" : "yes"].join(" | ");
      rows.set(key, [...(rows.get(key) ?? []), method]);
    }
  return table(
    ["parameter", "kind of value", "left to a client", "`{claims}` filled in", "methods"],
    [...rows].map(([key, methods]) => [key, methods.map(code).join(", ")]),
  );
}

/** Limits that no setting moves. */
function numbersTable(): string {
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const kib = (bytes: number): string => `${bytes / 1024} KiB`;
  return table(
    ["", ""],
    [
      ["a request's body", kib(MAX_BODY_BYTES)],
      ["a notification", kib(MAX_NOTIFICATION_BYTES)],
      ["files of one request", String(MAX_FILES)],
      ["life of a signature, which is Cloudinary's", `${SIGNATURE_LIFE} s`],
      ["`ttl`", `${MIN_TTL} to ${MAX_TTL} s`],
      ["confirming, after the `ttl`", `${CONFIRMABLE} s`],
      ["the time that a component chose", `${MAX_PAST} s in the past to ${MAX_FUTURE} s ahead`],
      ["a text that is signed", `${MAX_TEXT_LENGTH} characters`],
      ["waiting for a body", seconds(BODY_TIMEOUT_MS)],
      ["waiting for Cloudinary", seconds(CLOUDINARY_TIMEOUT_MS)],
      ["waiting for the application", seconds(APPLICATION_TIMEOUT_MS)],
      ["waiting for a key set, or Turnstile", seconds(FETCH_TIMEOUT_MS)],
      ["waiting for a rate limiter", seconds(LIMITER_TIMEOUT_MS)],
    ],
  );
}

function sections(compiler: Compiler): readonly (readonly [title: string, text: string])[] {
  const members = (file: string, name: string, about: About, skip?: Skip) => {
    const { doc, type } = compiler.typeOf(file, name);
    return `${doc}\n\n${membersTable(compiler, name, type, about, skip)}`;
  };
  const uploadMembers = compiler
    .membersOf(compiler.typeOf("config/definition.ts", "UploadProfile").type)
    .map(({ name }) => name);
  const isOfUploads: Skip = ({ name }) =>
    uploadMembers.includes(name) && !["method", "resourceType"].includes(name);
  return [
    [
      "Settings",
      `${members("config/definition.ts", "SignerDefinition", "settings")}\n\nIn prose: [configuration.md](configuration.md).`,
    ],
    ["Settings of an environment", members("config/definition.ts", "EnvironmentDefinition", "settings")],
    [
      "Settings of a profile",
      [
        `${members("config/definition.ts", "UploadProfile", "settings")}\n\nIn prose: [profiles.md](profiles.md), [uploads.md](uploads.md), [webhooks.md](webhooks.md).`,
        `### \`file\`\n\n${members("config/definition.ts", "FileDefinition", "settings")}`,
        `### Profiles for another method\n\n${members("config/definition.ts", "MethodProfile", "settings", isOfUploads)}\n\nWhat else there is, is as above; \`ttl\` is at most 3600.`,
      ].join("\n\n"),
    ],
    [
      "Limits of `accept`",
      `${members("policy/tables/limits.ts", "LimitsInput", "settings")}\n\nWhich of them fit a parameter depends on its kind: another is a fault.`,
    ],
    ["Numbers", numbersTable()],
    [
      "Risks that `allow` accepts",
      `${table(
        ["name", "whoever holds a signature can then"],
        OPT_INS.filter((name, at) => OPT_INS.indexOf(name) === at).map((name) => [
          code(name),
          cell(risksOf(name).join("; or ")),
        ]),
      )}\n\nThese are of profiles. The access method \`origin\` has one of its own, \`allow: ["preview-origins"]\`: whoever gets a name that fits a pattern of \`allowedOrigins\` comes in like your own pages.`,
    ],
    [
      "Parameters",
      `Cloudinary's own, by method. \`limits\`: a client may send a value within the limits of \`accept\`. \`enum\`: one of whole values that \`accept\` lists. \`never\`: the server alone may set it. A name that is not here is never signed.\n\n${parametersTable()}`,
    ],
    [
      "Access methods",
      `In prose: [access.md](access.md). A profile may also name \`public\`, anybody, which needs no declaration.\n\n${accessSection(compiler)}`,
    ],
    ["Bindings of the Worker", members("config/bindings.ts", "Bindings", "bindings")],
    ["Options of `createSigner`", members("hono.ts", "SignerOptions", "settings")],
    [
      "Routes",
      `${table(
        ["", ""],
        Object.entries(OPERATIONS).map(([name, { summary }]) => [code(name), cell(summary)]),
      )}\n\nEach with its request, its answers and examples: [openapi.json](openapi.json).`,
    ],
    [
      "Codes",
      `Of problems (\`application/problem+json\`). In prose: [answers.md](answers.md).\n\n${codesTable(compiler)}`,
    ],
    ["A problem", members("problem.ts", "Problem", "answers")],
    ["Rules", `A refusal names its rule; \`docs/rules.md\` explains each.\n\n${rulesList()}`],
    [
      "A line of the log",
      `${members("observe/event.ts", "RequestEvent", "answers")}\n\nEach line begins with \`time\`, ISO 8601 in UTC, and \`level\`: \`info\`, \`warn\` or \`error\`. In prose: [answers.md](answers.md#the-log).`,
    ],
    ["What `onUploaded` hears", members("config/application.ts", "ConfirmedUpload", "answers")],
    ["What `onNotification` hears", members("config/application.ts", "CloudinaryNotification", "answers")],
    ["An asset", members("config/application.ts", "UploadedAsset", "answers")],
    [
      "Commands",
      `\`npx cloudinary-edge-signer …\`. In prose: [commands.md](commands.md).\n\n${commandsSection()}`,
    ],
  ];
}

/** The page, as it is written. */
export function referenceText(): string {
  const compiler = openCompiler();
  const all = sections(compiler);
  compiler.close();
  const head = [
    "<!-- made by `npm run docs` from the sources: change the docstrings and tables there -->",
    "# Reference",
    "Every name, exactly as it is written. What they are for, other pages tell in prose: the [README](../README.md) first. The package's functions and types are in [docs/api](api/README.md).",
  ];
  return `${[...head, ...all.map(([title, text]) => `## ${title}\n\n${text}`)].join("\n\n")}\n`;
}

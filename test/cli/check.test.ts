// `cloudinary-edge-signer check`: what people get wrong in their configuration and environments is found, with the place
// and the fix, and without any value; and what only looks like it passes.

import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { buildWorker, newBuild, PROJECT, removeBuild, startWorker } from "../../src/testing/local-worker.ts";
import { type Ran, runHere, runProcess } from "../support/command.ts";
import { FULL, sampled } from "../support/counts.ts";
import { configModule, DEMO, demoBuild } from "../support/once.ts";
import { expectWords } from "../support/words.ts";
import { CONFIG_MODULE, DEFINITION, deployment, RIGHT, WRANGLER } from "./deployment.ts";

/** A value that nobody may see again. */
const PLANTED = "Zq8aRealLooking7SECRETvalue";
const TOML = "wrangler.toml";
const TS = "signer.config.ts";

type File = keyof typeof RIGHT;
type Files = Record<File, string>;
type Change = readonly [file: File, from: string, to: string];

/** The right deployment with these changes, each of which has to change something. */
function changed(...changes: readonly Change[]): Files {
  const files: Files = { ...RIGHT };
  for (const [file, from, to] of changes) {
    expect(files[file]).toContain(from);
    files[file] = files[file].replace(from, () => to);
  }
  return files;
}

/** Of hundreds of checks each would bundle the same sources; the processes below do. */
const MODULE = await configModule();

async function check(files: Readonly<Record<string, string>>, ...options: string[]): Promise<Ran> {
  const quick = Object.entries(files).map(([name, text]) => [name, text.replaceAll(CONFIG_MODULE, MODULE)]);
  const { config, folder, remove } = await deployment(Object.fromEntries(quick));
  const ran = await runHere(main, ["check", "--config", config, ...options]);
  await remove();
  const plain = (text: string) => stripVTControlCharacters(text).replaceAll(`${folder}/`, "");
  return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr) };
}

const vars = (line: string): Change => [TOML, "[vars]\n", `[vars]\n${line}\n`];
const stagingVars = (line: string): Change => [TOML, "[env.staging.vars]\n", `[env.staging.vars]\n${line}\n`];
const profile = (from: string, to: string): Change => [TS, from, to];
const LIMITER = WRANGLER.slice(WRANGLER.indexOf("[[env.staging.ratelimits]]"));

/** What is wrong, the change that makes it so, and the start of the line that tells it. */
const PLANTED_FAULTS: readonly (readonly [
  name: string,
  changes: readonly Change[],
  line: string,
  fix: string,
])[] = [
  // Secrets
  [
    "the API secret in [vars]",
    [vars(`CLOUDINARY_API_SECRET = "${PLANTED}"`)],
    "wrangler.toml: CLOUDINARY_API_SECRET: remove it from [vars]",
    "npx wrangler secret put CLOUDINARY_API_SECRET",
  ],
  [
    "CLOUDINARY_URL in an environment's variables",
    [stagingVars(`CLOUDINARY_URL = "cloudinary://123456789012345:${PLANTED}@my-cloud"`)],
    "wrangler.toml --env staging: CLOUDINARY_URL: remove it from [env.staging.vars]",
    "npx wrangler secret put CLOUDINARY_URL --env staging",
  ],
  [
    "the previous key pair in [vars]",
    [vars(`CLOUDINARY_URL_PREVIOUS = "cloudinary://123456789012345:${PLANTED}@my-cloud"`)],
    "wrangler.toml: CLOUDINARY_URL_PREVIOUS: remove it from [vars]",
    "npx wrangler secret put CLOUDINARY_URL_PREVIOUS",
  ],
  [
    "the previous key pair, misspelled",
    [vars(`CLOUDINARY_URL_PREVIUS = "x"`)],
    "wrangler.toml: CLOUDINARY_URL_PREVIUS: correct its name in [vars]",
    "did you mean CLOUDINARY_URL_PREVIOUS?",
  ],
  [
    "the secret of an access method in an environment's variables",
    [stagingVars(`JWT_SECRET = "short"`)],
    "wrangler.toml --env staging: JWT_SECRET: remove it from [env.staging.vars]",
    "npx wrangler secret put JWT_SECRET --env staging",
  ],
  [
    "a variable that looks like a secret by its value",
    [vars(`UPLOADS = "${PLANTED}"`)],
    "UPLOADS: remove it from [vars]",
    "change it where it was made",
  ],
  [
    "a variable that looks like a secret by its name",
    [stagingVars('DATABASE_PASSWORD = "hunter-two"')],
    "DATABASE_PASSWORD: remove it from [env.staging.vars]",
    "everyone can read it there",
  ],
  [
    "a secret inside of a variable that is a table",
    [vars(`SETTINGS = { url = "redis://user:${PLANTED}@host" }`)],
    "SETTINGS: remove it from [vars]",
    "npx wrangler secret put SETTINGS",
  ],
  [
    "the address of the account in the variable of its cloud name",
    [[TOML, '"my-cloud"', `"cloudinary://123456789012345:${PLANTED}@my-cloud"`]],
    "CLOUDINARY_CLOUD_NAME: remove it from [vars]",
    "everyone can read it there",
  ],
  [
    "a secret in a comment",
    [[TOML, "[vars]\n", `# cloudinary://123456789012345:${PLANTED}@my-cloud\n[vars]\n`]],
    "wrangler.toml: wrangler.toml, line 5: remove the secret",
    "change it where it was made",
  ],
  [
    "a secret in the build command",
    [[TOML, "[vars]\n", `[build]\ncommand = "URL=cloudinary://1:${PLANTED}@x node a.js"\n[vars]\n`]],
    "wrangler.toml, line 6: remove the secret",
    "change it where it was made",
  ],
  [
    "a secret in the definition",
    [profile("profiles: {", `// cloudinary://123456789012345:${PLANTED}@my-cloud\n  profiles: {`)],
    "signer.config.ts, line 9: remove the secret",
    "change it where it was made",
  ],
  [
    "a secret in the place of its binding's name",
    [profile('"JWT_SECRET"', `"${PLANTED}-and-more"`)],
    "signer.config.ts, access.members.secret: ",
    "JWT_SECRET",
  ],
  [
    "the API secret as a setting",
    [profile("profiles: {", `apiSecret: "${PLANTED}",\n  profiles: {`)],
    "signer.config.ts, apiSecret: remove it",
    "put CLOUDINARY_URL",
  ],
  [
    "a secret's name inside of a variable that is a table",
    [vars('SETTINGS = { inner = { JWT_SECRET = "short" } }')],
    "wrangler.toml: SETTINGS: remove it from [vars]",
    "everyone can read it there",
  ],
  [
    "the secret of another environment's access method",
    [
      profile(
        'log: "refusals" }',
        'access: { members: jwt({ secret: "STAGING_KEY", issuer: "a", audience: "b" }) } }',
      ),
      vars('STAGING_KEY = "short"'),
    ],
    "wrangler.toml: STAGING_KEY: remove it from [vars]",
    "npx wrangler secret put STAGING_KEY",
  ],
  [
    "a key of capitals and digits in the place of its binding's name",
    [profile('"JWT_SECRET"', '"JBSWY3DPEHPK3PXPJBSW"')],
    "signer.config.ts, access.members.secret: must be the name of a secret binding",
    "never the secret itself",
  ],
  // The check itself
  [
    "an environment whose build command checks nothing",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[build]\ncommand = "npx cloudinary-edge-signer check"\n[env.staging.build]\ncommand = "true"\n[env.staging.vars]',
      ],
    ],
    "wrangler.toml --env staging: [env.staging.build] command: add `cloudinary-edge-signer check &&`",
    "other environments run this check",
  ],
  // Account
  [
    "a cloud name that is a placeholder",
    [[TOML, '"my-cloud"', '"<your cloud name>"']],
    "wrangler.toml: CLOUDINARY_CLOUD_NAME: write CLOUDINARY_CLOUD_NAME = ",
    "under [vars] in wrangler.toml: it is still the placeholder",
  ],
  [
    "an API key in quotes",
    [[TOML, '"123456789012345"', "\"'123456789012345'\""]],
    "CLOUDINARY_API_KEY: write CLOUDINARY_API_KEY",
    "it is wrapped in quotes",
  ],
  [
    "a cloud name without its key",
    [
      [TOML, 'CLOUDINARY_API_KEY = "123456789012345"\n', ""],
      [TOML, 'CLOUDINARY_API_KEY = "123456789012346"\n', ""],
    ],
    "CLOUDINARY_API_KEY: write CLOUDINARY_API_KEY",
    "under [vars] in wrangler.toml: it is missing",
  ],
  [
    "an API key of an environment in quotes",
    [[TOML, '"123456789012346"', "\"'123456789012346'\""]],
    'wrangler.toml --env staging: CLOUDINARY_API_KEY: write CLOUDINARY_API_KEY = "…" under [env.staging.vars]',
    "it is wrapped in quotes",
  ],
  [
    "both forms of the account",
    [
      [
        TOML,
        "[env.staging.vars]\n",
        '[secrets]\nrequired = ["CLOUDINARY_URL"]\n[env.staging.secrets]\nrequired = ["CLOUDINARY_URL"]\n[env.staging.vars]\n',
      ],
    ],
    "CLOUDINARY_CLOUD_NAME: remove one of the two",
    "it is set beside CLOUDINARY_URL",
  ],
  [
    "an upload prefix without its scheme",
    [vars('CLOUDINARY_UPLOAD_PREFIX = "api-eu.cloudinary.com"')],
    "CLOUDINARY_UPLOAD_PREFIX: ",
    "https://api-eu.cloudinary.com",
  ],
  [
    "an origin with a path in ALLOWED_ORIGINS",
    [stagingVars('ALLOWED_ORIGINS = "https://a.example/, https://b.example"')],
    "wrangler.toml --env staging: ALLOWED_ORIGINS: write origins such as https://www.example.com",
    "must hold origins exactly as browsers send them",
  ],
  // Environments
  [
    "a limiter that one environment lacks",
    [[TOML, LIMITER, ""]],
    "wrangler.toml --env staging: LIMIT_BY_IP: add it under [[env.staging.ratelimits]]",
    "it is bound in another environment and not here",
  ],
  [
    "an account that one environment lacks",
    [
      [TOML, 'CLOUDINARY_CLOUD_NAME = "my-staging-cloud"\n', ""],
      [TOML, 'CLOUDINARY_API_KEY = "123456789012346"\n', ""],
    ],
    "wrangler.toml --env staging: CLOUDINARY_CLOUD_NAME: add it under [env.staging.vars]",
    "it is set in another environment and not here",
  ],
  [
    "required secrets that one environment does not require",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[secrets]\nrequired = ["CLOUDINARY_API_SECRET", "JWT_SECRET"]\n[env.staging.vars]',
      ],
    ],
    "wrangler.toml --env staging: JWT_SECRET: add it under [env.staging.secrets]",
    "it is required in another environment and not here",
  ],
  [
    "SIGNER_ENV that names no environment",
    [[TOML, 'SIGNER_ENV = "staging"', 'SIGNER_ENV = "stagin"']],
    "wrangler.toml --env staging: SIGNER_ENV: name one of `environments`",
    "(did you mean staging?): staging",
  ],
  [
    "an environment that replaces a method that is not there",
    [profile('log: "refusals" }', "access: { member: origin() } }")],
    "signer.config.ts, environments.staging.access.member: declare it in `access` too",
    "correct its name (did you mean members?)",
  ],
  // Names
  [
    "a misspelt variable",
    [[TOML, 'SIGNER_ENV = "staging"', 'SIGNER_ENVI = "staging"']],
    "SIGNER_ENVI: correct its name in [env.staging.vars] (did you mean SIGNER_ENV?)",
    "the signer reads no such variable",
  ],
  [
    "a misspelt limiter",
    [
      [TOML, 'name = "LIMIT_BY_IP"\nnamespace_id = "1001"', 'name = "LIMIT_BY_IPS"\nnamespace_id = "1001"'],
      [TOML, 'name = "LIMIT_BY_IP"\nnamespace_id = "1002"', 'name = "LIMIT_BY_IPS"\nnamespace_id = "1002"'],
    ],
    "LIMIT_BY_IPS: correct its name under [[ratelimits]] (did you mean LIMIT_BY_IP?)",
    "the signer reads no such binding",
  ],
  [
    "a limiter as a variable",
    [vars("LIMIT_BY_SUBJECT = 100")],
    "LIMIT_BY_SUBJECT: write it under [[ratelimits]]",
    "it is not a variable",
  ],
  [
    "a dataset as a variable",
    [vars('ANALYTICS = "signer"')],
    "ANALYTICS: write it under [[analytics_engine_datasets]]",
    "it is not a variable",
  ],
  [
    "a limiter as another kind of binding",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[[kv_namespaces]]\nbinding = "LIMIT_BY_SUBJECT"\nid = "a"\n[[env.staging.kv_namespaces]]\nbinding = "LIMIT_BY_SUBJECT"\nid = "a"\n[env.staging.vars]',
      ],
    ],
    "LIMIT_BY_SUBJECT: write it under [[ratelimits]]",
    "it is under [[kv_namespaces]]",
  ],
  [
    "a misspelt table",
    [[TOML, "[env.staging.vars]", "[env.staging.varss]\n[env.staging.vars]"]],
    "[env.staging.varss]: correct its name (did you mean vars?)",
    "wrangler reads no such table",
  ],
  [
    "a variable beside [vars]",
    [
      [
        TOML,
        "[env.staging.vars]\n",
        '[env.staging]\nALLOWED_ORIGINS = "https://a.example"\n[env.staging.vars]\n',
      ],
    ],
    "ALLOWED_ORIGINS: write it under [env.staging.vars]",
    "nothing reads it where it is",
  ],
  [
    "the configuration of the version before",
    [[TOML, "[env.staging.vars]", "[vars.SIGNER.profiles.a]\naccess = ['public']\n[env.staging.vars]"]],
    "SIGNER: write it into signer.config.ts",
    "it is not read any more",
  ],
  [
    "a misspelt setting",
    [profile("allowedOrigins: [", "allowOrigins: [")],
    "signer.config.ts, allowOrigins: correct its name (did you mean allowedOrigins?) or remove it",
    "the settings here are publicUrl, ",
  ],
  [
    "a misspelt setting of a profile",
    [profile("ttl: 300", "tll: 300")],
    "signer.config.ts, profiles.avatars.tll: correct its name (did you mean ttl?) or remove it",
    "the settings here are method, resourceType, ",
  ],
  [
    "a misspelt option of an access method",
    [profile('audience: "uploads"', 'audiences: "uploads"')],
    "signer.config.ts, access.members.audiences: correct its name (did you mean audience?) or remove it",
    "the settings here are jwks, ",
  ],
  [
    "a misspelt parameter",
    [profile("overwrite: false", "over_write: false")],
    "signer.config.ts, profiles.avatars.set.over_write: ",
    "(did you mean overwrite?)",
  ],
  [
    "a misspelt access method",
    [profile('access: ["members"]', 'access: ["member"]')],
    "signer.config.ts, profiles.avatars.access",
    "did you mean members?",
  ],
  // Meaning
  [
    "a life that no ticket can have",
    [profile("ttl: 300", "ttl: 5")],
    "signer.config.ts, profiles.avatars.ttl: must be whole seconds from 60 to ",
    "from 60",
  ],
  [
    "an origin with a slash at its end",
    [profile('"https://www.example.com"', '"https://www.example.com/"')],
    "signer.config.ts, allowedOrigins.0: must be an origin exactly as browsers send it",
    "no slash at its end",
  ],
  [
    "the page without its files",
    [profile("allowedOrigins: [", "page: true,\n  allowedOrigins: [")],
    "signer.config.ts, page: write [assets]",
    "the page needs its files",
  ],
  [
    "a method that is a copy",
    [profile("site: origin()", 'site: { type: "origin" } as never')],
    "signer.config.ts, access.site: must be made by one of the functions",
    "origin()",
  ],
  ...["Cookie", "origin", "CF-Connecting-IP", "content-type"].map(
    (header): (typeof PLANTED_FAULTS)[number] => [
      `a credential in the header ${header}`,
      [profile('secret: "JWT_SECRET"', `secret: "JWT_SECRET", header: "${header}"`)],
      "signer.config.ts, access.members.header: choose a header of your own",
      "this one is written by browsers or the network",
    ],
  ),
  // What is no data
  [
    "profiles that are a Map",
    [profile("environments: {", "...{ profiles: new Map() as never },\n  environments: {")],
    "signer.config.ts, profiles: must be a plain object",
    "plain",
  ],
  [
    "a definition that holds itself",
    [
      profile(
        "export default defineSigner({",
        "const self: any = { folder: 1 };\nself.self = self;\nexport default defineSigner({\n  ...self,",
      ),
    ],
    "signer.config.ts, self.self.self",
    "is nested too deeply, or holds itself",
  ],
  [
    "a getter that throws",
    [
      profile(
        "export default defineSigner({",
        `export default defineSigner({\n  get log() { throw new Error("${PLANTED}") },`,
      ),
    ],
    "signer.config.ts: write plain values",
    "something in it throws",
  ],
  // Sizes
  [
    "a variable that is too large",
    [vars(`TEXT = "${"words ".repeat(1000)}"`)],
    "TEXT: make it shorter in [vars]",
    "it is larger than the 5 KB that a variable may hold",
  ],
];

/** What can't even be read, and so is exit code 2. */
const UNREADABLE: readonly (readonly [name: string, changes: readonly Change[], words: string])[] = [
  ["broken TOML", [vars(`A = "${PLANTED}`)], "wrangler.toml, line 6, column "],
  [
    "a limiter's period that there is not",
    [[TOML, "simple = { limit = 100, period = 60 }", "simple = { limit = 100, period = 30 }"]],
    '"ratelimits[0]" bindings "simple.period" must be either 10 or 60',
  ],
  [
    "a definition that is no TypeScript",
    [profile("profiles: {", `profiles: { ${PLANTED} "`)],
    "fix signer.config.ts:9:43: Unterminated string literal",
  ],
  [
    "a definition that throws",
    [profile("export default", `throw new Error("${PLANTED}");\nexport default`)],
    "fix signer.config.ts: it threw Error when it was loaded",
  ],
  [
    "a definition without a default export",
    [profile("export default", "export const config =")],
    "write `export default defineSigner({ … })` in signer.config.ts: it has no default export",
  ],
  [
    "a definition that imports what is not there",
    [profile("export default", 'import "./nowhere.ts";\nexport default')],
    "correct the import at signer.config.ts:3:7: there is no ./nowhere.ts",
  ],
  [
    "a definition before its packages are installed",
    [
      profile(`from ${JSON.stringify(CONFIG_MODULE)}`, 'from "cloudinary-edge-signer/config"'),
      profile("export default", 'import "@scope/name/part";\nimport "plain-name";\nexport default'),
    ],
    "run `npm install` first, or correct signer.config.ts:1:42: the package cloudinary-edge-signer, which it imports, is not installed; run `npm install` first, or correct signer.config.ts:3:7: the package @scope/name, which it imports, is not installed; run `npm install` first, or correct signer.config.ts:4:7: the package plain-name, ",
  ],
];

/** Uses what Workers have not. */
const NODE_ALONE: readonly (readonly [name: string, changes: readonly Change[], words: string])[] = [
  [
    "process",
    [profile("export default", 'void process.env["A"];\nexport default')],
    "fix signer.config.ts: it threw TypeError when it was loaded (does it use something that Workers don't have",
  ],
  [
    "a module of Node's",
    [
      profile(
        "export default",
        'import { readFileSync } from "node:fs";\nvoid readFileSync;\nexport default',
      ),
    ],
    'write compatibility_flags = ["nodejs_compat"] in wrangler.toml: Workers have node:fs by that flag alone',
  ],
];

/** Like the planted ones, and right. */
const HONEST: readonly (readonly [name: string, changes: readonly Change[], warning?: string])[] = [
  ["as it is", []],
  ["a long variable of words", [vars(`GREETING = "welcome-to-our-gallery-of-photos"`)]],
  ["a digest of hexadecimal digits", [vars(`COMMIT = "${"0123456789abcdef".repeat(4)}"`)]],
  [
    "the placeholder of instructions in a comment",
    [[TOML, "[vars]", "# cloudinary://<key>:<secret>@<cloud>\n[vars]"]],
  ],
  ["variables of one's own", [vars('PAGE_SIZE = 20\nTEAM = "uploads"')]],
  [
    "limiters of one's own",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[[ratelimits]]\nname = "MINE"\nnamespace_id = "2"\nsimple = { limit = 1, period = 10 }\n[[env.staging.ratelimits]]\nname = "MINE"\nnamespace_id = "3"\nsimple = { limit = 1, period = 10 }\n[env.staging.vars]',
      ],
    ],
  ],
  [
    "origins of ALLOWED_ORIGINS",
    [vars('ALLOWED_ORIGINS = "https://a.example, https://b.example"')],
    "ALLOWED_ORIGINS: add it under [env.staging.vars], unless it is left out on purpose",
  ],
  ...NODE_ALONE.map(([name, changes]): (typeof HONEST)[number] => [
    `${name}, by the flag that gives it`,
    [...changes, [TOML, "[vars]", 'compatibility_flags = ["nodejs_compat"]\n[vars]']],
  ]),
  ["names that are only near", [vars('APPS = "a"\nASSET = "b"\nCLOUDINARY_CLOUD_NAME_OLD = "c"')]],
  [
    "public values of random letters, and words about secrets",
    [
      vars(
        'TURNSTILE_SITE_KEY = "0x4AAAAAAADnPIDROrmt1Wwj9Kq"\nPUBLISHABLE = "pk_live_Zq8aRealLooking7PublicOne"\nROTATE_SECRETS = "true"\nSECRET_STORE = "https://secrets.example.com/x"',
      ),
    ],
  ],
  [
    "a namespace of one's own in one environment",
    [[TOML, "[env.staging.vars]", '[[kv_namespaces]]\nbinding = "SESSIONS"\nid = "a"\n[env.staging.vars]']],
    "it is bound in another environment and not here",
  ],
  [
    "an API key that is a secret",
    [
      [TOML, 'CLOUDINARY_API_KEY = "123456789012345"\n', ""],
      [TOML, 'CLOUDINARY_API_KEY = "123456789012346"\n', ""],
      [
        TOML,
        "[env.staging.vars]",
        '[secrets]\nrequired = ["CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET"]\n[env.staging.secrets]\nrequired = ["CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET"]\n[env.staging.vars]',
      ],
    ],
  ],
  [
    "an environment whose account is one secret",
    [
      [TOML, 'CLOUDINARY_CLOUD_NAME = "my-staging-cloud"\nCLOUDINARY_API_KEY = "123456789012346"\n', ""],
      [
        TOML,
        "[env.staging.vars]",
        '[env.staging.secrets]\nrequired = ["CLOUDINARY_URL"]\n[env.staging.vars]',
      ],
    ],
  ],
  [
    "an environment of the definition that nothing chooses",
    [profile("environments: {", 'environments: {\n    preview: { log: "all" },')],
    "it is not checked, for no SIGNER_ENV in wrangler.toml chooses it",
  ],
  [
    "the one secret for the account, required everywhere",
    [
      [TOML, 'CLOUDINARY_CLOUD_NAME = "my-cloud"\nCLOUDINARY_API_KEY = "123456789012345"\n', ""],
      [TOML, 'CLOUDINARY_CLOUD_NAME = "my-staging-cloud"\nCLOUDINARY_API_KEY = "123456789012346"\n', ""],
      [
        TOML,
        "[env.staging.vars]",
        '[secrets]\nrequired = ["CLOUDINARY_URL", "JWT_SECRET"]\n[env.staging.secrets]\nrequired = ["CLOUDINARY_URL", "JWT_SECRET"]\n[env.staging.vars]',
      ],
    ],
  ],
  [
    "a rotation that is under way",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[secrets]\nrequired = ["CLOUDINARY_URL_PREVIOUS"]\n[env.staging.secrets]\nrequired = ["CLOUDINARY_URL_PREVIOUS"]\n[env.staging.vars]',
      ],
    ],
    "CLOUDINARY_URL_PREVIOUS: remove it when the rotation is over",
  ],
  [
    "the API secret in a store",
    [
      [
        TOML,
        "[env.staging.vars]",
        '[[secrets_store_secrets]]\nbinding = "CLOUDINARY_API_SECRET"\nstore_id = "a"\nsecret_name = "b"\n[[env.staging.secrets_store_secrets]]\nbinding = "CLOUDINARY_API_SECRET"\nstore_id = "a"\nsecret_name = "b"\n[env.staging.vars]',
      ],
    ],
  ],
  [
    "a definition that imports the runtime",
    [profile("export default", 'import { env } from "cloudflare:workers";\nvoid env;\nexport default')],
  ],
  [
    "no SIGNER_ENV",
    [[TOML, 'SIGNER_ENV = "staging"\n', ""]],
    'write SIGNER_ENV = "staging" under [env.staging.vars]',
  ],
  [
    "a pattern for previews",
    [profile("https://staging.example.com", "https://*--shop.netlify.app")],
    "make sure that nobody else can have a name that fits",
  ],
  [
    "a public profile without a limiter",
    [
      [TOML, WRANGLER.slice(WRANGLER.indexOf("[[ratelimits]]"), WRANGLER.indexOf("[env.staging.vars]")), ""],
      [TOML, LIMITER, ""],
    ],
    "profiles form: bind LIMIT_BY_IP under [[ratelimits]]: anybody can use them without limit",
  ],
  [
    "formats beside a profile that lets the same callers delete",
    [
      profile(
        "profiles: {",
        `profiles: {
    faces: { access: ["members"], set: { public_id: "users/{sub}/face", allowed_formats: ["jpg"] } },
    remove: { method: "destroy", access: ["members"], resourceType: "image", accept: { public_id: { prefix: "users/{sub}/" } } },`,
      ),
    ],
    "profiles.faces: allowed_formats holds for its own tickets alone: with those of remove the same callers",
  ],
  [
    "an origin method before any origin is listed",
    [profile('allowedOrigins: ["https://www.example.com"],', "")],
    "access.site: list an origin in allowedOrigins",
  ],
  [
    "the page with its files",
    [
      profile("allowedOrigins: [", "page: true,\n  allowedOrigins: ["),
      [TOML, "[vars]", '[assets]\ndirectory = "."\nbinding = "ASSETS"\nrun_worker_first = true\n[vars]'],
    ],
  ],
];

const noValue = ({ stdout, stderr }: Ran): void => {
  expect(stdout + stderr).not.toContain(PLANTED);
  expect(stdout + stderr).not.toContain("hunter-two");
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
};

describe("check", () => {
  it("has twenty planted faults and more", () => {
    expect(PLANTED_FAULTS.length).toBeGreaterThanOrEqual(20);
    expect(HONEST.length).toBeGreaterThanOrEqual(12);
  });

  it.each(PLANTED_FAULTS)("finds %s", async (_, changes, line, fix) => {
    const ran = await check(changed(...changes));
    expect(ran.code).toBe(1);
    const found = ran.stderr.split("\n").find((text) => text.startsWith("✗ ") && text.includes(line));
    expect(found, ran.stderr).toBeDefined();
    expectWords(found!, fix);
    noValue(ran);
  });

  it.each(sampled(PLANTED_FAULTS, 5))("finds %s for machines", async (_, changes, line) => {
    const ran = await check(changed(...changes), "--json");
    expect(ran.code).toBe(1);
    const { ok, environments } = JSON.parse(ran.stdout);
    expect(ok).toBe(false);
    const told = environments.flatMap(({ faults }: { faults: { place: string; problem: string }[] }) =>
      faults.map(({ place, problem }) => `${place}: ${problem}`),
    );
    expect(told.join("\n")).toContain(line.replace(/^wrangler\.toml( --env \w+)?: /, ""));
    noValue(ran);
  });

  it.each(UNREADABLE)("can't read %s", async (_, changes, words) => {
    const ran = await check(changed(...changes));
    expect(ran.code).toBe(2);
    expectWords(ran.stderr, words);
    noValue(ran);
  });

  it.each(sampled(UNREADABLE, 5))("can't read %s, for machines", async (_, changes, words) => {
    const ran = await check(changed(...changes), "--json");
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    noValue(ran);
  });

  it.each(HONEST.map(([name, changes, warning = ""]) => [name, changes, warning] as const))(
    "passes %s",
    async (_, changes, warning) => {
      const ran = await check(changed(...changes));
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      const warnings = ran.stdout.split("\n").filter((text) => text.startsWith("! "));
      if (warning === "") expect(warnings).toEqual([]);
      else expect(warnings.join("\n")).toContain(warning);
    },
  );

  it.each(NODE_ALONE)("can't read %s", async (_, changes, words) => {
    const ran = await check(changed(...changes));
    expect(ran.code).toBe(2);
    expectWords(ran.stderr, words);
  });

  it("finds a second file that deploys the same Worker", async () => {
    const second = (text: string) => check({ ...RIGHT, "wrangler.jsonc": text });
    const same = await second('{ "name": "signer", "main": "./index.ts" }');
    expect(same.code).toBe(1);
    expect(same.stderr).toContain(
      "wrangler.jsonc: remove it, or write `cloudinary-edge-signer check --config wrangler.jsonc` as its build command: it deploys the same Worker",
    );
    expect((await second('{ "name": "other", "main": "other.ts" }')).code).toBe(0);
    const command = "npx cloudinary-edge-signer check --config wrangler.jsonc";
    expect((await second(JSON.stringify({ main: "index.ts", build: { command } }))).code).toBe(0);
  });

  it("reads the environment without a name whatever CLOUDFLARE_ENV says", async () => {
    vi.stubEnv("CLOUDFLARE_ENV", "staging");
    const ran = await check(changed([TOML, '"my-cloud"', '"<your cloud name>"']));
    vi.unstubAllEnvs();
    expect(ran.stderr).toContain("✗ wrangler.toml: CLOUDINARY_CLOUD_NAME: write ");
  });

  it("takes a time that grows with the text alone", async () => {
    const ran = await check({ ...RIGHT, "wrangler.toml": `${WRANGLER}\n# ${"a.eyJ-".repeat(200_000)}\n` });
    expect(ran.code).toBe(0);
  });

  /** The check as a process, in the folder of files. */
  async function checkAlone(files: Files): Promise<Ran> {
    const { folder, remove } = await deployment(files);
    return runProcess("cli.ts", ["check"], { cwd: folder }).finally(remove);
  }
  const preceded = (line: string): Change =>
    profile("export default", `// @ts-nocheck\n${line}\nexport default`);

  it("names the line of another module of the configuration", async () => {
    const imports = changed(profile("export default", 'import "./policy.ts";\nexport default'));
    const ran = await check({ ...imports, "policy.ts": `export const a = {\n  b: "${PLANTED}" c` });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("fix policy.ts:2:") });
    noValue(ran);
  });

  it("is no other when the configuration ends the process", async () => {
    expect((await checkAlone(changed(preceded("globalThis.process.exit(0);")))).code).toBe(2);
  });

  it("is a process with the same words and exit codes, which a configuration's timer keeps from no end", async () => {
    const wrong = profile("ttl: 300", "ttl: 5");
    const ran = await checkAlone(changed(wrong, preceded("setInterval(() => {}, 1000);")));
    expect(ran).toEqual(await check(changed(wrong)));
    expect(ran.code).toBe(1);
  });

  it("says which file is missing", async () => {
    expect((await check({ "signer.config.ts": DEFINITION })).stderr).toContain("wrangler.toml is not there");
    const alone = await check({ "wrangler.toml": WRANGLER });
    expect(alone).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("write signer.config.ts beside wrangler.toml"),
    });
  });

  it("finds all at once, and says what is everywhere the same once", async () => {
    const { stderr } = await check(
      changed(
        profile("ttl: 300", "ttl: 5"),
        vars(`CLOUDINARY_API_SECRET = "${PLANTED}"`),
        stagingVars('DATABASE_PASSWORD = "hunter-two"'),
        [TOML, LIMITER, ""],
      ),
    );
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.split(": ").slice(0, 2).join(": ")),
    ).toEqual([
      "✗ wrangler.toml: CLOUDINARY_API_SECRET",
      "✗ wrangler.toml: signer.config.ts, profiles.avatars.ttl",
      "✗ wrangler.toml --env staging: DATABASE_PASSWORD",
      "✗ wrangler.toml --env staging: LIMIT_BY_IP",
    ]);
  });

  it("one mistake hides none of another place", async () => {
    const files = changed(
      profile("allowedOrigins: [", 'pge: true,\n  lgo: "all",\n  allowedOrigins: ['),
      profile("issuer:", "isuer:"),
      profile(
        "profiles: {",
        `profiles: {
    one: { access: ["site"], resourcetype: "image", tll: 20 },
    two: { access: ["site"], ttl: 20, set: { publicid: "{uuid}" } },
    three: { access: ["sites"], set: { folder: "{user}" }, accept: { contxt: { maxLength: 1 } } },`,
      ),
    );
    const { stderr } = await check({ ...files, [TS]: `// @ts-nocheck\n${files[TS]}` });
    for (const place of [
      "pge",
      "lgo",
      "access.members.isuer",
      "access.members.issuer",
      "profiles.one.resourcetype",
      "profiles.one.tll",
      "profiles.two.ttl",
      "profiles.two.set.publicid",
      "profiles.three.access",
      "profiles.three.set.folder",
      "profiles.three.accept.contxt",
    ])
      expect(stderr).toContain(`signer.config.ts, ${place}: `);
    // What uses the method that is wrong isn't blamed for it.
    expect(stderr).not.toContain("profiles.avatars");
  });

  it("looks at one environment alone, and knows which there are", async () => {
    const files = changed([TOML, LIMITER, ""]);
    expect((await check(files, "--env", "")).code).toBe(0);
    expect((await check(files, "--env", "staging")).code).toBe(1);
    const unknown = await check(files, "--env", "stagin");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(
      'choose one of the environments of wrangler.toml: staging; there is no "stagin"',
    );
  });

  it("reads the file that wrangler reads", async () => {
    const text = JSON.stringify({
      name: "signer",
      main: "index.ts",
      vars: { CLOUDINARY_CLOUD_NAME: "my-cloud" },
    });
    const { folder, remove } = await deployment({ "signer.config.ts": DEFINITION, "wrangler.jsonc": text });
    const home = process.cwd();
    process.chdir(folder);
    const ran = await runHere(main, ["check"]).finally(() => process.chdir(home));
    await remove();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("✗ wrangler.jsonc: CLOUDINARY_API_KEY: write ");
  });
});

describe("check --print", () => {
  it("tells the whole policy in words", async () => {
    const ran = await check(RIGHT, "--print");
    expect(ran.code).toBe(0);
    const said = ran.stdout.replaceAll(/[0-9a-f]{64}/g, "<hash>");
    await expect(said).toMatchFileSnapshot("check-print.txt");
  });
});

describe("check --print, of risks", () => {
  it("names each that was opted into", async () => {
    const { code, stdout, stderr } = await check(
      changed(
        profile("site: origin()", 'site: origin({ allow: ["preview-origins"] })'),
        profile('"https://www.example.com"', '"https://www.example.com", "https://*.preview.example.com"'),
        profile(
          'set: { folder: "form",',
          'allow: ["archive-by-tag"], set: { tags: ["site"], folder: "form",',
        ),
      ),
      "--print",
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /site {2}pages of https:\/\/www\.example\.com or https:\/\/\*\.preview\.example\.com/,
    );
    expect(stdout).toContain(
      "accepted risk preview-origins: whoever gets a name that fits a pattern may use it too",
    );
    expect(stdout).toMatch(/Accepted risks\n {2}archive-by-tag {2}whoever holds a signature can download/);
  });
});

describe("what was checked is what runs", () => {
  it("the demo's hash is the one that /health answers", async () => {
    const { stdout } = await runHere(main, ["check", "--json", "--config", DEMO]);
    const worker = await startWorker({
      build: await demoBuild(),
      config: DEMO,
      bindings: { CLOUDINARY_URL: "cloudinary://1:abc_DEF@demo", JWT_SECRET: "x".repeat(32) },
    });
    const health = await (await fetch(`${worker.url}/health`)).json();
    await worker.close();
    const [{ policy, profiles }] = JSON.parse(stdout).environments;
    expect(health).toEqual({ status: "ok", policy, profiles: profiles.length, faults: [] });
  });

  it("this repository's own deploy can't pass the check by", async () => {
    const text = await readFile(`${PROJECT}wrangler.toml`, "utf8");
    expect(text).toMatch(/\[build\].*\ncommand = "node src\/cli\/cli\.ts check\b/);
  });

  // A right one is built where the README's files are, and by `start`; and the README's own when it is wrong.
  it.runIf(FULL)("a plain dry run of a wrong deployment, in any environment", async () => {
    const cli = `${PROJECT}src/cli/cli.ts`;
    const { config, remove } = await deployment({
      "wrangler.toml": WRANGLER.replace("[vars]", `[build]\ncommand = "node ${cli} check"\n[vars]`),
      "signer.config.ts": DEFINITION.replace("ttl: 300", "ttl: 5"),
      "index.ts": `import { createWorker } from "${PROJECT}src/worker.ts";\nimport config from "./signer.config.ts";\nexport default createWorker(config);\n`,
    });
    const build = await newBuild();
    const built = buildWorker(build, { config, env: "staging" });
    await expect(built).rejects.toThrow("signer.config.ts, profiles.avatars.ttl: must be whole seconds");
    await Promise.all([remove(), removeBuild(build)]);
  });
});

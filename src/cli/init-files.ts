// The files of a new deployment: those of `template/`, with the answers in them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";

/** Who may upload, by the name of the access method. */
export const ACCESS = ["origin", "jwt", "public"] as const;
export const TYPES = ["image", "video", "raw", "auto"] as const;

export interface Answers {
  /** The Worker's name. */
  readonly name: string;
  /** Origins of the pages, with commas between; `""` for none yet. */
  readonly origin: string;
  readonly access: (typeof ACCESS)[number];
  /** What may be uploaded. */
  readonly type: (typeof TYPES)[number];
}

/** Files that are copied. npm publishes no `.gitignore`, so that one is written here. */
const COPIED = [
  "wrangler.toml",
  "package.json",
  "src/index.ts",
  ".dev.vars.example",
  "tsconfig.json",
  "README.md",
];

export const GITIGNORE = `node_modules/
.wrangler/
.dev.vars*
!.dev.vars.example
.env*
.secrets*
worker-configuration.d.ts
`;

const METHODS: Readonly<Record<Answers["access"], string>> = {
  origin: `  access: {
    // Pages of ALLOWED_ORIGINS in wrangler.toml. It keeps other sites out, and proves nobody's name.
    site: origin(),
  },
`,
  jwt: `  access: {
    // Who holds a token of yours, signed with the secret JWT_SECRET; of a provider: jwks: "https://…" in its place.
    members: jwt({ secret: "JWT_SECRET", issuer: "my-app", audience: "uploads" }),
  },
`,
  public: "",
};

const PROFILE_ACCESS: Readonly<Record<Answers["access"], string>> = {
  origin: "site",
  jwt: "members",
  public: "public",
};

/** signer.config.ts. */
export function definitionText({ access, type }: Pick<Answers, "access" | "type">): string {
  const imported = access === "public" ? "defineSigner" : `defineSigner, ${access}`;
  const whose = access === "jwt" ? ", below the caller's own" : "";
  const formats = type === "image" ? ['allowed_formats: ["jpg", "png", "webp", "avif", "gif"]'] : [];
  const folder = access === "jwt" ? ['public_id: "users/{sub}/{uuid}"', "overwrite: false"] : [];
  const set = [...folder, ...formats];
  return `import { ${imported} } from "cloudinary-edge-signer/config";

export default defineSigner({
${METHODS[access]}  profiles: {
    // A random name for each upload${whose}.
    default: {
      access: ["${PROFILE_ACCESS[access]}"],
      resourceType: "${type}",
${set.length > 0 ? `      set: { ${set.join(", ")} },\n` : ""}    },
  },
});
`;
}

/** The paths of all that is written. */
export const PATHS: readonly string[] = ["signer.config.ts", ".gitignore", ...COPIED];

/** The access method `jwt` wants a secret beside the account's: what is added to `.dev.vars` and `.secrets`. */
const JWT_DEV_VARS = `# What your app signs its tokens with, 32 bytes or more: openssl rand -hex 32
JWT_SECRET=
`;
const JWT_SECRETS = `   JWT_SECRET=
   \`\`\`

   \`JWT_SECRET\` is what your app signs its tokens with, 32 bytes or more, so your app has it too. This makes one:

   \`\`\`sh
   openssl rand -hex 32
   \`\`\`
`;
const ACCOUNT_LINE = "   CLOUDINARY_URL=cloudinary://API_KEY:API_SECRET@CLOUD_NAME\n";

/** How the template's package.json installs this package: by the last version that was released. */
export const OWN_SPEC = /"cloudinary-edge-signer": "[^"]*"/;

/** The version of this package. */
export async function ownVersion(): Promise<string> {
  return JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8")).version;
}

/** Every file by its path, as it is written; `spec` is how the package is installed. */
export async function filesOf(answers: Answers, spec?: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {
    "signer.config.ts": definitionText(answers),
    ".gitignore": GITIGNORE,
  };
  for (const path of COPIED) files[path] = await readFile(join(PROJECT, "template", path), "utf8");
  const change = (path: string, from: string | RegExp, to: string) => {
    files[path] = files[path]!.replace(from, () => to);
  };
  change("wrangler.toml", 'name = "my-signer"', `name = "${answers.name}"`);
  // The queues, which are one account's as Workers are: each deployment has its own.
  files["wrangler.toml"] = files["wrangler.toml"]!.replaceAll("my-signer-", () => `${answers.name}-`);
  change("wrangler.toml", 'ALLOWED_ORIGINS = "" ', `ALLOWED_ORIGINS = "${answers.origin}" `);
  change("package.json", '"my-signer"', JSON.stringify(answers.name));
  if (answers.access === "jwt") {
    files[".dev.vars.example"] += JWT_DEV_VARS;
    change("README.md", `${ACCOUNT_LINE}   \`\`\`\n`, ACCOUNT_LINE + JWT_SECRETS);
  }
  change(
    "package.json",
    OWN_SPEC,
    `"cloudinary-edge-signer": ${JSON.stringify(spec ?? `^${await ownVersion()}`)}`,
  );
  return files;
}

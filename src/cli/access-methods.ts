// What the command line knows of access methods: a row for each, without which this does not compile.

import { SignJWT } from "jose";
import type * as methods from "../access/all.ts";
import type { JwtOptions } from "../access/jwt.ts";
import type { OriginOptions } from "../access/origin.ts";
import { PUBLIC } from "../access/public.ts";
import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";

/** What there is to know of methods with such options. */
interface Row<Options = unknown> {
  /** Who comes in, in words. */
  who(options: Options, settings: Effective): string;
  /** Why nobody comes in yet, with what to do. */
  closed?(options: Options, config: Config): string | undefined;
  /** The header with which a terminal comes in that has nothing to show; `""` where it needs none. */
  header?(options: Options, origin: string): string;
  /** A token of the user 42, where one of these secrets, which `start` made, can sign it. */
  token?(options: Options, secrets: Readonly<Record<string, string>>): Promise<string | undefined>;
}

type Methods = typeof methods;
type Rows = {
  readonly [M in keyof Methods]: Row<NonNullable<Parameters<Methods[M]>[0]>> & {
    /** How it is written. */
    readonly example: string;
  };
};

const or = (texts: Iterable<string>): string => [...texts].join(" or ");
const listOf = (value: string | readonly string[]): readonly string[] => [value].flat();

/** Where a credential is read. */
function placeText({ header, cookie }: { readonly header?: string; readonly cookie?: string }): string {
  if (cookie !== undefined) return `the cookie ${cookie}`;
  return header === undefined ? "Authorization: Bearer …" : `the header ${header}`;
}

function jwtText(options: JwtOptions): string {
  const { issuer, audience, authorizedParties, jwks, maxTokenAge = 86400, claims = [] } = options;
  const made = [
    ...(audience === undefined ? [] : [`for the audience ${or(listOf(audience))}`]),
    ...(authorizedParties === undefined ? [] : [`by way of ${or(listOf(authorizedParties))}`]),
  ].join(", ");
  const keys = jwks === undefined ? "a shared secret" : `the keys at ${jwks}`;
  return [
    `who shows a token of ${issuer} in ${placeText(options)},`,
    `issued at most ${maxTokenAge} s ago ${made}, and verified with ${keys};`,
    `its claims that templates may take: ${[...new Set(["sub", ...claims])].join(", ")}`,
  ].join("\n");
}

async function jwtToken(
  { issuer, audience, authorizedParties, header, cookie, secret, algorithms }: JwtOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const text = secret === undefined ? undefined : secrets[secret];
  if (text === undefined || header !== undefined || cookie !== undefined) return undefined;
  const claims = {
    sub: "42",
    iss: issuer,
    ...(audience !== undefined && { aud: [...listOf(audience)] }),
    ...(authorizedParties !== undefined && { azp: listOf(authorizedParties)[0] }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithms?.[0] ?? "HS256" })
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(text));
}

function pagesText({ origins, allow }: OriginOptions, { allowedOrigins, page }: Effective): string {
  const pages = (origins ?? allowedOrigins).filter((text) => allow !== undefined || !text.includes("*"));
  return or([...pages, ...(page ? ["the signer's own"] : [])]) || "no origin yet";
}

const METHODS: Rows = {
  jwt: {
    example: 'jwt({ secret: "JWT_SECRET", issuer: "a", audience: "b" })',
    who: jwtText,
    token: jwtToken,
  },
  origin: {
    example: "origin()",
    who: (options, settings) =>
      [
        `pages of ${pagesText(options, settings)}`,
        "(keeps other sites' pages out, and proves nobody's name)",
        ...(options.allow === undefined
          ? []
          : ["accepted risk preview-origins: whoever gets a name that fits a pattern may use it too"]),
      ].join("\n"),
    closed({ allow }, { allowedOrigins: { exact, patterns }, page }) {
      const isListed = exact.size > 0 || (allow !== undefined && patterns.length > 0);
      return page !== undefined || isListed
        ? undefined
        : "list an origin in allowedOrigins, or in the variable ALLOWED_ORIGINS: until then nobody can use it";
    },
    header: ({ origins = [] }, origin) => `Origin: ${origins.find((text) => !text.includes("*")) ?? origin}`,
  },
  turnstile: {
    example: 'turnstile({ secret: "TURNSTILE_SECRET", hostnames: ["a.example"], action: "upload" })',
    who: ({ hostnames, action }) =>
      `browsers that solved Turnstile's challenge on ${or(hostnames)} for the action ${action}\n(proves nobody's name)`,
  },
  token: {
    example: `token({ tokens: { ci: "${"0".repeat(64)}" } })`,
    who: ({ tokens }) => `back ends with a token; its name is the caller's sub: ${or(Object.keys(tokens))}`,
  },
  service: { example: "service()", who: () => "other Workers, by service binding" },
  custom: {
    example: 'custom({ reads: { header: "x-session" }, claims: ["sub"], verify: async () => undefined })',
    who: ({ reads }) => `whom the application's own function knows by ${placeText(reads)}`,
  },
};

/** Who asks by the method that needs no declaration. */
const ANYBODY: Row = { who: () => "anybody", header: () => "" };

/** How each method is written, to make a bundle that holds them all. */
export const EXAMPLES: readonly string[] = Object.values(METHODS).map(({ example }) => example);

/** What is known of the method that a configuration calls so, over its options. */
export function methodOf(name: string, settings: Effective) {
  const options = settings.access[name];
  const row = name === PUBLIC ? ANYBODY : (METHODS as Readonly<Record<string, Row>>)[options!.type]!;
  return {
    who: () => row.who(options, settings),
    closed: (config: Config) => row.closed?.(options, config),
    header: (origin: string) => row.header?.(options, origin),
    token: async (secrets: Readonly<Record<string, string>>) => row.token?.(options, secrets),
  };
}

// The ways in as they are written -> as they are used, checked by meaning.

import * as v from "valibot";
import { err, ok, type Result } from "../signature/result.ts";
import { LOOPBACK } from "../web-address.ts";
import type { Way } from "./config.ts";
import { OriginSchema } from "./origins.ts";
import { isStore, type SecretReader, type SecretText, secretReader } from "./secret-binding.ts";

const PositiveInteger = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);
const Texts = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty("is empty"))),
  v.minLength(1, "is empty: list at least one"),
);
const OneOrMore = v.union([v.pipe(v.string(), v.nonEmpty("is empty")), Texts]);
const HeaderName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, "is no name of a header"));
const CookieName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no name of a cookie"));
/** Secrets are written as names of bindings; a literal one would stand in a file. */
const BindingName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    "must be the name of a secret binding in capitals, such as JWT_SECRET, and never the secret itself",
  ),
);
const ClaimName = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "is no name of a claim"));

const Hash = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{64}$/,
    "must be the SHA-256 of a token, 64 lower-case hex digits, and never the token itself",
  ),
);

const KeySetUrl = v.pipe(
  v.string(),
  v.check((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username } = new URL(text);
    return username === "" && (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname)));
  }, "must be an https address"),
);

/** The risk of an `origin` way that takes patterns, by its name. */
export const PREVIEW_ORIGINS = "preview-origins";

export const WaySchema = v.variant("type", [
  v.strictObject({
    type: v.literal("origin"),
    origins: v.optional(
      v.pipe(v.array(OriginSchema), v.minLength(1, "names no origin: list at least one, or leave it out")),
    ),
    allow: v.optional(v.array(v.picklist([PREVIEW_ORIGINS]))),
  }),
  v.strictObject({
    type: v.literal("jwt"),
    jwks: v.optional(KeySetUrl),
    secretBinding: v.optional(BindingName),
    algorithms: v.optional(Texts),
    issuer: v.pipe(v.string(), v.nonEmpty("is empty")),
    audience: v.optional(OneOrMore),
    authorizedParties: v.optional(OneOrMore),
    maxTokenAge: v.optional(PositiveInteger),
    header: v.optional(HeaderName),
    cookie: v.optional(CookieName),
    claims: v.optional(v.array(ClaimName)),
  }),
  v.strictObject({
    type: v.literal("turnstile"),
    secretBinding: BindingName,
    hostnames: Texts,
    action: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/, "must be 1 to 32 letters, digits, _ and -")),
  }),
  v.strictObject({
    type: v.literal("token"),
    tokens: v.record(v.string(), v.union([Hash, v.pipe(v.array(Hash), v.minLength(1, "is empty"))])),
  }),
  v.strictObject({ type: v.literal("service") }),
]);

export type WayInput = v.InferOutput<typeof WaySchema>;

/** What is wrong with a way in, and where below it. */
export interface WayComplaint {
  readonly at: string;
  readonly problem: string;
  /** The secret that is wrong, where the place only names it. */
  readonly secret?: string;
}

/** The secrets that ways in may name. */
export interface Secrets {
  value(name: string): unknown;
  /** How the owner gives one, as the end of a message. */
  mend(name: string): string;
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

/** Signature algorithms by what verifies them; the two never mix, or a public key could be taken for a secret. */
const KEY_SET_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"];
const DEFAULT_KEY_SET_ALGORITHMS = ["RS256", "ES256", "EdDSA"];

/** Shortest shared secret, in bytes: that of HS256's own output. */
const MIN_SECRET_BYTES = 32;
/** A day, in seconds. */
const DEFAULT_MAX_TOKEN_AGE = 24 * 60 * 60;

/** Claims that users write themselves, at some providers. */
const USER_WRITTEN = new Set(["user_metadata", "unsafe_metadata"]);

/** The longest name of a token, and what it may hold: it is a subject. */
const TOKEN_NAME = /^[A-Za-z0-9_-]{1,64}$/;

function readSecret(
  binding: string,
  secrets: Secrets,
  check: (text: string) => string | undefined,
): Result<SecretReader<SecretText>, WayComplaint> {
  const value = secrets.value(binding);
  const mend = secrets.mend(binding);
  if (value === undefined || value === null)
    return err({
      at: "secretBinding",
      problem: `the secret ${binding} is missing: ${mend}`,
      secret: binding,
    });
  if (typeof value !== "string" && !isStore(value))
    return err({ at: "secretBinding", problem: `${binding} is no secret: ${mend}`, secret: binding });
  const complaint = typeof value === "string" ? check(value) : undefined;
  if (complaint !== undefined)
    return err({
      at: "secretBinding",
      problem: `the secret ${binding} ${complaint}: ${mend}`,
      secret: binding,
    });
  return ok(secretReader(binding, value, check));
}

type JwtInput = WayInput & { type: "jwt" };

function jwtComplaints(input: JwtInput): WayComplaint[] {
  const complaints: WayComplaint[] = [];
  const complain = (at: string, problem: string) => void complaints.push({ at, problem });
  if ((input.jwks === undefined) === (input.secretBinding === undefined)) {
    complain(
      "jwks",
      "name the issuer's key set in `jwks`, or a shared secret in `secretBinding`: one of the two",
    );
  }
  if (input.audience === undefined && input.authorizedParties === undefined) {
    complain(
      "audience",
      "is missing: without `audience` or `authorizedParties` tokens that were made for other services would do",
    );
  }
  if (input.header !== undefined && input.cookie !== undefined)
    complain("cookie", "is there beside `header`: a token is read in one place");
  const known = input.secretBinding === undefined ? KEY_SET_ALGORITHMS : SECRET_ALGORITHMS;
  const unknown = input.algorithms?.find((algorithm) => !known.includes(algorithm));
  if (unknown !== undefined) complain("algorithms", `must be among ${known.join(", ")} here`);
  const written = input.claims?.find((claim) => USER_WRITTEN.has(claim));
  if (written !== undefined)
    complain("claims", `users write ${written} themselves, so it proves nothing: remove it`);
  return complaints;
}

function readJwt(
  name: string,
  input: JwtInput,
  secrets: Secrets,
  apiSecret: string | undefined,
): Result<Way, WayComplaint[]> {
  const complaints = jwtComplaints(input);
  if (complaints.length > 0) return err(complaints);
  const { jwks, secretBinding, audience, authorizedParties, header, cookie } = input;
  const secret =
    secretBinding === undefined
      ? undefined
      : readSecret(secretBinding, secrets, (text) => {
          if (text === apiSecret)
            return "is the API secret, which must verify nothing but uploads: make another";
          if (new TextEncoder().encode(text).length < MIN_SECRET_BYTES)
            return `has less than ${MIN_SECRET_BYTES} bytes`;
          return undefined;
        });
  if (secret?.ok === false) return err([secret.error]);
  return ok({
    type: "jwt",
    name,
    ...(jwks !== undefined && { jwks }),
    ...(secret && { secret: secret.value }),
    algorithms: input.algorithms ?? (jwks === undefined ? ["HS256"] : DEFAULT_KEY_SET_ALGORITHMS),
    issuer: input.issuer,
    ...(audience !== undefined && { audience: list(audience) }),
    ...(authorizedParties !== undefined && { authorizedParties: list(authorizedParties) }),
    maxTokenAge: input.maxTokenAge ?? DEFAULT_MAX_TOKEN_AGE,
    from: { ...(header !== undefined && { header }), ...(cookie !== undefined && { cookie }) },
    claims: [...new Set(["sub", ...(input.claims ?? [])])],
  });
}

function readTokens(
  name: string,
  tokens: Readonly<Record<string, string | readonly string[]>>,
): Result<Way, WayComplaint[]> {
  const hashes = new Map<string, string>();
  for (const [subject, value] of Object.entries(tokens)) {
    if (!TOKEN_NAME.test(subject))
      return err([{ at: "tokens", problem: "the name of a token must be 1 to 64 letters, digits, - and _" }]);
    for (const hash of list(value)) {
      if (hashes.has(hash))
        return err([{ at: `tokens.${subject}`, problem: "is the same token as another one" }]);
      hashes.set(hash, subject);
    }
  }
  if (hashes.size === 0) return err([{ at: "tokens", problem: "is empty: list at least one" }]);
  return ok({ type: "token", name, hashes });
}

/** Checks one way in by meaning; `origin` has a file of its own. */
export function readWay(
  name: string,
  input: Exclude<WayInput, { type: "origin" }>,
  secrets: Secrets,
  apiSecret: string | undefined,
): Result<Way, WayComplaint[]> {
  switch (input.type) {
    case "service":
      return ok({ type: "service", name });
    case "token":
      return readTokens(name, input.tokens);
    case "jwt":
      return readJwt(name, input, secrets, apiSecret);
    case "turnstile": {
      const secret = readSecret(input.secretBinding, secrets, (text) =>
        text === apiSecret
          ? "is the API secret: give it the secret of the Turnstile widget"
          : text === ""
            ? "is empty"
            : undefined,
      );
      if (!secret.ok) return err([secret.error]);
      return ok({
        type: "turnstile",
        name,
        secret: secret.value,
        hostnames: new Set(input.hostnames),
        action: input.action,
      });
    }
  }
}

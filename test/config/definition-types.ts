// What types say of a configuration while it is written: every mistake stands beside its honest twin. The compiler is the
// test (definition-types.test.ts runs it, over these sources and over the packed package); nothing here runs.

import {
  auth0,
  clerk,
  cloudflareAccess,
  custom,
  defineSigner,
  firebase,
  jwt,
  origin,
  service,
  supabase,
  token,
  turnstile,
} from "../../src/config.ts";

const members = jwt({
  jwks: "https://id.example.com/jwks.json",
  issuer: "https://id.example.com/",
  audience: "a",
});
const shared = jwt({ secret: "JWT_SECRET", issuer: "x", authorizedParties: ["https://www.example.com"] });

// The whole.
defineSigner({});
// @ts-expect-error a misspelt setting
defineSigner({ profile: {} });
defineSigner({ allowedOrigins: ["https://www.example.com"] });
// @ts-expect-error one origin is not a list
defineSigner({ allowedOrigins: "https://www.example.com" });
defineSigner({ publicUrl: "https://uploads.example.com" });
// @ts-expect-error an address is a text
defineSigner({ publicUrl: new URL("https://uploads.example.com") });
defineSigner({ signatureAlgorithm: "sha1" });
// @ts-expect-error an algorithm that Cloudinary has not
defineSigner({ signatureAlgorithm: "sha512" });
defineSigner({ page: true });
// @ts-expect-error a word is not a boolean
defineSigner({ page: "yes" });
defineSigner({ log: "refusals" });
// @ts-expect-error no such setting of the log
defineSigner({ log: "none" });
defineSigner({ log: { sample: 0.1 } });
// @ts-expect-error a misspelt share
defineSigner({ log: { samples: 0.1 } });
// @ts-expect-error a secret is never written into a file
defineSigner({ apiSecret: "x" });

// Names of access methods.
defineSigner({ profiles: { a: { access: ["public"] } } });
// @ts-expect-error nobody may ask
defineSigner({ profiles: { a: {} } });
// @ts-expect-error a method that is not declared
defineSigner({ profiles: { a: { access: ["members"] } } });
defineSigner({ access: { members }, profiles: { a: { access: ["members", "public"] } } });
// @ts-expect-error a misspelt method
defineSigner({ access: { members }, profiles: { a: { access: ["member"] } } });
// @ts-expect-error one method is not a list
defineSigner({ access: { members }, profiles: { a: { access: "members" } } });
// @ts-expect-error a method is made by a function
defineSigner({ access: { members: { type: "jwt" } } });
// @ts-expect-error the second profile is looked at too
defineSigner({ access: { members }, profiles: { a: { access: ["members"] }, b: { access: ["membres"] } } });

// Settings of a profile.
defineSigner({ profiles: { a: { access: ["public"], ttl: 300 } } });
// @ts-expect-error a misspelt setting
defineSigner({ profiles: { a: { access: ["public"], tll: 300 } } });
// @ts-expect-error a life is a number
defineSigner({ profiles: { a: { access: ["public"], ttl: "5m" } } });
defineSigner({ profiles: { a: { access: ["public"], resourceType: "image" } } });
// @ts-expect-error no such kind of resource
defineSigner({ profiles: { a: { access: ["public"], resourceType: "images" } } });
defineSigner({ profiles: { a: { access: ["public"], dropIn: true } } });
// @ts-expect-error camelCase
defineSigner({ profiles: { a: { access: ["public"], drop_in: true } } });
defineSigner({ profiles: { a: { access: ["public"], file: {}, notify: true } } });
// @ts-expect-error whether, and not where
defineSigner({ profiles: { a: { access: ["public"], file: {}, notify: "https://uploads.example.com" } } });
defineSigner({ profiles: { a: { access: ["public"], allow: ["archive-by-tag"] } } });
// @ts-expect-error no such risk
defineSigner({ profiles: { a: { access: ["public"], allow: ["everything"] } } });

// Parameters that are set.
defineSigner({ profiles: { a: { access: ["public"], set: { folder: "x", overwrite: false } } } });
// @ts-expect-error a misspelt parameter
defineSigner({ profiles: { a: { access: ["public"], set: { foldre: "x" } } } });
// @ts-expect-error Cloudinary's names are snake_case
defineSigner({ profiles: { a: { access: ["public"], set: { publicId: "x" } } } });
// @ts-expect-error the time is the signer's own
defineSigner({ profiles: { a: { access: ["public"], set: { timestamp: 1 } } } });
// @ts-expect-error a boolean is not a text
defineSigner({ profiles: { a: { access: ["public"], set: { overwrite: "no" } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { tags: ["u-{ uuid }"], allowed_formats: "jpg,png" } } } });
// @ts-expect-error a list of numbers is not a list of tags
defineSigner({ profiles: { a: { access: ["public"], set: { tags: [1] } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { context: { alt: "x" }, auto_tagging: 0.5 } } } });
// @ts-expect-error a number is not a context
defineSigner({ profiles: { a: { access: ["public"], set: { context: 1 } } } });
// @ts-expect-error a text is not a number
defineSigner({ profiles: { a: { access: ["public"], set: { auto_tagging: "0.5" } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { eager: ["w_1", "w_2"], face_coordinates: [1, 2, 3, 4] } } } });
// @ts-expect-error an object is not a transformation
defineSigner({ profiles: { a: { access: ["public"], set: { transformation: { width: 1 } } } } });

// Parameters that are accepted, and limits that fit them.
defineSigner({ profiles: { a: { access: ["public"], accept: { context: { keys: ["alt"], maxLength: 9 } } } } });
// @ts-expect-error a context wants its keys
defineSigner({ profiles: { a: { access: ["public"], accept: { context: { maxLength: 9 } } } } });
// @ts-expect-error a context has no prefix
defineSigner({ profiles: { a: { access: ["public"], accept: { context: { keys: ["alt"], prefix: "x" } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { tags: { prefix: "x-", maxItems: 3 } } } } });
// @ts-expect-error tags have no least number
defineSigner({ profiles: { a: { access: ["public"], accept: { tags: { min: 1 } } } } });
// @ts-expect-error a misspelt limit
defineSigner({ profiles: { a: { access: ["public"], accept: { tags: { prefx: "x-" } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { custom_coordinates: { min: 0, max: 100 } } } } });
// @ts-expect-error coordinates have no prefix
defineSigner({ profiles: { a: { access: ["public"], accept: { custom_coordinates: { prefix: "1" } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { eager: { enum: ["w_1"] } } } } });
// @ts-expect-error whole values alone (R6)
defineSigner({ profiles: { a: { access: ["public"], accept: { eager: { prefix: "w_" } } } } });
// @ts-expect-error whole values have to be listed
defineSigner({ profiles: { a: { access: ["public"], accept: { moderation: {} } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { colors: {}, public_id: { prefix: "x/" } } } } });
// @ts-expect-error no client may choose it (R5)
defineSigner({ profiles: { a: { access: ["public"], accept: { overwrite: {} } } } });
// @ts-expect-error no client may choose it (R5)
defineSigner({ profiles: { a: { access: ["public"], accept: { notification_url: { prefix: "https://" } } } } });

// Other methods than upload, each with its own parameters.
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", accept: { public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error Cloudinary calls it destroy
defineSigner({ access: { members }, profiles: { a: { method: "delete", access: ["members"], resourceType: "image", accept: { public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error no resource type
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], accept: { public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error it works on assets of one type
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "auto", accept: { public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error components ask for uploads alone
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", dropIn: true } } });
// @ts-expect-error an upload's parameter
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", set: { tags: ["a"] } } } });
// @ts-expect-error an upload's parameter, accepted
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", accept: { tags: { prefix: "u-{sub}-" } } } } });
// @ts-expect-error no client may choose it (R5)
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", accept: { invalidate: {} } } } });
// @ts-expect-error the time is the signer's own
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", set: { timestamp: 1 } } } });
// @ts-expect-error a method of access that is not declared
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["membres"], resourceType: "image", set: { public_id: "u/{sub}/a" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "rename", access: ["members"], resourceType: "image", accept: { from_public_id: { prefix: "u/{sub}/" }, to_public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error no profile publishes what is not to be seen
defineSigner({ access: { members }, profiles: { a: { method: "rename", access: ["members"], resourceType: "image", set: { to_type: "upload" } } } });
// @ts-expect-error rename works on two public IDs, by names of their own
defineSigner({ access: { members }, profiles: { a: { method: "rename", access: ["members"], resourceType: "image", set: { public_id: "u/{sub}/a" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "explicit", access: ["members"], resourceType: "image", set: { type: "upload", public_id: "u/{sub}/a" }, accept: { context: { keys: ["alt"] } } } } });
// @ts-expect-error there is no new file that it could name
defineSigner({ access: { members }, profiles: { a: { method: "explicit", access: ["members"], resourceType: "image", set: { use_filename: true } } } });
// @ts-expect-error a context wants its keys
defineSigner({ access: { members }, profiles: { a: { method: "explicit", access: ["members"], resourceType: "image", accept: { context: {} } } } });
defineSigner({ access: { members }, profiles: { a: { method: "tags", access: ["members"], resourceType: "image", set: { tag: ["u-{sub}-a"] }, accept: { command: { enum: ["add"] }, public_ids: { prefix: "u/{sub}/", maxItems: 9 } } } } });
// @ts-expect-error commands are whole values (R6)
defineSigner({ access: { members }, profiles: { a: { method: "tags", access: ["members"], resourceType: "image", accept: { command: { prefix: "a" } } } } });
// @ts-expect-error it is called tag here
defineSigner({ access: { members }, profiles: { a: { method: "tags", access: ["members"], resourceType: "image", set: { tags: "a" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "context", access: ["members"], resourceType: "image", set: { command: "add", context: { alt: "x" }, public_ids: "u/{sub}/a" } } } });
// @ts-expect-error a number is no public ID
defineSigner({ access: { members }, profiles: { a: { method: "context", access: ["members"], resourceType: "image", set: { public_ids: [1] } } } });
defineSigner({ access: { members }, profiles: { a: { method: "metadata", access: ["members"], resourceType: "image", set: { public_ids: ["u/{sub}/a"] }, accept: { metadata: { keys: ["size"] }, clear_invalid: {} } } } });
// @ts-expect-error it has no command
defineSigner({ access: { members }, profiles: { a: { method: "metadata", access: ["members"], resourceType: "image", set: { command: "add" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "image", set: { prefixes: "u/{sub}/", mode: "create" }, accept: { target_public_id: { prefix: "u/{sub}/" } } } } });
// @ts-expect-error no prefix of a caller's own fits these
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "image", set: { fully_qualified_public_ids: ["image/upload/a"] } } } });
defineSigner({ access: { members }, profiles: { a: { method: "upload", access: ["members"], resourceType: "auto", dropIn: true } } });
// @ts-expect-error a list of public IDs is another method's
defineSigner({ access: { members }, profiles: { a: { method: "upload", access: ["members"], set: { public_ids: "a" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", allow: ["others-assets"], accept: { public_id: { prefix: "users/" } } } } });
// @ts-expect-error a misspelt risk
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", allow: ["other-assets"], accept: { public_id: { prefix: "users/" } } } } });

// Environments.
defineSigner({ environments: { staging: { allowedOrigins: ["https://*--shop.netlify.app"], log: "all" } } });
// @ts-expect-error profiles are the same everywhere
defineSigner({ environments: { staging: { profiles: {} } } });
defineSigner({ access: { members }, environments: { staging: { access: { members: shared } } } });
// @ts-expect-error a method that is not declared
defineSigner({ access: { members }, environments: { staging: { access: { membres: shared } } } });
// @ts-expect-error a misspelt setting
defineSigner({ environments: { staging: { allowedOrigin: [] } } });

// Access methods, each with its own options.
jwt({ jwks: "https://id.example.com/jwks.json", issuer: "x", audience: ["a", "b"], cookie: "session" });
// @ts-expect-error no issuer
jwt({ jwks: "https://id.example.com/jwks.json", audience: "a" });
// @ts-expect-error neither a key set nor a secret
jwt({ issuer: "x", audience: "a" });
// @ts-expect-error both a key set and a secret
jwt({ jwks: "https://id.example.com/jwks.json", secret: "JWT_SECRET", issuer: "x", audience: "a" });
// @ts-expect-error the option was called secretBinding once
jwt({ secretBinding: "JWT_SECRET", issuer: "x", audience: "a" });
jwt({ secret: "JWT_SECRET", issuer: "x", audience: "a", algorithms: ["HS512"] });
// @ts-expect-error a shared secret verifies no such signature
jwt({ secret: "JWT_SECRET", issuer: "x", audience: "a", algorithms: ["RS256"] });
token({ tokens: { nightly: "0".repeat(64), cms: ["1".repeat(64), "2".repeat(64)] } });
// @ts-expect-error hashes by name
token({ nightly: "0".repeat(64) });
turnstile({ secret: "TURNSTILE_SECRET", hostnames: ["www.example.com"], action: "contact" });
// @ts-expect-error no action
turnstile({ secret: "TURNSTILE_SECRET", hostnames: ["www.example.com"] });
origin();
origin({ origins: ["https://www.example.com"], allow: ["preview-origins"] });
// @ts-expect-error no such risk
origin({ allow: ["everything"] });
service();
// @ts-expect-error there are no options
service({ name: "x" });
custom({ reads: { cookie: "session" }, verify: async (value, { now }) => ({ sub: `${ value }${ now }` }) });
// @ts-expect-error it reads nothing
custom({ verify: async () => undefined });
// @ts-expect-error it says nobody
custom({ reads: { header: "x-session" } });
custom({ reads: { header: "x-session" }, verify: async () => ({ sub: "42", plan: "pro" }) });
// @ts-expect-error the claim that tells callers apart is missing
custom({ reads: { header: "x-session" }, verify: async () => ({ plan: "pro" }) });
custom({ reads: { header: "x-session" }, verify: async () => null });
// @ts-expect-error a number is not a subject
custom({ reads: { header: "x-session" }, verify: async () => ({ sub: 42 }) });
// @ts-expect-error a text is nobody
custom({ reads: { header: "x-session" }, verify: async () => "42" });
auth0({ domain: "shop.eu.auth0.com", audience: "https://uploads.example.com", claims: ["org_id"] });
// @ts-expect-error no audience
auth0({ domain: "shop.eu.auth0.com" });
clerk({ issuer: "https://clerk.example.com", authorizedParties: ["https://www.example.com"] });
// @ts-expect-error parties are a list
clerk({ issuer: "https://clerk.example.com", authorizedParties: "https://www.example.com" });
supabase({ project: "abcdefghijklmnopqrst" });
// @ts-expect-error a misspelt option
supabase({ projekt: "abcdefghijklmnopqrst" });
firebase({ project: "shop-12345", maxTokenAge: 3600 });
// @ts-expect-error a number is not a project
firebase({ project: 12345 });
cloudflareAccess({ team: "shop", audience: "4714c1358e65fe4b" });
// @ts-expect-error no team
cloudflareAccess({ audience: "4714c1358e65fe4b" });

// More honest ones, so that each mistake above has a twin.
defineSigner({ profiles: {} });
defineSigner({ allowedOrigins: [] });
defineSigner({ log: "all" });
defineSigner({ signatureAlgorithm: "sha256", page: false });
defineSigner({ access: { members, ci: token({ tokens: { ci: "0".repeat(64) } }) }, profiles: { a: { access: ["ci"] } } });
defineSigner({ access: { members }, profiles: { a: { access: ["members"] }, b: { access: ["public"] } } });
defineSigner({ profiles: { a: { access: ["public"], ttl: 60, resourceType: "auto", dropIn: false, allow: [] } } });
defineSigner({ profiles: { a: { access: ["public"], allow: ["destroy-by-public-id", "shared-file-names"] } } });
defineSigner({ profiles: { a: { access: ["public"], set: { public_id: "{uuid}", type: "private" } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { allowed_formats: ["jpg"], invalidate: true } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { metadata: { ids: ["a", "b"] }, context: "alt=x" } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { access_control: [{ access_type: "token" }] } } } });
defineSigner({ profiles: { a: { access: ["public"], set: { headers: "X-Robots-Tag: noindex" } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: {} } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { folder: { enum: ["a", "b"] } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { source: { enum: ["uw"] } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { metadata: { keys: ["size"] } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { display_name: { charset: "a-z", maxLength: 9 } } } } });
defineSigner({ profiles: { a: { access: ["public"], accept: { moderation: { enum: ["manual"] } } } } });
defineSigner({ environments: { staging: {}, production: { page: true, publicUrl: "https://a.example" } } });
defineSigner({ access: { members, shared }, environments: { staging: { access: { shared: members } } } });
jwt({ secret: "JWT_SECRET", issuer: "x", audience: "a", header: "x-token", claims: ["org"], maxTokenAge: 60 });
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "raw" } } });
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "video", set: { invalidate: true } } } });
defineSigner({ access: { members }, profiles: { a: { method: "destroy", access: ["members"], resourceType: "image", set: { type: "authenticated" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "rename", access: ["members"], resourceType: "image", set: { overwrite: true } } } });
defineSigner({ access: { members }, profiles: { a: { method: "rename", access: ["members"], resourceType: "image", accept: { context: { enum: [true] } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "explicit", access: ["members"], resourceType: "video", accept: { eager: { enum: ["w_1"] } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "tags", access: ["members"], resourceType: "image", accept: { tag: { prefix: "u-{sub}-" } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "context", access: ["members"], resourceType: "raw", accept: { command: { enum: ["remove_all"] } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "metadata", access: ["members"], resourceType: "image", set: { metadata: { ids: ["a"] } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "image", set: { tags: "u-{sub}-a" } } } });
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "raw", accept: { target_format: { enum: ["zip"] } } } } });
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "raw", set: { expires_at: 1_800_000_000 } } } });
// @ts-expect-error a client that chooses how long a download lives
defineSigner({ access: { members }, profiles: { a: { method: "generate_archive", access: ["members"], resourceType: "raw", accept: { expires_at: { min: 1 } } } } });

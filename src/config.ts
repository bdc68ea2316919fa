// What a configuration is written with, `cloudinary-edge-signer/config`. An access method that is not imported is not in
// the bundle.

export { type CustomContext, type CustomOptions, custom } from "./access/custom.ts";
export { type JwtOptions, jwt } from "./access/jwt.ts";
export type { AccessMethod } from "./access/method.ts";
export { type OriginOptions, origin } from "./access/origin.ts";
export { auth0, clerk, cloudflareAccess, firebase, supabase } from "./access/providers.ts";
export { service } from "./access/service.ts";
export { type TokenOptions, token } from "./access/token.ts";
export { type TurnstileOptions, turnstile } from "./access/turnstile.ts";
export {
  type AcceptDefinition,
  defineSigner,
  type EnvironmentDefinition,
  type LogSetting,
  type ProfileDefinition,
  type SetDefinition,
  type SignerDefinition,
} from "./config/definition.ts";

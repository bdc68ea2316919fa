// What a configuration is written with, `cloudinary-edge-signer/config`. An access method that is not imported is not in
// the bundle.

export * from "./access/all.ts";
export type { AccessMethod } from "./access/method.ts";
export { auth0, clerk, cloudflareAccess, firebase, supabase } from "./access/providers.ts";
export {
  type AcceptDefinition,
  defineSigner,
  type EnvironmentDefinition,
  type FileDefinition,
  type LogSetting,
  type MethodProfile,
  type ProfileDefinition,
  type SetDefinition,
  type SignerDefinition,
  type UploadProfile,
} from "./config/definition.ts";

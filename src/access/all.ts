// Every access method that a definition can write. What is known of a method outside of its own file is in tables over
// this module's names, which do not compile without all of them.

export { type CustomContext, type CustomOptions, custom } from "./custom.ts";
export { type JwtClaims, type JwtKeys, type JwtOptions, jwt } from "./jwt.ts";
export { type OriginOptions, origin } from "./origin.ts";
export { service } from "./service.ts";
export { type TokenOptions, token } from "./token.ts";
export { type TurnstileOptions, turnstile } from "./turnstile.ts";

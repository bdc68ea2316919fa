// Which addresses of the web may be asked, or handed out. Pure: anybody may import it, the browser client too.

import { err, ok, type Result } from "./result.ts";

/** Hosts that never leave the machine, for which `http` is fine. `URL` writes every IPv4 address as four numbers. */
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** An absolute address of the web without user and password, which neither a form nor a link takes elsewhere. */
export function isWebAddress(value: unknown): value is string {
  if (typeof value !== "string" || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === "" && password === "";
}

/** Such an address that nobody on the way can read or change: `https`, or `http` for this machine itself. */
export function isSafeAddress(value: unknown): value is string {
  if (!isWebAddress(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || LOOPBACK.test(hostname);
}

/** The address of an API, without a slash at its end; or what is wrong with it, as the end of a sentence. */
export function apiAddress(text: string): Result<string, string> {
  if (!URL.canParse(text)) return err("must be an address");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && LOOPBACK.test(url.hostname))) {
    return err("must begin with https:// (http:// only for this machine itself)");
  }
  if (url.username || url.password || url.search || url.hash) {
    return err("must be an address without user, query or fragment");
  }
  return ok(url.origin + url.pathname.replace(/\/+$/, ""));
}

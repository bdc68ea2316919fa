// Which addresses may be audited: this machine's, and others only by the word of who owns them.

import { err, ok, type Result } from "../../result.ts";
import { LOOPBACK } from "../../web-address.ts";

/** The address to ask, or why it may not be asked. */
export function checkAddress(text: string, iOwnThis: boolean): Result<URL, string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return err("the address must be a whole one, for example http://localhost:8787/sign");
  }
  if (url.username !== "" || url.password !== "") {
    return err("send a header instead: the address must not hold a user or a password");
  }
  if (!LOOPBACK.test(url.hostname) && !iOwnThis) {
    return err(
      `${url.hostname} is not this machine: an audit asks for forged signatures, so say that the endpoint is yours (--i-own-this, or the option iOwnThis)`,
    );
  }
  return ok(url);
}

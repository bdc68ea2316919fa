// Where the signer is asked: its address as people have it at hand, and the route of a profile below it.

import { isWebAddress } from "../web-address.ts";
import { UploadError } from "./errors.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Names of profiles; the signer takes no others. */
const PROFILE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The address of a route of a profile's. What stands in the signer's address after its path stays there. */
export function addressOf(
  { signer: given, profile }: Pick<UploadOptions, "signer" | "profile">,
  route: "sign" | "confirm",
): string {
  const signer = String(given ?? "");
  if (!isWebAddress(signer)) {
    if (/^$|^[a-z][a-z0-9+.-]*:|^[^/]*\/\/[^/?#]*@/i.test(signer))
      throw new TypeError(
        "signer must be an address such as https://signer.example.com, or a path of this site",
      );
    if (typeof location === "undefined")
      throw new TypeError(
        "signer must be a whole address here, such as https://signer.example.com: a path needs a page",
      );
  }
  const [, base = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(signer) ?? [];
  if (profile !== undefined && !PROFILE.test(profile)) {
    throw new UploadError(`No profile can be called ${JSON.stringify(profile)}.`, {
      code: "unknown_profile",
      status: 0,
    });
  }
  // Components take the address with its /sign, so it is what people have at hand.
  const root = base.replace(/\/+$/, "").replace(/(?<=[^/:])\/sign$/, "");
  // A confirmation always names its profile.
  const name = profile ?? (route === "confirm" && "default");
  return `${root}/${route}${name ? `/${name}` : ""}${rest}`;
}

/** As it is told to people: without what may be a credential. */
export const toldAddress = ({ signer }: Pick<UploadOptions, "signer">): string =>
  String(signer).replace(/[?#].*$/s, "");

/** Whether an address is of another origin than the page, so that a browser asks there first where it has to. */
export const isForeign = (address: string): boolean =>
  typeof location !== "undefined" && isWebAddress(address) && new URL(address).origin !== location.origin;

// The addresses in what Cloudinary answers, before anybody gets them.

import { isSafeAddress, isWebAddress } from "../web-address.ts";

/** The items of a list, or of what stands in place of one: a page would read its members too. */
const itemsOf = (value: unknown): readonly unknown[] => Object.values(Object(value));

/** Whether every address in an answer is one of the web: pages put them into links, pictures and players. */
export function hasOnlyAddresses(answer: object): boolean {
  const { eager, responsive_breakpoints } = answer as Readonly<Record<string, unknown>>;
  const breakpoints = itemsOf(responsive_breakpoints).flatMap((one) =>
    itemsOf((one as { breakpoints?: unknown } | null)?.breakpoints),
  );
  return [answer, ...itemsOf(eager), ...breakpoints].every((one) => {
    const { secure_url, url, playback_url } = (one ?? {}) as Readonly<Record<string, unknown>>;
    // `url` is Cloudinary's own address by http, and may be missing, as all three of what is still being made.
    return (
      (secure_url == null || isSafeAddress(secure_url)) &&
      [url, playback_url].every((address) => address == null || isWebAddress(address))
    );
  });
}

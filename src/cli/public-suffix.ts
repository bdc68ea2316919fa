// Patterns for previews whose names anybody can get.

import { getPublicSuffix } from "tldts";

/** What the owner of a pattern should know before it is deployed, or nothing. */
export function patternWarning(text: string): string | undefined {
  if (!text.includes("*")) return undefined;
  const { hostname } = new URL(text.replace("*", "x"));
  const above = hostname.slice(hostname.indexOf(".") + 1);
  // Also the suffixes of hosts that hand out names below their own.
  if (getPublicSuffix(hostname, { allowPrivateDomains: true }) !== above) return undefined;
  return `make sure that nobody else can have a name that fits ${text}: anybody gets names under ${above}, so only the fixed text keeps others out`;
}

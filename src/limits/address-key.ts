// By what an address is counted.

/** Hextets of an IPv6 address that name a network: who has one address has its whole /64. */
const NETWORK_HEXTETS = 4;

/** Two hextets as an IPv4 address. */
const ipv4 = (hextets: readonly string[]): string =>
  hextets
    .map((hextet) => Number.parseInt(hextet, 16))
    .flatMap((number) => [number >> 8, number & 255])
    .join(".");

/** The key of an address: an IPv4 address, or the /64 of an IPv6 one. */
export function addressKey(address: string | undefined): string {
  if (address === undefined || !address.includes(":")) return address ?? "unknown";
  const url = `http://[${address}]`;
  if (!URL.canParse(url)) return "unknown";
  // The URL parser writes any IPv6 address in one way, without brackets: 2001:db8::1.
  const [head = "", tail = ""] = new URL(url).hostname.slice(1, -1).split("::");
  const first = head.split(":").filter((part) => part !== "");
  const last = tail.split(":").filter((part) => part !== "");
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  const hextets = [...first, ...zeros, ...last];
  // ::ffff:192.0.2.1 is the IPv4 address 192.0.2.1, and has the same key.
  const isMapped = hextets.slice(0, 6).join(":") === "0:0:0:0:0:ffff";
  return isMapped ? ipv4(hextets.slice(6)) : `${hextets.slice(0, NETWORK_HEXTETS).join(":")}::/64`;
}
